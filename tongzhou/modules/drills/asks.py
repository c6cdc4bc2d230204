"""What awaits whom: drills to arrange, to attend, to evaluate, to close, to hold again; findings to put right and to look at."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.drills import queries
from tongzhou.modules.drills.models import Drill, Finding
from tongzhou.modules.drills.workflow import EVALUATE, HOLD, UNSETTLED, DrillState, FindingState


def to_attend(person: Person) -> QuerySet[Drill]:
    """Whoever is named: they lead it, evaluate it, or take part."""
    evaluates = Drill.evaluators.through.objects.filter(person=person).values("drill")
    attends = Drill.people.through.objects.filter(person=person).values("drill")
    rows = Drill.objects.filter(Q(lead=person) | Q(pk__in=evaluates) | Q(pk__in=attends))
    return rows.filter(state__in=[DrillState.SCHEDULED, DrillState.RUNNING]).order_by("happened_on", "begins_at", "pk")


def to_arrange(person: Person) -> QuerySet[Drill]:
    return _held_by(person).filter(state=DrillState.DRAFT)


def late(person: Person) -> QuerySet[Drill]:
    return _held_by(person).filter(state=DrillState.SCHEDULED, happened_on__lt=_today())


def to_evaluate(person: Person) -> QuerySet[Drill]:
    named = Drill.evaluators.through.objects.filter(person=person).values("drill")
    return Drill.objects.filter(pk__in=named, state=DrillState.ENDED).order_by("happened_on", "pk")


def to_close(person: Person) -> QuerySet[Drill]:
    still = Finding.objects.filter(drill=OuterRef("pk"), state__in=UNSETTLED)
    return _held_by(person).filter(~Exists(still), state=DrillState.DONE, source="")


def to_practise(person: Person) -> QuerySet[Drill]:
    return queries.to_practise(_held_by(person), _today())


def to_rectify(person: Person) -> QuerySet[Finding]:
    return Finding.objects.filter(owner=person, state=FindingState.OPEN).order_by("due_on", "pk")


def to_recheck(person: Person) -> QuerySet[Finding]:
    """Within reach, and not the person's own work."""
    rows = Finding.objects.filter(access.within(access.reach(person, EVALUATE)), state=FindingState.RECTIFIED)
    return rows.exclude(owner=person).exclude(rectified_by=person).order_by("rectified_at", "pk")


def _held_by(person: Person) -> QuerySet[Drill]:
    return Drill.objects.filter(access.within(access.reach(person, HOLD))).order_by("happened_on", "pk")


def _today() -> date:
    return timezone.localdate()


def _library(drill: Any) -> str:
    return reverse("drills.library", args=[drill.response.slug])


ASKS = (
    Ask("rectify", _("请您整改的演练问题"), to_rectify, due="due_on"),
    Ask("recheck", _("待复查的演练问题"), to_recheck),
    Ask("attend", _("请您参加的演练"), to_attend, due="happened_on"),
    Ask("evaluate", _("待您评估的演练"), to_evaluate),
    Ask("late", _("到期还没有开始的演练"), late, due="happened_on"),
    Ask("arrange", _("待安排的演练草稿"), to_arrange),
    Ask("close", _("问题已全部销号、可以办结的演练"), to_close),
    Ask("practise", _("应练未练：超过周期没有再演练"), to_practise, url=_library),
)
