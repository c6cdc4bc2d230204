"""What may become of a plan, of an activation, and of a task."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, DRAFT, OPINE, APPROVE = "plans.read", "plans.draft", "plans.opine", "plans.approve"
ACTIVATE, DO, REVEAL = "plans.activate", "plans.do", "plans.reveal"


class PlanState(TextChoices):
    DRAFT = "draft", _("草稿")
    CONSULTING = "consulting", _("征求意见中")
    CONSULTED = "consulted", _("已征求意见，待批准")
    APPROVED = "approved", _("已批准")
    ACTIVE = "active", _("已启动")
    STOOD_DOWN = "stood_down", _("已终止响应")
    SUPERSEDED = "superseded", _("已被新版取代")
    DISCARDED = "discarded", _("已作废")


class ActivationState(TextChoices):
    RUNNING = "running", _("响应中")
    ENDED = "ended", _("已结束")


class TaskState(TextChoices):
    TODO = "todo", _("待办")
    HANDED = "handed", _("已移交，办理中")
    DONE = "done", _("已办，待核销")
    CLOSED = "closed", _("已关闭")


P, A, T = PlanState, ActivationState, TaskState
MADE = (P.APPROVED, P.ACTIVE, P.STOOD_DOWN, P.SUPERSEDED)  # approved once, whatever became of it
OPEN = (T.TODO, T.HANDED)  # a task that is still to be done

plan_workflow = Workflow(
    PlanState, start=P.DRAFT, files=DRAFT, filed=_("{by}起草"), amends=(DRAFT, [P.DRAFT]),
    tones={
        P.DRAFT: "todo", P.CONSULTING: "doing", P.CONSULTED: "todo", P.APPROVED: "done", P.ACTIVE: "doing", P.STOOD_DOWN: "done",
        P.SUPERSEDED: "off", P.DISCARDED: "off",
    },
    moves=[
        Move("consult", [P.DRAFT], P.CONSULTING, _("征求意见"), DRAFT, _("{by}发出征求意见，{day}前答复：{asked}"), tone="primary"),
        Move("opine", [P.CONSULTING], P.CONSULTING, _("提出意见"), OPINE, _("{by}答复征求意见（{addressee}）：{stance}"), hidden=True),
        Move(
            "conclude", [P.CONSULTING], P.CONSULTED, _("结束征求意见"), DRAFT,
            _("{by}结束征求意见：同意{agree}、有意见{remarks}、不同意{objections}、未答复{silent}"), tone="primary",
        ),
        Move("take_back", [P.CONSULTING, P.CONSULTED], P.DRAFT, _("收回修改"), DRAFT, _("{by}收回修改"), reason=True),
        Move("approve", [P.CONSULTED], P.APPROVED, _("批准"), APPROVE, _("{by}批准第{edition}版，内容摘要 {digest}"), tone="primary"),
        Move("send_back", [P.CONSULTED], P.DRAFT, _("退回修改"), APPROVE, _("{by}退回修改"), reason=True),
        Move(
            "activate", [P.APPROVED, P.STOOD_DOWN], P.ACTIVE, _("启动响应"), ACTIVATE,
            _("{by}启动{level}响应，依据：{basis}；下达任务{tasks}项"), tone="primary",
        ),
        Move("shift", [P.ACTIVE], P.ACTIVE, _("调整级别"), ACTIVATE, _("{by}把响应由{former}调整为{level}，依据：{basis}；下达任务{tasks}项"), tone="primary"),
        Move("stand_down", [P.ACTIVE], P.STOOD_DOWN, _("终止响应"), ACTIVATE, _("{by}终止{level}响应，关闭未办任务{tasks}项"), reason=True, tone="danger"),
        Move("supersede", [P.APPROVED, P.STOOD_DOWN], P.SUPERSEDED, _("由新版取代"), ACTIVATE, _("{by}：本版由第{edition}版取代"), hidden=True),
        Move("discard", [P.DRAFT, P.CONSULTING, P.CONSULTED], P.DISCARDED, _("作废"), DRAFT, _("{by}作废"), reason=True, tone="danger"),
    ],
)  # fmt: skip

activation_workflow = Workflow(
    ActivationState, start=A.RUNNING, files=ACTIVATE, filed=_("{by}启动{level}响应"), amends=(ACTIVATE, []),
    tones={A.RUNNING: "doing", A.ENDED: "done"},
    moves=[Move("end", [A.RUNNING], A.ENDED, _("结束"), ACTIVATE, _("{by}结束{level}响应：{why}"), hidden=True)],
)  # fmt: skip

task_workflow = Workflow(
    TaskState, start=T.TODO, files=ACTIVATE, filed=_("{by}下达任务，{due}前办结"), amends=(ACTIVATE, []),
    tones={T.TODO: "todo", T.HANDED: "doing", T.DONE: "doing", T.CLOSED: "done"},
    moves=[
        Move("finish", [T.TODO, T.HANDED], T.DONE, _("报告办结"), DO, _("{by}报告办结：{did}"), tone="primary"),
        Move("assign", [T.TODO], T.TODO, _("指定办理人"), DO, _("{by}指定{person}办理")),
        Move("hand_over", [T.TODO], T.HANDED, _("移交"), DO, _("{by}移交“{room}”：{target}"), hidden=True),
        Move("confirm", [T.DONE], T.CLOSED, _("核销"), ACTIVATE, _("{by}核销"), bulk=True, tone="primary"),
        Move("send_back", [T.DONE], T.TODO, _("退回重办"), ACTIVATE, _("{by}退回重办"), reason=True),
        Move("drop", [T.TODO, T.HANDED], T.CLOSED, _("关闭，不再办理"), ACTIVATE, _("{by}关闭，不再办理"), reason=True, tone="danger"),
    ],
)  # fmt: skip
