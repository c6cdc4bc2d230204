"""Hours: confirmed by another person, corrected when the volunteer asks."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, notices, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.volunteering import rules
from tongzhou.modules.volunteering.actions import certificates
from tongzhou.modules.volunteering.models import Activity, Signup
from tongzhou.modules.volunteering.workflow import RUN, SignupState


@transaction.atomic
def confirm(
    signup: Signup, *, by: Person, minutes: int | None = None, rating: str = "", note: str = ""
) -> Signup:  # fmt: skip
    """The time of service counts from now on. Other than the clock says (a meal, a forgotten check-out) only with a reason."""
    _another(signup, by)
    minutes = signup.minutes if minutes is None else minutes
    _sensible(minutes)
    if minutes != signup.minutes and not note.strip():
        told = {"clock": rules.hours(signup.minutes)}
        raise ValidationError({"note": __("与签到签退的 %(clock)s 不同，请写明原因，例如“扣除午餐”。") % told})
    data = {"person": signup.person.name if signup.person else "", "minutes": minutes}
    changes = {"minutes": minutes, "rating": rating, "confirmed_by": by, "confirmed_at": timezone.now()}
    return steps.advance(signup, "confirm", by=by, note=note, data=data, **changes)


@transaction.atomic
def confirm_many(activity: Activity, given: Mapping[Any, int], *, by: Person, note: str = "") -> int:
    """Several at once, each with its minutes, all or none; one's own is passed over. Returns how many."""
    access.require(by, RUN, activity)
    rows = activity.signups.filter(pk__in=list(given), state=SignupState.LEFT).exclude(person=by)
    found = list(rows.select_related("person", "unit", "response"))
    for row in found:
        row.activity = activity
        try:
            confirm(row, by=by, minutes=given[row.pk], note=note)
        except ValidationError as fault:
            raise ValidationError(f"{row.who}：{'；'.join(fault.messages)}") from fault
    return len(found)


def dispute(signup: Signup, *, by: Person, asked_minutes: int = 0, note: str = "") -> Signup:
    """The volunteer says what the record should be, and why."""
    if by.pk != signup.person_id:
        raise PermissionDenied(__("只能由本人申请更正。"))
    _sensible(asked_minutes, "asked_minutes")
    data = {"asked_minutes": asked_minutes}
    return steps.advance(signup, "dispute", by=by, note=note, data=data, asked_minutes=asked_minutes)


@transaction.atomic
def settle(signup: Signup, *, by: Person, minutes: int | None = None, note: str = "") -> Signup:
    """What the record is from now on, with the answer. Certificates that say otherwise are void and may be issued anew."""
    _another(signup, by)
    minutes = signup.asked_minutes if minutes is None else minutes
    _sensible(minutes)
    old = signup.minutes or 0
    data = {"old": old, "minutes": minutes}
    changes = {"minutes": minutes, "confirmed_by": by, "confirmed_at": timezone.now(), "asked_minutes": None}
    steps.advance(signup, "settle", by=by, note=note, data=data, **changes)
    if minutes != old:
        certificates.supersede(signup)
    _answer(signup, rules.hours(minutes))
    return signup


@transaction.atomic
def uphold(signup: Signup, *, by: Person, note: str = "") -> Signup:
    """They were not there, it remains at that; hours that were confirmed before are settled, not taken away."""
    _another(signup, by)
    if signup.confirmed_at is not None:
        raise ValidationError(__("这条时长此前已确认，请用“办理更正”。"))
    steps.advance(signup, "uphold", by=by, note=note, asked_minutes=None)
    _answer(signup, str(SignupState.ABSENT.label))
    return signup


def _answer(signup: Signup, result: str) -> None:
    words = format_lazy(_("您申请更正“{name}”的服务时长，结果：{result}。"), name=str(signup.activity), result=result)
    if signup.person:
        url = signup.get_absolute_url()
        notices.tell([signup.person], words, response=signup.response, record=signup, url=url)


def _another(signup: Signup, by: Person) -> None:
    if signup.person_id == by.pk:
        raise ValidationError(__("服务时长须由本人以外的人确认。"))


def _sensible(minutes: int | None, name: str = "minutes") -> None:
    if minutes is None or not 0 < minutes <= rules.MOST_MINUTES:
        raise ValidationError({name: __("时长须在 1 到 1440 分钟之间。不足 1 分钟的，请登记未到或改签退时间。")})
