"""Rules that a regulation fixes, as data: editions, each with the day it takes effect and where it is written.

A room keeps them in its folder `rulebook/`, one TOML file for each rule:

    title = "值守休息规则"
    title_en = "Rest rules of duty"
    [words]                       # what its values are called, for the page that shows them
    rest_hours = ["两班之间至少休息（小时）", "least rest between shifts (hours)"]
    [[edition]]
    version = "2022-03"
    since = 2022-03-01
    source = "…"                  # the regulation and where it says so; or that the value is the house's own, to be confirmed
    source_en = "…"
    values = { rest_hours = 12 }

A value that is a table, or a list of tables, has words too. A text that pages show, `source` as well, is in both languages: as
{ zh = "…", en = "…" }, or as `name_en` beside `name`.

A house may add editions of its own in `<data>/rulebook/<room>/<name>.toml`; of two that begin on one day the house's counts.
An edition is never changed: a new one is added, so that what held on a past day can be looked up again.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as __

from tongzhou.kernel.lang import lang

ROOMS = Path(__file__).resolve().parents[1] / "modules"


class NoRule(LookupError):
    """No edition of this rule was in force on the day asked for."""


@dataclass(frozen=True)
class Edition:
    """One rule as it held from `since` until the next edition."""

    version: str
    since: date
    source: str
    values: Mapping[str, Any]
    own: bool = False  # added by this house
    source_en: str = ""

    def cited(self) -> str:
        """The source in the reader's language, as far as it was put into it."""
        return self.source_en if self.source_en and lang() == "en" else self.source

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True)
class Rule:
    """`words` names the values, {name: (Chinese, English)}; `editions` in the order of their days."""

    room: str
    name: str
    titles: tuple[str, str]
    words: Mapping[str, tuple[str, str]]
    editions: tuple[Edition, ...]

    def __str__(self) -> str:
        return self.titles[lang() == "en"]

    def on(self, day: date) -> Edition:
        """The edition in force on this day. Raises NoRule, with a sentence for the user, before the first."""
        held = [edition for edition in self.editions if edition.since <= day]
        if not held:
            raise NoRule(__("%(day)s 尚无“%(rule)s”。") % {"day": day, "rule": self})
        return held[-1]

    def word(self, name: str) -> str:
        return self.words[name][lang() == "en"] if name in self.words else name

    def called(self, edition: Edition) -> list[tuple[str, Any]]:
        """The values of an edition with what they are called, for a page."""
        return list(self._spoken(edition.values).items())

    def _spoken(self, value: Any) -> Any:
        """A value in the reader's language, the names inside it too."""
        value = spoken(value)
        if isinstance(value, str):
            return self.word(value)  # a word for one of a few: "grave"
        if isinstance(value, Mapping):
            names = [
                name for name in value if name.removesuffix("_en") == name or name.removesuffix("_en") not in value
            ]
            told = {name: value.get(f"{name}_en", value[name]) if lang() == "en" else value[name] for name in names}
            return {self.word(name): self._spoken(one) for name, one in told.items()}
        return [self._spoken(one) for one in value] if isinstance(value, list) else value


def spoken(value: Any) -> Any:
    """A text given in both languages as the reader's; anything else as it is."""
    return value[lang()] if isinstance(value, Mapping) and set(value) == {"zh", "en"} else value


@cache
def rule(room: str, name: str) -> Rule:
    """The rule as shipped with the room and added to by the house. Raises ImproperlyConfigured for a file that cannot be read."""
    shipped, own = ROOMS / room / "rulebook" / f"{name}.toml", settings.DATA / "rulebook" / room / f"{name}.toml"
    data = _read(shipped)
    found = [*_editions(shipped, data, own=False), *(_editions(own, _read(own), own=True) if own.exists() else ())]
    words = {key: (pair[0], pair[1]) for key, pair in data.get("words", {}).items()}
    ordered = tuple(sorted(found, key=lambda edition: (edition.since, edition.own)))
    return Rule(room, name, (data["title"], data["title_en"]), words, ordered)


def in_force(room: str, name: str, day: date) -> Edition:
    return rule(room, name).on(day)


def rules() -> list[Rule]:
    """All rules of the house, room by room."""
    return [rule(file.parents[1].name, file.stem) for file in sorted(ROOMS.glob("*/rulebook/*.toml"))]


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise ImproperlyConfigured(f"{file}: {fault}") from fault


def _editions(file: Path, data: Mapping[str, Any], *, own: bool) -> Iterator[Edition]:
    for row in data.get("edition", []):
        try:
            source, english = _both(row["source"], row.get("source_en", ""))
            yield Edition(row["version"], row["since"], source, row["values"], own, english)
        except KeyError as fault:
            raise ImproperlyConfigured(f"{file}: an edition lacks {fault}") from fault


def _both(source: Any, english: str) -> tuple[str, str]:
    return (source["zh"], source["en"]) if isinstance(source, Mapping) else (source, english)
