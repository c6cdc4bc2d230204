from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, WRITE, PUBLISH = "chronicle.read", "chronicle.write", "chronicle.publish"


class State(TextChoices):
    DRAFT = "draft", _("起草中")
    REVIEW = "review", _("待审")
    PUBLISHED = "published", _("已发布")
    REPLACED = "replaced", _("已有新版")
    DROPPED = "dropped", _("作废")


S = State
workflow = Workflow(
    S,
    start=S.DRAFT,
    files=WRITE,
    filed=_("{by}新建"),
    amends=(WRITE, [S.DRAFT]),
    moves=[
        Move("submit", [S.DRAFT], S.REVIEW, _("送审"), needs=WRITE, said=_("{by}送审"), tone="primary"),
        Move("recall", [S.REVIEW], S.DRAFT, _("撤回"), needs=WRITE, said=_("{by}撤回修改")),
        Move(
            "publish",
            [S.REVIEW],
            S.PUBLISHED,
            _("签发"),
            needs=PUBLISH,
            said=_("{by}签发，摘要 {short}"),
            tone="primary",
        ),
        Move("send_back", [S.REVIEW], S.DRAFT, _("退回修改"), needs=PUBLISH, said=_("{by}退回修改"), reason=True),
        Move(
            "drop",
            [S.DRAFT, S.REVIEW],
            S.DROPPED,
            _("作废"),
            needs=WRITE,
            said=_("{by}作废"),
            reason=True,
            tone="danger",
        ),
        # Made on the page itself: prose of a section, cited records; and when a new edition appears.
        Move("write", [S.DRAFT], S.DRAFT, _("改写"), needs=WRITE, said=_("{by}改写“{line}”"), hidden=True),
        Move("cite", [S.DRAFT], S.DRAFT, _("引用记录"), needs=WRITE, said=_("{by}引用“{record}”"), hidden=True),
        Move("uncite", [S.DRAFT], S.DRAFT, _("取消引用"), needs=WRITE, said=_("{by}取消引用“{record}”"), hidden=True),
        Move(
            "replace",
            [S.PUBLISHED],
            S.REPLACED,
            _("由新版更正"),
            needs=PUBLISH,
            said=_("{by}签发新版，本版已更正"),
            hidden=True,
        ),
    ],
    tones={S.DRAFT: "todo", S.REVIEW: "doing", S.PUBLISHED: "done", S.REPLACED: "off", S.DROPPED: "off"},
)
