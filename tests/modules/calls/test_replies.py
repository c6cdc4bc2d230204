"""The reply of one addressee, and the unit that may report itself done."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests import world
from tests.modules.calls import calling
from tests.world import World
from tongzhou.kernel import ledger
from tongzhou.kernel.models import Person, Unit
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.calls import actions
from tongzhou.modules.calls.models import Answer, Reply
from tongzhou.modules.calls.workflow import ReplyState


def history(reply: Reply) -> list[str]:
    return [ledger.sentence(entry) for entry in ledger.entries(reply)][2:]


def said(reply: Reply) -> list[tuple[str, str, str, str]]:
    rows = Answer.objects.filter(reply=reply)
    return [(one.requirement.name, one.stance, one.text, one.reason) for one in rows.select_related("requirement")]


# -- reading and answering


def test_opening_is_reading_for_the_addressee_alone(cast: World) -> None:
    call = calling.issued(cast)
    for who in (cast.people.sun, cast.people.wang, cast.people.house):
        assert actions.opened(calling.of(call, cast.people.zhao), by=who).state == ReplyState.DELIVERED
    reply = actions.opened(calling.of(call, cast.people.zhao), by=cast.people.zhao)
    assert (reply.state, reply.read_at is not None) == (ReplyState.READ, True)
    assert actions.opened(reply, by=cast.people.zhao).version == reply.version
    assert history(reply) == ["赵社员已读"]


def test_an_answer_may_be_changed_while_the_call_is_out(cast: World) -> None:
    call = calling.issued(cast)
    reply = actions.opened(calling.of(call, cast.people.zhao), by=cast.people.zhao)
    actions.answer(reply, by=cast.people.zhao, answers=calling.both("committed"))
    actions.answer(
        reply, by=cast.people.zhao,
        answers=[
            {"requirement": "obey", "stance": "done", "text": "已测三次"},
            {"requirement": "serve", "stance": "cannot", "reason": "失业"},
        ],
    )  # fmt: skip
    assert said(reply) == [("obey", "done", "已测三次", ""), ("serve", "cannot", "", "失业")]
    assert history(reply) == [
        "赵社员已读",
        "赵社员答复：听从指挥：承诺；倾力奉献：承诺",
        "赵社员答复：听从指挥：已做到（已测三次）；倾力奉献：做不到（失业）",
    ]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([], "请逐项答复，还缺：听从指挥。"),
        ([{"requirement": "obey", "stance": "done"}], "请逐项答复，还缺：倾力奉献。"),
        (calling.both("maybe"), "请逐项答复，还缺：听从指挥。"),
        (calling.both("cannot"), "做不到的，请写明原因：听从指挥。"),
        ([*calling.both(), {"requirement": "fly", "stance": "done"}], "倡议中没有这项要求：fly。"),
    ],
)
def test_an_answer_that_is_not_whole_is_refused(cast: World, answers: list[dict[str, str]], message: str) -> None:
    reply = calling.of(calling.issued(cast), cast.people.zhao)
    with pytest.raises(ValidationError) as refused:
        actions.answer(reply, by=cast.people.zhao, answers=answers)
    assert refused.value.messages == [message]
    assert (Reply.objects.get(pk=reply.pk).state, said(reply)) == (ReplyState.DELIVERED, [])


def test_cannot_without_a_reason_is_refused_by_the_database(cast: World) -> None:
    reply = calling.answered(calling.issued(cast), cast.people.zhao)
    with pytest.raises(IntegrityError):
        Answer.objects.filter(reply=reply).update(stance="cannot")


def test_nobody_answers_in_the_name_of_another(cast: World) -> None:
    reply = calling.of(calling.issued(cast), cast.people.zhao)
    for who in (cast.people.chen, cast.people.sun, cast.people.house):
        with pytest.raises(PermissionDenied):
            actions.answer(reply, by=who, answers=calling.both())


def test_what_was_said_by_word_of_mouth_names_who_put_it_down_and_how_it_is_known(cast: World) -> None:
    old = Person.objects.create(name="无账号", unit=cast.units.branch1, synthetic=True)
    call = calling.issued(cast)
    reply = calling.of(call, old)
    with pytest.raises(ValidationError, match="请写明如何得知"):
        actions.register(reply, by=cast.people.sun, answers=calling.both())
    actions.register(reply, by=cast.people.sun, answers=calling.both(), known="电话")
    assert (reply.state, reply.known, reply.read_at) == (ReplyState.ANSWERED, "电话", None)
    assert [ledger.sentence(e) for e in ledger.entries(reply)] == [
        "钱签发列为答复对象",
        "孙支社代为登记答复（电话）：听从指挥：已做到；倾力奉献：已做到",
    ]


def test_one_who_can_sign_in_is_told_of_words_put_down_for_them(cast: World) -> None:
    reply = calling.of(calling.issued(cast), cast.people.zhao)
    actions.register(reply, by=cast.people.sun, answers=calling.both(), known="电话")
    assert cast.people.zhao.notices.order_by("at").last().text == "孙支社代您登记了对“抗疫倡议”的答复，您可以自行修改。"
    actions.answer(reply, by=cast.people.zhao, answers=calling.both("committed"))
    assert (reply.known, [row[1] for row in said(reply)]) == ("", ["committed", "committed"])


def test_a_secretary_does_not_put_down_words_for_another_branch(cast: World) -> None:
    reply = calling.of(calling.issued(cast), cast.people.wu)
    with pytest.raises(PermissionDenied):
        actions.register(reply, by=cast.people.sun, answers=calling.both(), known="电话")


def test_excusing_needs_a_reason_and_may_be_taken_back(cast: World) -> None:
    reply = calling.of(calling.issued(cast), cast.people.zhao)
    with pytest.raises(ValidationError):
        actions.excuse(reply, by=cast.people.sun)
    actions.excuse(reply, by=cast.people.sun, note="出国")
    actions.restore(reply, by=cast.people.sun, note="已回国")
    assert (reply.state, history(reply)) == (ReplyState.DELIVERED, ["孙支社登记免予答复", "孙支社恢复为待答复"])


def test_one_excused_may_still_answer(cast: World) -> None:
    reply = calling.of(calling.issued(cast), cast.people.zhao)
    actions.excuse(reply, by=cast.people.sun, note="出国")
    assert actions.answer(reply, by=cast.people.zhao, answers=calling.both()).state == ReplyState.ANSWERED


def test_telling_by_word_of_mouth_delivers(cast: World) -> None:
    old = Person.objects.create(name="无账号", unit=cast.units.branch1, synthetic=True)
    reply = calling.of(calling.issued(cast), old)
    assert reply.state == ReplyState.UNDELIVERED
    actions.inform(reply, by=cast.people.sun, note="登门")
    assert (reply.state, reply.delivered_at is not None) == (ReplyState.DELIVERED, True)
    with pytest.raises(OutOfStep):
        actions.inform(reply, by=cast.people.sun)


# -- the unit that reports itself done


def test_a_unit_is_not_done_while_someone_is_missing(cast: World) -> None:
    call = calling.issued(cast)
    unit = calling.of(call, cast.units.branch1)
    calling.answered(call, cast.people.sun)
    with pytest.raises(ValidationError) as refused:
        actions.settle(unit, by=cast.people.sun)
    assert refused.value.messages == ["还有2人未答复，也未说明情况：陈社员、赵社员。请催办、代为登记或登记情况。"]
    calling.answered(call, cast.people.zhao)
    actions.excuse(calling.of(call, cast.people.chen), by=cast.people.sun, note="住院")
    actions.settle(unit, by=cast.people.sun)
    assert (unit.state, history(unit)) == (ReplyState.SETTLED, ["孙支社报告本单位办结，涉及3人"])


def test_a_unit_above_waits_for_the_units_below(cast: World) -> None:
    committee = world.unit("committee", "区委员会", "committee", cast.units.org)
    world.unit("below", "下级支社", "branch", committee)
    call = calling.issued(cast, addressed=[committee])
    with pytest.raises(ValidationError) as refused:
        actions.settle(calling.of(call, committee), by=cast.people.wang)
    assert refused.value.messages == ["下级单位尚未办结：下级支社。"]
    below = call.replies.get(unit__code="below")
    actions.settle(below, by=cast.people.wang)
    assert actions.settle(calling.of(call, committee), by=cast.people.wang).state == ReplyState.SETTLED


def test_a_member_is_not_waited_for_again_in_a_unit_that_is_done(cast: World) -> None:
    call = calling.issued(cast, addressed=[cast.units.branch3])
    member = actions.excuse(calling.of(call, cast.people.wu), by=cast.people.wang, note="出差")
    unit = actions.settle(calling.of(call, cast.units.branch3), by=cast.people.wang)
    with pytest.raises(ValidationError) as refused:
        actions.restore(member, by=cast.people.wang, note="已回")
    assert refused.value.messages == ["第三支社已办结。请先恢复该单位的办理。"]
    actions.reopen(unit, by=cast.people.wang, note="漏了人")
    assert actions.restore(member, by=cast.people.wang, note="已回").state == ReplyState.DELIVERED


def test_members_are_not_settled_and_units_not_excused(cast: World) -> None:
    call = calling.issued(cast)
    with pytest.raises(ValidationError, match="只有单位可以办结"):
        actions.settle(calling.of(call, cast.people.zhao), by=cast.people.sun)
    with pytest.raises(ValidationError, match="单位不能免予答复"):
        actions.excuse(calling.of(call, cast.units.branch1), by=cast.people.sun, note="x")


@pytest.mark.parametrize(("who", "state"), [("zhao", ReplyState.SETTLED), ("branch1", ReplyState.EXCUSED)])
def test_the_database_refuses_it_too(cast: World, who: str, state: str) -> None:
    call = calling.issued(cast)
    found = getattr(cast.people, who, None) or getattr(cast.units, who)
    with pytest.raises(IntegrityError):
        Reply.objects.filter(pk=calling.of(call, found).pk).update(state=state)


# -- whatever is tried


class Trying(RuleBasedStateMachine):
    """A branch of three under a secretary who is one of them: a unit that is done never has a member missing."""

    cast: World
    who = st.integers(0, 2)

    @initialize()
    def begin(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.call = calling.issued(self.cast, addressed=[self.cast.units.branch1])
        self.members = [self.cast.people.zhao, self.cast.people.chen, self.cast.people.sun]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @rule(who=who)
    def answer(self, who: int) -> None:
        self.attempt(actions.answer, self.members[who], by=self.members[who], answers=calling.both())

    @rule(who=who)
    def open(self, who: int) -> None:
        self.attempt(actions.opened, self.members[who], by=self.members[who])

    @rule(who=who, move=st.sampled_from([actions.excuse, actions.restore, actions.inform]))
    def speak_of(self, who: int, move: Callable[..., Reply]) -> None:
        self.attempt(move, self.members[who], by=self.cast.people.sun, note="原因")

    @rule(move=st.sampled_from([actions.settle, actions.reopen]))
    def report(self, move: Callable[..., Reply]) -> None:
        self.attempt(move, self.cast.units.branch1, by=self.cast.people.sun, note="原因")

    @invariant()
    def nobody_is_missing_where_the_unit_is_done(self) -> None:
        missing = [reply.addressee for reply in self.call.replies.filter(person__isnull=False) if reply.is_missing]
        if calling.of(self.call, self.cast.units.branch1).state == ReplyState.SETTLED:
            assert missing == []

    def attempt(self, move: Callable[..., Reply], who: Person | Unit, **more: Any) -> None:
        reply = calling.of(self.call, who)
        before = (reply.state, reply.version)
        try:
            with transaction.atomic():
                move(reply, **more)
        except (OutOfStep, ValidationError):
            again = calling.of(self.call, who)
            assert (again.state, again.version) == before


def test_whatever_is_tried_a_unit_is_done_only_when_nobody_is_missing(cast: World) -> None:
    Trying.cast = cast
    checked = settings(max_examples=12, stateful_step_count=15, deadline=None, derandomize=True)
    run_state_machine_as_test(Trying, settings=settings(checked, suppress_health_check=list(HealthCheck)))
