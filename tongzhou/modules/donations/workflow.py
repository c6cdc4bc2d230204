"""What may become of a gift, an allocation and a disclosure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

PLEDGE, KEEP, PUBLISH = "donations.pledge", "donations.keep", "donations.publish"


class GiftState(TextChoices):
    PLEDGED = "pledged", _("意向")
    RECEIVED = "received", _("已初点，待复点")
    STOCKED = "stocked", _("已入账")
    REFUSED = "refused", _("未接收")
    WITHDRAWN = "withdrawn", _("已撤回")


class AllocationState(TextChoices):
    ALLOCATED = "allocated", _("已分配，待送达")
    DELIVERED = "delivered", _("已送达")
    SIGNED = "signed", _("已签收")
    RETURNED = "returned", _("已全部收回")
    CANCELLED = "cancelled", _("已取消")


class DisclosureState(TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已公示")
    DISCARDED = "discarded", _("已作废")


G, A, D = GiftState, AllocationState, DisclosureState

gift_workflow = Workflow(
    GiftState, start=G.PLEDGED, files=PLEDGE, filed=_("{by}登记捐赠意向：{goods}"),
    amends=(PLEDGE, [G.PLEDGED, G.RECEIVED, G.STOCKED]),
    tones={G.PLEDGED: "todo", G.RECEIVED: "doing", G.STOCKED: "done", G.REFUSED: "off", G.WITHDRAWN: "off"},
    moves=[
        Move("receive", [G.PLEDGED], G.RECEIVED, _("收到，初点"), KEEP, _("{by}初点：{goods}"), tone="primary"),
        Move("recount", [G.RECEIVED], G.RECEIVED, _("重新初点"), KEEP, _("{by}重新初点：{goods}"), reason=True),
        Move("stock", [G.RECEIVED], G.STOCKED, _("复点，入账"), KEEP, _("{by}复点入账，凭证 {slip}：{goods}"), tone="primary"),
        Move("receipt", [G.STOCKED], G.STOCKED, _("登记票据"), KEEP, _("{by}登记票据：{receipt}")),
        Move("lose", [G.STOCKED], G.STOCKED, _("报损"), KEEP, _("{by}报损：{goods}"), reason=True),
        Move("send_back", [G.STOCKED], G.STOCKED, _("退还捐赠人"), KEEP, _("{by}退还捐赠人：{goods}"), reason=True),
        Move("correct", [G.STOCKED], G.STOCKED, _("更正数量"), KEEP, _("{by}更正入账数量：{goods}"), reason=True),
        Move("refuse", [G.PLEDGED, G.RECEIVED], G.REFUSED, _("不予接收"), KEEP, _("{by}不予接收"), reason=True, tone="danger"),
        Move("withdraw", [G.PLEDGED], G.WITHDRAWN, _("捐赠人撤回"), PLEDGE, _("{by}登记捐赠人撤回"), reason=True, tone="danger"),
    ],
)  # fmt: skip

allocation_workflow = Workflow(
    AllocationState, start=A.ALLOCATED, files=KEEP, filed=_("{by}分配给{recipients}：{goods}"),
    amends=(KEEP, []),  # a decision is not rewritten: cancel it and decide again
    tones={A.ALLOCATED: "todo", A.DELIVERED: "doing", A.SIGNED: "done", A.RETURNED: "off", A.CANCELLED: "off"},
    moves=[
        Move("deliver", [A.ALLOCATED], A.DELIVERED, _("送达"), KEEP, _("{by}登记送达，经手人{handler}：{goods}"), tone="primary"),
        Move("sign", [A.DELIVERED], A.SIGNED, _("登记签收"), KEEP, _("{by}登记{recipients}签收：{goods}"), tone="primary"),
        # What a recipient gives back makes the signature wrong: what is left has to be signed for again.
        Move("take_back", [A.DELIVERED, A.SIGNED], A.DELIVERED, _("收回一部分"), KEEP, _("{by}从{recipients}收回：{goods}"), reason=True),
        Move("take_back_all", [A.DELIVERED, A.SIGNED], A.RETURNED, _("全部收回"), KEEP, _("{by}从{recipients}全部收回：{goods}"), reason=True, tone="danger"),
        Move("cancel", [A.ALLOCATED], A.CANCELLED, _("取消分配"), KEEP, _("{by}取消分配，{goods}回到库存"), reason=True, tone="danger"),
    ],
)  # fmt: skip

disclosure_workflow = Workflow(
    DisclosureState, start=D.DRAFT, files=PUBLISH, filed=_("{by}拟定公示"), amends=(PUBLISH, [D.DRAFT]),
    tones={D.DRAFT: "todo", D.PUBLISHED: "done", D.DISCARDED: "off"},
    moves=[
        Move("publish", [D.DRAFT], D.PUBLISHED, _("公示"), PUBLISH, _("{by}公示，摘要 {digest}"), tone="primary"),
        Move("discard", [D.DRAFT], D.DISCARDED, _("作废"), PUBLISH, _("{by}作废草稿"), reason=True, tone="danger"),
    ],
)  # fmt: skip
