"""What may become of a column, an issue, an article and a consent."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, WRITE, EDIT = "publications.read", "publications.write", "publications.edit"
FIRST, SECOND, FINAL = "publications.first", "publications.second", "publications.final"
PUBLISH, CONSENT, WAIVE = "publications.publish", "publications.consent", "publications.waive"


class ColumnState(TextChoices):
    RUNNING = "running", _("连载中")
    ENDED = "ended", _("已完结")


class IssueState(TextChoices):
    PLANNED = "planned", _("编排中")
    PUBLISHED = "published", _("已发布")
    DROPPED = "dropped", _("不出")


class ArticleState(TextChoices):
    DRAFT = "draft", _("草稿")
    FIRST = "first", _("待初审")
    SECOND = "second", _("待复审")
    FINAL = "final", _("待终审")
    APPROVED = "approved", _("已通过，待发布")
    RETURNED = "returned", _("已退回作者")
    PUBLISHED = "published", _("已发布")
    CORRECTING = "correcting", _("更正待终审")
    WITHDRAWN = "withdrawn", _("稿件已撤下")
    DROPPED = "dropped", _("不予采用")


class ConsentState(TextChoices):
    ASKED = "asked", _("待征得同意")
    GIVEN = "given", _("已同意")
    REFUSED = "refused", _("本人不同意")
    WITHDRAWN = "withdrawn", _("已撤回同意")
    WAIVED = "waived", _("无须同意")


K, N, A, C = ColumnState, IssueState, ArticleState, ConsentState
UNWRITTEN = (A.DRAFT, A.RETURNED)
REVIEWED = (A.FIRST, A.SECOND, A.FINAL)
OUT = (A.PUBLISHED, A.CORRECTING)  # on the public pages; while a correction is looked at, the former text stands
UNSETTLED = (C.ASKED, C.REFUSED, C.WITHDRAWN)

column_workflow = Workflow(
    K, start=K.RUNNING, files=PUBLISH, filed=_("{by}开设专栏"), amends=(PUBLISH, [K.RUNNING]), tones={K.RUNNING: "doing", K.ENDED: "done"},
    moves=[
        Move("end", [K.RUNNING], K.ENDED, _("专栏完结"), PUBLISH, _("{by}登记专栏完结")),
        Move("resume", [K.ENDED], K.RUNNING, _("继续连载"), PUBLISH, _("{by}继续连载")),
    ],
)  # fmt: skip

issue_workflow = Workflow(
    N, start=N.PLANNED, files=EDIT, filed=_("{by}开始编排"), amends=(EDIT, [N.PLANNED]),
    tones={N.PLANNED: "todo", N.PUBLISHED: "done", N.DROPPED: "off"},
    moves=[
        Move("publish", [N.PLANNED], N.PUBLISHED, _("发布本期"), PUBLISH, _("{by}发布，共{n}篇"), tone="primary"),
        Move("drop", [N.PLANNED], N.DROPPED, _("本期不出"), EDIT, _("{by}决定本期不出"), reason=True, tone="danger"),
        Move("resume", [N.DROPPED], N.PLANNED, _("重新编排"), EDIT, _("{by}重新编排")),
    ],
)  # fmt: skip

article_workflow = Workflow(
    A, start=A.DRAFT, files=WRITE, filed=_("{by}起草"), amends=(WRITE, list(UNWRITTEN)),
    tones={A.DRAFT: "todo", A.FIRST: "todo", A.SECOND: "todo", A.FINAL: "todo", A.APPROVED: "doing", A.RETURNED: "bad", A.PUBLISHED: "done",
           A.CORRECTING: "doing", A.WITHDRAWN: "off", A.DROPPED: "off"},
    moves=[
        Move("send", UNWRITTEN, A.FIRST, _("提交初审"), WRITE, _("{by}提交初审，正文{n}字"), tone="primary"),
        Move("take_back", [A.FIRST], A.DRAFT, _("收回草稿"), WRITE, _("{by}收回草稿"), hidden=True),
        Move("first", [A.FIRST], A.SECOND, _("初审通过"), FIRST, _("{by}初审通过"), tone="primary"),
        Move("edit", [A.SECOND], A.SECOND, _("编辑稿件"), EDIT, _("{by}编辑稿件，正文{n}字")),
        Move("second", [A.SECOND], A.FINAL, _("复审通过"), SECOND, _("{by}复审通过"), tone="primary"),
        Move("final", [A.FINAL], A.APPROVED, _("终审通过"), FINAL, _("{by}终审通过"), tone="primary"),
        Move("send_back", [*REVIEWED, A.APPROVED], A.RETURNED, _("退回修改"), FIRST, _("{by}退回修改"), reason=True),
        Move("place", [A.APPROVED], A.APPROVED, _("编入一期"), EDIT, _("{by}编入{where}"), tone="primary"),
        Move("issue", [A.APPROVED], A.PUBLISHED, _("发布"), PUBLISH, _("{by}随{where}发布"), hidden=True),
        Move("correct", [A.PUBLISHED], A.CORRECTING, _("提出更正"), EDIT, _("{by}提出更正：{told}")),
        Move("approve", [A.CORRECTING], A.PUBLISHED, _("更正终审通过"), FINAL, _("{by}终审通过更正，更正说明与正文一并公开"), tone="primary"),
        Move("reject", [A.CORRECTING], A.PUBLISHED, _("不作更正"), FINAL, _("{by}决定不作更正"), reason=True),
        Move("take_down", list(OUT), A.WITHDRAWN, _("撤下稿件"), PUBLISH, _("{by}撤下了稿件"), reason=True, tone="danger"),
        Move("restore", [A.WITHDRAWN], A.PUBLISHED, _("恢复发布"), FINAL, _("{by}恢复发布"), reason=True),
        Move("drop", [*UNWRITTEN, *REVIEWED, A.APPROVED], A.DROPPED, _("不予采用"), EDIT, _("{by}决定不采用"), reason=True, tone="danger"),
    ],
)  # fmt: skip

consent_workflow = Workflow(
    C, start=C.ASKED, files=CONSENT, filed=_("{by}登记须征得同意"), amends=(CONSENT, []),  # who was asked what is not rewritten
    tones={C.ASKED: "todo", C.GIVEN: "done", C.REFUSED: "bad", C.WITHDRAWN: "bad", C.WAIVED: "off"},
    moves=[
        Move("give", [C.ASKED, C.REFUSED, C.WITHDRAWN], C.GIVEN, _("同意公开"), CONSENT, _("{by}登记同意：{how}，{given_on}"), tone="primary"),
        Move("refuse", [C.ASKED], C.REFUSED, _("不同意公开"), CONSENT, _("{by}登记不同意")),
        Move("withdraw", [C.GIVEN], C.WITHDRAWN, _("撤回同意"), CONSENT, _("{by}登记撤回同意"), tone="danger"),
        Move("waive", [*UNSETTLED], C.WAIVED, _("无须同意"), WAIVE, _("{by}认为无须同意"), reason=True),
        Move("lapse", [*UNSETTLED], C.WAIVED, _("稿件不再涉及"), CONSENT, _("稿件不再涉及此人（{by}修改后）"), hidden=True),
        Move("again", [C.WAIVED], C.ASKED, _("重新征得同意"), CONSENT, _("{by}登记须重新征得同意")),
    ],
)  # fmt: skip
