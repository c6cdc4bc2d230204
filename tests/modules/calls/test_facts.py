"""What is counted of calls, how it is told, and what a report's call does not claim."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from tests.modules.calls import calling
from tests.world import World
from tongzhou.kernel import asks, facts, ledger, loading, module
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.calls import actions
from tongzhou.modules.calls.models import Call, Reply

ASKED = (
    "根据中共本溪市委统战部《关于发挥统一战线法宝作用做好新冠肺炎疫情防控工作的通知》，九三学社本溪市委员会发出“向全市各级组织和社员发出的抗疫倡议”，"
    "提出要求4项：一要提高政治站位，听从指挥；二要积极建言献策，助力抗疫；三要依托载体活动，倾力奉献；四要立足岗位实际，履职尽责。"
)
BENXI = Path(__file__).parents[3] / "examples" / "benxi-2022"


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


# -- a call known from a report


@pytest.fixture
def benxi(db: None) -> Call:
    by = loading.house()
    for _twice in range(2):
        list(loading.load(BENXI, by))
    return Call.objects.get(response__slug="benxi-2022")


def test_the_call_of_the_report_is_loaded_once(benxi: Call) -> None:
    assert (Call.objects.count(), benxi.requirements.count(), Reply.objects.count()) == (1, 4, 9)
    assert [sum(len(r.ask_lines()) for r in benxi.requirements.all()), benxi.answer_by] == [13, None]
    assert {(reply.state, reply.source) for reply in Reply.objects.all()} == {("answered", benxi.source)}
    assert list(ledger.broken()) == []


def test_a_reported_call_claims_no_reach(benxi: Call) -> None:
    by, scope = loading.house(), Scope(Response.objects.get(slug="benxi-2022"))
    assert counted(scope, by) == ["发出倡议1份", "提出要求4项"]
    assert told(scope, by) == [
        ASKED,
        "响应“积极建言献策，助力抗疫”的有：孙玉芝、薛云志。",
        "响应“依托载体活动，倾力奉献”的有：九三学社明山区委员会、九三学社平山支社、九三学社高新区支社、杨扬、吴颖新。",
        "响应“立足岗位实际，履职尽责”的有：周晓婕、匡红。",
    ]


def test_nobody_is_asked_or_reminded_for_a_reported_call(benxi: Call) -> None:
    for name in ("office", "leader", "secretary"):
        person = Person.objects.get(username=name)
        found = asks.awaiting(person, benxi.happened_on)
        assert [one.ask.name for one in found if one.room.name == "calls"] == []
    with pytest.raises(ValidationError, match="按报道补录"):
        actions.chase(benxi, by=Person.objects.get(username="office"))
