"""What may become of a drill and of a finding."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, HOLD, RUN, EVALUATE, RECTIFY = "drills.read", "drills.hold", "drills.run", "drills.evaluate", "drills.rectify"


class DrillState(TextChoices):
    DRAFT = "draft", _("草稿")
    SCHEDULED = "scheduled", _("已安排")
    RUNNING = "running", _("进行中")
    ENDED = "ended", _("已结束，待评估")
    DONE = "done", _("已评估")
    CLOSED = "closed", _("已办结")
    CANCELLED = "cancelled", _("已取消")


class FindingState(TextChoices):
    OPEN = "open", _("待整改")
    RECTIFIED = "rectified", _("已整改，待复查")
    CLOSED = "closed", _("已销号")
    WITHDRAWN = "withdrawn", _("已撤销")


D, F = DrillState, FindingState
PREPARING = (D.DRAFT, D.SCHEDULED)  # the script may still be changed
HELD = (D.ENDED, D.DONE, D.CLOSED)
TIMED = (D.RUNNING, D.ENDED)  # times may be put right until the evaluation
FINDING = (D.RUNNING, D.ENDED, D.DONE)  # in which findings are filed
UNSETTLED = (F.OPEN, F.RECTIFIED)

drill_workflow = Workflow(
    DrillState, start=D.DRAFT, files=HOLD, filed=_("{by}拟定演练"), amends=(HOLD, PREPARING),
    tones={D.DRAFT: "todo", D.SCHEDULED: "todo", D.RUNNING: "doing", D.ENDED: "doing", D.DONE: "doing", D.CLOSED: "done", D.CANCELLED: "off"},
    moves=[
        Move("schedule", [D.DRAFT], D.SCHEDULED, _("安排，通知参演"), HOLD, _("{by}安排演练，{time}开始，通知{n}人"), tone="primary"),
        Move("start", [D.SCHEDULED], D.RUNNING, _("开始演练"), RUN, _("{by}宣布演练开始"), tone="primary"),
        Move("finish", [D.RUNNING], D.ENDED, _("结束演练"), RUN, _("{by}宣布演练结束，历时{duration}"), hidden=True),
        Move("evaluate", [D.ENDED], D.DONE, _("评估"), EVALUATE, _("{by}完成评估：达标{met}项，超时{missed}项，未测{unmeasured}项"), hidden=True),
        Move("close", [D.DONE], D.CLOSED, _("办结"), HOLD, _("{by}办结演练，问题全部销号"), tone="primary"),
        Move("cancel", [D.DRAFT, D.SCHEDULED, D.RUNNING], D.CANCELLED, _("取消演练"), HOLD, _("{by}取消演练"), reason=True, tone="danger"),
    ],
)  # fmt: skip

finding_workflow = Workflow(
    FindingState, start=F.OPEN, files=EVALUATE, filed=_("{by}提出问题，由{owner}于{due}前整改"), amends=(EVALUATE, [F.OPEN]),
    tones={F.OPEN: "todo", F.RECTIFIED: "doing", F.CLOSED: "done", F.WITHDRAWN: "off"},
    moves=[
        Move("rectify", [F.OPEN], F.RECTIFIED, _("登记整改"), RECTIFY, _("{by}登记整改：{done}"), tone="primary"),
        Move("passed", [F.RECTIFIED], F.CLOSED, _("复查通过，销号"), EVALUATE, _("{by}复查通过，销号"), tone="primary"),
        Move("reopen", [F.RECTIFIED], F.OPEN, _("退回重新整改"), EVALUATE, _("{by}复查未通过，退回，限{due}前整改"), reason=True),
        Move("withdraw", [F.OPEN], F.WITHDRAWN, _("撤销问题"), EVALUATE, _("{by}撤销问题"), reason=True, tone="danger"),
    ],
)  # fmt: skip
