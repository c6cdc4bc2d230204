"""What may be counted of giving. Promises do not count: only what is on the books, and what was handed over."""

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, facts
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.donations import rules
from tongzhou.modules.donations.models import Allocation, Gift, Line, Recipient, Share
from tongzhou.modules.donations.workflow import AllocationState, GiftState

OUT = (AllocationState.DELIVERED, AllocationState.SIGNED)
MOST_TOLD = 12  # gifts told one by one; beyond, totals


def booked() -> QuerySet[Gift]:
    return Gift.objects.filter(state=GiftState.STOCKED)


def directed() -> QuerySet[Gift]:
    return booked().exclude(designated="", purpose="")


def goods() -> QuerySet[Line]:
    return Line.objects.filter(gift__state=GiftState.STOCKED, received__gt=0).exclude(item__measure=rules.YUAN)


def money() -> QuerySet[Line]:
    return Line.objects.filter(gift__state=GiftState.STOCKED, received__gt=0, item__measure=rules.YUAN)


def worth() -> QuerySet[Line]:
    return goods().filter(value_fen__isnull=False)


def delivered() -> QuerySet[Share]:
    return Share.objects.filter(allocation__state__in=OUT, delivered__gt=0).exclude(line__item__measure=rules.YUAN)


def money_out() -> QuerySet[Share]:
    return Share.objects.filter(allocation__state__in=OUT, delivered__gt=0, line__item__measure=rules.YUAN)


def handovers() -> QuerySet[Allocation]:
    return Allocation.objects.filter(state__in=OUT)


ITEM = ("item__name", "item__measure")
SHARED_ITEM = ("line__item__name", "line__item__measure")

FACTS = (
    Fact("gifts", _("收到捐赠{value}"), booked, measure="笔", nouns=("gift", "gifts"), label=_("收到捐赠")),
    Fact("directed", _("其中定向捐赠{value}"), directed, measure="笔", nouns=("gift", "gifts"), label=_("其中定向捐赠")),
    Fact(
        "goods", _("收到{item__name}{value}"), goods, value="received", measure="{item__measure}", via="gift",
        each=ITEM, words=("item__name_en",), label=_("收到{item__name}"),
    ),
    Fact("worth", _("捐赠物资折合{value}"), worth, "value_fen", "元", via="gift", scale=100, label=_("捐赠物资折合")),
    Fact("money", _("收到捐款{value}"), money, "received", "元", via="gift", scale=100, label=_("收到捐款")),
    Fact("handovers", _("送达{value}"), handovers, measure="批", nouns=("delivery", "deliveries"), label=_("送达批次")),
    Fact(
        "delivered", _("送达{line__item__name}{value}"), delivered, "delivered", "{line__item__measure}", via="allocation",
        each=SHARED_ITEM, words=("line__item__name_en",), label=_("送达{line__item__name}"),
    ),
    Fact("money_out", _("拨付捐款{value}"), money_out, "delivered", "元", via="allocation", scale=100, label=_("拨付捐款")),
)  # fmt: skip


def tell(scope: Scope, by: Person, findings: dict[str, list[Finding]]) -> list[Sentence]:
    """Gift by gift while they are few, then by kind of goods. Donors are named as they chose to be."""
    rows = access.visible(scope.of(booked()), by, "donations.read").select_related("donor_unit", "donor_person")
    gifts = list(rows.order_by("happened_on", "pk")[: MOST_TOLD + 1])
    if len(gifts) > MOST_TOLD:
        return _totals(findings)
    return [_one(gift, scope, by) for gift in gifts]


def _one(gift: Gift, scope: Scope, by: Person) -> Sentence:
    goods, money, worth = (
        facts.nonzero(facts.one(_fact(name), scope, by, gift)) for name in ("goods", "money", "worth")
    )
    words = {"donor": gift.donor_shown, "goods": _listed(goods, money), "recipients": _recipients(gift)}
    said = __("{donor}向{recipients}捐赠{goods}") if words["recipients"] else __("{donor}捐赠{goods}")
    said = said.format(**words) + (__("，折合{value}").format(value=worth[0].token) if worth else "")
    return Sentence(_ended(said), (*goods, *money, *worth))


def _totals(findings: dict[str, list[Finding]]) -> list[Sentence]:
    gifts, goods, money, worth = (
        facts.nonzero(findings[f"donations.{name}"]) for name in ("gifts", "goods", "money", "worth")
    )
    said = __("共收到捐赠{value}：{goods}").format(value=gifts[0].token, goods=_listed(goods, money))
    said += (__("，物资折合{value}").format(value=worth[0].token) if worth else "") + __("。")
    return [Sentence(said, (*gifts, *goods, *money, *worth))]


def _listed(goods: Sequence[Finding], money: Sequence[Finding]) -> str:
    """消毒液{…}、捐款{…}: the figures as tokens, the names beside them."""
    parts = [
        __("{item}{value}").format(item=(lang() == "en" and found.words[0]) or found.part[0], value=found.token)
        for found in goods
    ]
    return __("、").join(parts + [__("款项{value}").format(value=found.token) for found in money])


def _recipients(gift: Gift) -> str:
    got = Recipient.objects.filter(
        allocations__shares__line__gift=gift, allocations__state__in=OUT, allocations__shares__delivered__gt=0
    )
    return __("、").join(str(one) for one in got.select_related("unit").distinct().order_by("pk"))


def _ended(said: str) -> str:
    """With its full stop, but not after a name that ends in one (Co., Ltd.)."""
    stop = __("。")
    return said if said.endswith(stop) else said + stop


def _fact(name: str) -> Fact:
    return next(replace(fact, room="donations") for fact in FACTS if fact.name == name)
