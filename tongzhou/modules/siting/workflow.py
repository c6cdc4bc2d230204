"""What may become of a study and of its options."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, PLAN = "siting.read", "siting.plan"


class StudyState(TextChoices):
    DRAFT = "draft", _("编制中")
    ADOPTED = "adopted", _("执行中")
    FINISHED = "finished", _("已结束")
    DISCARDED = "discarded", _("已作废")


class OptionState(TextChoices):
    RUNNING = "running", _("正在计算")
    READY = "ready", _("待采用")
    FAILED = "failed", _("没有算成")
    ADOPTED = "adopted", _("已采用")
    REPLACED = "replaced", _("已被新方案替换")
    DROPPED = "dropped", _("未采用")


S, P = StudyState, OptionState

study_workflow = Workflow(
    StudyState, start=S.DRAFT, files=PLAN, filed=_("{by}建立布点测算"), amends=(PLAN, [S.DRAFT]),
    tones={S.DRAFT: "todo", S.ADOPTED: "doing", S.FINISHED: "done", S.DISCARDED: "off"},
    moves=[
        Move("adopt", [S.DRAFT, S.ADOPTED], S.ADOPTED, _("采用方案"), PLAN, _("{by}采用方案：{option}"), hidden=True),
        Move("finish", [S.ADOPTED], S.FINISHED, _("结束布点"), PLAN, _("{by}结束这次布点")),
        Move("discard", [S.DRAFT], S.DISCARDED, _("作废"), PLAN, _("{by}作废布点测算"), reason=True, tone="danger"),
    ],
)  # fmt: skip

option_workflow = Workflow(
    OptionState, start=P.RUNNING, files=PLAN, filed=_("{by}要求测算"), amends=(PLAN, []),
    tones={P.RUNNING: "doing", P.READY: "todo", P.FAILED: "bad", P.ADOPTED: "done", P.REPLACED: "off", P.DROPPED: "off"},
    moves=[
        Move("keep", [P.RUNNING], P.READY, _("算好"), PLAN, _("{by}要求的方案已算好：采样点{points}个，采样台{tables}张，平均步行{walk}米"), hidden=True),
        Move("fail", [P.RUNNING], P.FAILED, _("没有算成"), PLAN, _("{by}要求的方案没有算成"), hidden=True),
        Move("adopt", [P.READY], P.ADOPTED, _("采用这个方案"), PLAN, _("{by}采用方案：采样点{points}个，采样台{tables}张"), tone="primary"),
        Move("replace", [P.ADOPTED], P.REPLACED, _("替换"), PLAN, _("{by}改用新方案：{option}"), hidden=True),
        Move("drop", [P.READY, P.FAILED], P.DROPPED, _("不采用"), PLAN, _("{by}决定不采用")),
    ],
)  # fmt: skip
