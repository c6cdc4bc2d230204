"""What may become of a day's count, a zone, an incident on the clock, and an assessment."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, COUNT, ZONE, LIFT = "situation.read", "situation.count", "situation.zone", "situation.lift"
EARLY, REPORT, ASSESS, SIGN = "situation.early", "situation.report", "situation.assess", "situation.sign"


class CountState(TextChoices):
    KEPT = "kept", _("已登记")
    VOID = "void", _("已作废")


class ZoneState(TextChoices):
    OPEN = "open", _("管控中")
    LIFTED = "lifted", _("已解除")
    VOID = "void", _("误登，已撤销")


class EventState(TextChoices):
    OPEN = "open", _("报告中")
    DONE = "done", _("报告完毕")
    VOID = "void", _("经核实不予报告")


class AssessmentState(TextChoices):
    DRAFT = "draft", _("草稿")
    SIGNED = "signed", _("已签发")
    DISCARDED = "discarded", _("已作废")


C, Z, E, A = CountState, ZoneState, EventState, AssessmentState

count_workflow = Workflow(
    CountState, start=C.KEPT, files=COUNT, filed=_("{by}登记日报数：确诊{confirmed}例、无症状{asymptomatic}例"), amends=(COUNT, [C.KEPT]),
    tones={C.KEPT: "done", C.VOID: "off"},
    moves=[Move("void", [C.KEPT], C.VOID, _("作废"), COUNT, _("{by}作废这一天的数字"), reason=True, tone="danger")],
)  # fmt: skip

zone_workflow = Workflow(
    ZoneState, start=Z.OPEN, files=ZONE, filed=_("{by}按“{edition}”划为{level}，{due}可解除或降级"), amends=(ZONE, [Z.OPEN]),
    tones={Z.OPEN: "bad", Z.LIFTED: "done", Z.VOID: "off"},
    moves=[
        Move("infect", [Z.OPEN], Z.OPEN, _("登记新增感染"), ZONE, _("{by}登记{day}新增感染{cases}例，{due}可解除或降级")),
        Move("step_down", [Z.OPEN], Z.OPEN, _("降级"), LIFT, _("{by}按规则由{old}降为{level}，{due}可解除"), tone="primary"),
        Move("lift", [Z.OPEN], Z.LIFTED, _("解除"), LIFT, _("{by}按规则解除{level}"), tone="primary"),
        Move("lift_early", [Z.OPEN], Z.LIFTED, _("提前解除"), EARLY, _("{by}在条件未满足时提前解除{level}，按规则应到{due}"), reason=True, tone="danger"),
        Move("void", [Z.OPEN], Z.VOID, _("撤销误登"), LIFT, _("{by}撤销误登的{level}"), reason=True, tone="danger"),
    ],
)  # fmt: skip

event_workflow = Workflow(
    EventState, start=E.OPEN, files=REPORT, filed=_("{by}登记突发事件，首次报告时限{due}"), amends=(REPORT, [E.OPEN]),
    tones={E.OPEN: "doing", E.DONE: "done", E.VOID: "off"},
    moves=[
        Move("tell", [E.OPEN], E.OPEN, _("登记已报告"), REPORT, _("{by}登记第{number}步已报告：{done}，{how}"), tone="primary"),
        Move("finish", [E.OPEN], E.DONE, _("到此为止，报告完毕"), REPORT, _("{by}登记报告完毕"), reason=True),
        Move("void", [E.OPEN], E.VOID, _("经核实不予报告"), REPORT, _("{by}登记经核实不予报告"), reason=True, tone="danger"),
    ],
)  # fmt: skip

assessment_workflow = Workflow(
    AssessmentState, start=A.DRAFT, files=ASSESS, filed=_("{by}起草研判报告"), amends=(ASSESS, [A.DRAFT]),
    tones={A.DRAFT: "todo", A.SIGNED: "done", A.DISCARDED: "off"},
    moves=[
        Move("sign", [A.DRAFT], A.SIGNED, _("签发"), SIGN, _("{by}签发，内容摘要 {digest}"), tone="primary"),
        Move("discard", [A.DRAFT], A.DISCARDED, _("作废"), ASSESS, _("{by}作废草稿"), reason=True, tone="danger"),
    ],
)  # fmt: skip
