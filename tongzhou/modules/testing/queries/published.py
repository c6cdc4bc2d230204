"""Published results as they lie in their folder: the same files that a web server in front gives to browsers. No database is asked."""

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from tongzhou.kernel.lang import lang
from tongzhou.modules.testing.rules import codes
from tongzhou.modules.testing.rules.published import (
    INDEX,
    LIST,
    SHARD,
    Forged,
    Outcome,
    checked,
    letters,
    line_name,
    open_line,
    shard_of,
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A person's outcome in one campaign; `outcome` is None where nothing is published of them."""

    campaign: str
    laboratory: str
    outcome: Outcome | None

    @property
    def tested(self) -> datetime | None:
        return datetime.fromtimestamp(self.outcome.tested, UTC) if self.outcome else None

    @property
    def sampled(self) -> datetime | None:
        return datetime.fromtimestamp(self.outcome.sampled, UTC) if self.outcome else None


def folder(response: str) -> Path:
    return Path(settings.DATA) / "results" / response


def index(response: str) -> list[dict[str, Any]]:
    """The campaigns of which something is published, the last first. Empty where nothing is, or where the file is not ours."""
    found: list[dict[str, Any]] = _told(folder(response) / "index.txt", INDEX).get("campaigns", [])
    return found


def results_of(response: str, person: bytes) -> list[Found]:
    """What is published of a person: a file for each campaign, and its list."""
    key = codes.result_key(person)
    return [_found(response, one, key) for one in index(response)]


def _found(response: str, told: dict[str, Any], key: bytes) -> Found:
    campaign = bytes.fromhex(told["campaign"])
    at = folder(response) / told["campaign"]
    shards = _told(at / f"{told['list']}.txt", LIST)
    name = line_name(key, campaign)
    title = told["name_en"] if lang() == "en" and told["name_en"] else told["name"]
    if not shards:
        return Found(title, "", None)
    text = _text(at / f"{shards['shards'][shard_of(name, len(shards['shards']))]}.txt")
    head, *lines = text.splitlines() or [""]
    line = next((one for one in lines if one.startswith(letters(name))), "")
    if not line or head.split()[:2] != [SHARD, told["campaign"]]:
        return Found(title, "", None)
    try:
        outcome = open_line(key, campaign, urlsafe_b64decode(line + "=" * (-len(line) % 4)))
    except (Forged, ValueError):
        return Found(title, "", None)
    return Found(title, shards["laboratories"][outcome.laboratory], outcome)


def _told(file: Path, protocol: str) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(_text(file) or "{}")
    except ValueError:
        return {}
    return told if told.get("protocol") == protocol else {}


def _text(file: Path) -> str:
    """Empty where there is no such file, or it bears no seal of ours."""
    try:
        return checked(codes.signer().public_key(), file.read_bytes())
    except (OSError, Forged):
        return ""
