"""Zones: opened under an edition, reset by an infection, stepped down, lifted by somebody else when the rule allows it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import rulebook, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.modules.situation import rules
from tongzhou.modules.situation.models import Turn, Zone
from tongzhou.modules.situation.models.zone import ZoneLevel, named

FIXED = ("level", "edition", "happened_on", "last_infection_on")  # what the countdown rests on changes by moves only


@transaction.atomic
def file(zone: Zone, *, by: Person) -> tuple[Zone, bool]:
    """Open it. Refused, with the rule named, where the edition has no such level or no levels at all."""
    if Zone.objects.filter(pk=zone.pk).exists():
        return steps.file(zone, by=by)
    zone.edition = _edition(zone).version
    _not_ahead("happened_on", zone.happened_on)
    _not_ahead("last_infection_on", zone.last_infection_on)
    zone.settle()
    said = {"edition": zone.edition, "level": _label(zone.level), "due": str(zone.due_on)}
    zone, new = steps.file(zone, by=by, data=said)
    if new:
        _turn(zone, Turn.Kind.OPENED, zone.happened_on)
    return zone, new


def amend(zone: Zone, *, by: Person, version: int, changes: Mapping[str, Any]) -> Zone:
    """Set right where it is and what is known of it."""
    if any(name in changes and changes[name] != getattr(zone, name) for name in FIXED):
        raise ValidationError(__("级别、规则版本和日期不能修改：有新增感染请登记，划错了请撤销后重新划定。"))
    return steps.amend(zone, by=by, version=version, **changes)


@transaction.atomic
def infect(zone: Zone, *, by: Person, day: date, cases: int = 1, note: str = "") -> Zone:
    """A new infection: the countdown begins again, and a level may rise."""
    _not_ahead("day", day)
    if day < zone.happened_on:
        raise ValidationError({"day": __("不能早于划定日期 %(day)s。") % {"day": zone.happened_on}})
    raised = zone.rung.raised
    changes: dict[str, Any] = {"last_infection_on": max(day, zone.quiet_since)}
    if raised:
        changes |= {"level": raised, "stepped_on": None}
    due = _due(zone, changes)
    said = {"day": str(day), "cases": cases, "due": str(due)}
    steps.advance(zone, "infect", by=by, note=note, data=said, **changes, due_on=due)
    _turn(zone, Turn.Kind.INFECTION, day, cases)
    return zone


@transaction.atomic
def step_down(zone: Zone, *, by: Person, day: date, note: str = "") -> Zone:
    rung = zone.rung
    if not rung.next:
        raise ValidationError(__("按“%(edition)s”，%(level)s没有下一级，到期即解除。") % _named(zone))
    _ripe(zone, day)
    changes = {"level": rung.next, "stepped_on": day}
    due = _due(zone, changes)
    said = {"old": _label(zone.level), "level": _label(rung.next), "due": str(due)}
    steps.advance(zone, "step_down", by=by, note=note, data=said, **changes, due_on=due)
    _turn(zone, Turn.Kind.STEPPED, day)
    return zone


def lift(zone: Zone, *, by: Person, day: date, note: str = "") -> Zone:
    """Lift it on a day on which the rule allows it."""
    if zone.rung.next:
        said = _named(zone) | {"next": ZoneLevel(zone.rung.next).label}
        raise ValidationError(__("按“%(edition)s”，%(level)s到期后先降为%(next)s，不能直接解除。") % said)
    _ripe(zone, day)
    return _lift(zone, "lift", by=by, day=day, note=note)


def lift_early(zone: Zone, *, by: Person, day: date, note: str = "") -> Zone:
    """Lift it before the rule allows it: a leader's own decision, with its reason."""
    _not_ahead("day", day)
    return _lift(zone, "lift_early", by=by, day=day, note=note)


@transaction.atomic
def _lift(zone: Zone, move: str, *, by: Person, day: date, note: str) -> Zone:
    _another(zone, by)
    said = {"level": _label(zone.level), "due": str(zone.due_on)}
    steps.advance(zone, move, by=by, note=note, data=said, lifted_on=day, lifted_by=by)
    _turn(zone, Turn.Kind.LIFTED, day)
    return zone


def void(zone: Zone, *, by: Person, note: str = "") -> Zone:
    """It was never meant to be one: said by another person too, since it ends the measures."""
    _another(zone, by)
    return steps.advance(zone, "void", by=by, note=note, data={"level": _label(zone.level)})


def _edition(zone: Zone) -> rulebook.Edition:
    """The edition the zone is opened under: the one in force, or in a drill the one it names."""
    try:
        held = rulebook.in_force("situation", "zones", zone.happened_on)
    except rulebook.NoRule as fault:
        raise ValidationError({"when": str(fault)}) from fault
    versions = {one.version: one for one in rulebook.rule("situation", "zones").editions}
    edition = versions.get(zone.edition, held) if zone.edition else held
    if edition.version != held.version and not zone.response.synthetic:
        raise ValidationError(
            {
                "edition": __("%(day)s适用“%(held)s”；只有演练（模拟数据）可以另选版本。")
                % {"day": zone.happened_on, "held": named(held)}
            }
        )
    known = rules.zones.levels(edition.values)
    if not known:
        said = {"edition": named(edition), "since": edition.since, "source": edition.cited()}
        raise ValidationError(__("%(since)s起执行“%(edition)s”，不再划定风险区。依据：%(source)s") % said)
    if zone.level not in known:
        there = __("、").join(str(ZoneLevel(name).label) for name in known)
        raise ValidationError(
            {"level": __("“%(edition)s”没有这一级；可选：%(there)s。") % {"edition": named(edition), "there": there}}
        )
    return edition


def _ripe(zone: Zone, day: date) -> None:
    """Refuse a day before the rule's own, naming it."""
    _not_ahead("day", day)
    assert zone.due_on is not None
    if day < zone.due_on:
        raise ValidationError(
            {"day": __("条件未满足：按“%(edition)s”，%(level)s要到%(due)s（最近一例感染%(last)s）。")
             % (_named(zone) | {"due": zone.due_on, "last": zone.quiet_since})}
        )  # fmt: skip


def _due(zone: Zone, changes: Mapping[str, Any]) -> date:
    """The day on which it may end once the changes are made."""
    after = Zone(happened_on=zone.happened_on, edition=zone.edition, **{
        name: changes.get(name, getattr(zone, name)) for name in ("level", "last_infection_on", "stepped_on")
    })  # fmt: skip
    return after.settle()


def _another(zone: Zone, by: Person) -> None:
    if zone.filed_by_id == by.pk:
        raise ValidationError(__("解除须由划定人以外的另一人进行。"))


def _turn(zone: Zone, kind: Turn.Kind, day: date, cases: int = 0) -> None:
    Turn.objects.create(zone=zone, kind=kind, day=day, level=zone.level, cases=cases)


def _not_ahead(name: str, day: date | None) -> None:
    if day is not None and day > timezone.localdate():
        raise ValidationError({"when" if name == "happened_on" else name: __("日期不能晚于今天。")})


def _label(level: str) -> str:
    return source_text(ZoneLevel(level).label)


def _named(zone: Zone) -> dict[str, Any]:
    return {"edition": zone.rule_name, "level": zone.get_level_display()}
