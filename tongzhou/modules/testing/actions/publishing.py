"""Results into files that a web server or a network of caches gives to everyone who asks, at any rate, without asking this program.

Written by a task some seconds after results came in or, as the look of each minute finds out, something else that they follow from; and by
`tongzhou publish_results`. A file is there whole or not at all, a name never gets another content, and the index, which names everything,
changes last: who reads meanwhile reads the state before.
"""

import fcntl
import json
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet
from django.tasks import task
from django.utils import timezone

from tongzhou.kernel import rulebook
from tongzhou.kernel.models import Response
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.models import Campaign, Result
from tongzhou.modules.testing.queries import published
from tongzhou.modules.testing.rules import codes
from tongzhou.modules.testing.rules.published import (
    INDEX,
    LIST,
    SHARD,
    file_name,
    letters,
    sealed_line,
    shard_of,
    shards_for,
    signed,
)  # fmt: skip
from tongzhou.modules.testing.workflow import CampaignState

SOON = timedelta(seconds=15)  # in which results gather before they are published together
OLD = 3600.0  # seconds after which a file that no list names any more is removed
BASIS = ".basis"  # beside a campaign's files: what they follow from (`queries.basis`)
TOLD = (CampaignState.OPEN, CampaignState.CLOSED, CampaignState.RECONCILED)


def current(today: date) -> QuerySet[Campaign]:
    """Campaigns with results that are still told."""
    days = rulebook.in_force("testing", "register", today)["results_days"]
    rows = Campaign.objects.filter(state__in=TOLD, pk__in=Result.objects.values("campaign"), response__ended_on=None)
    settled = Q(state=CampaignState.RECONCILED, happened_on__lt=today - timedelta(days=days))
    return rows.exclude(settled).select_related("response", "unit").order_by("happened_on", "pk")


def catch_up(campaign: Campaign) -> None:
    """Ask for a publication where what it follows from is not what it was when the last one began."""
    there = _folder(campaign) / BASIS
    if not there.exists() or there.read_text() != queries.basis(campaign):
        _ask(str(campaign.pk))


def want(campaign: Campaign) -> None:
    """Ask for a publication once this transaction is committed; what comes in before it begins goes along."""
    transaction.on_commit(lambda: _ask(str(campaign.pk)))


def _ask(key: str) -> None:
    if cache.add(f"testing.publish/{key}", 1, timeout=SOON.total_seconds() - 2):
        _enqueue(key)


def _enqueue(key: str) -> None:
    publish_soon.using(run_after=timezone.now() + SOON).enqueue(key)


@task()
def publish_soon(key: str) -> int:
    return publish(Campaign.objects.select_related("response").get(pk=key))


def publish(campaign: Campaign) -> int:
    """Write what is known of the campaign now; returns of how many people. Again without news, it writes nothing but the index."""
    basis = queries.basis(campaign)  # first: what comes in meanwhile is published once more
    found, laboratories = queries.outcomes(campaign)
    at = _folder(campaign)
    at.mkdir(parents=True, exist_ok=True)
    with _alone(at.parent):
        names = [_write(at, text) for text in _shards(campaign, found)]
        told = {"protocol": LIST, "campaign": campaign.pk.hex, "shards": names, "laboratories": laboratories[:256]}
        name = _write(at, json.dumps(told, ensure_ascii=False))
        _index(campaign, name, len(found))
        _tidy(at, {*names, name})
        _put(at / BASIS, basis.encode())
    return len(found)


def withdraw(response: Response) -> None:
    """Nothing of this response is published any more."""
    at = published.folder(response.slug)
    if at.exists():
        with _alone(at):
            (at / "index.txt").unlink(missing_ok=True)
            for file in at.glob("*/*.txt"):
                file.unlink()


def _folder(campaign: Campaign) -> Path:
    return published.folder(campaign.response.slug) / campaign.pk.hex


def _shards(campaign: Campaign, found: dict[UUID, Any]) -> Iterator[str]:
    n, lines = shards_for(len(found)), defaultdict[int, list[str]](list)
    for person, outcome in found.items():
        line = sealed_line(codes.result_key(person.bytes), campaign.pk.bytes, outcome)
        lines[shard_of(line, n)].append(letters(line))
    for number in range(n):
        yield "\n".join([f"{SHARD} {campaign.pk.hex} {number}", *sorted(lines[number])])


def _index(campaign: Campaign, name: str, people: int) -> None:
    """The response's campaigns of the last days; this one as it is now."""
    days = rulebook.in_force("testing", "register", timezone.localdate())["results_days"]
    since = (timezone.now() - timedelta(days=days)).timestamp()
    slug = campaign.response.slug
    others = [one for one in published.index(slug) if one["campaign"] != campaign.pk.hex and one["at"] > since]
    own = {
        "campaign": campaign.pk.hex, "name": campaign.name, "name_en": campaign.name_en, "day": campaign.happened_on.isoformat(), "list": name,
        "at": int(time.time()),
    }  # fmt: skip
    told = sorted([*others, *([own] if people else [])], key=lambda one: (one["day"], one["campaign"]), reverse=True)
    _put(
        published.folder(slug) / "index.txt",
        signed(
            codes.signer(), json.dumps({"protocol": INDEX, "response": slug, "campaigns": told}, ensure_ascii=False)
        ),
    )


def _write(at: Path, text: str) -> str:
    name = file_name(text.encode())
    file = at / f"{name}.txt"
    if file.exists():
        os.utime(file)
    else:
        _put(file, signed(codes.signer(), text))
    return name


def _put(file: Path, content: bytes) -> None:
    beside = file.with_name(f".{uuid4().hex}")
    beside.write_bytes(content)
    beside.replace(file)


def _tidy(at: Path, named: set[str]) -> None:
    for file in at.glob("*.txt"):
        if file.stem not in named and time.time() - file.stat().st_mtime > OLD:
            file.unlink(missing_ok=True)


@contextmanager
def _alone(at: Path) -> Iterator[None]:
    """One publication of a response at a time, in whichever process."""
    with (at / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
