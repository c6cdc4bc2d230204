"""Synthetic giving: about two records in five of a rehearsed response are gifts and what became of them."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from tongzhou.kernel import module
from tongzhou.kernel.dates import When
from tongzhou.kernel.models import Person, Unit
from tongzhou.kernel.rehearsing import DAYS, Given, pick, whole
from tongzhou.modules.donations import actions
from tongzhou.modules.donations.models import Allocation, Disclosure, Gift, Line
from tongzhou.modules.donations.rules import YUAN

# How far a gift comes, and how often of a hundred; the first gifts take each of these in turn, at the first branch.
ENDS = {
    "received": 5, "allocated": 5, "delivered": 8, "pledged": 6, "signed": 46, "stocked": 10, "lose": 3, "send_back": 2, "correct": 4,
    "take_back": 3, "take_back_all": 2, "cancel": 2, "withdraw": 2, "refuse": 2,
}  # fmt: skip
GIVEN_OUT = ("allocated", "delivered", "signed", "take_back", "take_back_all", "cancel")
NOTES = {
    "withdraw": "捐赠人改变计划", "refuse": "不符合接收条件", "lose": "搬运中破损", "send_back": "捐赠人要求退回", "correct": "入账时抄录有误",
    "take_back": "超出需要", "take_back_all": "送错地点", "cancel": "需求已由他处满足",
}  # fmt: skip
BASES = {Line.Basis.INVOICE: 4, Line.Basis.MARKET: 3, Line.Basis.STATEMENT: 2, Line.Basis.NONE: 1}
# filed by a branch, meant for somebody, money, given out in two parts
HEADS, DIRECTED, MONEY, TWICE = (
    0.7,
    0.12,
    0.15,
    0.4,
)
GOODS = [  # name, English, measure, fewest, most, fen for one
    ("口罩", "masks", "箱", 5, 200, 80_000), ("消毒液", "disinfectant", "瓶", 20, 600, 1_200), ("防护服", "protective suits", "套", 20, 400, 6_000),
    ("面屏", "face shields", "个", 50, 500, 800), ("额温枪", "thermometers", "支", 2, 40, 12_000), ("矿泉水", "bottled water", "箱", 10, 300, 3_000),
    ("方便食品", "instant food", "份", 30, 800, 1_500), ("蔬菜包", "vegetable packs", "袋", 30, 600, 4_000), ("帐篷", "tents", "顶", 1, 12, 60_000),
]  # fmt: skip
DONORS = ["推演医药有限公司", "推演商贸有限公司", "推演食品厂", "推演商会", "推演爱心车队", "推演校友会"]
OUTSIDE = ["推演市中心医院", "推演市传染病医院", "推演救助站", "推演高速卡口志愿队"]
TOTALS = 3
PERIODS, DRAFTED, DISCARDED = 9, 6, 7  # of five days each


def rehearse(given: Given, n: int) -> Iterator[str]:
    """A gift and what is given out of it are two records on average."""
    for done in whole(range(n // 5), partial(_life, given)):
        yield f"{done}/{n // 5}"
    actions.load({"gift": [_total(given, number) for number in range(TOTALS)]}, given)
    for done in whole(range(PERIODS), partial(_disclose, given)):
        yield f"{done}/{PERIODS}"


def _life(given: Given, number: int) -> None:
    """One gift from the promise to its end. One that is there already has come to its end."""
    chance = given.chance("gift", number)
    first = number < len(ENDS)
    end = list(ENDS)[number] if first else pick(chance, ENDS)
    unit = given.branches[0] if first else chance.choice(given.branches)
    day = int(chance.triangular(0, DAYS, DAYS / 3))
    gift = Gift(
        pk=given.key("gift", number), response=given.response, unit=unit, happened_on=given.day(day), place="推演市物资站",
        **_donor(given, chance, unit), designated=_receiver(given, chance) if chance.random() < DIRECTED else "",
    )  # fmt: skip
    by = given.heads[unit.code] if chance.random() < HEADS else given.who("office", chance)
    made, new = module.file(gift, by=by, lines=_lines(given, chance, day, keeps=end in GIVEN_OUT))
    if not new or end == "pledged":
        return
    if end in ("withdraw", "refuse"):
        module.perform(made, end, by=given.who("keeper", chance), note=NOTES[end])
        return
    _book(given, chance, gift, day, end)
    if end in GIVEN_OUT:
        _give_out(given, chance, gift, day, end)


def _donor(given: Given, chance: Random, unit: Unit) -> dict[str, Any]:
    kind = pick(chance, {"unit": 30, "person": 25, "outside": 35, "nobody": 10})
    naming = pick(chance, {Gift.Naming.NAMED: 60, Gift.Naming.UNNAMED: 30, Gift.Naming.ALIAS: 10})
    named: dict[str, Any] = {"naming": naming, "public_name": "一位市民" if naming == Gift.Naming.ALIAS else ""}
    if kind == "unit":
        return {**named, "donor_unit": unit}
    if kind == "person":
        return {**named, "donor_person": chance.choice(given.members)}
    if kind == "outside":
        return {**named, "donor_name": chance.choice(DONORS), "donor_contact": f"1000000{chance.randrange(10_000):04}"}
    return {"anonymous": True}


def _receiver(given: Given, chance: Random) -> str:
    return chance.choice(OUTSIDE) if chance.random() < 0.3 else chance.choice(given.streets).name


def _lines(given: Given, chance: Random, day: int, *, keeps: bool) -> list[dict[str, Any]]:
    if chance.random() < MONEY:
        return [{"item": "捐款", "item_en": "money", "measure": YUAN, "quantity": chance.randrange(1, 400) * 5_000}]
    return [_line(given, chance, day, goods, keeps) for goods in chance.sample(GOODS, chance.choice((1, 1, 2, 3)))]


def _line(given: Given, chance: Random, day: int, goods: tuple[Any, ...], keeps: bool) -> dict[str, Any]:
    """`keeps`: it will be given out, so it does not expire soon."""
    item, english, measure, fewest, most, price = goods
    quantity, basis = chance.randint(fewest, most), pick(chance, BASES)
    left = chance.choice((200, 400) if keeps else (12, 25, 200))
    return {
        "item": item, "item_en": english, "measure": measure, "quantity": quantity, "basis": basis,
        "value_fen": None if basis == Line.Basis.NONE else quantity * price, "batch": f"P{day:02}-{chance.randrange(100):02}",
        "expires_on": given.day(DAYS) + timedelta(days=left) if measure in "瓶份袋" else None,
    }  # fmt: skip


def _book(given: Given, chance: Random, gift: Gift, day: int, end: str) -> None:
    """Counted by two; sometimes the second count differs. Then what befell it on the books."""
    promised = {line.pk: line.quantity for line in gift.lines.all()}
    office, keeper = given.who("office", chance), given.who("keeper", chance)
    when = When(given.day(day + chance.randrange(3)))
    module.perform(gift, "receive", by=office, counts=promised, day=when)
    if end == "received":
        return
    found = {key: quantity - (chance.random() < 0.05) for key, quantity in promised.items()}
    module.perform(gift, "stock", by=keeper, counts=found, note="" if found == promised else "复点少一件")
    if chance.random() < 0.7:
        paper = {
            "receipt_issuer": "推演市慈善总会",
            "receipt_number": f"{chance.randrange(10**8):08}",
            "receipt_on": gift.happened_on,
        }
        module.perform(gift, "receipt", by=keeper, **(paper if chance.random() < 0.9 else {"receipt_waived": True}))
    some = {key: max(1, quantity // 10) for key, quantity in found.items()}
    if end in ("lose", "send_back"):
        module.perform(gift, end, by=keeper, counts=some, note=NOTES[end])
    if end == "correct":
        right = {key: quantity + some[key] for key, quantity in found.items()}
        module.perform(gift, "correct", by=keeper, counts=right, note=NOTES[end])


def _give_out(given: Given, chance: Random, gift: Gift, day: int, end: str) -> None:
    """In one or two allocations; the earlier one is signed for, the last comes as far as the gift."""
    keeper = given.who("keeper", chance)
    lines = list(gift.lines.select_related("item").filter(in_stock__gt=1))
    both = len(lines) > 1 and chance.random() < TWICE
    parts = [lines[:1], lines[1:]] if both else [lines]
    for number, part in enumerate(filter(None, parts)):
        allocation = Allocation(
            pk=given.key("allocation", gift.pk, number), response=given.response, unit=gift.unit,
            happened_on=given.day(day + 2 + number), basis="按各街道上报的需求",
        )  # fmt: skip
        wanted = [{"line": line, "quantity": chance.randint(line.in_stock // 2, line.in_stock)} for line in part]
        to = (
            [gift.designated]
            if gift.designated
            else [_receiver(given, chance) for _one in range(chance.choice((1, 1, 1, 2)))]
        )
        module.file(allocation, by=keeper, lines=wanted, recipients="\n".join(to), how="jointly")
        last = number == len(parts) - 1
        _hand_over(given, chance, allocation, keeper, day + 3 + number, end if last else "signed")


def _hand_over(given: Given, chance: Random, allocation: Allocation, keeper: Person, day: int, end: str) -> None:
    if end == "allocated":
        return
    if end == "cancel":
        module.perform(allocation, end, by=keeper, note=NOTES[end])
        return
    handler = chance.choice(given.members).name
    module.perform(allocation, "deliver", by=keeper, handler=handler, day=When(given.day(day)))
    if end == "signed":
        number = f"QS{chance.randrange(10**6):06}"
        module.perform(
            allocation, "sign", by=keeper, signer_post="物资员", signer="模拟签收人", paper=number, day=given.day(day)
        )
    if end == "take_back":
        counts = {share.pk: 1 for share in allocation.shares.all()}
        module.perform(allocation, end, by=keeper, counts=counts, note=NOTES[end])
    if end == "take_back_all":
        module.perform(allocation, end, by=keeper, note=NOTES[end])


def _total(given: Given, number: int) -> dict[str, Any]:
    """A gift known only as a total: so many times, from nobody knows whom."""
    chance = given.chance("total", number)
    item, english, measure, _fewest, most, price = GOODS[number]
    line = {
        "item": item,
        "item_en": english,
        "measure": measure,
        "quantity": most,
        "value_fen": most * price,
        "basis": "statement",
    }
    return {
        "key": f"total-{number}", "when": f"{given.day(number):%Y-%m}", "unit": given.org.code, "anonymous": True, "line": [line],
        "to": [given.streets[0].name], "quantity": chance.randrange(20, 60), "bound": "at_least",
    }  # fmt: skip


def _disclose(given: Given, number: int) -> None:
    """Five days each: the first are published, then a draft and one that was discarded; the last days wait."""
    if number > DISCARDED:
        return
    office, first = given.posts["office"][0], given.day(number * 5)
    disclosure = Disclosure(
        pk=given.key("disclosure", number), response=given.response, unit=given.org, happened_on=first + timedelta(days=5),
        first_on=first, last_on=first + timedelta(days=4),
    )  # fmt: skip
    made, new = module.file(disclosure, by=office)
    if new and number < DRAFTED:
        module.perform(made, "publish", by=office)
    if new and number == DISCARDED:
        module.perform(made, "discard", by=office, note="起止日期有误")
