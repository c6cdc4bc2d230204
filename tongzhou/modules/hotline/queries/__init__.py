"""Reads of the hotline's own database: who is there, who waits, what a case looks like to whoever may see it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.http import Http404
from django.utils import timezone

from tongzhou.kernel import access
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.hotline import rules
from tongzhou.modules.hotline.models import Box, Case, Keypair, Line, Return, Seat, Step
from tongzhou.modules.hotline.models.apart import GONE_AFTER
from tongzhou.modules.hotline.workflow import ANSWER, SUPERVISE, LineState

State = Case.State


def open_lines(response: Response) -> QuerySet[Line]:
    return Line.objects.filter(response=response, state=LineState.OPEN, words="").order_by("name", "pk")


def lines(response: Response, person: Person, capability: str = ANSWER) -> QuerySet[Line]:
    """The lines at which the person holds the capability."""
    within = access.within(access.reach(person, capability))
    return (
        Line.objects.filter(within, response=response, words="")
        .select_related("response", "unit")
        .order_by("name", "pk")
    )


def seats(line: UUID, now: datetime | None = None) -> QuerySet[Seat]:
    """Counsellors who are there now."""
    there = (now or timezone.now()) - GONE_AFTER
    return Seat.objects.filter(line=line, seen_at__gt=there, keypair__retired_at=None).select_related("keypair")


def queue(line: UUID, now: datetime | None = None) -> QuerySet[Case]:
    """Who waits, the longest first; whoever closed their page is no longer in it."""
    there = (now or timezone.now()) - GONE_AFTER
    return Case.objects.filter(line=line, state=State.WAITING, seen_at__gt=there).order_by("came_at", "pk")


def place(case: Case) -> int:
    """How many are before them in the queue, and themselves."""
    before = Q(came_at__lt=case.came_at) | Q(came_at=case.came_at, pk__lt=case.pk)
    return queue(case.line).filter(before).count() + 1


def keypair(person: Person) -> Keypair | None:
    return Keypair.objects.filter(person=person.pk, retired_at=None).first()


def supervisors(line: Line) -> list[Keypair]:
    """Who supervises this line and has a key."""
    people = access.holders(SUPERVISE, line.unit).values_list("pk", flat=True)
    return list(Keypair.objects.filter(person__in=list(people), retired_at=None).order_by("pk"))


def colleagues(line: Line, but: Person) -> list[Keypair]:
    """With whom a case may be shared: whoever answers or supervises this line and has a key."""
    people = set(access.holders(ANSWER, line.unit).values_list("pk", flat=True)) - {but.pk}
    return list(Keypair.objects.filter(person__in=people, retired_at=None).order_by("name", "pk"))


def recipients(line: Line, counsellors: Iterable[Keypair]) -> dict[str, Any]:
    """To whom a browser seals the key of a new case: each counsellor the whole, each pair of supervisors a half each."""
    return {
        "whole": [_public(one) for one in counsellors],
        "halves": [[_public(one), _public(other)] for one, other in rules.pairs(supervisors(line))],
    }


def _public(one: Keypair) -> dict[str, Any]:
    return {"keypair": one.pk, "public": one.public}


def find_case(key: UUID, response: Response, person: Person) -> tuple[Case, Line]:
    """The case, if the person counsels it, holds its key, or supervises its line; a waiting one, if they may take it. Else 404."""
    case = Case.objects.filter(pk=key).first()
    line = (
        Line.objects.select_related("response", "unit").filter(pk=case.line, response=response).first()
        if case
        else None
    )
    if case is None or line is None or not may_see(case, line, person):
        raise Http404
    return case, line


def may_see(case: Case, line: Line, person: Person) -> bool:
    if access.may(person, SUPERVISE, line):
        return True
    if not access.may(person, ANSWER, line):
        return False
    waits = case.state == State.WAITING and case.mode == Case.Mode.TEXT
    return waits or case.counsellor == person.pk or whole_box(case, person) is not None


def whole_box(case: Case, person: Person) -> Box | None:
    return case.boxes.filter(keypair__person=person.pk, partner=None).select_related("keypair").first()


def halves(case: Case, person: Person) -> list[Box]:
    """The halves of its key that this person holds, each with the one who holds the other."""
    return list(
        case.boxes.filter(keypair__person=person.pk, partner__isnull=False).select_related("keypair", "partner")
    )


def require_counsellor(case: Case, person: Person) -> None:
    if case.counsellor != person.pk:
        raise PermissionDenied


def count(line: Line, first: Any, least: int) -> dict[str, int | None]:
    """The counts of a week from its Monday, small ones left out."""
    begin = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    end = begin + timedelta(days=7)
    rows = Case.objects.filter(line=line.pk, came_at__gte=begin, came_at__lt=end)
    answered = Q(taken_at__isnull=False)
    found = rows.aggregate(
        came=Count("pk"), answered=Count("pk", filter=answered),
        by_text=Count("pk", filter=answered & Q(mode=Case.Mode.TEXT)), by_voice=Count("pk", filter=answered & Q(mode=Case.Mode.VOICE)),
        face_to_face=Count("pk", filter=answered & Q(mode=Case.Mode.FACE)), high=Count("pk", filter=Q(level=rules.HIGH)),
    )  # fmt: skip
    steps = Step.objects.filter(case__line=line.pk, what__in=Step.REFERRALS, at__gte=begin, at__lt=end)
    found["referred"] = steps.values("case").distinct().count()
    done = line.follow_ups.filter(kind="contact", state="done")
    found["followed"] = done.filter(due_at__gte=begin, due_at__lt=end).count()
    return {name: rules.shown(found[name], least) for name in Return.COUNTS}


def live(subjects: Sequence[str]) -> dict[str, str]:
    """What cases and queues look like now, two statements for all pages of a process."""
    asked: dict[str, set[str]] = {"case": set(), "queue": set()}
    for _room, kind, key in (one.split("/") for one in subjects):
        asked[kind].add(key)
    cases = Case.objects.filter(pk__in=asked["case"]).values_list("pk", "state", "version")
    found = {f"hotline/case/{key}": f"{state}{version}" for key, state, version in cases}
    if asked["queue"]:
        recent = timezone.now() - timedelta(days=1)
        rows = Case.objects.filter(line__in=asked["queue"], came_at__gt=recent).order_by()
        marks = rows.values("line").annotate(n=Count("pk"), last=Max("came_at"), moved=Sum("version"))
        told = {str(row["line"]): f"{row['n']} {row['last']} {row['moved']}" for row in marks}
        found |= {f"hotline/queue/{key}": told.get(key, "0") for key in asked["queue"]}
    return found
