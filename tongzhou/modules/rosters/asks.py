"""What awaits whom: wishes to give, duties to stand, swaps to answer; for the head proposals, gaps, swaps to approve, duties to make sure of."""

from datetime import timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.rosters import queries
from tongzhou.modules.rosters.models import Crew, Duty, Proposal, Roster, Shift, Swap
from tongzhou.modules.rosters.workflow import (
    PLAN,
    STANDING,
    CrewState,
    DutyState,
    PostState,
    RosterState,
    ShiftState,
    SwapState,
)

SOON, AHEAD = timedelta(hours=36), timedelta(days=7)
MOST = 50  # shifts with too many people that are looked through at once


def to_wish(person: Person) -> QuerySet[Crew]:
    """One's places in pools of which a roster asks for wishes that have not been given so far."""
    asking = Roster.objects.filter(
        state__in=(RosterState.DRAFT, RosterState.PROPOSED), wishes_by__gte=timezone.localdate(), response=OuterRef("response")
    )  # fmt: skip
    asking = asking.annotate(place=ExpressionWrapper(OuterRef("unit__path"), output_field=CharField())).filter(
        place__startswith=F("unit__path")
    )
    rows = Crew.objects.filter(person=person, state=CrewState.ACTIVE)
    rows = rows.annotate(
        through=Subquery(asking.order_by("-last_on").values("last_on")[:1]),
        due=Subquery(asking.order_by("-last_on").values("wishes_by")[:1]),
    ).filter(through__isnull=False)
    spoken = rows.filter(wished_through__gte=F("through")).values("pk")
    return rows.exclude(pk__in=spoken).select_related("person").order_by("due", "pk")


def my_duty(person: Person) -> QuerySet[Duty]:
    now = timezone.now()
    rows = Duty.objects.filter(person=person, state__in=(DutyState.PLANNED, DutyState.ON), shift__ends_at__gt=now)
    rows = rows.filter(roster__state=RosterState.PUBLISHED, shift__starts_at__lt=now + SOON)
    return rows.select_related("shift__post", "person").order_by("shift__starts_at", "pk")


def swaps_for_me(person: Person) -> QuerySet[Swap]:
    return _swaps(SwapState.ASKED).filter(colleague=person)


def to_approve(person: Person) -> QuerySet[Swap]:
    rows = _swaps(SwapState.CONSENTED).filter(access.within(access.reach(person, PLAN)))
    return rows.exclude(asker=person).exclude(colleague=person)


def to_adopt(person: Person) -> QuerySet[Roster]:
    done = Proposal.objects.filter(roster=OuterRef("pk"), state=Proposal.State.DONE)
    rows = Roster.objects.filter(access.within(access.reach(person, PLAN)), state=RosterState.PROPOSED)
    return rows.filter(Exists(done)).order_by("first_on", "pk")


def gaps(person: Person) -> QuerySet[Shift]:
    now = timezone.now()
    rows = Shift.objects.filter(access.within(access.reach(person, PLAN)), state=ShiftState.PLANNED, short__gt=0)
    rows = rows.filter(roster__state=RosterState.PUBLISHED, ends_at__gt=now, starts_at__lt=now + AHEAD)
    return rows.annotate(due=TruncDate("starts_at")).select_related("post", "roster").order_by("starts_at", "pk")


def to_confirm(person: Person) -> QuerySet[Duty]:
    """Over, and nobody knows whether it was stood."""
    rows = Duty.objects.filter(access.within(access.reach(person, PLAN)), state__in=(DutyState.PLANNED, DutyState.ON))
    rows = rows.filter(roster__state=RosterState.PUBLISHED, shift__ends_at__lt=timezone.now())
    return rows.select_related("shift__post", "person").order_by("shift__starts_at", "pk")


def to_release(person: Person) -> QuerySet[Duty]:
    """Called to a post that has closed since: the head finds them another place, or lets them go."""
    rows = Duty.objects.filter(access.within(access.reach(person, PLAN)), state__in=(DutyState.PLANNED, DutyState.ON))
    rows = rows.filter(
        roster__state__in=(RosterState.PROPOSED, RosterState.PUBLISHED), shift__ends_at__gt=timezone.now()
    )
    rows = rows.filter(shift__post__state=PostState.CLOSED, shift__state=ShiftState.PLANNED)
    return rows.select_related("shift__post", "person").order_by("shift__starts_at", "pk")


def surplus(person: Person) -> QuerySet[Duty]:
    """Called for a place that a later plan no longer has: as many of a shift's people as it does not need, whoever was called last. The head decides."""
    rows = Shift.objects.filter(access.within(access.reach(person, PLAN)), state=ShiftState.PLANNED)
    rows = rows.filter(
        roster__state__in=(RosterState.PROPOSED, RosterState.PUBLISHED),
        post__state=PostState.OPEN,
        ends_at__gt=timezone.now(),
    )
    called = Count("duties", filter=Q(duties__state__in=STANDING))
    many = rows.annotate(called=called).filter(called__gt=F("people")).order_by("starts_at", "pk")[:MOST]
    extra = [duty.pk for shift in many for duty in queries.beyond(shift) if duty.state == DutyState.PLANNED]
    return Duty.objects.filter(pk__in=extra).select_related("shift__post", "person").order_by("shift__starts_at", "pk")


def _swaps(state: SwapState) -> QuerySet[Swap]:
    rows = Swap.objects.filter(state=state, duty__shift__starts_at__gt=timezone.now())
    return rows.select_related("duty__shift__post", "duty__person", "asker", "colleague").order_by("filed_at", "pk")


def _mine(record: Any) -> str:
    return reverse("rosters.mine", args=[record.response.slug])


def _proposal(roster: Any) -> str:
    return reverse("rosters.proposal", args=[roster.response.slug, roster.pk])


def _people(duty: Any) -> str:
    return f"{duty.shift.get_absolute_url()}#people"


def _wishes(crew: Any) -> str:
    return reverse("rosters.wishes", args=[crew.response.slug, crew.pk])


ASKS = (
    Ask("my_duty", _("您接下来的值班"), my_duty, due="due", url=_mine),
    Ask("to_wish", _("待您填报的值班意愿"), to_wish, due="due", url=_wishes),
    Ask("swaps_for_me", _("请您换班"), swaps_for_me, due="due"),
    Ask("gaps", _("缺人的班次"), gaps, due="due"),
    Ask("to_release", _("岗位已撤，请另行安排的人"), to_release, due="due"),
    Ask("surplus", _("人比需要的多，请定谁不用来"), surplus, due="due", url=_people),
    Ask("to_approve", _("待批准的换班"), to_approve, due="due"),
    Ask("to_adopt", _("待采用的编排方案"), to_adopt, url=_proposal),
    Ask("to_confirm", _("待核实的值班"), to_confirm),
)
