"""A roster from the draft to its end, proposals, and people put on shifts by hand."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from tests.modules.rosters import staffing
from tests.modules.rosters.staffing import day, fresh, laid, people, post, roster, shifts, staffed
from tests.world import World
from tongzhou.kernel import asks, ledger, module, steps
from tongzhou.kernel.models import Notice, Person
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.rosters import actions
from tongzhou.modules.rosters.models import Duty, Proposal, Roster
from tongzhou.modules.rosters.workflow import DutyState, RosterState, ShiftState


def awaiting(person: Person) -> dict[str, int]:
    return {
        one.ask.name: one.count for one in asks.awaiting(person, timezone.localdate()) if one.room.name == "rosters"
    }


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("at").values_list("text", flat=True))


def test_a_roster_is_laid_out_as_its_posts_ask(cast: World) -> None:
    gate = post(cast, pattern="8h", people=2, skills="医护1")
    later = post(cast, name="北门", happened_on=day(2))  # from the second day on
    made = laid(cast, gate, later, first=1, days=3)
    rows = shifts(made)
    assert (made.state, made.edition, len(rows)) == (RosterState.PROPOSED, "2020-1", 3 * 3 + 2)
    assert [(one.clock, one.people, one.short, one.places) for one in rows[:1]] == [
        ("00:00–08:00", 2, 2, (("医护", 1), ("", 1)))
    ]
    assert {one.unit for one in rows} == {cast.units.branch1}
    assert ledger.sentence(ledger.entries(made).last()) == "王保管开始编排，铺开11个班次"


def test_a_post_stands_in_one_roster_at_a_time(cast: World) -> None:
    gate = post(cast)
    first = laid(cast, gate, days=3)
    with pytest.raises(ValidationError, match="已经排在“三月值守”里"):
        laid(cast, gate, first=3, days=2)
    module.perform(first, "discard", by=cast.people.wang, note="重排")
    assert len(shifts(laid(cast, gate, first=3, days=2))) == 2
    assert set(first.shifts.values_list("state", flat=True)) == {ShiftState.CANCELLED}


def test_posts_of_others_are_not_planned(cast: World) -> None:
    with pytest.raises(ValidationError, match="不属于第一支社"):
        roster(cast, post(cast, cast.units.branch3))
    with pytest.raises(PermissionDenied):
        module.perform(roster(cast, post(cast)), "lay", by=cast.people.sun)


def test_publishing_tells_everyone_once_and_only_then_are_duties_theirs(cast: World) -> None:
    zhao = cast.people.zhao
    staffing.crew(cast, zhao)
    made = laid(cast, post(cast), days=3)
    actions.duties.put_many(made, [(one, zhao) for one in shifts(made)[::2]], by=cast.people.wang)
    assert (awaiting(zhao), told(zhao)) == ({}, [])
    module.perform(made, "publish", by=cast.people.wang)
    assert told(zhao) == ["“三月值守”已公布，请查看您的值班。"]
    assert awaiting(zhao) == {"my_duty": 1}  # the one of tomorrow
    assert awaiting(cast.people.wang)["gaps"] == 1
    assert ledger.sentence(ledger.entries(made).last()) == "王保管公布排班，1人值守2人次，尚缺1人次"
    with pytest.raises(ValidationError):
        module.perform(laid(cast, post(cast, name="空岗")), "publish", by=cast.people.wang)


def test_a_stand_in_mends_a_gap_and_a_rule_set_aside_needs_a_reason(cast: World) -> None:
    a, b = people(cast, "甲", "乙")
    made = laid(cast, post(cast), days=3)
    staffed(cast, made, a)
    second = shifts(made)[1]
    with pytest.raises(ValidationError, match="长班之后休息不够：0，至少 24 小时"):
        actions.duties.put(second, a, by=cast.people.wang)
    duty = actions.duties.put(second, b, by=cast.people.wang)
    second.refresh_from_db()
    assert (second.short, duty.state, told(b)) == (0, DutyState.PLANNED, [f"请您值班：{second}。"])
    third = shifts(made)[2]
    kept = actions.duties.put(third, b, by=cast.people.wang, reason="无人可换")
    assert ledger.sentence(ledger.entries(kept).first()) == "王保管安排乙值班，原因：无人可换"


def test_nobody_is_put_in_two_places_whatever_the_reason(cast: World) -> None:
    (a,) = people(cast, "甲")
    made = laid(cast, post(cast), post(cast, name="北门"), days=1)
    one, other = shifts(made)
    actions.duties.put(one, a, by=cast.people.wang)
    with pytest.raises(ValidationError, match="同一时间另有值班"):
        actions.duties.put(other, a, by=cast.people.wang, reason="无人可换")
    with pytest.raises(ValidationError, match="同一时间另有值班"):
        actions.duties.put(one, a, by=cast.people.wang, reason="再来一次")
    assert Duty.objects.count() == 1


def test_a_place_for_a_medic_is_empty_until_a_medic_stands_there(cast: World) -> None:
    (plain,) = people(cast, "甲")
    (medic,) = people(cast, "乙", skills="医护")
    made = laid(cast, post(cast, people=2, skills="医护1"), days=1)
    (row,) = shifts(made)
    actions.duties.put(row, plain, by=cast.people.wang)
    row.refresh_from_db()
    assert row.short == 1
    other = people(cast, "丙")[0]
    with pytest.raises(ValidationError, match="没有所需技能"):
        actions.duties.put(row, other, by=cast.people.wang)
    stand_in = actions.duties.put(row, other, by=cast.people.wang, reason="医护轮休")
    row.refresh_from_db()
    assert (row.short, stand_in.stands_in) == (0, "医护")  # the head answers for it, and the ledger says why
    module.perform(stand_in, "take_away", by=cast.people.wang)
    row.refresh_from_db()
    actions.duties.put(row, medic, by=cast.people.wang)
    row.refresh_from_db()
    assert row.short == 0


def test_taking_away_excusing_and_missing_open_the_place_again(cast: World) -> None:
    names = people(cast, "甲", "乙", "丙")
    made = laid(cast, post(cast), first=-1, days=3)  # yesterday, today, tomorrow
    duties = staffed(cast, made, *names)
    module.perform(duties[0], "miss", by=cast.people.wang, note="未到")
    module.perform(duties[2], "excuse", by=cast.people.wang, note="发热")
    assert [one.short for one in shifts(made)] == [1, 0, 1]
    with pytest.raises(ValidationError):
        module.perform(fresh(duties[1])[0], "miss", by=cast.people.wang)  # a reason is compulsory
    module.perform(fresh(duties[1])[0], "take_away", by=cast.people.wang)
    assert [one.short for one in shifts(made)] == [1, 1, 1]


def test_a_duty_to_come_can_be_neither_confirmed_nor_missed(cast: World) -> None:
    (duty,) = staffed(cast, laid(cast, post(cast), days=1), *people(cast, "甲"))
    for move in ("confirm", "miss", "sign_in_by_hand"):
        with pytest.raises(ValidationError, match="还没有开始"):
            module.perform(duty, move, by=cast.people.wang, note="提前")


def test_a_roster_closes_when_all_is_known(cast: World) -> None:
    made = laid(cast, post(cast), first=-2, days=2)
    one, other = staffed(cast, made, *people(cast, "甲", "乙"))
    with pytest.raises(ValidationError, match="还有 2 人次"):
        module.perform(made, "close", by=cast.people.wang)
    module.perform(one, "confirm", by=cast.people.wang)
    module.perform(other, "miss", by=cast.people.wang, note="未到")
    module.perform(made, "close", by=cast.people.wang)
    assert ledger.sentence(ledger.entries(made).last()) == "王保管结束排班：已值1人次，缺岗1人次"


def test_parts_of_something_larger_are_not_made_by_themselves(cast: World) -> None:
    """The code at the door cannot be passed by posting the move."""
    made = laid(cast, post(cast), first=0, days=1)
    (duty,) = staffed(cast, made, *people(cast, "甲"))
    for move in ("sign_in", "replace"):
        with pytest.raises(ValidationError, match="相应的页面"):
            module.perform(duty, move, by=duty.person)


# -- proposals


def proposed(cast: World, made: Roster) -> Proposal:
    found = actions.planning.propose(made, by=cast.people.wang, key=uuid4(), seconds=20)
    assert actions.planning.work(str(found.pk)) == "done"
    found.refresh_from_db()
    return found


def test_a_proposal_fills_what_is_empty_and_leaves_who_is_there(cast: World) -> None:
    a, b = people(cast, "甲", "乙")
    (medic,) = people(cast, "丙", skills="医护")
    made = laid(cast, post(cast, pattern="custom", custom="00:00-13:00\n13:00-00:00", people=2, skills="医护1"), days=1)
    first, second = shifts(made)
    actions.duties.put(first, a, by=cast.people.wang)
    found = proposed(cast, made)
    assert (found.result["status"], found.bound, found.value) == (
        "optimal",
        found.value,
        11_000 + found.result["unfair"],
    )
    assert sorted(found.result["pairs"]) == sorted([[str(first.pk), str(medic.pk)], [str(second.pk), str(b.pk)]])
    (short,) = found.result["unmet"]
    assert (short["shift"], short["skill"], short["number"]) == (str(second.pk), "医护", 1)
    assert dict(short["why"]) == {"skill": 2, "rest": 1}
    assert told(cast.people.wang)[-1] == "“三月值守”的编排方案已算好，请查看。"
    assert awaiting(cast.people.wang) == {"to_adopt": 1}
    actions.planning.adopt(found, by=cast.people.wang)
    assert [one.short for one in shifts(made)] == [0, 1]
    assert set(Duty.objects.filter(roster=made).values_list("person__name", flat=True)) == {"甲", "乙", "丙"}


def test_a_proposal_is_asked_for_once_worked_out_once_and_adopted_once(cast: World) -> None:
    people(cast, "甲", "乙")
    made = laid(cast, post(cast), days=2)
    key = uuid4()
    first = actions.planning.propose(made, by=cast.people.wang, key=key)
    assert {actions.planning.propose(made, by=cast.people.wang, key=other).pk for other in (key, uuid4())} == {first.pk}
    assert [actions.planning.work(str(first.pk)) for _n in range(2)] == ["done", ""]
    first.refresh_from_db()
    actions.planning.adopt(first, by=cast.people.wang)
    with pytest.raises(ValidationError, match="已采用"):
        actions.planning.adopt(first, by=cast.people.wang)
    assert Duty.objects.filter(roster=made).count() == 2


def test_a_killed_worker_is_relieved_and_a_living_one_is_not(cast: World) -> None:
    people(cast, "甲")
    found = actions.planning.propose(laid(cast, post(cast), days=1), by=cast.people.wang, key=uuid4())
    Proposal.objects.update(state=Proposal.State.RUNNING, beat_at=timezone.now())
    assert actions.planning.work(str(found.pk)) == ""
    Proposal.objects.update(beat_at=timezone.now() - timedelta(minutes=1))
    assert actions.planning.work(str(found.pk)) == "done"


def test_a_task_that_is_run_again_takes_over_at_once(cast: World) -> None:
    """The house gives a task to another worker only when the first is gone."""
    people(cast, "甲")
    found = actions.planning.propose(laid(cast, post(cast), days=1), by=cast.people.wang, key=uuid4())
    Proposal.objects.update(state=Proposal.State.RUNNING, beat_at=timezone.now())
    assert actions.planning.work(str(found.pk), again=True) == "done"


def test_a_proposal_gives_way_to_what_happened_since(cast: World) -> None:
    a, b = people(cast, "甲", "乙")
    made = laid(cast, post(cast), days=2)
    found = proposed(cast, made)
    actions.duties.put(shifts(made)[0], a, by=cast.people.wang)
    with pytest.raises(ValidationError, match="排班有了改动"):
        actions.planning.adopt(found, by=cast.people.wang)
    found = proposed(cast, made)
    assert found.result["pairs"] == [[str(shifts(made)[1].pk), str(b.pk)]]
    crew = staffing.Crew.objects.get(person=b)
    actions.crew.wish(crew, by=b, first=day(1), last=day(2), wishes={day(2): "cannot"})
    with pytest.raises(ValidationError, match="人员的情况有了改动"):
        actions.planning.adopt(found, by=cast.people.wang)


def test_only_whoever_plans_asks_stops_and_adopts(cast: World) -> None:
    people(cast, "甲")
    made = laid(cast, post(cast), days=1)
    with pytest.raises(PermissionDenied):
        actions.planning.propose(made, by=cast.people.sun, key=uuid4())
    found = proposed(cast, made)
    for act in (actions.planning.stop, actions.planning.adopt, actions.planning.drop):
        with pytest.raises(PermissionDenied):
            act(found, by=cast.people.sun)
    found.refresh_from_db()
    assert found.state == Proposal.State.DONE


def test_clearing_takes_everyone_away_and_the_planner_may_put_them_back(cast: World) -> None:
    people(cast, "甲", "乙")
    made = laid(cast, post(cast), days=2)
    actions.planning.adopt(proposed(cast, made), by=cast.people.wang)
    module.perform(Roster.objects.get(pk=made.pk), "clear", by=cast.people.wang, note="重来")
    assert [one.short for one in shifts(made)] == [1, 1]
    actions.planning.adopt(proposed(cast, made), by=cast.people.wang)
    assert [one.short for one in shifts(made)] == [0, 0]
    assert list(ledger.broken()) == []


def test_wishes_are_ones_own_and_asked_for_until_given(cast: World) -> None:
    zhao = cast.people.zhao
    mine = staffing.crew(cast, zhao)
    made = roster(cast, post(cast), days=3, wishes_by=day(0))
    assert (awaiting(zhao), told(zhao)) == ({"to_wish": 1}, [f"请于{day(0)}前填报“三月值守”的值班意愿。"])
    with pytest.raises(ValidationError):
        actions.crew.wish(mine, by=cast.people.wang, first=day(0), last=day(3), wishes={})
    actions.crew.wish(mine, by=zhao, first=day(0), last=day(3), wishes={day(1): "cannot", day(9): "rather"})
    assert (awaiting(zhao), list(mine.wishes.values_list("day", "kind"))) == ({}, [(day(1), "cannot")])
    module.perform(made, "lay", by=cast.people.wang)
    with pytest.raises(ValidationError, match="本人填报不能值"):
        actions.duties.put(shifts(made)[0], zhao, by=cast.people.wang)


def test_a_duty_handed_over_from_another_room_is_a_draft(cast: World) -> None:
    source = post(cast, name="东门要人")
    made = actions.rosters.accept_duty(source, by=cast.people.wang)
    assert (made.name, made.state, made.unit, made.first_on, made.last_on) == (
        "东门要人",
        "draft",
        cast.units.branch1,
        day(0),
        day(6),
    )
    with pytest.raises(PermissionDenied):
        actions.rosters.accept_duty(source, by=cast.people.sun)


def test_an_old_copy_of_a_roster_is_out_of_step(cast: World) -> None:
    people(cast, "甲")
    made = laid(cast, post(cast), days=1)
    stale = Roster.objects.select_related("unit", "response").get(pk=made.pk)
    steps.note(made, "note", by=cast.people.wang, said="看过")
    with pytest.raises(OutOfStep):
        module.perform(stale, "discard", by=cast.people.wang, note="旧页")
