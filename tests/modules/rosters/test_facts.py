"""What is counted of duty, what a chronicle says of it in both languages, and what the public report says and nothing else."""

import tomllib
from datetime import date
from pathlib import Path
from uuid import uuid4

from django.utils import translation

from tests.modules.rosters import factory, staffing
from tests.world import World
from tongzhou.kernel import facts, loading, module
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.rosters import facts as told
from tongzhou.modules.rosters.models import Duty
from tongzhou.modules.rosters.workflow import DutyState

BENXI = Path(__file__).parents[3] / "examples" / "benxi-2022"


def prose(cast: World, by: Person) -> list[str]:
    scope = Scope(cast.response)
    return [
        one.words() for one in facts.together(told.tell(scope, by, facts.gather(scope, by, [module.room("rosters")])))
    ]


def test_what_was_stood_and_counted_is_told(cast: World) -> None:
    factory.shift(cast)
    by = cast.people.wang
    assert prose(cast, by) == [
        "设置值守岗位1个，值守1班，参加值守1人次，累计值守24小时。",
        "卡口查验人员4人次，查验车辆1辆，劝返1人次，凭接收承诺书放行2人次。",
    ]
    with translation.override("en"):
        assert prose(cast, by) == [
            "set up 1 post, 1 shift stood, people stood duty 1 person-time, for 24 hours in all.",
            "checkpoints checked 4 person-times, checked 1 vehicle, turned back 1 person-time, released 2 person-times on acceptance letters.",
        ]


def test_nothing_stood_is_nothing_said(cast: World) -> None:
    staffing.laid(cast, staffing.post(cast), days=1)
    assert prose(cast, cast.people.zhao) == []


def test_a_total_counts_and_an_act_without_a_number_is_told_by_name(cast: World) -> None:
    given = {
        "response": cast.response,
        "unit": cast.units.branch1,
        "source": "简报第3期",
        "happened_on": date(2022, 3, 2),
    }
    module.file(Duty(pk=uuid4(), quantity=20, bound="at_least", place="东街道", **given), by=cast.people.wang)
    module.file(Duty(pk=uuid4(), person=cast.people.zhao, words="连续在卡口值守", **given), by=cast.people.wang)
    assert set(Duty.objects.values_list("state", flat=True)) == {DutyState.OFF}
    assert prose(cast, cast.people.wang) == ["赵社员连续在卡口值守。", "参加值守20余人次。"]


def test_the_report_of_benxi_says_one_thing_about_duty(cast: World) -> None:
    by = loading.house()
    for _twice in range(2):
        assert "rosters 1" in list(loading.load(BENXI, by))
    (duty,) = Duty.objects.select_related("person", "unit", "response")
    assert tomllib.loads((BENXI / "rosters.toml").read_text(encoding="utf-8"))["duty"][0]["words"] == duty.words
    assert (duty.person.name, duty.unit.code, duty.place, str(duty.when)) == (
        "周晓婕", "benxi", "明山区", "When(day=datetime.date(2022, 3, 1), precision='month')",
    )  # fmt: skip
    scope = Scope(duty.response)
    found = facts.gather(scope, by, [module.room("rosters")])
    assert {one.figure.value for some in found.values() for one in some} == {0}
    assert [one.words() for one in facts.together(told.tell(scope, by, found))] == ["周晓婕连续在防控指挥部值守。"]
    with translation.override("en"):
        words = [one.words() for one in facts.together(told.tell(scope, by, found))]
        assert words == [f"{duty.person} stood duty at the epidemic command post without a break."]
