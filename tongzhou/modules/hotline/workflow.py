"""What may become of a line, of a follow-up and of a week's return. Cases have no workflow here: they are not records of the house."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, ARRANGE, ANSWER, SUPERVISE = "hotline.read", "hotline.arrange", "hotline.answer", "hotline.supervise"


class LineState(TextChoices):
    PLANNED = "planned", _("筹备")
    OPEN = "open", _("开通")
    CLOSED = "closed", _("停止服务")


class FollowUpState(TextChoices):
    DUE = "due", _("待办")
    DONE = "done", _("已办")
    DROPPED = "dropped", _("不再需要")


class ReturnState(TextChoices):
    COUNTED = "counted", _("已汇总")
    SENT = "sent", _("已报送")


L, F, R = LineState, FollowUpState, ReturnState

line_workflow = Workflow(
    L, start=L.PLANNED, files=ARRANGE, filed=_("{by}筹备热线"), amends=(ARRANGE, [L.PLANNED, L.OPEN]),
    tones={L.PLANNED: "todo", L.OPEN: "doing", L.CLOSED: "off"},
    moves=[
        Move("open", [L.PLANNED, L.CLOSED], L.OPEN, _("开通"), ARRANGE, _("{by}开通热线"), tone="primary"),
        Move("ask_duty", [L.PLANNED, L.OPEN], L.OPEN, _("请排值守"), ARRANGE, _("{by}请排值守：{roster}")),
        Move("close", [L.OPEN], L.CLOSED, _("停止服务"), ARRANGE, _("{by}停止热线服务"), reason=True, tone="danger"),
    ],
)  # fmt: skip

follow_up_workflow = Workflow(
    F, start=F.DUE, files=ANSWER, filed=_("{by}列入待办"), amends=(ANSWER, [F.DUE]),
    tones={F.DUE: "todo", F.DONE: "done", F.DROPPED: "off"},
    moves=[
        Move("finish", [F.DUE], F.DONE, _("办结"), ANSWER, _("{by}办结"), tone="primary"),
        Move("drop", [F.DUE], F.DROPPED, _("不再需要"), ANSWER, _("{by}记为不再需要")),
    ],
)  # fmt: skip

return_workflow = Workflow(
    R, start=R.COUNTED, files=ARRANGE, filed=_("{by}汇总一周"), amends=(ARRANGE, []),
    tones={R.COUNTED: "doing", R.SENT: "done"},
    moves=[
        Move("recount", [R.COUNTED], R.COUNTED, _("重新汇总"), ARRANGE, _("{by}重新汇总")),
        Move("send", [R.COUNTED], R.SENT, _("记为已报送"), ARRANGE, _("{by}报送"), tone="primary"),
    ],
)  # fmt: skip
