"""What awaits whom: drafts and returned items of mine, items to review, edit, sign and submit, results to put down, replies to rate."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.proposals.models import Case, Item, Submission
from tongzhou.modules.proposals.workflow import (
    EDIT,
    REVIEW,
    SIGN,
    SUBMIT,
    WAITING,
    CaseState,
    ItemState,
)


def returned(person: Person) -> QuerySet[Item]:
    return Item.objects.filter(author=person, state=ItemState.RETURNED).order_by("filed_at", "pk")


def drafts(person: Person) -> QuerySet[Item]:
    return Item.objects.filter(author=person, state=ItemState.DRAFT).order_by("filed_at", "pk")


def to_review(person: Person) -> QuerySet[Item]:
    return _items(person, REVIEW, ItemState.REVIEW).exclude(author=person)


def to_edit(person: Person) -> QuerySet[Item]:
    return _items(person, EDIT, ItemState.EDITING)


def to_sign(person: Person) -> QuerySet[Item]:
    return _items(person, SIGN, ItemState.READY).exclude(author=person)


def to_submit(person: Person) -> QuerySet[Item]:
    """Not those known from a report, which tells no more of them."""
    return _items(person, SUBMIT, ItemState.SIGNED).filter(source="")


def to_follow(person: Person) -> QuerySet[Submission]:
    rows = Submission.objects.filter(state__in=WAITING).select_related("item")
    return _open(rows, person, SUBMIT).order_by("happened_on", "pk")


def to_assign(person: Person) -> QuerySet[Case]:
    rows = Case.objects.filter(state__in=(CaseState.FILED, CaseState.ADMITTED)).select_related("item")
    return _open(rows, person, SUBMIT).order_by("happened_on", "pk")


def awaiting_reply(person: Person) -> QuerySet[Case]:
    rows = Case.objects.filter(state=CaseState.ASSIGNED).select_related("item")
    return _open(rows, person, SUBMIT).order_by("reply_by", "pk")


def to_rate(person: Person) -> QuerySet[Case]:
    return Case.objects.filter(item__author=person, state=CaseState.REPLIED).select_related("item").order_by("pk")


def _items(person: Person, capability: str, state: ItemState) -> QuerySet[Item]:
    return _open(Item.objects.filter(state=state), person, capability).order_by("filed_at", "pk")


def _open(rows: QuerySet[Any], person: Person, capability: str) -> QuerySet[Any]:
    """Rows where the person holds the capability, without what is confidential to others."""
    return access.open_to(rows.filter(access.within(access.reach(person, capability))), person)


ASKS = (
    Ask("returned", _("退回您修改的建言"), returned),
    Ask("drafts", _("您没有提交的建言草稿"), drafts),
    Ask("to_review", _("待审阅的建言"), to_review),
    Ask("to_edit", _("待编辑的建言"), to_edit),
    Ask("to_sign", _("待签发的建言"), to_sign),
    Ask("to_submit", _("待报送的建言"), to_submit),
    Ask("to_follow", _("报送后还没有结果"), to_follow),
    Ask("to_assign", _("待立案、待交办的提案"), to_assign),
    Ask("awaiting_reply", _("等待答复的提案"), awaiting_reply, due="reply_by"),
    Ask("to_rate", _("请您评价答复的提案"), to_rate),
)
