"""A round from its draft to its summary."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, notices, rulebook, steps
from tongzhou.kernel.models import Person, Record, Unit
from tongzhou.modules.inspections import queries
from tongzhou.modules.inspections.models import Assignment, Round, Stop
from tongzhou.modules.inspections.workflow import INSPECT, PLAN

Rows = Sequence[Mapping[str, Any]]


@transaction.atomic
def file(round: Round, *, by: Person, areas: Iterable[Unit] = (), lines: Rows = ()) -> tuple[Round, bool]:
    """File a draft. `lines` say who inspects which of the areas: {"person": Person, "area": Unit or None for all of them}."""
    units = list(areas)
    round, new = steps.file(round, by=by)
    if new:
        round.areas.set(units)
        _assign(round, units, lines)
    return round, new


@transaction.atomic
def amend(
    round: Round, *, by: Person, version: int, changes: Mapping[str, Any], areas: Iterable[Unit] | None = None,
    lines: Rows | None = None,
) -> Round:  # fmt: skip
    round = steps.amend(round, by=by, version=version, **changes)
    units = list(areas) if areas is not None else list(round.areas.all())
    before = set(round.assignments.values_list("person", "unit")), set(round.areas.values_list("pk", flat=True))
    round.areas.set(units)
    if lines is not None:
        round.assignments.all().delete()
        _assign(round, units, lines)
    after = set(round.assignments.values_list("person", "unit")), {unit.pk for unit in units}
    if before != after:
        steps.note(round, "amend", by=by, said=_("{by}修改了范围和分工：{who}"), data={"who": _who(round)})
    return round


@transaction.atomic
def begin(round: Round, *, by: Person, note: str = "") -> Round:
    """Freeze the places to be visited and the edition of the checklists; tell the inspectors, and nobody else."""
    areas, people = list(round.areas.all()), [one.person for one in round.assignments.select_related("person")]
    places = list(queries.to_visit(round.types, areas, round.response))
    if not people:
        raise ValidationError(__("请先指定检查人。"))
    if round.types and not places:
        raise ValidationError(__("所选范围内没有登记这些类型的在营场所，请先登记场所。"))
    if not round.types and not round.acts:
        raise ValidationError(__("请选择场所类型，或写明督导内容。"))
    edition = rulebook.in_force("inspections", "checklists", timezone.localdate()).version
    told = {"places": len(places), "edition": edition}
    steps.advance(round, "begin", by=by, note=note, data=told, edition=edition, begun_at=timezone.now())
    Stop.objects.bulk_create([Stop(round=round, place=place) for place in places])
    text = format_lazy(_("检查轮次“{round}”已开始，请查看您的检查路线。"), round=round)
    notices.tell(set(people), text, response=round.response, record=round, url=round.route_url())
    return round


@transaction.atomic
def assign(
    round: Round,
    *,
    by: Person,
    note: str = "",
    person: Person,
    area: Unit | None = None,
    instead: Assignment | None = None,
) -> Round:
    """One more inspector for an area, or one in the place of another."""
    if instead is not None:
        instead.delete()
    _assign(round, list(round.areas.all()), [{"person": person, "area": area}])
    steps.advance(round, "assign", by=by, note=note, data={"who": _who(round)})
    text = format_lazy(_("检查轮次“{round}”已开始，请查看您的检查路线。"), round=round)
    notices.tell([person], text, response=round.response, record=round, url=round.route_url())
    return round


def finish(round: Round, *, by: Person, note: str = "") -> Round:
    """Places that nobody visited are no obstacle, but they need a word."""
    cover = queries.cover(queries.calls(round))
    if cover.left and not note.strip():
        raise ValidationError({"note": __("还有 %(n)d 家没有人到过，请写明原因。") % {"n": cover.left}})
    told = {"places": cover.places, "visited": cover.visited, "left": cover.left}
    return steps.advance(round, "finish", by=by, note=note, data=told, done_at=timezone.now())


def accept_round(source: Record, *, by: Person) -> Round:
    """A matter from another room becomes a draft, at the highest unit above the matter's own at which this person plans rounds."""
    above = [path for path in access.reach(by, PLAN) if source.unit.path.startswith(path) and path != "/"]
    unit = Unit.objects.get(path=min(above, key=len)) if above else source.unit
    brief = source.brief()
    draft = Round(
        pk=uuid5(source.pk, "round"), response=source.response, unit=unit, name=brief.title[:100], acts=brief.text,
        last_on=brief.due if brief.due and brief.due >= timezone.localdate() else None,
    )  # fmt: skip
    return file(draft, by=by, areas=[source.unit])[0]


def _assign(round: Round, areas: Sequence[Unit], lines: Rows) -> None:
    for line in lines:
        person, area = line["person"], line.get("area")
        if not access.may(person, INSPECT, round.unit):
            raise ValidationError(
                __("%(person)s在“%(unit)s”没有检查权限，请先授予督导员角色。") % {"person": person, "unit": round.unit}
            )
        if area is not None and not any(unit.contains(area) for unit in areas):
            raise ValidationError(__("“%(area)s”不在这一轮的检查范围内。") % {"area": area})
        for unit in [area] if area else areas or [round.unit]:
            Assignment.objects.get_or_create(round=round, person=person, unit=unit)


def _who(round: Round) -> str:
    return "；".join(
        f"{one.person.name}（{one.unit.name}）" for one in round.assignments.select_related("person", "unit")
    )
