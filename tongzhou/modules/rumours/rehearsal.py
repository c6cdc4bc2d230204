"""Rumours of a synthetic response: reported by members, checked by the office, most of them answered."""

from collections.abc import Iterator
from functools import partial

from tongzhou.kernel import module
from tongzhou.kernel.rehearsing import Given, pick, whole
from tongzhou.modules.rumours.models import Rumour

SHARE = 50  # one rumour for so many records
SAYINGS = (
    "明天起全市超市停业", "喝板蓝根可以预防感染", "三街坊昨晚拉走了二十人", "核酸检测要收费了", "第九支社有人隐瞒行程",
    "全市学校下周统一停课", "某药店口罩全部是假货", "外地车辆一律不准进城",
)  # fmt: skip
ENDS = {"reported": 2, "take": 2, "judge": 2, "publish": 6, "correct": 1, "merge": 1, "dismiss": 1}
ALL = tuple(ENDS)


def rehearse(given: Given, n: int) -> Iterator[str]:
    """The first few come to every end there is, the rest by chance."""
    number = max(len(ALL) + 1, n // SHARE)
    for done in whole(range(number), partial(_one, given)):
        yield f"{done}/{number}"


def _one(given: Given, number: int) -> None:
    chance = given.chance("rumour", number)
    reporter = chance.choice([person for person in given.members if person.unit in given.branches])
    rumour = Rumour(
        pk=given.key("rumour", number), response=given.response, unit=reporter.unit, happened_on=given.day(5 + number % 35),
        said=f"{SAYINGS[number % len(SAYINGS)]}（第{number + 1}条）", where=chance.choice(Rumour.Where.values), spread=chance.choice(Rumour.Spread.values),
    )  # fmt: skip
    rumour, new = module.file(rumour, by=reporter)
    if new:
        _end(given, rumour, ALL[number] if number < len(ALL) else pick(chance, ENDS))


def _end(given: Given, rumour: Rumour, end: str) -> None:
    office, leader = given.posts["office"][0], given.posts["leader"][0]
    if end == "dismiss":
        module.perform(rumour, "dismiss", by=office, note="只是玩笑")
    if end == "merge" and (
        other := Rumour.objects.filter(response=given.response, same_as=None).exclude(pk=rumour.pk).first()
    ):
        module.perform(rumour, "merge", by=office, other=other)
    if end in {"take", "judge", "publish", "correct"}:
        module.perform(rumour, "take", by=office)
    if end in {"judge", "publish", "correct"}:
        said = {
            "verdict": Rumour.Verdict.FALSE,
            "against": "市指挥部通报",
            "answer": "经核实不实，请以市指挥部通报为准。",
            "answer_en": "",
        }
        module.perform(rumour, "judge", by=office, addressed=[rumour.unit], **said)
    if end in {"publish", "correct"}:
        module.perform(rumour, "publish", by=leader)
    if end == "correct":
        module.perform(rumour, "correct", by=office, note="通报有补充")
