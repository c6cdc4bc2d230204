"""What is counted of calls, how it is told, and what a report's call does not claim."""

import pytest
from django.utils import translation

from tests.modules.calls import calling
from tests.world import World
from tongzhou.kernel import facts, module
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.calls import actions
from tongzhou.modules.calls.models import Call


def counted(scope: Scope, by: Person) -> list[str]:
    found = facts.gather(scope, by, [module.room("calls")])
    return [one.sentence() for some in found.values() for one in facts.nonzero(some)]


def told(scope: Scope, by: Person) -> list[str]:
    room = module.room("calls")
    assert room.tell is not None
    return [sentence.words() for sentence in room.tell(scope, by, facts.gather(scope, by, [room]))]


@pytest.fixture
def call(cast: World) -> Call:
    call = calling.issued(cast)
    actions.opened(calling.of(call, cast.people.chen), by=cast.people.chen)
    calling.answered(call, cast.people.zhao)
    calling.answered(call, cast.people.wu, "committed")
    actions.excuse(calling.of(call, cast.people.sun), by=cast.people.wang, note="住院")
    actions.settle(calling.of(call, cast.units.branch3), by=cast.people.wu)
    return call


def test_facts_count_members_and_units(cast: World, call: Call) -> None:
    assert counted(Scope(cast.response), cast.people.wang) == [
        "发出倡议1份", "提出要求2项", "覆盖基层组织3个", "覆盖社员9人", "已读3人", "已答复2人", "免予答复1人", "办结基层组织1个",
        "承诺“倾力奉献”1人", "承诺“听从指挥”1人", "已做到“倾力奉献”1人", "已做到“听从指挥”1人",
    ]  # fmt: skip


def test_facts_of_a_branch_count_the_branch(cast: World, call: Call) -> None:
    scope = Scope(cast.response, cast.units.branch3)
    assert counted(scope, cast.people.wang) == [
        "覆盖基层组织1个", "覆盖社员1人", "已读1人", "已答复1人", "办结基层组织1个", "承诺“倾力奉献”1人", "承诺“听从指挥”1人",
    ]  # fmt: skip


def test_every_figure_opens_as_many_records(cast: World, call: Call) -> None:
    found = facts.gather(Scope(cast.response), cast.people.wang, [module.room("calls")])
    for one in [one for name, some in found.items() for one in some if name != "calls.requirements"]:
        assert one.records(cast.people.wang).count() == one.figure.value


def test_the_chronicle_tells_the_call_and_how_far_it_came(cast: World, call: Call) -> None:
    assert told(Scope(cast.response), cast.people.wang) == [
        "测试市委员会发出“抗疫倡议”，提出要求2项：一要听从指挥；二要倾力奉献。",
        "覆盖基层组织3个，覆盖社员9人，已读3人，已答复2人，办结基层组织1个。",
        "承诺“倾力奉献”1人，承诺“听从指挥”1人，已做到“倾力奉献”1人，已做到“听从指挥”1人。",
    ]


def test_the_chronicle_is_told_in_english(cast: World, call: Call) -> None:
    with translation.override("en"):
        assert told(Scope(cast.response), cast.people.wang)[:2] == [
            "测试市委员会 issued “抗疫倡议”, setting out 2 requirements: (1) 听从指挥; (2) 倾力奉献.",
            "3 units called on, 9 members called on, 3 people read it, 2 people answered, 1 unit done.",
        ]
