"""A drill until it begins: drafted from the library, its script written, scheduled, called off, copied as the next of its series."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, notices, steps
from tongzhou.kernel.models import Person, Record, Unit
from tongzhou.modules.drills import rules
from tongzhou.modules.drills.models import Drill, Inject, Participant, Target
from tongzhou.modules.drills.rules import library
from tongzhou.modules.drills.workflow import EVALUATE, HELD, HOLD, PREPARING, DrillState

Rows = Sequence[Mapping[str, Any]]
SCRIPT_CHANGED = _("{by}修改了脚本：注入{injects}条，指标{targets}项")


@transaction.atomic
def file(
    drill: Drill,
    *,
    by: Person,
    participants: str = "",
    evaluators: Iterable[Person] = (),
    people: Iterable[Person] = (),
) -> tuple[Drill, bool]:
    """File a draft; one of a library scenario comes with its script. With a source it was held already and is recorded as such."""
    heads = _heads(participants)
    if drill.source:
        if drill.happened_on > timezone.localdate():
            raise ValidationError({"when": __("写了来源的演练按已举行补录，日期不能在今天之后。")})
        drill.state = drill.state or DrillState.DONE
        drill, new = steps.report(drill, by=by)
    else:
        drill, new = steps.file(drill, by=by)
    if new:
        _set_people(drill, evaluators, people)
        _set_participants(drill, heads)
        scenario = None if drill.source else library.scenario(drill.scenario, drill.happened_on)
        if scenario:
            _write_script(drill, scenario.injects, scenario.targets)
    return drill, new


@transaction.atomic
def amend(
    drill: Drill, *, by: Person, version: int, changes: Mapping[str, Any], participants: str | None = None,
    evaluators: Iterable[Person] | None = None, people: Iterable[Person] | None = None,
) -> Drill:  # fmt: skip
    """Change what is planned. Raises OutOfStep, ValidationError, PermissionDenied. Moved after it was scheduled, all are told again."""
    before = (drill.starts_at, drill.place)
    drill = steps.amend(drill, by=by, version=version, **changes)
    if evaluators is not None or people is not None:
        named = (set(drill.evaluators.all()), set(drill.people.all()))
        wanted = (set(evaluators or ()), set(people or ()))
        if named != wanted:
            _set_people(drill, *wanted)
            steps.note(drill, "amend", by=by, said=_("{by}修改了评估、参演人员"))
        else:
            _other_than_lead(drill, wanted[0])
    if participants is not None and (heads := _heads(participants)) != [
        (p.name, p.people) for p in drill.participants.all()
    ]:
        _set_participants(drill, heads)
        steps.note(drill, "amend", by=by, said=_("{by}修改了参演单位"))
    if drill.state == DrillState.SCHEDULED:
        _ready(drill)
        if (drill.starts_at, drill.place) != before:
            _tell(drill, _("演练“{drill}”改为{time}，地点：{place}。"))
    return drill


@transaction.atomic
def set_script(drill: Drill, *, by: Person, version: int, injects: Rows, targets: Rows) -> Drill:
    """Write the script anew: injects have place, minute, to, text, expected; targets code, name, limit, basis, starts, ends.

    Raises OutOfStep when the drill has begun or was changed meanwhile, ValidationError for targets that name no inject.
    """
    access.require(by, HOLD, drill)
    same = Drill.objects.filter(pk=drill.pk, version=version, state__in=PREPARING)
    if not same.update(version=F("version")):  # holds the row
        raise steps.OutOfStep
    try:
        made, measured = rules.ordered(injects, targets)
    except ValueError as fault:
        raise ValidationError(str(fault)) from fault
    if drill.state == DrillState.SCHEDULED and not made:
        raise ValidationError(__("已安排的演练至少要有一条注入。"))
    drill.injects.all().delete()
    drill.targets.all().delete()
    _write_script(drill, made, _coded(measured))
    data = {"injects": len(made), "targets": len(measured)}
    return steps.note(drill, "amend", by=by, said=SCRIPT_CHANGED, data=data)


@transaction.atomic
def schedule(drill: Drill, *, by: Person, note: str = "", today: date | None = None) -> Drill:
    """Fix it and tell everyone who takes part. `today` stands in for the calendar where a drill is told afterwards."""
    _ready(drill)
    if drill.happened_on < (today or timezone.localdate()):
        raise ValidationError(__("演练日期已经过去，请先修改日期。"))
    told = _people(drill)
    steps.advance(drill, "schedule", by=by, note=note, data={"time": _time(drill), "n": len(told)})
    _tell(drill, _("请参加演练“{drill}”：{time}，地点：{place}。"))
    return drill


@transaction.atomic
def cancel(drill: Drill, *, by: Person, note: str = "") -> Drill:
    """Call it off, or break it off for a real event; those who were told are told."""
    was = drill.state
    steps.advance(drill, "cancel", by=by, note=note)
    if was != DrillState.DRAFT:
        _tell(drill, _("演练“{drill}”（{time}）已取消。"))
    return drill


@transaction.atomic
def again(drill: Drill, *, by: Person, key: UUID) -> Drill:
    """The next drill of the series as a draft: the same script, people and units, nothing of what was measured. Idempotent by key."""
    if drill.state not in HELD or drill.is_reported:
        raise steps.OutOfStep
    names = ("name", "series", "scenario", "kind", "place", "begins_at", "lead", "setting", "plan")
    made = Drill(
        pk=key, response=drill.response, unit=drill.unit, happened_on=timezone.localdate(),
        **{name: getattr(drill, name) for name in names},
    )  # fmt: skip
    made, new = steps.file(made, by=by)
    if new:
        _set_people(made, drill.evaluators.all(), drill.people.all())
        _set_participants(made, [(one.name, one.people) for one in drill.participants.all()])
        _write_script(made, drill.injects.values(*_INJECT), drill.targets.values(*_TARGET))
    return made


def accept(source: Record, *, by: Person) -> Drill:
    """A matter from another room, a plan to be tested, becomes a draft; the scenario is still to be chosen."""
    brief = source.brief()
    made = Drill(
        pk=uuid5(source.pk, "drill"), response=source.response, unit=source.unit, plan=brief.title[:200], setting=brief.text,
        name=(__("%(title)s演练") % {"title": brief.title[:95]}), happened_on=brief.due or timezone.localdate(),
    )  # fmt: skip
    return file(made, by=by)[0]


_INJECT = ("number", "minute", "to", "text", "expected")
_TARGET = ("number", "code", "name", "limit", "basis", "starts", "ends")


def _heads(text: str) -> list[tuple[str, int]]:
    try:
        return rules.heads(text)
    except ValueError as fault:
        raise ValidationError({"participants": str(fault)}) from fault


def _set_people(drill: Drill, evaluators: Iterable[Person], people: Iterable[Person]) -> None:
    chosen = list(evaluators)
    _other_than_lead(drill, chosen)
    drill.evaluators.set(chosen)
    drill.people.set(people)


def _other_than_lead(drill: Drill, evaluators: Iterable[Person]) -> None:
    if drill.lead_id in {person.pk for person in evaluators}:
        raise ValidationError({"evaluators": __("演练负责人不能同时是评估人。")})


def _set_participants(drill: Drill, heads: Sequence[tuple[str, int]]) -> None:
    """A name that is a unit's own leads to that unit."""
    names = [name for name, _n in heads]
    found: dict[str, Unit] = {}
    for unit in Unit.objects.filter(Q(name__in=names) | Q(name_en__in=names)).order_by("-path"):
        found |= {unit.name: unit, unit.name_en or unit.name: unit}
    drill.participants.all().delete()
    Participant.objects.bulk_create(
        Participant(drill=drill, number=n, unit=found.get(name), name=name, people=people)
        for n, (name, people) in enumerate(heads, 1)
    )


def _write_script(drill: Drill, injects: Iterable[Mapping[str, Any]], targets: Iterable[Mapping[str, Any]]) -> None:
    made: list[Any] = [Inject(drill=drill, **row) for row in injects]
    measured: list[Any] = [Target(drill=drill, **row) for row in targets]
    written = {*_INJECT, *_TARGET}
    for row in [*made, *measured]:
        row.clean_fields(exclude=[field.name for field in row._meta.fields if field.name not in written])
    Inject.objects.bulk_create(made)
    Target.objects.bulk_create(measured)


def _coded(targets: Rows) -> list[dict[str, Any]]:
    """Each with a code of its own; those that came with one keep it, so that the series still compares."""
    taken = {row["code"] for row in targets if row.get("code")}
    spare = (code for n in range(1, len(targets) * 2 + 1) if (code := f"t{n}") not in taken)
    seen: set[str] = set()
    made = []
    for row in targets:
        code = row.get("code") or ""
        code = code if code and code not in seen else next(spare)
        seen.add(code)
        made.append({**row, "code": code})
    return made


def _ready(drill: Drill) -> None:
    """Whole enough to be told to others. Raises ValidationError with everything that is missing."""
    evaluators = list(drill.evaluators.all())
    missing = [
        (drill.happened_precision == "day" and drill.begins_at, __("演练日期和开始时刻")),
        (drill.place, __("地点")),
        (drill.kind, __("形式")),
        (drill.lead, __("演练负责人")),
        (evaluators, __("评估人")),
        (drill.participants.exists(), __("参演单位和人数")),
        (drill.injects.exists(), __("脚本中的注入")),
    ]
    if lacking := [words for there, words in missing if not there]:
        raise ValidationError(__("还缺：%(what)s。请补齐后再安排。") % {"what": __("、").join(lacking)})
    _other_than_lead(drill, evaluators)
    if unable := [one for one in evaluators if not access.may(one, EVALUATE, drill)]:
        told = {"names": __("、").join(map(str, unable)), "why": access.explain(unable[0], EVALUATE, drill)}
        raise ValidationError(__("%(names)s不能评估：%(why)s") % told)


def _people(drill: Drill) -> list[Person]:
    lead = [drill.lead] if drill.lead else []
    return list(dict.fromkeys([*lead, *drill.evaluators.all(), *drill.people.all()]))


def _time(drill: Drill) -> str:
    return f"{drill.happened_on} {drill.begins}".strip()


def _tell(drill: Drill, text: Any) -> None:
    """Those named get a notice, the units that take part a message in their work group."""
    words = {"drill": drill, "time": _time(drill), "place": drill.place}
    units = Unit.objects.filter(pk__in=drill.participants.exclude(unit=None).values("unit"))
    notices.tell(
        _people(drill),
        format_lazy(text, **words),
        response=drill.response,
        record=drill,
        url=drill.get_absolute_url(),
        units=units,
    )
