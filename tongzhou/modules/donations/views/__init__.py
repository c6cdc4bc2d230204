"""The three lists of giving. The odd pages are in pages.py."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, sheets
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.models import Person
from tongzhou.modules.donations import forms, queries, rules
from tongzhou.modules.donations.models import Allocation, Disclosure, Gift, Line

BALANCE = ("received", *rules.HELD)
LABELS = {field.name: field.verbose_name for field in Line._meta.fields}


def gift_context(gift: Gift) -> dict[str, Any]:
    lines, today = list(gift.lines.all()), timezone.localdate()
    labels = [LABELS[name] for name in ("quantity", *BALANCE)]
    amounts = {line.pk: [line.amount(getattr(line, name)) for name in ("quantity", *BALANCE)] for line in lines}
    return {
        "lines": [(line, list(zip(labels, amounts[line.pk], strict=True))) for line in lines],
        "expired": [line for line in lines if line.expired(today)], "expiring": [line for line in lines if line.expires_soon(today)],
        "whereabouts": queries.whereabouts(gift), "movements": list(queries.movements(gift)), "state": gift.state,
    }  # fmt: skip


def allocation_context(allocation: Allocation, by: Person) -> dict[str, Any]:
    """Each share with its gift, or without where the gift is another unit's: its name may be that of a donor who is not to be named."""
    shares = list(allocation.shares.all())
    gifts = access.visible(Gift.objects.filter(lines__shares__in=shares), by, "donations.read")
    seen = {gift.pk: gift for gift in gifts.select_related("donor_unit", "donor_person")}
    return {"shares": [(share, seen.get(share.line.gift_id)) for share in shares]}


def disclosure_context(disclosure: Disclosure) -> dict[str, Any]:
    """A draft as it would be published now; a published one as it was, and whether the books say something else today."""
    now = queries.account(disclosure.scope)
    content = disclosure.content or now
    return {
        "account": queries.shown_account(content), "digest": rules.digest(content), "period": rules.disclosure_period(disclosure.last_on),
        "changed": bool(disclosure.content) and disclosure.digest != rules.digest(now),
    }  # fmt: skip


gifts = Desk(
    model=Gift,
    title=_("捐赠"),
    one=_("捐赠意向"),
    intro=_("收到的每一件都由两人清点，去向逐笔可查。"),
    columns=[
        Column("title", _("捐赠"), kind="link"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("goods", _("捐赠明细")),
        Column("worth", _("价值"), kind="money"),
        Column("unit", _("经办单位"), sort="unit__path", kind="unit"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["naming"],
    search=["donor_name", "donor_unit__name", "donor_person__name", "donor_person__pinyin", "lines__item__name", "slip_number"],
    fields=[
        Column("donor", _("捐赠方")),
        Column("donor_shown", _("对外公布为")),
        Column("donor_contact", _("捐赠方联系方式")),
        Column("when", _("日期"), kind="when"),
        Column("unit", _("经办单位")),
        Column("place", _("接收地点")),
        Column("designated", _("定向：受捐单位")),
        Column("purpose", _("定向：用途")),
        Column("counted_by", _("初点人")),
        Column("stocked_by", _("复点人")),
        Column("receipt", _("法定票据")),
    ],
    form=forms.GiftForm,
    move_forms={
        "receive": forms.FirstCount, "recount": forms.BlindCount, "stock": forms.BlindCount, "receipt": forms.Receipt,
        "lose": forms.Counts, "send_back": forms.Counts, "correct": forms.Correction,
    },
    imports=[
        sheets.Column("unit", _("经办单位"), required=True, help=_("名称或代码")),
        sheets.Column("when", _("日期"), kind="date", required=True),
        sheets.Column("donor_name", _("捐赠方（其他）"), required=True),
        sheets.Column("naming", _("对外公布"), kind="choice", required=True, choices=tuple(Gift.Naming.choices)),
        sheets.Column("public_name", _("公布的称呼")),
        sheets.Column("item", _("品名"), required=True),
        sheets.Column("quantity", _("数量"), kind="decimal", required=True),
        sheets.Column("measure", _("计量单位"), required=True),
        sheets.Column("value", _("价值（元）"), kind="decimal"),
        sheets.Column("basis", _("作价依据"), kind="choice", choices=tuple(forms.BASES)),
        sheets.Column("batch", _("批号")),
        sheets.Column("expires_on", _("有效期至"), kind="date"),
    ],
    related=["donor_unit", "donor_person", "counted_by", "stocked_by"],
    prefetch=[queries.LINES],
    detail="donations/gift.html",
    slip="donations/slip.html",
    links=[
        (_("公开页"), "donations.public", "donations.read"),
        (_("分配"), "donations.allocation.list", "donations.read"),
        (_("公示"), "donations.disclosure.list", "donations.read"),
    ],
    context=lambda gift, by: gift_context(gift),
)  # fmt: skip

allocations = Desk(
    model=Allocation,
    name="allocations",
    title=_("分配"),
    one=_("分配"),
    intro=_("给一家的一次分配；送达后由受捐方签收。"),
    columns=[
        Column("to", _("受捐方"), kind="link"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("goods", _("物资")),
        Column("unit", _("经办单位"), sort="unit__path", kind="unit"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["recipients__name", "shares__line__item__name", "paper"],
    fields=[
        Column("to", _("受捐方")),
        Column("is_joint", _("共同接收，不知各得多少")),
        Column("when", _("日期"), kind="when"),
        Column("unit", _("经办单位")),
        Column("basis", _("分配依据")),
        Column("consent", _("捐赠人同意改变去向的凭据")),
        Column("handler", _("送达经手人")),
        Column("signer_post", _("签收人职务")),
        Column("signer", _("签收人")),
        Column("paper", _("签收单号")),
    ],
    form=forms.AllocationForm,
    move_forms={"deliver": forms.Delivery, "sign": forms.Signature, "take_back": forms.TakingBack},
    prefetch=[queries.SHARES, queries.RECEIVERS],
    detail="donations/allocation.html",
    context=allocation_context,
)

disclosures = Desk(
    model=Disclosure,
    name="disclosures",
    title=_("公示"),
    one=_("公示"),
    columns=[
        Column("title", _("公示"), kind="link"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("digest", _("摘要"), value=lambda one: one.digest[:16]),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    fields=[
        Column("first_on", _("从")),
        Column("last_on", _("到")),
        Column("unit", _("单位")),
        Column("published_at", _("公示时间")),
        Column("digest", _("摘要")),
    ],
    form=forms.DisclosureForm,
    detail="donations/disclosure.html",
    slip="donations/disclosure_print.html",
    context=lambda disclosure, by: disclosure_context(disclosure),
)
