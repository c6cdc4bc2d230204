"""Items of a synthetic response: written by members, edited, signed, submitted to several channels, with everything that can come of them."""

from collections.abc import Iterator
from functools import partial
from random import Random
from typing import Any

from django.utils import timezone

from tongzhou.kernel import module
from tongzhou.kernel.models import Person
from tongzhou.kernel.rehearsing import Given, pick, whole
from tongzhou.modules.proposals.models import Item, Submission
from tongzhou.modules.proposals.models.submission import Level
from tongzhou.modules.proposals.workflow import ItemState

SHARE = 40  # one item for so many records
MATTERS = (
    ("关于为独居老人上门采样的建议", "独居老人下楼不便，社区登记了一百二十户，志愿者只有九名。", "由街道统一排班，固定上门时段。"),
    ("关于货车司机留置期间生活保障的建议", "高速路口留置的货车司机以车为家，吃饭、如厕不便。", "由属地设服务点，提供热水和餐食。"),
    ("关于优化采样点排队秩序的建议", "早七点到九点排队超过一小时，老人孩子居多。", "分楼栋错峰采样，现场公布等候时间。"),
    ("关于减少表格重复填报的建议", "同一名单一天内被要求填报四次，格式各不相同。", "由指挥部统一一张表，一次采集多方使用。"),
    ("关于中小企业复工用工的建议", "配套工厂三成职工在管控区，订单不能按期交付。", "实行点对点通勤，允许闭环生产。"),
    ("关于保障慢性病患者购药的建议", "管控区内慢性病患者处方药断供三天以上。", "由社区卫生服务中心代购配送。"),
)  # fmt: skip
WRITTEN = {"draft": 2, "review": 2, "returned": 1, "editing": 2, "ready": 1, "signed": 1, "dropped": 1}
CAME = {"sent": 3, "receive": 2, "forward": 1, "adopt": 6, "note": 2, "reply": 1, "decline": 3, "archive": 2}
HANDLED = {
    "filed": 1,
    "admit": 1,
    "merge": 1,
    "refer": 1,
    "withdraw": 1,
    "assign": 2,
    "answer": 1,
    "rate": 2,
    "redo": 1,
}
ENDS: dict[str, float] = {
    **WRITTEN,
    **{f"came.{end}": n for end, n in CAME.items()},
    **{f"case.{end}": n for end, n in HANDLED.items()},
}
ALL = tuple(ENDS)


def rehearse(given: Given, n: int) -> Iterator[str]:
    """The first few come to every end there is, the rest by chance."""
    number = max(len(ALL) + 1, n // SHARE)
    for done in whole(range(number), partial(_one, given)):
        yield f"{done}/{number}"


def _one(given: Given, number: int) -> None:
    chance = given.chance("item", number)
    author = chance.choice([person for person in given.members if person.unit in given.branches])
    end = ALL[number] if number < len(ALL) else pick(chance, ENDS)
    title, situation, suggestions = MATTERS[number % len(MATTERS)]
    item = Item(
        pk=given.key("item", number), response=given.response, unit=author.unit, author=author, happened_on=given.day(5 + number % 38),
        kind=Item.Kind.PROPOSAL if end.startswith("case.") else Item.Kind.OPINION, name=f"{title}（{number + 1}）", situation=situation,
        suggestions=suggestions, is_confidential=number % 11 == 10, is_commissioned=number % 7 == 6,
    )  # fmt: skip
    item, new = module.file(item, by=author)
    if new:
        _written(given, item, author, end)
        if item.state == ItemState.SIGNED and "." in end:
            _submitted(given, item, end, chance)


def _written(given: Given, item: Item, author: Person, end: str) -> None:
    """As far as this item comes before it goes out; those that go out are edited and signed."""
    office, leader = given.posts["office"], given.posts["leader"][0]
    if end == "draft":
        return
    module.perform(item, "send", by=author)
    if end == "review":
        return
    if end == "returned":
        module.perform(item, "send_back", by=office[0], note="请补充数据")
        return
    if end == "dropped":
        module.perform(item, "drop", by=office[0], note="已有同类建言报送")
        return
    module.perform(item, "pass", by=office[0])
    edited = item.suggestions.rstrip("。") + "，并明确责任单位。"
    module.amend(item, by=office[1], version=item.version, changes={"suggestions": edited})
    if end == "editing":
        return
    module.perform(item, "ready", by=office[1])
    if end != "ready":
        module.perform(item, "sign", by=leader)


def _submitted(given: Given, item: Item, end: str, chance: Random) -> None:
    office = given.posts["office"][0]
    kind, _dot, last = end.partition(".")
    channels = ["cppcc-city", chance.choice(["own-bulletin", "party-province", "united-front-city"])]
    module.perform(item, "submit", by=office, channels=channels if kind == "came" else channels[:1])
    if kind == "case":
        _case(item, last, office)
        return
    if last != "sent":
        other = item.submissions.get(channel=channels[1])
        _came(item.submissions.get(channel=channels[0]), last, office)
        if last != "receive":
            module.perform(
                other,
                "adopt",
                by=office,
                how=chance.choice(["alone", "merged"]),
                on=timezone.localdate(),
                told="第12期",
            )
    if last == "archive":
        module.perform(item, "archive", by=office)


def _came(row: Submission, last: str, office: Person) -> None:
    """Step by step to the last that is known of this submission."""
    told = {"forward": "转市卫健委", "note": "副市长：请研究采纳。", "reply": "已列入工作安排"}
    steps = {
        "receive": [], "adopt": ["adopt"], "archive": ["adopt"], "note": ["adopt", "note"], "forward": ["forward"],
        "reply": ["forward", "reply"], "decline": ["decline"],
    }  # fmt: skip
    module.perform(row, "receive", by=office)
    for step in steps[last]:
        data: dict[str, Any] = (
            {} if step == "decline" else {"on": timezone.localdate(), "told": told.get(step, "第8期")}
        )
        data |= {"how": "alone"} if step == "adopt" else {"level": Level.CITY} if step == "note" else {}
        module.perform(row, step, by=office, **data)


def _case(item: Item, last: str, office: Person) -> None:
    case, today = item.cases.get(), timezone.localdate()
    if last in ("refer", "withdraw"):
        module.perform(case, last, by=office, note="与另一件内容相同")
        return
    if last == "filed":
        return
    module.perform(case, "admit", by=office, number=f"{item.name.rpartition('（')[2].rstrip('）')}")
    if last == "merge":
        module.perform(case, "merge", by=office, into="1")
    if last in ("assign", "answer", "rate", "redo"):
        module.perform(case, "assign", by=office, lead="市卫生健康委", on=today, cohandlers=["市民政局"])
    if last in ("answer", "rate", "redo"):
        module.perform(case, "opine", by=office, cohandler=case.cohandlers.get(), on=today)
        module.perform(case, "answer", by=office, result="b", answer="已列入计划，逐步落实。", on=today)
    if last == "rate":
        module.perform(case, "rate", by=office, satisfaction="full")
    if last == "redo":
        module.perform(case, "redo", by=office, note="没有时间表")
