"""What may become of an item, of its submission to a channel, and of a proposal that is being handled."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, WRITE, REVIEW, EDIT = "proposals.read", "proposals.write", "proposals.review", "proposals.edit"
SIGN, SUBMIT, RATE, SECRET = "proposals.sign", "proposals.submit", "proposals.rate", "proposals.secret"


class ItemState(TextChoices):
    DRAFT = "draft", _("草稿")
    REVIEW = "review", _("待审阅")
    RETURNED = "returned", _("已退回作者")
    EDITING = "editing", _("编辑中")
    READY = "ready", _("待签发")
    SIGNED = "signed", _("已定稿")
    SUBMITTED = "submitted", _("已报送")
    ARCHIVED = "archived", _("已归档")
    DROPPED = "dropped", _("不报送")


class SubmissionState(TextChoices):
    """The latest that is known. Whether it was adopted at all is kept apart: a reply after an adoption does not undo it."""

    SENT = "sent", _("已送出")
    RECEIVED = "received", _("已收到")
    FORWARDED = "forwarded", _("已转送")
    ADOPTED = "adopted", _("已采用")
    NOTED = "noted", _("获领导批示")
    REPLIED = "replied", _("已反馈")
    DECLINED = "declined", _("未采用")


class CaseState(TextChoices):
    FILED = "filed", _("待审查立案")
    ADMITTED = "admitted", _("已立案，待交办")
    MERGED = "merged", _("已并案")
    REFERRED = "referred", _("转为意见建议")
    WITHDRAWN = "withdrawn", _("已撤案")
    ASSIGNED = "assigned", _("办理中")
    REPLIED = "replied", _("已答复，待评价")
    CLOSED = "closed", _("已办结")


W, S, C = ItemState, SubmissionState, CaseState
WAITING = (S.SENT, S.RECEIVED)  # nothing came of it yet
RUNNING = (*WAITING, S.FORWARDED, S.ADOPTED, S.NOTED, S.REPLIED)
OUT = (W.SUBMITTED, W.ARCHIVED)
OPEN_CASES = (C.FILED, C.ADMITTED, C.ASSIGNED, C.REPLIED)

item_workflow = Workflow(
    W, start=W.DRAFT, files=WRITE, filed=_("{by}起草"), amends=(WRITE, [W.DRAFT, W.RETURNED, W.EDITING]),
    tones={W.DRAFT: "todo", W.REVIEW: "todo", W.RETURNED: "bad", W.EDITING: "doing", W.READY: "todo", W.SIGNED: "doing",
           W.SUBMITTED: "done", W.ARCHIVED: "done", W.DROPPED: "off"},
    moves=[
        Move("send", [W.DRAFT, W.RETURNED], W.REVIEW, _("提交审阅"), WRITE, _("{by}提交审阅，共{n}字"), tone="primary"),
        Move("take_back", [W.REVIEW], W.DRAFT, _("收回草稿"), WRITE, _("{by}收回草稿"), hidden=True),
        Move("pass", [W.REVIEW], W.EDITING, _("审阅通过"), REVIEW, _("{by}审阅通过，送机关编辑"), tone="primary"),
        Move("send_back", [W.REVIEW, W.EDITING, W.READY], W.RETURNED, _("退回作者修改"), REVIEW, _("{by}退回作者修改"), reason=True),
        Move("ready", [W.EDITING], W.READY, _("编辑完成，送签发"), EDIT, _("{by}编辑完成，共{n}字，送签发"), tone="primary"),
        Move("sign", [W.READY], W.SIGNED, _("签发定稿"), SIGN, _("{by}签发"), tone="primary"),
        Move("unsign", [W.READY, W.SIGNED], W.EDITING, _("退回编辑"), SIGN, _("{by}退回编辑"), reason=True),
        Move("submit", [W.SIGNED, W.SUBMITTED], W.SUBMITTED, _("报送"), SUBMIT, _("{by}报送：{channels}"), tone="primary"),
        Move("archive", [W.SUBMITTED], W.ARCHIVED, _("归档"), SUBMIT, _("{by}归档")),
        Move("unarchive", [W.ARCHIVED], W.SUBMITTED, _("重新打开"), SUBMIT, _("{by}重新打开"), reason=True),
        Move("drop", [W.REVIEW, W.EDITING, W.READY, W.SIGNED], W.DROPPED, _("不报送"), REVIEW, _("{by}决定不报送"), reason=True, tone="danger"),
        Move("withdraw", [W.DRAFT, W.RETURNED], W.DROPPED, _("不写了"), WRITE, _("{by}撤下"), tone="danger"),
    ],
)  # fmt: skip

submission_workflow = Workflow(
    S, start=S.SENT, files=SUBMIT, filed=_("{by}报送{channel}"), amends=(SUBMIT, []),  # what a channel did is put down, not rewritten
    tones={S.SENT: "todo", S.RECEIVED: "doing", S.FORWARDED: "doing", S.ADOPTED: "done", S.NOTED: "done", S.REPLIED: "done", S.DECLINED: "off"},
    moves=[
        Move("receive", [S.SENT], S.RECEIVED, _("对方已收到"), SUBMIT, _("{by}登记对方已收到"), bulk=True),
        Move("adopt", [*WAITING, S.FORWARDED, S.NOTED, S.REPLIED, S.DECLINED], S.ADOPTED, _("登记采用"), SUBMIT, _("{by}登记{how}：{told}"), tone="primary"),
        Move("note", RUNNING, S.NOTED, _("登记领导批示"), SUBMIT, _("{by}登记领导批示：{told}")),
        Move("forward", RUNNING, S.FORWARDED, _("登记转送"), SUBMIT, _("{by}登记转送：{told}")),
        Move("reply", RUNNING, S.REPLIED, _("登记反馈"), SUBMIT, _("{by}登记反馈：{told}")),
        Move("decline", [*WAITING, S.FORWARDED, S.REPLIED], S.DECLINED, _("未采用"), SUBMIT, _("{by}登记未采用")),
    ],
)  # fmt: skip

case_workflow = Workflow(
    C, start=C.FILED, files=SUBMIT, filed=_("{by}提交提案"), amends=(SUBMIT, []),
    tones={C.FILED: "todo", C.ADMITTED: "doing", C.MERGED: "done", C.REFERRED: "off", C.WITHDRAWN: "off", C.ASSIGNED: "doing",
           C.REPLIED: "todo", C.CLOSED: "done"},
    moves=[
        Move("admit", [C.FILED], C.ADMITTED, _("立案"), SUBMIT, _("{by}登记立案，第{number}号"), tone="primary"),
        Move("merge", [C.FILED, C.ADMITTED], C.MERGED, _("并案"), SUBMIT, _("{by}登记并入第{into}号提案")),
        Move("refer", [C.FILED], C.REFERRED, _("不予立案"), SUBMIT, _("{by}登记不予立案，转为意见建议"), reason=True),
        Move("withdraw", [C.FILED, C.ADMITTED], C.WITHDRAWN, _("撤案"), SUBMIT, _("{by}登记撤案"), reason=True, tone="danger"),
        Move("assign", [C.ADMITTED], C.ASSIGNED, _("登记交办"), SUBMIT, _("{by}登记交办：{lead}主办，{reply_by}前答复"), tone="primary"),
        Move("give_back", [C.ASSIGNED], C.ADMITTED, _("承办单位退回"), SUBMIT, _("{by}登记{lead}退回交办"), reason=True),
        Move("opine", [C.ASSIGNED], C.ASSIGNED, _("登记会办意见"), SUBMIT, _("{by}登记{unit}的会办意见")),
        Move("answer", [C.ASSIGNED], C.REPLIED, _("登记答复"), SUBMIT, _("{by}登记答复，办理结果{result}"), tone="primary"),
        Move("rate", [C.REPLIED], C.CLOSED, _("满意，办结"), RATE, _("{by}评价：{satisfaction}"), tone="primary"),
        Move("redo", [C.REPLIED], C.ASSIGNED, _("不满意，请再办"), RATE, _("{by}评价不满意，请{lead}在{reply_by}前再办"), reason=True),
    ],
)  # fmt: skip
