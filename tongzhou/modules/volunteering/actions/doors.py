"""At the place: trained, in by the code that changes, out by the code that changes; by hand for whoever has no telephone."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import codes, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.volunteering import rules
from tongzhou.modules.volunteering.models import Activity, Signup
from tongzhou.modules.volunteering.workflow import ActivityState, SignupState

DOOR = "volunteering"  # what the code at the place is for


def sign(signup: Signup, *, by: Person, code: str, now: datetime | None = None) -> Signup:
    """In, or out again: whichever is next. Who has left already comes back unchanged."""
    now = now or timezone.now()
    if by.pk != signup.person_id:
        raise PermissionDenied(__("请用本人的账号签到；没带手机的，请现场负责人代为登记。"))
    if signup.state == SignupState.LEFT:
        return signup
    if not codes.holds(signup.activity, DOOR, code, now):
        raise ValidationError(__("这个二维码已经过期，请重新扫现场屏幕上的二维码。"))
    if signup.state == SignupState.ON:
        assert signup.checked_in_at is not None
        served = rules.minutes(signup.checked_in_at, now)
        return steps.advance(
            signup, "check_out", by=by, data={"minutes": served}, checked_out_at=now, minutes=served
        )  # fmt: skip
    may_begin(signup, now)
    return steps.advance(signup, "check_in", by=by, checked_in_at=now)


def may_begin(signup: Signup, now: datetime) -> None:
    """Raises ValidationError, saying what to do, unless this person may begin now."""
    activity: Activity = signup.activity
    if signup.state != SignupState.SIGNED or activity.state != ActivityState.OPEN:
        raise ValidationError(__("您在这里没有待签到的报名。"))
    assert activity.starts_at is not None
    assert activity.ends_at is not None
    if not rules.doors_open(activity.starts_at, activity.ends_at, now, activity.custom["early_minutes"]):
        told = {"when": activity.time_text, "n": activity.custom["early_minutes"]}
        raise ValidationError(__("现在不是签到时间：%(when)s，提前 %(n)d 分钟开始签到。") % told)
    _trained(signup)


def train(signup: Signup, *, by: Person, note: str = "") -> Signup:
    if signup.person_id == by.pk:
        raise ValidationError(__("是否已培训，须由本人以外的人登记。"))
    return steps.advance(signup, "train", by=by, note=note, data=_name(signup), trained_at=timezone.now())


def check_in_by_hand(signup: Signup, *, by: Person, at: datetime | None = None, note: str = "") -> Signup:
    """Somebody else puts down that the person came, and why not by the code."""
    at = at or timezone.now()
    _another(signup, by)
    _not_ahead(at, "at")
    if signup.activity.state != ActivityState.OPEN and signup.state != SignupState.ABSENT:
        raise steps.OutOfStep
    _trained(signup)
    return steps.advance(
        signup, "check_in_by_hand", by=by, note=note, data=_name(signup), checked_in_at=at, by_hand=True
    )


def check_out_by_hand(signup: Signup, *, by: Person, at: datetime | None = None, note: str = "") -> Signup:
    at = at or timezone.now()
    _another(signup, by)
    _not_ahead(at, "at")
    if signup.checked_in_at is None or at < signup.checked_in_at:
        raise ValidationError({"at": __("签退不能早于签到。")})
    served = rules.minutes(signup.checked_in_at, at)
    data = _name(signup) | {"minutes": served}
    return steps.advance(
        signup, "check_out_by_hand", by=by, note=note, data=data, checked_out_at=at, minutes=served, by_hand=True
    )  # fmt: skip


def miss(signup: Signup, *, by: Person, note: str = "") -> Signup:
    if signup.activity.starts_at and signup.activity.starts_at > timezone.now():
        raise ValidationError(__("活动还没有开始。"))
    return steps.advance(signup, "miss", by=by, note=note, data=_name(signup))


def _trained(signup: Signup) -> None:
    if signup.activity.training and signup.trained_at is None:
        told = {"training": signup.activity.training}
        raise ValidationError(__("上岗前须培训（%(training)s）。培训后请现场负责人登记，再签到。") % told)


def _another(signup: Signup, by: Person) -> None:
    if signup.person_id == by.pk:
        raise ValidationError(__("自己的签到、签退不能由自己代为登记，请扫码或请别人登记。"))


def _not_ahead(at: datetime, name: str) -> None:
    if at > timezone.now():
        raise ValidationError({name: __("时间不能在将来。")})


def _name(signup: Signup) -> dict[str, Any]:
    return {"person": signup.person.name if signup.person else ""}
