"""A drill from the draft to its end: what is refused, what is told to whom, what the clock keeps."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.modules.drills import drilling
from tests.world import World
from tongzhou.kernel import asks, handoff, ledger
from tongzhou.kernel.alarms import sound
from tongzhou.kernel.models import Notice
from tongzhou.kernel.models.base import Brief
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.drills import actions, queries
from tongzhou.modules.drills.models import Drill, Inject
from tongzhou.modules.drills.workflow import DrillState


def at(drill: Drill, minutes: float) -> datetime:
    assert drill.begun_at is not None
    return drill.begun_at + timedelta(minutes=minutes)


def told(person: Any) -> list[str]:
    return [notice.text for notice in Notice.objects.filter(person=person).order_by("at", "pk")]


def awaiting(person: Any) -> dict[str, int]:
    found = asks.awaiting(type(person).objects.get(pk=person.pk), timezone.localdate())
    return {one.ask.name: one.count for one in found if one.room.name == "drills"}


# -- until it begins


def test_a_draft_comes_with_the_script_of_its_scenario(cast: World) -> None:
    drill = drilling.draft(cast)
    assert [(one.number, one.minute) for one in drill.injects.all()] == [
        (1, 0),
        (2, 3),
        (3, 8),
        (4, 15),
        (5, 30),
        (6, 35),
    ]
    assert [(one.code, one.limit, one.starts, one.ends) for one in drill.targets.all()] == [
        ("apart", 600, 1, 2), ("report", 7200, 1, 3), ("transport", 3600, 3, 5), ("reopen", 1800, 6, 6),
    ]  # fmt: skip
    heads = [(one.name, one.unit, one.people) for one in drill.participants.all()]
    assert heads == [("东街道", cast.units.street1, 12), ("市医院", None, 3)]
    assert awaiting(cast.people.feng) == {"arrange": 1}


def test_a_scenario_of_ones_own_begins_empty(cast: World) -> None:
    drill = drilling.draft(cast, scenario="other")
    assert (drill.injects.count(), drill.targets.count()) == (0, 0)


def test_the_lead_cannot_be_an_evaluator(cast: World) -> None:
    with pytest.raises(ValidationError, match="不能同时是评估人"):
        drilling.draft(cast, evaluators=[cast.people.feng])
    assert Drill.objects.count() == 0


def test_scheduling_says_everything_that_is_missing(cast: World) -> None:
    bare = drilling.draft(
        cast, scenario="other", kind="", place="", begins_at=None, lead=None, evaluators=[], participants=""
    )
    with pytest.raises(ValidationError) as refused:
        actions.schedule(bare, by=cast.people.feng)
    assert refused.value.messages == [
        "还缺：演练日期和开始时刻、地点、形式、演练负责人、评估人、参演单位和人数、脚本中的注入。请补齐后再安排。"
    ]
    unable = drilling.draft(cast, evaluators=[cast.people.chen])
    with pytest.raises(ValidationError, match="陈社员不能评估"):
        actions.schedule(unable, by=cast.people.feng)
    past = drilling.draft(cast, happened_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(ValidationError, match="日期已经过去"):
        actions.schedule(past, by=cast.people.feng)


def test_scheduling_tells_everyone_named_and_a_change_tells_them_again(cast: World) -> None:
    drill = drilling.scheduled(cast, happened_on=date(2099, 5, 4))
    du = drilling.someone(cast)
    asked = "请参加演练“发热旅客到达卡口”：2099-05-04 09:30，地点：东桥卡口。"
    assert {person.username: told(person) for person in (cast.people.feng, du, cast.people.chen, cast.people.zhao)} == {
        "feng": [asked], "du": [asked], "chen": [asked], "zhao": [],
    }  # fmt: skip
    assert (awaiting(cast.people.chen), awaiting(du)) == ({"attend": 1}, {"attend": 1})
    drill.refresh_from_db()
    changes = {"begins_at": time(14, 0)}
    named = {"participants": "东街道 12人\n市医院 3人", "evaluators": [du], "people": [cast.people.chen]}
    actions.amend(drill, by=cast.people.feng, version=drill.version, changes=changes, **named)
    assert told(cast.people.chen)[1:] == ["演练“发热旅客到达卡口”改为2099-05-04 14:00，地点：东桥卡口。"]
    actions.cancel(drill, by=cast.people.feng, note="当日有真实任务")
    assert told(cast.people.chen)[2:] == ["演练“发热旅客到达卡口”（2099-05-04 14:00）已取消。"]


def test_a_scheduled_drill_cannot_be_left_without_evaluator(cast: World) -> None:
    drill = drilling.scheduled(cast)
    with pytest.raises(ValidationError, match="评估人"):
        actions.amend(drill, by=cast.people.feng, version=drill.version, changes={}, evaluators=[], people=[])
    assert drill.evaluators.count() == 1


def test_the_script_is_sorted_and_targets_follow(cast: World) -> None:
    drill = drilling.draft(cast)
    injects = [
        {"place": 1, "minute": 9, "to": "点长", "text": "报告", "expected": ""},
        {"place": 2, "minute": 0, "to": "点长", "text": "指令", "expected": ""},
    ]
    targets = [
        {"name": "到报告", "limit": 60, "starts": 2, "ends": 1, "basis": "", "code": "apart"},
        {"name": "手动", "limit": 60, "starts": None, "ends": None, "basis": "", "code": ""},
    ]
    actions.set_script(drill, by=cast.people.feng, version=drill.version, injects=injects, targets=targets)
    assert [(one.number, one.minute, one.text) for one in drill.injects.all()] == [(1, 0, "指令"), (2, 9, "报告")]
    assert [(one.code, one.starts, one.ends) for one in drill.targets.all()] == [("apart", 1, 2), ("t1", None, None)]
    with pytest.raises(OutOfStep):
        actions.set_script(drill, by=cast.people.feng, version=drill.version - 1, injects=injects, targets=targets)
    with pytest.raises(PermissionDenied):
        actions.set_script(drill, by=drilling.someone(cast), version=drill.version, injects=injects, targets=targets)
    wrong = [targets[0] | {"starts": 7}]
    with pytest.raises(ValidationError, match="第 7 条注入不存在"):
        actions.set_script(drill, by=cast.people.feng, version=drill.version, injects=injects, targets=wrong)
    assert drill.injects.count() == 2


def test_the_script_stands_once_the_drill_has_begun(cast: World) -> None:
    drill = drilling.running(cast)
    with pytest.raises(OutOfStep):
        actions.set_script(drill, by=cast.people.feng, version=drill.version, injects=[], targets=[])


# -- while it runs


def test_injects_start_and_reactions_stop_the_targets(cast: World) -> None:
    drill = drilling.running(cast)
    by = cast.people.feng
    actions.release(drill, by=by, number=1, at=at(drill, 0))
    actions.release(drill, by=by, number=2, at=at(drill, 3))
    actions.observe(drill, by=by, number=2, at=at(drill, 12))
    actions.release(drill, by=by, number=3, at=at(drill, 13))
    actions.observe(drill, by=by, number=3, at=at(drill, 20))
    assert [(one.code, one.used, one.timing.met) for one in drill.targets.all()] == [
        ("apart", 720, False), ("report", 1200, True), ("transport", None, None), ("reopen", None, None),
    ]  # fmt: skip
    said = [ledger.sentence(entry) for entry in ledger.entries(drill)]
    assert said[-5:] == [
        "冯指挥在第0分发出第1条注入：驾驶员体温37.8℃，健康码绿码，行程卡带星。", "冯指挥在第3分发出第2条注入：复测37.9℃。",
        "冯指挥在第12分看到第2条注入的反应：按预期反应", "冯指挥在第13分发出第3条注入：向卫生健康部门报告，请求转运。",
        "冯指挥在第20分看到第3条注入的反应：按预期反应",
    ]  # fmt: skip


def test_a_second_tap_changes_nothing(cast: World) -> None:
    drill = drilling.running(cast)
    by = cast.people.feng
    assert actions.release(drill, by=by, number=1, at=at(drill, 1)) is True
    version = drill.version
    assert actions.release(drill, by=by, number=1, at=at(drill, 2)) is False
    assert actions.observe(drill, by=by, number=2, at=at(drill, 2)) is False  # not sent yet
    assert actions.observe(drill, by=by, number=1, at=at(drill, 3)) is True
    assert actions.observe(drill, by=by, number=1, outcome="differed", at=at(drill, 4)) is False
    inject = drill.injects.get(number=1)
    assert (inject.released_at, inject.observed_at, inject.outcome) == (at(drill, 1), at(drill, 3), "expected")
    assert drill.version == version + 1


def test_a_target_is_timed_by_hand(cast: World) -> None:
    drill = drilling.running(cast)
    by = cast.people.feng
    assert actions.stop_target(drill, by=by, number=4) is False
    assert actions.start_target(drill, by=by, number=4, at=at(drill, 1)) is True
    assert actions.start_target(drill, by=by, number=4, at=at(drill, 2)) is False
    assert actions.stop_target(drill, by=by, number=4, at=at(drill, 6.5)) is True
    assert drill.targets.get(number=4).used == 330
    assert ledger.sentence(ledger.entries(drill).reverse()[0]) == "冯指挥停止计时：交接完成到恢复通行，用时 5:30"


@pytest.mark.parametrize("state", ["scheduled", "ended", "done"])
def test_taps_outside_the_drill_are_out_of_step(cast: World, state: str) -> None:
    drill = getattr(drilling, state)(cast)
    for tap in (actions.release, actions.observe, actions.start_target, actions.stop_target):
        with pytest.raises(OutOfStep):
            tap(drill, by=cast.people.feng, number=3)


def test_only_who_runs_it_taps(cast: World) -> None:
    """The lead and the evaluators without a role of their own; not who is merely called."""
    lead = drilling.someone(cast, "lead", "", cast.units.street1)
    drill = drilling.running(cast, lead=lead)
    assert actions.release(drill, by=lead, number=1) is True
    assert actions.observe(drill, by=drilling.someone(cast), number=1) is True
    with pytest.raises(PermissionDenied):
        actions.release(drill, by=cast.people.chen, number=2)
    with pytest.raises(ValidationError, match="没有第 99 条注入"):
        actions.release(drill, by=lead, number=99)


def test_a_time_is_put_right_with_a_reason_and_its_targets_follow(cast: World) -> None:
    drill = drilling.running(cast)
    by = cast.people.feng
    actions.release(drill, by=by, number=1, at=at(drill, 0))
    actions.release(drill, by=by, number=2, at=at(drill, 0.5))
    actions.observe(drill, by=by, number=2, at=at(drill, 0.8))
    kept = {"released_at": at(drill, 0.5), "outcome": "differed", "seen": "引导错了方向"}
    with pytest.raises(ValidationError, match="请写明原因"):
        actions.correct_inject(drill, by=by, number=2, observed_at=at(drill, 0.9), **kept)
    with pytest.raises(ValidationError, match="不能早于发出时间"):
        actions.correct_inject(drill, by=by, number=2, observed_at=at(drill, 0.1), note="补记", **kept)
    with pytest.raises(ValidationError, match="不在演练过程之内"):
        actions.correct_inject(drill, by=by, number=2, observed_at=at(drill, 90), note="补记", **kept)
    actions.correct_inject(drill, by=by, number=2, observed_at=at(drill, 0.9), note="按手表补记", **kept)
    assert drill.targets.get(code="apart").used == 54
    inject = drill.injects.get(number=2)
    assert (inject.observed_at, inject.outcome, inject.seen) == (at(drill, 0.9), "differed", "引导错了方向")
    entry = ledger.entries(drill).reverse()[0]
    assert (entry.verb, entry.note, "→" in entry.data["observed"], entry.data["outcome"]) == (
        "correct",
        "按手表补记",
        True,
        "未按预期",
    )
    actions.correct_inject(drill, by=by, number=2, released_at=at(drill, 0.5), observed_at=None, note="看错了")
    assert drill.targets.get(code="apart").used is None
    assert list(ledger.broken()) == []


def test_an_inject_unsent_after_all_leaves_its_targets_unmeasured(cast: World) -> None:
    drill = drilling.running(cast)
    by = cast.people.feng
    actions.release(drill, by=by, number=6, at=at(drill, 0.1))
    actions.observe(drill, by=by, number=6, at=at(drill, 0.2))
    actions.correct_inject(drill, by=by, number=6, released_at=None, observed_at=None, note="误触")
    target = drill.targets.get(code="reopen")
    assert (target.started_at, target.stopped_at, target.used) == (None, None, None)


def test_a_time_stated_at_the_table_needs_its_reason(cast: World) -> None:
    drill = drilling.ended(cast)
    by = drilling.someone(cast)
    with pytest.raises(ValidationError, match="请写明原因"):
        actions.correct_target(drill, by=by, number=3, used=1500)
    actions.correct_target(drill, by=by, number=3, used=1500, score=85, remark="路线熟", note="按口述")
    target = drill.targets.get(number=3)
    assert (target.used, target.timing.met, target.score, target.remark) == (1500, True, 85, "路线熟")
    assert ledger.sentence(ledger.entries(drill).reverse()[0]) == "du某更正指标“请求转运到交接完成”的用时：— → 25:00"
    actions.correct_target(drill, by=by, number=3, used=None, score=85, remark="路线熟", note="没有练到")
    assert drill.targets.get(number=3).used is None


# -- afterwards


def test_another_person_than_the_lead_evaluates(cast: World) -> None:
    drill = drilling.ended(cast)
    du = drilling.someone(cast)
    assert awaiting(du) == {"evaluate": 1}
    with pytest.raises(ValidationError, match="不能评估自己负责的演练"):
        actions.evaluate(drill, by=cast.people.feng, evaluation="很好")
    with pytest.raises(ValidationError, match="请写评估意见"):
        actions.evaluate(drill, by=du, evaluation=" ")
    actions.evaluate(drill, by=du, evaluation="有序")
    assert (drill.state, drill.evaluated_by, drill.evaluation) == (DrillState.DONE, du, "有序")
    assert ledger.sentence(ledger.entries(drill).reverse()[0]) == "du某完成评估：达标1项，超时0项，未测3项"
    with pytest.raises(OutOfStep):
        actions.correct_target(drill, by=du, number=3, used=60, note="再改")


def test_a_drill_closes_when_no_finding_is_open(cast: World) -> None:
    drill = drilling.done(cast)
    assert awaiting(cast.people.feng) == {"close": 1}
    finding = drilling.found(drill, cast)
    assert awaiting(cast.people.feng) == {}
    with pytest.raises(ValidationError, match="还有1个问题没有销号"):
        actions.close(drill, by=cast.people.feng)
    actions.rectify(finding, by=cast.people.chen, done="已设通道")
    with pytest.raises(ValidationError, match="还有1个问题没有销号"):
        actions.close(drill, by=cast.people.feng)
    actions.passed(finding, by=drilling.someone(cast))
    actions.close(drill, by=cast.people.feng)
    assert drill.state == DrillState.CLOSED
    with pytest.raises(ValidationError, match="还未办结"):
        drilling.found(drill, cast)


def test_run_again_is_the_next_of_the_series_without_what_was_measured(cast: World) -> None:
    drill, key = drilling.done(cast), uuid4()
    made = [actions.again(drill, by=cast.people.feng, key=key) for _twice in range(2)]
    again = Drill.objects.get(pk=key)
    assert (made[0].pk, made[1].pk, again.series, again.state, again.begun_at) == (
        key,
        key,
        drill.series,
        "draft",
        None,
    )
    assert [(one.code, one.limit, one.used) for one in again.targets.all()] == [
        (one.code, one.limit, None) for one in drill.targets.all()
    ]
    assert [(one.text, one.released_at) for one in again.injects.all()] == [
        (one.text, None) for one in drill.injects.all()
    ]
    assert (list(again.evaluators.all()), again.heads(), again.lead) == ([drilling.someone(cast)], 15, cast.people.feng)
    assert [one.pk for one in queries.in_series(drill, cast.people.feng)] == [drill.pk]
    with pytest.raises(OutOfStep):
        actions.again(drilling.draft(cast), by=cast.people.feng, key=uuid4())


def test_what_was_held_elsewhere_is_recorded_as_held(cast: World) -> None:
    fields = {
        "source": "区卫健局月报",
        "happened_on": date(2022, 3, 9),
        "lead": None,
        "begins_at": None,
        "evaluators": [],
        "people": [],
    }
    drill = drilling.draft(cast, **fields)
    assert (drill.state, drill.is_reported, drill.injects.count(), drill.heads()) == (DrillState.DONE, True, 0, 15)
    assert awaiting(cast.people.feng) == {"practise": 1}  # long ago, and nothing planned
    with pytest.raises(ValidationError, match="不能在今天之后"):
        drilling.draft(cast, **fields | {"happened_on": timezone.localdate() + timedelta(days=1)})


def test_what_is_overdue_to_be_practised_is_asked_for_until_it_is_planned(cast: World) -> None:
    day = timezone.localdate()
    for days in (91, 200):
        drilling.draft(cast, source="月报", happened_on=day - timedelta(days=days), lead=None)
    drilling.draft(cast, source="月报", scenario="zone", happened_on=day - timedelta(days=91), lead=None)
    assert awaiting(cast.people.feng) == {"practise": 1}
    practised = {
        one.name: (one.last, one.is_overdue) for one in queries.practices(cast.response, cast.people.feng, day)
    }
    assert practised == {
        "testing": (None, True), "zone": (day - timedelta(days=91), False), "fever": (day - timedelta(days=91), True),
        "system": (None, True),
    }  # fmt: skip
    drilling.draft(cast)
    assert awaiting(cast.people.feng) == {"arrange": 1}


def test_a_plan_handed_over_becomes_a_draft(cast: World) -> None:
    """Any record will do as the source: what the room needs is in its brief."""
    source = drilling.done(cast, cast.units.street1)
    source.brief = lambda: Brief("卡口处置预案", "一辆外地车驶入", date(2099, 6, 1))
    made = handoff.hand_over(source, "drill", by=cast.people.feng)
    assert isinstance(made, Drill)
    assert (made.name, made.plan, made.setting, made.happened_on, made.state, made.unit) == (
        "卡口处置预案演练", "卡口处置预案", "一辆外地车驶入", date(2099, 6, 1), "draft", cast.units.street1,
    )  # fmt: skip
    assert handoff.hand_over(source, "drill", by=cast.people.feng).pk == made.pk
    with pytest.raises(PermissionDenied):
        actions.accept(drilling.running(cast), by=cast.people.chen)


def test_a_drill_is_announced_once_within_the_hour(cast: World) -> None:
    drill = drilling.scheduled(cast)
    begins = drill.starts_at
    assert begins is not None
    Notice.objects.all().delete()
    assert sound(begins - timedelta(minutes=61)) == 0
    assert [sound(begins - timedelta(minutes=minutes)) for minutes in (60, 10)] == [3, 0]
    assert told(cast.people.chen) == ["演练“发热旅客到达卡口”09:30开始，地点：东桥卡口。"]


def test_every_state_of_an_inject_is_held_by_the_database(cast: World) -> None:
    drill = drilling.running(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inject.objects.filter(drill=drill, number=1).update(observed_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Drill.objects.filter(pk=drill.pk).update(evaluated_by=cast.people.feng)
