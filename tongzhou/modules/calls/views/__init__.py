"""The lists of calls and replies. The odd pages are in pages.py."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, handoff
from tongzhou.kernel.dates import moment
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.models import Person
from tongzhou.modules.calls import forms
from tongzhou.modules.calls.models import Answer, Call, Reply, Requirement
from tongzhou.modules.calls.workflow import FOLLOW, READ, CallState, ReplyState

PLEDGE, VOLUNTEER = Requirement.FollowUp.PLEDGE, Requirement.FollowUp.VOLUNTEER
ANSWERS = Prefetch("answers", Answer.objects.select_related("requirement"))
FOR_MEMBERS, FOR_UNITS = ("inform", "excuse", "restore"), ("settle", "reopen")


def may_answer(reply: Reply, by: Person) -> str:
    """Who the person is to this reply: "own" answers for themselves, "other" puts down what was said; "" may not."""
    if not reply.call.is_open or reply.state == ReplyState.SETTLED:
        return ""
    if reply.is_own(by):
        return "own"
    return "other" if access.may(by, FOLLOW, reply) else ""


def may_follow_up(reply: Reply, kind: Requirement.FollowUp, by: Person) -> bool:
    """Whether it was promised, nobody has taken the promise over, and this person may register it there.

    Goods are registered by whoever keeps gifts there; members put themselves down as volunteers, or are put down on their word.
    """
    room = handoff.accepted(kind.value)
    if room is None or reply.call.is_reported or not has_promise(reply, kind) or handoff.is_taken(reply, kind):
        return False
    if kind == VOLUNTEER:
        return not reply.is_unit and (reply.is_own(by) or access.may(by, FOLLOW, reply))
    return access.may(by, room.desks[0].model.workflow.files, reply.unit)


def has_promise(reply: Reply, kind: Requirement.FollowUp) -> bool:
    return reply.state == ReplyState.ANSWERED and any(one.promises(kind) for one in reply.answers.all())


def call_context(call: Call, by: Person) -> dict[str, Any]:
    mine = call.replies.filter(person=by).select_related("response", "call").first() if call.is_open else None
    out = call.state in (CallState.ISSUED, CallState.CLOSED)
    # what was said before it was issued, and how many of which unit were chased, is not for whoever is merely addressed
    hidden: dict[str, Any] = {} if access.may(by, READ, call) else {"history": []}
    return hidden | {
        "requirements": list(call.requirements.all()),
        "mine": mine,
        "may_see_progress": out and bool(access.reach(by, READ)),
    }


def reply_context(reply: Reply, by: Person) -> dict[str, Any]:
    wanted = FOR_UNITS if reply.is_unit else FOR_MEMBERS
    moves = [move for move in reply.workflow.leaving(reply.state) if move.name in wanted]
    offered = [move for move in moves if reply.call.is_open and access.may(by, move.needs, reply)]
    follow_ups = [kind for kind in (PLEDGE, VOLUNTEER) if may_follow_up(reply, kind, by)]
    return {
        "offered": offered,
        "as_whom": may_answer(reply, by),
        "chases": list(reply.chases.select_related("by")),
        "answers": list(reply.answers.all()),
        "follow_ups": follow_ups,
        "promise_waits": reply.person_id == by.pk
        and PLEDGE not in follow_ups
        and has_promise(reply, PLEDGE)
        and not handoff.is_taken(reply, PLEDGE),
    }


calls = Desk(
    model=Call,
    title=_("倡议"),
    one=_("倡议"),
    intro=_("发给哪些单位和社员，谁读了，谁答复了，还差谁。"),
    columns=[
        Column("title", _("倡议"), kind="link"),
        Column("unit", _("发出单位"), sort="unit__path", kind="unit"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("answer_by", _("答复期限"), kind="date"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["name", "name_en", "mandate_issuer", "mandate_title"],
    fields=[
        Column("unit", _("发出单位")),
        Column("when", _("日期"), kind="when"),
        Column("mandate", _("依据")),
        Column("answer_by", _("答复期限"), kind="date"),
        Column("addressed", _("发至"), value=lambda call: __("、").join(str(unit) for unit in call.addressed.all())),
        Column("issued_by", _("签发人")),
    ],
    form=forms.CallForm,
    move_forms={"extend": forms.Extension},
    related=["issued_by"],
    prefetch=["addressed", "requirements"],
    detail="calls/call.html",
    links=[(_("答复情况"), "calls.reply.list", READ)],
    context=call_context,
)

replies = Desk(
    model=Reply,
    name="replies",
    title=_("答复情况"),
    columns=[
        Column("addressee", _("答复人"), kind="link"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("call", _("倡议")),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
        Column("is_overdue", _("逾期")),
        Column("answered_at", _("答复时间"), value=lambda reply: moment(reply.answered_at)),
        Column("said", _("答复内容")),
    ],
    filters=["call"],
    search=["person__name", "person__pinyin", "unit__name"],
    fields=[
        Column("call", _("倡议")),
        Column("addressee", _("答复人")),
        Column("unit", _("单位")),
        Column("due", _("答复期限"), kind="date"),
        Column("delivered_at", _("送达时间"), value=lambda reply: moment(reply.delivered_at)),
        Column("read_at", _("阅读时间"), value=lambda reply: moment(reply.read_at)),
        Column("answered_at", _("答复时间"), value=lambda reply: moment(reply.answered_at)),
        Column("known", _("代为登记：如何得知")),
    ],
    related=["call", "person"],
    prefetch=[ANSWERS],
    detail="calls/reply.html",
    context=reply_context,
)
