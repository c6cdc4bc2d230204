"""What may become of a rumour."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, REPORT, CHECK, PUBLISH = "rumours.read", "rumours.report", "rumours.check", "rumours.publish"


class State(TextChoices):
    REPORTED = "reported", _("待核实")
    CHECKING = "checking", _("核实中")
    JUDGED = "judged", _("已有结论，待发布")
    PUBLISHED = "published", _("已公开回应")
    MERGED = "merged", _("并入另一条")
    DISMISSED = "dismissed", _("不作回应")


S = State
OPEN = (S.REPORTED, S.CHECKING)

workflow = Workflow(
    S, start=S.REPORTED, files=REPORT, filed=_("{by}报告"), amends=(CHECK, [S.REPORTED, S.CHECKING]),
    tones={S.REPORTED: "todo", S.CHECKING: "doing", S.JUDGED: "todo", S.PUBLISHED: "done", S.MERGED: "off", S.DISMISSED: "off"},
    moves=[
        Move("take", [S.REPORTED], S.CHECKING, _("由我核实"), CHECK, _("{by}开始核实"), tone="primary"),
        Move("judge", [S.CHECKING, S.JUDGED], S.JUDGED, _("写明结论和回应"), CHECK, _("{by}核实：{verdict}，依据{against}"), tone="primary"),
        Move("publish", [S.JUDGED], S.PUBLISHED, _("公开回应"), PUBLISH, _("{by}公开回应，告知{people}人"), tone="primary"),
        Move("send_back", [S.JUDGED], S.CHECKING, _("退回再核"), PUBLISH, _("{by}退回再核"), reason=True),
        Move("correct", [S.PUBLISHED], S.CHECKING, _("更正"), CHECK, _("{by}提出更正，先前的回应仍然公开"), reason=True),
        Move("merge", OPEN, S.MERGED, _("并入另一条"), CHECK, _("{by}并入“{other}”")),
        Move("dismiss", OPEN, S.DISMISSED, _("不作回应"), CHECK, _("{by}不作回应"), reason=True, tone="danger"),
        Move("reopen", [S.MERGED, S.DISMISSED], S.CHECKING, _("重新核实"), CHECK, _("{by}重新核实"), reason=True),
    ],
)  # fmt: skip
