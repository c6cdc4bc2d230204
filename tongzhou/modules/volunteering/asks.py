"""What awaits whom: one's own activities; for whoever leads, drafts, hours to confirm, corrections to settle, activities to end."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.volunteering import queries
from tongzhou.modules.volunteering.models import Activity, Signup
from tongzhou.modules.volunteering.workflow import RUN, ActivityState, SignupState

AHEAD = timedelta(days=7)


def my_service(person: Person) -> QuerySet[Signup]:
    now = timezone.now()
    rows = queries.coming(person).filter(activity__starts_at__lte=now + AHEAD)
    return rows.filter(Q(activity__ends_at__gt=now) | Q(state=SignupState.ON)).order_by("activity__starts_at", "pk")


def to_open(person: Person) -> QuerySet[Activity]:
    rows = Activity.objects.filter(state=ActivityState.DRAFT, filed_by=person)
    return rows.order_by("starts_at", "pk")


def to_end(person: Person) -> QuerySet[Activity]:
    rows = Activity.objects.filter(state=ActivityState.OPEN, ends_at__lt=timezone.now())
    mine = access.within(access.reach(person, RUN)) | Q(organiser=person)
    return rows.filter(mine).order_by("starts_at", "pk")


def to_confirm(person: Person) -> QuerySet[Signup]:
    return _others(person, SignupState.LEFT)


def to_settle(person: Person) -> QuerySet[Signup]:
    return _others(person, SignupState.DISPUTED)


def _others(person: Person, state: SignupState) -> QuerySet[Signup]:
    """Of other people: nobody confirms their own hours."""
    mine = access.within(access.reach(person, RUN)) | Q(activity__organiser=person)
    rows = Signup.objects.filter(mine, state=state).exclude(person=person)
    return rows.select_related("activity", "person").order_by("happened_on", "pk")


def _mine(signup: Any) -> str:
    return reverse("volunteering.mine", args=[signup.response.slug])


def _roll(signup: Any) -> str:
    return str(signup.activity.url("roll"))


ASKS = (
    Ask("my_service", _("您报名的志愿服务"), my_service, due="due", url=_mine),
    Ask("to_settle", _("待办理的时长更正"), to_settle),
    Ask("to_confirm", _("待确认的服务时长"), to_confirm, url=_roll),
    Ask("to_end", _("时间已过、还没有结束的志愿服务活动"), to_end),
    Ask("to_open", _("您起草、还没有开始招募的志愿服务活动"), to_open, due="due"),
)
