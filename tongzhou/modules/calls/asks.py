"""What awaits whom: a call to answer, a unit with members missing or ready to be reported done, promises, drafts to pass."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Entry, Person
from tongzhou.modules.calls import queries
from tongzhou.modules.calls.models import Call, Reply, Requirement
from tongzhou.modules.calls.workflow import FOLLOW, ISSUE, OPEN, CallState, ReplyState

FollowUp = Requirement.FollowUp


def to_answer(person: Person) -> QuerySet[Reply]:
    return _waiting().filter(person=person, state__in=OPEN)


def missing(person: Person) -> QuerySet[Reply]:
    return _own_units(person).filter(queries.short_of())


def to_settle(person: Person) -> QuerySet[Reply]:
    return _own_units(person).filter(~queries.short_of())


def promises(person: Person) -> QuerySet[Reply]:
    within = Reply.objects.filter(access.within(access.reach(person, FOLLOW)), source="")
    rows = queries.promised(within, FollowUp.PLEDGE)
    return rows.select_related("call", "person").order_by("happened_on", "pk")


def offers(person: Person) -> QuerySet[Reply]:
    """Members put themselves down; for those who cannot sign in, whoever follows up does."""
    others = access.within(access.reach(person, FOLLOW)) & Q(person__username=None)
    rows = queries.promised(
        Reply.objects.filter(Q(person=person) | others, source="", person__isnull=False), FollowUp.VOLUNTEER
    )
    return rows.select_related("call", "person").order_by("happened_on", "pk")


def to_review(person: Person) -> QuerySet[Call]:
    return _to_pass(person, CallState.DRAFT)


def to_issue(person: Person) -> QuerySet[Call]:
    return _to_pass(person, CallState.REVIEWED)


def _waiting() -> QuerySet[Reply]:
    return queries.running().select_related("call", "person").order_by("call__answer_by", "pk")


def _own_units(person: Person) -> QuerySet[Reply]:
    """Replies of the very units at which the person follows up: not of every unit below, whose own people are asked."""
    own = access.reach(person, FOLLOW)
    return _waiting().filter(person=None, unit__path__in=own).exclude(state=ReplyState.SETTLED)


def _to_pass(person: Person, state: CallState) -> QuerySet[Call]:
    """Drafts within reach that the person has not written in themselves."""
    written = Entry.objects.filter(table="calls.call", record=OuterRef("pk"), verb__in=["file", "amend"], by=person)
    rows = Call.objects.filter(access.within(access.reach(person, ISSUE)), ~Exists(written), state=state)
    return rows.order_by("happened_on", "pk")


def _progress(reply: Any) -> str:
    return f"{reverse('calls.progress', args=[reply.response.slug, reply.call_id])}?unit={reply.unit.code}"


ASKS = (
    Ask("to_answer", _("请您答复的倡议"), to_answer, due="due", url=lambda reply: reply.answer_url()),
    Ask("missing", _("本单位还有人未答复"), missing, due="due", url=_progress),
    Ask("to_settle", _("本单位已全部答复，可以办结"), to_settle, due="due"),
    Ask("promises", _("待登记的捐赠意向"), promises),
    Ask("offers", _("表示愿意、待登记的志愿者"), offers),
    Ask("to_review", _("待审核的倡议"), to_review),
    Ask("to_issue", _("待签发的倡议"), to_issue),
)
