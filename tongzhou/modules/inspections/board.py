"""Tiles for the inspecting side: open findings by age, overdue, how far each round has come. Nobody else has a board of inspections."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.board import Line, Tile
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.inspections import rules
from tongzhou.modules.inspections.models import Finding, Round
from tongzhou.modules.inspections.workflow import OPEN, READ, FindingState, RoundState, VisitState

ROUNDS = 5  # shown one by one


def board(response: Response, person: Person, now: datetime) -> list[Tile]:
    if not access.reach(person, READ):
        return []
    today = timezone.localdate(now)
    rows = access.visible(Finding.objects.filter(response=response, state__in=OPEN), person, READ)
    ages = [rules.band(day, today) for day in rows.values_list("happened_on", flat=True)]
    late = rows.filter(state=FindingState.NOTICED, due_on__lt=today).count()
    findings = reverse("inspections.finding.list", args=[response.slug])
    labels = (__("0—3 天"), __("4—7 天"), __("7 天以上"))
    lines = [Line(label, ages.count(n)) for n, label in enumerate(labels)]
    return [
        Tile("open", __("未销号问题"), len(ages), findings, "wait" if ages else "good", lines=lines),
        Tile("overdue", __("逾期未整改"), late, f"{findings}?state=noticed&sort=due_on", "bad" if late else "good"),
        *_rounds(response, person),
    ]


def _rounds(response: Response, person: Person) -> list[Tile]:
    begun = access.visible(Round.objects.filter(response=response, state=RoundState.BEGUN), person, READ)
    found = list(_counted(begun).order_by("last_on", "pk")[:ROUNDS])
    if not found:
        return []
    places, seen = sum(one.places for one in found), sum(one.seen for one in found)
    lines = [Line(one, f"{one.seen} / {one.places}") for one in found]
    value = f"{seen * 100 // places}%" if places else "—"
    address = f"{reverse('inspections.round.list', args=[response.slug])}?state=begun"
    return [Tile("rounds", __("检查覆盖"), value, address, "plain", lines=lines, wide=True)]


def _counted(rounds: QuerySet[Round]) -> QuerySet[Any]:
    """With how many places each has to visit, and at how many somebody was."""
    made = Count("visits", filter=Q(visits__state=VisitState.MADE, visits__repeat=False), distinct=True)
    return rounds.annotate(places=Count("stops", distinct=True), seen=made)
