"""The library of scenarios and how often each is to be practised: editions of the rulebook as values, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook
from tongzhou.kernel.rulebook import NoRule, spoken

ROOM = "drills"
OTHER = "other"  # a scenario of one's own


@dataclass(frozen=True)
class Scenario:
    """One kind of drill with its default script. `injects` and `targets` are rows as `rules.ordered` gives them."""

    name: str
    title: str
    setting: str
    plan: str
    injects: list[dict[str, Any]]
    targets: list[dict[str, Any]]
    version: str
    since: date
    source: str


def scenarios(day: date) -> list[Scenario]:
    """What the library held on a day; nothing before its first edition."""
    try:
        edition = rulebook.in_force(ROOM, "scenarios", day)
    except NoRule:
        return []
    return [_scenario(name, values, edition) for name, values in edition.values.items()]


def scenario(name: str, day: date) -> Scenario | None:
    return next((one for one in scenarios(day) if one.name == name), None)


def choices() -> list[tuple[str, Any]]:
    """Every scenario of any edition, for a field: what was drilled once must stay readable."""
    names = {
        name: values for edition in rulebook.rule(ROOM, "scenarios").editions for name, values in edition.values.items()
    }
    return [*((name, _title(name)) for name in names), (OTHER, _("其他情景"))]


def frequency(day: date) -> Mapping[str, int]:
    """Days within which each scenario is to be practised again, as the rule in force says."""
    try:
        return rulebook.in_force(ROOM, "frequency", day).values
    except NoRule:
        return {}


def title(name: str) -> str:
    """What a scenario is called, in the latest words."""
    for edition in reversed(rulebook.rule(ROOM, "scenarios").editions):
        if name in edition.values:
            return str(spoken(edition.values[name]["title"]))
    return name


_title = lazy(title, str)


def _scenario(name: str, values: Mapping[str, Any], edition: rulebook.Edition) -> Scenario:
    injects = [
        {"number": n, **{key: spoken(value) for key, value in row.items()}}
        for n, row in enumerate(values["injects"], 1)
    ]
    targets = [_target(n, row) for n, row in enumerate(values["targets"], 1)]
    words = {key: str(spoken(values[key])) for key in ("title", "setting", "plan")}
    return Scenario(
        name,
        injects=injects,
        targets=targets,
        version=edition.version,
        since=edition.since,
        source=edition.cited(),
        **words,
    )


def _target(number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": number, "code": row["code"], "name": spoken(row["title"]), "limit": row.get("seconds") or row["minutes"] * 60,
        "starts": row.get("starts"), "ends": row.get("ends"), "basis": spoken(row.get("basis", "")),
    }  # fmt: skip
