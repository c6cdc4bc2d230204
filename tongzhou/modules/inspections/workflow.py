"""What may become of a place, a round, a visit and a finding."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, REGISTER, PLAN = "inspections.read", "inspections.register", "inspections.plan"
INSPECT, RECHECK, RECTIFY = "inspections.inspect", "inspections.recheck", "inspections.rectify"


class PlaceState(TextChoices):
    OPEN = "open", _("在营")
    CLOSED = "closed", _("已停业")


class RoundState(TextChoices):
    DRAFT = "draft", _("拟定中")
    BEGUN = "begun", _("检查中")
    DONE = "done", _("已结束")
    SUMMARISED = "summarised", _("已总结")
    CANCELLED = "cancelled", _("已取消")


class VisitState(TextChoices):
    MADE = "made", _("已登记")
    VOID = "void", _("已作废")


class FindingState(TextChoices):
    FOUND = "found", _("待下发通知")
    FIXED = "fixed", _("当场整改")
    NOTICED = "noticed", _("整改中")
    RECTIFIED = "rectified", _("已整改，待复查")
    CLOSED = "closed", _("已销号")
    HANDED = "handed", _("已移送，待回复")
    ANSWERED = "answered", _("移送已回复")
    WITHDRAWN = "withdrawn", _("已撤销")


P, R, V, F = PlaceState, RoundState, VisitState, FindingState
OPEN = (F.FOUND, F.NOTICED, F.RECTIFIED, F.HANDED)  # findings that are not over

place_workflow = Workflow(
    PlaceState, start=P.OPEN, files=REGISTER, filed=_("{by}登记场所"), amends=(REGISTER, [P.OPEN, P.CLOSED]),
    tones={P.OPEN: "doing", P.CLOSED: "off"},
    moves=[
        Move("close_down", [P.OPEN], P.CLOSED, _("登记停业"), REGISTER, _("{by}登记停业"), reason=True),
        Move("open_again", [P.CLOSED], P.OPEN, _("恢复营业"), REGISTER, _("{by}登记恢复营业")),
    ],
)  # fmt: skip

round_workflow = Workflow(
    RoundState, start=R.DRAFT, files=PLAN, filed=_("{by}拟定检查轮次"), amends=(PLAN, [R.DRAFT]),
    tones={R.DRAFT: "todo", R.BEGUN: "doing", R.DONE: "done", R.SUMMARISED: "done", R.CANCELLED: "off"},
    moves=[
        Move("begin", [R.DRAFT], R.BEGUN, _("开始检查"), PLAN, _("{by}开始检查：场所{places}家，清单版本 {edition}"), tone="primary"),
        Move("assign", [R.BEGUN], R.BEGUN, _("调整分工"), PLAN, _("{by}调整分工：{who}")),
        Move("finish", [R.BEGUN], R.DONE, _("结束检查"), PLAN, _("{by}结束检查：{places}家中已到{visited}家、未到{left}家"), tone="primary"),
        Move("summarise", [R.DONE], R.SUMMARISED, _("填写总结"), PLAN, _("{by}填写了总结"), tone="primary"),
        Move("cancel", [R.DRAFT, R.BEGUN], R.CANCELLED, _("取消"), PLAN, _("{by}取消了这一轮"), reason=True, tone="danger"),
    ],
)  # fmt: skip

visit_workflow = Workflow(
    VisitState, start=V.MADE, files=INSPECT, filed=_("{by}登记检查：{place}"), amends=(INSPECT, [V.MADE]),
    tones={V.MADE: "done", V.VOID: "off"},
    moves=[Move("void", [V.MADE], V.VOID, _("作废"), INSPECT, _("{by}作废了这次检查"), reason=True, tone="danger")],
)  # fmt: skip

finding_workflow = Workflow(
    FindingState, start=F.FOUND, files=INSPECT, filed=_("{by}发现问题：{text}"), amends=(INSPECT, [F.FOUND]),
    tones={
        F.FOUND: "todo", F.FIXED: "done", F.NOTICED: "doing", F.RECTIFIED: "todo", F.CLOSED: "done", F.HANDED: "bad", F.ANSWERED: "done",
        F.WITHDRAWN: "off",
    },
    moves=[
        Move("fix", [F.FOUND], F.FIXED, _("当场整改"), INSPECT, _("{by}登记当场整改：{measure}"), hidden=True),
        Move("issue", [F.FOUND], F.NOTICED, _("下发整改通知"), INSPECT, _("{by}下发整改通知 {number}，期限{due}"), bulk=True, tone="primary"),
        Move("rectify", [F.NOTICED], F.RECTIFIED, _("登记整改"), RECTIFY, _("{by}登记整改：{measure}"), tone="primary"),
        Move("close", [F.RECTIFIED], F.CLOSED, _("复查合格，销号"), RECHECK, _("{by}复查合格，销号"), tone="primary"),
        Move("reopen", [F.RECTIFIED], F.NOTICED, _("复查不合格，退回整改"), RECHECK, _("{by}复查不合格，退回整改，期限{due}"), reason=True),
        Move("hand", [F.NOTICED], F.HANDED, _("移送主管部门"), RECHECK, _("{by}移送{authority}，函号{letter}"), reason=True, hidden=True, tone="danger"),
        Move("reply", [F.HANDED], F.ANSWERED, _("登记回复"), RECHECK, _("{by}登记{authority}的回复：{answer}"), tone="primary"),
        Move("withdraw", [F.FOUND, F.NOTICED], F.WITHDRAWN, _("撤销"), INSPECT, _("{by}撤销了这个问题"), reason=True, tone="danger"),
    ],
)  # fmt: skip
