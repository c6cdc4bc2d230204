"""What awaits whom: a crisis to respond to, people to ask again how they are, a week to sum up."""

from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.hotline.models import FollowUp, Return
from tongzhou.modules.hotline.workflow import ARRANGE, SUPERVISE, FollowUpState, ReturnState


def to_respond(person: Person) -> QuerySet[FollowUp]:
    within = access.within(access.reach(person, SUPERVISE))
    return _due().filter(within, kind=FollowUp.Kind.RESPOND)


def to_follow(person: Person) -> QuerySet[FollowUp]:
    """Until the end of tomorrow: a follow-up in a year is no matter for today's list."""
    until = timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=2), time()))
    return _due().filter(person=person, kind=FollowUp.Kind.CONTACT, due_at__lt=until)


def to_send(person: Person) -> QuerySet[Return]:
    rows = Return.objects.filter(access.within(access.reach(person, ARRANGE)), state=ReturnState.COUNTED, source="")
    return rows.select_related("line").order_by("happened_on", "pk")


def _due() -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(state=FollowUpState.DUE).order_by("due_at", "pk")


ASKS = (
    Ask("to_respond", _("待督导立即处置"), to_respond, due="due_at"),
    Ask("to_follow", _("待回访"), to_follow, due="due_at"),
    Ask("to_send", _("待报送的热线周汇总"), to_send),
)
