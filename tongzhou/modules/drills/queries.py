"""Reads over drills: those of a series, what is due to be practised, open findings. All through `access.visible`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Prefetch, Q, QuerySet

from tongzhou.kernel import access
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.drills import rules
from tongzhou.modules.drills.models import Drill, Finding, Inject, Participant, Target
from tongzhou.modules.drills.rules import library
from tongzhou.modules.drills.workflow import (
    HELD,
    READ,
    UNSETTLED,
    DrillState,
    FindingState,
)

PARTICIPANTS = Prefetch("participants", Participant.objects.select_related("unit"))
SCRIPT = (
    Prefetch("injects", Inject.objects.order_by("number")),
    Prefetch("targets", Target.objects.order_by("number")),
)
COMING = (DrillState.DRAFT, DrillState.SCHEDULED, DrillState.RUNNING)


def in_series(drill: Drill, by: Person) -> list[Drill]:
    """The drills of this series that were held and that the person sees, oldest first."""
    rows = Drill.objects.filter(series=drill.series, response=drill.response_id, state__in=HELD)
    seen = access.visible(rows, by, READ).select_related("response", "unit").prefetch_related("targets")
    return list(seen.order_by("happened_on", "begun_at", "pk"))


def findings_of(drills: list[Drill], by: Person) -> list[Finding]:
    """Findings of these drills that the person sees, without the withdrawn."""
    rows = Finding.objects.filter(drill__in=drills).exclude(state=FindingState.WITHDRAWN)
    seen = access.visible(rows, by, READ).select_related("response", "unit", "owner", "drill", "repeats__drill")
    return list(seen.order_by("drill__happened_on", "happened_on", "pk"))


def earlier_findings(drill: Drill, by: Person) -> QuerySet[Finding]:
    """What earlier drills of the series showed: one of them may have come back."""
    rows = Finding.objects.filter(drill__series=drill.series, drill__response=drill.response_id)
    rows = rows.exclude(drill=drill).exclude(state=FindingState.WITHDRAWN)
    return access.visible(rows, by, READ).select_related("drill").order_by("-happened_on", "pk")


def starting(now: datetime, within: timedelta) -> list[Drill]:
    """Scheduled drills that begin within this time from now."""
    days = [(now + step).date() for step in (timedelta(days=-1), timedelta(0), timedelta(days=1))]
    rows = Drill.objects.filter(state=DrillState.SCHEDULED, happened_on__in=days).select_related(
        "response", "unit", "lead"
    )
    found = rows.prefetch_related("evaluators", "people").order_by("happened_on", "pk")
    return [drill for drill in found if drill.starts_at and now <= drill.starts_at <= now + within]


@dataclass(frozen=True)
class Practice:
    """One scenario: when it was last held and by when it is to be held again. `next_on` is the next one planned."""

    name: str
    title: str
    days: int | None
    last: date | None
    next_on: date | None
    today: date

    @property
    def due(self) -> date | None:
        return rules.practise_by(self.last, self.days) if self.days else None

    @property
    def is_overdue(self) -> bool:
        """Nothing planned, and never held or too long ago."""
        if not self.days or self.next_on:
            return False
        return self.due is None or self.due < self.today


def practices(response: Response, by: Person, today: date) -> list[Practice]:
    """Every scenario of the library as practised in this response, as far as the person sees. Two queries."""
    seen = access.visible(Drill.objects.filter(response=response), by, READ).order_by()
    held = dict(seen.filter(state__in=HELD).values_list("scenario").annotate(last=Max("happened_on")))
    coming = dict(seen.filter(state__in=COMING).values_list("scenario").annotate(first=Min("happened_on")))
    days = library.frequency(today)
    return [
        Practice(one.name, one.title, days.get(one.name), held.get(one.name), coming.get(one.name), today)
        for one in library.scenarios(today)
    ]


def to_practise(rows: QuerySet[Drill], today: date) -> QuerySet[Drill]:
    """Of these drills, the last of each scenario that should have been run again by now and for which nothing is planned."""
    due = Q(pk__in=())
    for name, days in library.frequency(today).items():
        due |= Q(scenario=name, happened_on__lt=today - timedelta(days=days))
    same = rows.order_by().filter(response=OuterRef("response"), scenario=OuterRef("scenario"))
    later = Q(state__in=HELD, happened_on__gt=OuterRef("happened_on"))
    later |= Q(state__in=HELD, happened_on=OuterRef("happened_on"), pk__gt=OuterRef("pk"))
    return rows.filter(due, ~Exists(same.filter(later | Q(state__in=COMING))), state__in=HELD)


def open_findings(response: Response, by: Person, today: date) -> dict[str, Any]:
    """How many findings are open and overdue, and the drills that have most of them, the oldest first. Two queries."""
    rows = access.visible(Finding.objects.filter(response=response, state__in=UNSETTLED), by, READ).order_by()
    past = Q(state=FindingState.OPEN, due_on__lt=today)
    totals = rows.aggregate(n=Count("pk"), overdue=Count("pk", filter=past))
    by_drill = rows.values("drill", "drill__name", "drill__scenario")
    counted = by_drill.annotate(n=Count("pk"), since=Min("happened_on"), overdue=Count("pk", filter=past))
    return {**totals, "drills": list(counted.order_by("since", "drill")[:4])}
