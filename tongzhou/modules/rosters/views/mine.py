"""What concerns oneself, on a telephone: one's duties, wishes, and asking for a swap."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import access
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.rosters import actions, asks, forms, queries, rules
from tongzhou.modules.rosters.models import Crew, Duty, Swap
from tongzhou.modules.rosters.views import crew, duties
from tongzhou.modules.rosters.workflow import READ, DutyState, RosterState, SwapState

PAST, AHEAD = 20, 60  # duties shown
WISHES = timedelta(days=30)  # asked for when no roster says up to when


@require_safe
def mine(request: SignedIn, response: str) -> HttpResponse:
    found, now = response_or_404(request, response), timezone.now()
    own = _own(found, request.user)
    swaps = Swap.objects.filter(response=found, state__in=(SwapState.ASKED, SwapState.CONSENTED)).filter(
        Swap.concerns(request.user)
    )
    shown = {
        "response": found, "now": now,
        "coming": list(own.filter(shift__ends_at__gt=now, state__in=(DutyState.PLANNED, DutyState.ON)).order_by("shift__starts_at")[:AHEAD]),
        "past": list(own.exclude(shift__ends_at__gt=now, state__in=(DutyState.PLANNED, DutyState.ON)).order_by("-shift__starts_at")[:PAST]),
        "pools": list(Crew.objects.filter(response=found, person=request.user).select_related("unit", "response")),
        "asked": set(asks.to_wish(request.user).values_list("pk", flat=True)),
        "swaps": list(swaps.select_related("duty__shift__post", "duty__person", "asker", "colleague", "response")),
    }  # fmt: skip
    return render(request, "rosters/mine.html", shown)


@require_safe
def ics(request: SignedIn, response: str) -> HttpResponse:
    """One's coming duties for the calendar of a telephone (RFC 5545)."""
    found = response_or_404(request, response)
    rows = _own(found, request.user).filter(
        shift__ends_at__gt=timezone.now(), state__in=(DutyState.PLANNED, DutyState.ON)
    )
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tongzhou//Duties//ZH"]
    for duty in rows.order_by("shift__starts_at"):
        lines += _event(duty)
    answer = HttpResponse("\r\n".join([*lines, "END:VCALENDAR", ""]), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="duties.ics"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Day by day: cannot, rather not, would like to. Only one's own."""
    one: Crew = access.find(crew.rows(response_or_404(request, response)), request.user, READ, pk=key)
    if one.person_id != request.user.pk:
        raise Http404
    today = timezone.localdate()
    asked = asks.to_wish(request.user).filter(pk=one.pk).first()
    last = max(getattr(asked, "through", today + WISHES), today)
    days = rules.days(today, last)
    said = {row.day: row.kind for row in one.wishes.filter(day__range=(today, last))}
    form = forms.WishForm(request.POST or None, days=days, said=said)
    if request.method == "POST" and form.is_valid():
        actions.crew.wish(one, by=request.user, first=today, last=last, wishes=form.wishes())
        messages.success(request, __("已填报，谢谢。排班之前都可以修改。"))
        return redirect("rosters.mine", response)
    return render(
        request,
        "rosters/wishes.html",
        {"crew": one, "response": one.response, "form": form, "due": getattr(asked, "due", None)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def swap(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Ask a colleague to take a duty of one's own: only those are offered whom no rule keeps from it."""
    duty: Duty = access.find(duties.rows(response_or_404(request, response)), request.user, READ, pk=key)
    if duty.person_id != request.user.pk or duty.shift is None:
        raise Http404
    form = forms.SwapForm(request.POST or None, offers=_offers(duty, request.user))
    if request.method == "POST" and form.is_valid():
        person, back = form.chosen
        asked = Swap(
            pk=_key(request.POST.get("key")), duty=duty, colleague_id=person, back_id=back, reason=form.cleaned_data["reason"], asker=request.user,
            unit=duty.unit, response=duty.response, happened_on=timezone.localdate(),
        )  # fmt: skip
        try:
            actions.swaps.file(asked, by=request.user)
            messages.success(request, __("已发出请求，等%(person)s同意。") % {"person": asked.colleague})
            return redirect("rosters.mine", response)
        except ValidationError as fault:
            form.add_error(None, fault.messages)
    status = 422 if request.method == "POST" else 200
    return render(
        request,
        "rosters/swap.html",
        {"duty": duty, "response": duty.response, "form": form, "key": uuid4()},
        status=status,
    )


def _own(response: Response, person: Person) -> Any:
    rows = Duty.objects.filter(response=response, person=person, shift__isnull=False)
    shown = rows.filter(roster__state__in=(RosterState.PUBLISHED, RosterState.CLOSED)).exclude(
        state=DutyState.WITHDRAWN
    )
    return shown.select_related("shift__post", "response", "roster", "person")


def _offers(duty: Duty, person: Person) -> list[tuple[Person, list[Duty]]]:
    """Colleagues who could take the duty, each with those of their coming duties that the person could take for it."""
    assert duty.shift is not None
    free = [
        one.crew.person
        for one in queries.candidates(duty.shift, without=duty)
        if one.is_free and one.crew.person_id != person.pk
    ]
    rows = Duty.objects.filter(
        roster=duty.roster,
        person__in=free,
        state=DutyState.PLANNED,
        shift__starts_at__gt=timezone.now(),
        shift__post__kind=duty.shift.post.kind,
    )
    found: dict[UUID, list[Duty]] = {one.pk: [] for one in free}
    for other in rows.exclude(shift=duty.shift).select_related("shift__post", "person").order_by("shift__starts_at"):
        assert other.shift is not None
        assert other.person_id is not None
        if len(found[other.person_id]) < 3 and not queries.breaches_of(
            person, other.shift, without=[duty], skills=False
        ):
            found[other.person_id].append(other)
    return [(one, found[one.pk]) for one in free]


def _event(duty: Duty) -> list[str]:
    shift = duty.shift
    assert shift is not None
    place = _plain(shift.post.place or str(shift.post))
    times = [
        f"{name}:{_utc(moment)}"
        for name, moment in (("DTSTAMP", timezone.now()), ("DTSTART", shift.starts_at), ("DTEND", shift.ends_at))
    ]
    return [
        "BEGIN:VEVENT",
        f"UID:{duty.pk}",
        *times,
        f"SUMMARY:{_plain(str(shift.post))}",
        f"LOCATION:{place}",
        "END:VEVENT",
    ]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _plain(text: str) -> str:
    """Text as RFC 5545 escapes it."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", " ")


def _key(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        return uuid4()
