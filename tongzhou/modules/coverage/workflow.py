"""What may become of lists, people on them, declarations, reasons and requests for export."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, WORK, LIST, ACCEPT = "coverage.read", "coverage.work", "coverage.list", "coverage.accept"
ASK, APPROVE, REVEAL = "coverage.ask", "coverage.approve", "coverage.reveal"


class RollState(TextChoices):
    DRAFT = "draft", _("待收名单")
    OPEN = "open", _("办理中")
    CLOSED = "closed", _("已结束")
    ERASED = "erased", _("个人信息已清除")


class SubjectState(TextChoices):
    KEPT = "kept", _("在册")
    ERASED = "erased", _("个人信息已清除")


class DeclarationState(TextChoices):
    VALID = "valid", _("有效")
    REPLACED = "replaced", _("已有新申报")
    WITHDRAWN = "withdrawn", _("已撤回")


class ExcuseState(TextChoices):
    PROPOSED = "proposed", _("待认可")
    ACCEPTED = "accepted", _("已认可")
    REFUSED = "refused", _("不认可")
    ENDED = "ended", _("已提前结束")


class ReleaseState(TextChoices):
    ASKED = "asked", _("待批准")
    APPROVED = "approved", _("已批准，待下载")
    REFUSED = "refused", _("不批准")
    TAKEN = "taken", _("已下载")


R, S, D, E, X = RollState, SubjectState, DeclarationState, ExcuseState, ReleaseState

roll_workflow = Workflow(
    R, start=R.DRAFT, files=LIST, filed=_("{by}建立名单"), amends=(LIST, [R.DRAFT]),
    tones={R.DRAFT: "todo", R.OPEN: "doing", R.CLOSED: "done", R.ERASED: "off"},
    moves=[
        Move("add", [R.DRAFT, R.OPEN], R.OPEN, _("收入人员"), LIST, _("{by}收入{people}人，其中{known}人已在别的名单上，合并为一人"), hidden=True),
        Move("close", [R.DRAFT, R.OPEN], R.CLOSED, _("结束名单"), LIST, _("{by}结束名单"), reason=True),
        Move("erase", [R.CLOSED], R.ERASED, _("到期清除"), LIST, _("{by}清除到期的个人信息：{erased}人，另有{kept}人仍在其他未到期的名单上"), tone="danger"),
    ],
)  # fmt: skip

subject_workflow = Workflow(
    S, start=S.KEPT, files=WORK, filed=_("{by}登记对象"), amends=(LIST, [S.KEPT]), tones={S.KEPT: "doing", S.ERASED: "off"},
    moves=[Move("erase", [S.KEPT], S.ERASED, _("到期清除"), LIST, _("{by}清除到期的个人信息"), hidden=True)],
)  # fmt: skip

declaration_workflow = Workflow(
    D, start=D.VALID, files=WORK, filed=_("{by}登记申报"), amends=(WORK, []),
    tones={D.VALID: "done", D.REPLACED: "off", D.WITHDRAWN: "off"},
    moves=[
        Move("replace", [D.VALID], D.REPLACED, _("由新申报代替"), WORK, _("{by}另行申报，本次不再有效"), hidden=True),
        Move("withdraw", [D.VALID], D.WITHDRAWN, _("撤回申报"), WORK, _("{by}撤回申报"), reason=True, tone="danger"),
    ],
)  # fmt: skip

excuse_workflow = Workflow(
    E, start=E.PROPOSED, files=WORK, filed=_("{by}登记理由"), amends=(WORK, []),
    tones={E.PROPOSED: "todo", E.ACCEPTED: "done", E.REFUSED: "bad", E.ENDED: "off"},
    moves=[
        Move("accept", [E.PROPOSED], E.ACCEPTED, _("认可"), ACCEPT, _("{by}认可，至{until}"), tone="primary"),
        Move("hold", [E.PROPOSED], E.ACCEPTED, _("短期理由，登记即生效"), WORK, _("{by}登记短期理由，至{until}，无须他人认可"), hidden=True),
        Move("refuse", [E.PROPOSED], E.REFUSED, _("不认可"), ACCEPT, _("{by}不认可"), reason=True),
        Move("end", [E.ACCEPTED], E.ENDED, _("提前结束"), WORK, _("{by}提前结束"), reason=True),
    ],
)  # fmt: skip

release_workflow = Workflow(
    X, start=X.ASKED, files=ASK, filed=_("{by}申请导出"), amends=(ASK, [X.ASKED]),
    tones={X.ASKED: "todo", X.APPROVED: "doing", X.REFUSED: "bad", X.TAKEN: "done"},
    moves=[
        Move("approve", [X.ASKED], X.APPROVED, _("批准导出"), APPROVE, _("{by}批准导出"), tone="primary"),
        Move("refuse", [X.ASKED], X.REFUSED, _("不批准"), APPROVE, _("{by}不批准"), reason=True),
        Move("take", [X.APPROVED], X.TAKEN, _("下载"), ASK, _("{by}下载了未脱敏的名单，共{people}人，用途：{purpose}"), hidden=True),
    ],
)  # fmt: skip
