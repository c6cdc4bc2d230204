"""What may become of a call, and of the reply of one addressee."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, DRAFT, ISSUE, FOLLOW, ANSWER = "calls.read", "calls.draft", "calls.issue", "calls.follow", "calls.answer"


class CallState(TextChoices):
    DRAFT = "draft", _("草稿")
    REVIEWED = "reviewed", _("已审核，待签发")
    ISSUED = "issued", _("已发出")
    CLOSED = "closed", _("已结束")
    DISCARDED = "discarded", _("已作废")


class ReplyState(TextChoices):
    UNDELIVERED = "undelivered", _("未送达")
    DELIVERED = "delivered", _("已送达，未读")
    READ = "read", _("已读，未答复")
    ANSWERED = "answered", _("已答复")
    EXCUSED = "excused", _("免予答复")
    SETTLED = "settled", _("单位已办结")


C, R = CallState, ReplyState
OPEN = (R.UNDELIVERED, R.DELIVERED, R.READ)  # a member in one of these is missing

call_workflow = Workflow(
    CallState, start=C.DRAFT, files=DRAFT, filed=_("{by}起草"), amends=(DRAFT, [C.DRAFT]),
    tones={C.DRAFT: "todo", C.REVIEWED: "todo", C.ISSUED: "doing", C.CLOSED: "done", C.DISCARDED: "off"},
    moves=[
        Move("review", [C.DRAFT], C.REVIEWED, _("审核通过"), ISSUE, _("{by}审核通过"), tone="primary"),
        Move("send_back", [C.REVIEWED], C.DRAFT, _("退回修改"), ISSUE, _("{by}退回修改"), reason=True),
        Move("issue", [C.REVIEWED], C.ISSUED, _("签发并发出"), ISSUE, _("{by}签发，发至{units}个单位、{members}人"), tone="primary"),
        Move("top_up", [C.ISSUED], C.ISSUED, _("补发给新到人员"), ISSUE, _("{by}补发，新增{units}个单位、{members}人")),
        Move("extend", [C.ISSUED], C.ISSUED, _("延长答复期限"), FOLLOW, _("{by}把答复期限由{old}改为{new_day}"), reason=True),
        Move("close", [C.ISSUED], C.CLOSED, _("结束倡议"), FOLLOW, _("{by}结束倡议：{members}人中{answered}人已答复、{missing}人未答复"), tone="danger"),
        Move("discard", [C.DRAFT, C.REVIEWED], C.DISCARDED, _("作废"), DRAFT, _("{by}作废"), reason=True, tone="danger"),
    ],
)  # fmt: skip

# Members and units share the states; what only one of them does is offered by the page of the reply, not by the desk.
reply_workflow = Workflow(
    ReplyState, start=R.UNDELIVERED, files=ISSUE, filed=_("{by}列为答复对象"), amends=(FOLLOW, []),
    tones={R.UNDELIVERED: "bad", R.DELIVERED: "todo", R.READ: "doing", R.ANSWERED: "done", R.EXCUSED: "off", R.SETTLED: "done"},
    moves=[
        Move("deliver", [R.UNDELIVERED], R.DELIVERED, _("送达"), ISSUE, _("{by}发出的通知已送达"), hidden=True),
        Move("inform", [R.UNDELIVERED], R.DELIVERED, _("登记已当面或电话告知"), FOLLOW, _("{by}登记已当面或电话告知"), hidden=True),
        Move("open", [R.UNDELIVERED, R.DELIVERED], R.READ, _("阅读"), ANSWER, _("{by}已读"), hidden=True),
        Move("answer", [*OPEN, R.ANSWERED, R.EXCUSED], R.ANSWERED, _("答复"), ANSWER, _("{by}答复：{answers}"), hidden=True),
        Move("register", [*OPEN, R.ANSWERED, R.EXCUSED], R.ANSWERED, _("代为登记答复"), FOLLOW, _("{by}代为登记答复（{known}）：{answers}"), hidden=True),
        Move("excuse", OPEN, R.EXCUSED, _("登记情况，免予答复"), FOLLOW, _("{by}登记免予答复"), reason=True, hidden=True),
        Move("restore", [R.EXCUSED], R.DELIVERED, _("恢复为待答复"), FOLLOW, _("{by}恢复为待答复"), reason=True, hidden=True),
        Move("settle", [*OPEN, R.ANSWERED], R.SETTLED, _("本单位办结"), FOLLOW, _("{by}报告本单位办结，涉及{members}人"), hidden=True, tone="primary"),
        Move("reopen", [R.SETTLED], R.READ, _("恢复办理"), FOLLOW, _("{by}恢复办理"), reason=True, hidden=True),
    ],
)  # fmt: skip
