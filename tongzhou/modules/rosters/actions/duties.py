"""People on shifts: put there, taken away, standing in, signing in and out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import codes, notices, rulebook, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.rosters import queries, rules
from tongzhou.modules.rosters.models import Duty, Post, Roster, Shift
from tongzhou.modules.rosters.queries.candidates import NEVER
from tongzhou.modules.rosters.queries.cases import skills_of
from tongzhou.modules.rosters.workflow import STANDING, DutyState, RosterState, ShiftState

DOOR = "duty"  # what the code at a post's door is for


def file(duty: Duty, *, by: Person) -> tuple[Duty, bool]:
    """A duty stood outside any roster, known afterwards and from a source."""
    if not duty.source:
        raise ValidationError({"source": __("排班之外的值守只能补录，请写明来源。")})
    duty.state = DutyState.OFF
    return steps.report(duty, by=by)


@transaction.atomic
def put(shift: Shift, person: Person, *, by: Person, reason: str = "") -> Duty:
    """Put someone on a shift: by the head's hand, or as a stand-in for a gap, who is then told.

    A rule of rest may be set aside with a reason, which the ledger keeps; nobody is put in two places. Raises ValidationError.
    """
    hold(shift.roster)
    if not shift.roster.is_open or shift.state != ShiftState.PLANNED or shift.ends_at <= timezone.now():
        raise ValidationError(__("这个班次不能再安排人。"))
    found = queries.breaches_of(person, shift)
    never = [one for one in found if one.reason in NEVER]
    if never or (found and not reason.strip()):
        names = __("；").join(queries.spoken(one) for one in (never or found))
        raise ValidationError(
            __("%(person)s：%(names)s。确需安排的，请写明原因。") % {"person": person, "names": names}
            if not never
            else __("%(person)s：%(names)s。") % {"person": person, "names": names}
        )
    duty = made(shift, person, before=shift.duties.filter(person=person).count())
    told = {"person": person.name, "reason": reason.strip()}
    said = _("{by}安排{person}值班，原因：{reason}") if reason.strip() else ""
    duty, new = steps.file(duty, by=by, said=said, data=told)
    recount([shift])
    if new and shift.roster.state == RosterState.PUBLISHED:
        tell(duty, _("请您值班：{shift}。"))
    return duty


@transaction.atomic
def put_many(roster: Roster, pairs: Sequence[tuple[Shift, Person]], *, by: Person) -> list[Duty]:
    """Put many at once, as a proposal says; the rules were kept by whoever proposed."""
    before = Counter(Duty.objects.filter(roster=roster).values_list("shift", "person"))
    rows = [made(shift, person, before=before[shift.pk, person.pk]) for shift, person in pairs]
    told = {row.pk: {"person": person.name} for row, (_shift, person) in zip(rows, pairs, strict=True)}
    filed = steps.file_many(rows, by=by, data=told)
    recount(roster.shifts.filter(state=ShiftState.PLANNED))
    return filed


def made(shift: Shift, person: Person, *, before: int) -> Duty:
    """Keyed by who stands what, and how often they were put there `before`: the same again is the same duty."""
    return Duty(
        pk=uuid5(shift.pk, f"{person.pk}/{before}"), response=shift.response, unit=shift.unit, happened_on=shift.happened_on,
        roster=shift.roster, shift=shift, person=person, minutes=shift.span.minutes,
    )  # fmt: skip


def sign_in(post: Post, person: Person, *, code: str, now: datetime | None = None) -> Duty:
    """By the code on show at the post: the person's duty there now. Signed in already, the duty comes back unchanged."""
    now = now or timezone.now()
    if not codes.holds(post, DOOR, code, now):
        raise ValidationError(__("二维码已过期，请对准岗位屏幕上的二维码重新扫一次。"))
    duty = duty_at(post, person, now)
    if duty is None:
        raise ValidationError(__("您现在在这个岗位没有待签到的值班。"))
    if duty.state == DutyState.ON:
        return duty
    assert duty.shift is not None
    late = rules.late(duty.shift.starts_at, now)
    return steps.advance(duty, "sign_in", by=person, data={"late": late}, signed_in_at=now)


def duty_at(post: Post, person: Person, now: datetime) -> Duty | None:
    """The person's duty at this post that is open for signing, the one under way before the next."""
    early = rulebook.in_force("rosters", "alarms", timezone.localdate(now))["early_minutes"]
    rows = Duty.objects.filter(
        person=person, shift__post=post, shift__ends_at__gt=now, roster__state=RosterState.PUBLISHED,
        state__in=(DutyState.PLANNED, DutyState.ON),
    )  # fmt: skip
    rows = rows.select_related("shift__post", "unit", "response", "person").order_by("shift__starts_at")
    return next(
        (d for d in rows if d.shift and rules.open_for_signing(d.shift.starts_at, d.shift.ends_at, now, early)), None
    )


def sign_in_by_hand(duty: Duty, *, by: Person, note: str = "") -> Duty:
    """For whoever has no telephone at hand; the reason is kept."""
    _begun(duty)
    return steps.advance(duty, "sign_in_by_hand", by=by, note=note, data=_name(duty), signed_in_at=timezone.now())


def sign_out(duty: Duty, *, by: Person, note: str = "") -> Duty:
    return steps.advance(duty, "sign_out", by=by, note=note, signed_out_at=timezone.now())


def confirm(duty: Duty, *, by: Person, note: str = "") -> Duty:
    """The head has made sure that the duty was stood."""
    _begun(duty)
    return steps.advance(duty, "confirm", by=by, note=note, data=_name(duty))


def miss(duty: Duty, *, by: Person, note: str = "") -> Duty:
    _begun(duty)
    return _leave(duty, "miss", by=by, note=note)


def excuse(duty: Duty, *, by: Person, note: str = "") -> Duty:
    return _leave(duty, "excuse", by=by, note=note)


@transaction.atomic
def take_away(duty: Duty, *, by: Person, note: str = "") -> Duty:
    duty = _leave(duty, "take_away", by=by, note=note)
    if duty.roster and duty.roster.state == RosterState.PUBLISHED:
        tell(duty, _("您的值班已取消：{shift}。"))
    return duty


@transaction.atomic
def cancel(shift: Shift, *, by: Person, note: str = "") -> Shift:
    """The post does not stand at this time: whoever was to be there is told."""
    shift = steps.advance(shift, "cancel", by=by, note=note)
    for duty in shift.duties.filter(state=DutyState.PLANNED).select_related("person", "unit", "roster", "response"):
        duty.shift = shift
        take_away(duty, by=by, note=note)
    return shift


def tell(duty: Duty, text: Any, people: Iterable[Person] = ()) -> None:
    """A notice about one duty, to whoever stands it."""
    url = reverse("rosters.mine", args=[duty.response.slug])
    whom = list(people) or [duty.person] if duty.person else list(people)
    words = format_lazy(text, shift=str(duty.what))
    notices.tell([one for one in whom if one], words, response=duty.response, record=duty, url=url)


def recount(shifts: "Iterable[Shift] | QuerySet[Shift]") -> None:
    """Set how many places of these shifts nobody takes. Written with every change of who stands them; three queries and the changes."""
    rows = list(shifts)
    duties = list(Duty.objects.filter(shift__in=[row.pk for row in rows], state__in=STANDING))
    skills = skills_of({duty.person_id for duty in duties if duty.person_id}, rows[0].response_id) if rows else {}
    there: dict[UUID, list[UUID]] = defaultdict(list)
    for duty in duties:
        if duty.shift_id and duty.person_id:
            there[duty.shift_id].append(duty.person_id)
    changed = []
    for row in rows:
        short = sum(queries.short_of(row, skills, there[row.pk]).values())
        if short != row.short:
            row.short = short
            changed.append(row)
    Shift.objects.bulk_update(changed, ["short"], batch_size=200)


def hold(roster: Roster) -> None:
    """One at a time from here to the end of the transaction: two who fill the same place at once must see each other."""
    Roster.objects.select_for_update().get(pk=roster.pk)


@transaction.atomic
def _leave(duty: Duty, move: str, *, by: Person, note: str) -> Duty:
    steps.advance(duty, move, by=by, note=note, data=_name(duty))
    if duty.shift:
        recount([duty.shift])
    return duty


def _name(duty: Duty) -> dict[str, str]:
    return {"person": duty.person.name if duty.person else ""}


def _begun(duty: Duty) -> None:
    if duty.shift and duty.shift.starts_at > timezone.now():
        raise ValidationError(__("这个班还没有开始。"))
