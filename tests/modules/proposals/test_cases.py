"""A proposal before a conference: admitted, assigned with its clocks, returned, answered, rated, handled again."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.modules.proposals.factory import case, submitted
from tests.world import World
from tongzhou.kernel import alarms, asks, module
from tongzhou.modules.proposals import rules
from tongzhou.modules.proposals.models import Case, Item


def assigned(cast: World, on: date | None = None, **fields: object) -> Case:
    made = case(cast, **fields)
    module.perform(made, "admit", by=cast.people.wang, number="31")
    return module.perform(
        made, "assign", by=cast.people.wang, lead="市卫健委", on=on or timezone.localdate(), cohandlers=["市民政局", "市卫健委", "市民政局"]
    )  # fmt: skip


def test_a_proposal_becomes_a_case_at_a_conference_and_a_submission_elsewhere(cast: World) -> None:
    made = submitted(cast, "cppcc-city", "own-bulletin", kind=Item.Kind.PROPOSAL)
    assert [one.channel for one in made.cases.all()] == ["cppcc-city"]
    assert [one.channel for one in made.submissions.all()] == ["own-bulletin"]


def test_assignment_starts_the_clocks_of_the_rule(cast: World) -> None:
    made, today = assigned(cast), timezone.localdate()
    assert (made.return_by, made.reply_by, made.hard_by, made.rounds) == (
        rules.workdays_after(today, 7), rules.months_after(today, 3), rules.months_after(today, 6), 1,
    )  # fmt: skip
    assert [(one.name, one.due, one.opined_on) for one in made.cohandlers.all()] == [
        ("市民政局", rules.months_after(today, 1), None)
    ]
    module.perform(made, "opine", by=cast.people.wang, cohandler=made.cohandlers.get(), on=today)
    assert made.cohandlers.get().opined_on == today


def test_a_wrong_assignment_is_returned_in_time_or_not_at_all(cast: World) -> None:
    made, today = assigned(cast), timezone.localdate()
    with pytest.raises(ValidationError, match="日期不能早于上一步"):
        module.perform(made, "give_back", by=cast.people.wang, on=today - timedelta(days=1), note="不属本单位职责")
    with pytest.raises(ValidationError, match="退回期限是"):
        module.perform(made, "give_back", by=cast.people.wang, on=today + timedelta(days=30), note="不属本单位职责")
    module.perform(made, "give_back", by=cast.people.wang, on=today, note="不属本单位职责")
    assert (made.state, made.lead, made.reply_by, made.rounds) == ("admitted", "", None, 0)
    module.perform(made, "assign", by=cast.people.wang, lead="市交通局", on=today)
    assert (made.lead, made.rounds, made.cohandlers.count()) == ("市交通局", 1, 0)


def test_the_author_rates_the_reply_and_may_ask_for_another(cast: World) -> None:
    made, today, zhao = assigned(cast, author=cast.people.zhao), timezone.localdate(), cast.people.zhao
    given = {"by": cast.people.wang, "on": today}
    module.perform(made, "answer", result="c", answer="条件不具备。", **given)
    assert [one.ask.name for one in asks.awaiting(zhao, today) if one.room.name == "proposals"] == ["to_rate"]
    module.perform(made, "redo", by=zhao, note="没有时间表")
    assert (made.state, made.satisfaction, made.rounds, made.reply_by) == (
        "assigned",
        "none",
        2,
        rules.months_after(today, 1),
    )
    module.perform(made, "answer", result="b", answer="已列入计划。", **given)
    assert made.satisfaction == ""
    module.perform(made, "rate", by=zhao, satisfaction="fair")
    assert (made.state, made.result, made.satisfaction) == ("closed", "b", "fair")


def test_an_alarm_sounds_a_week_before_the_reply_is_due_and_again_when_it_is_late(cast: World) -> None:
    made = assigned(cast)
    assert made.reply_by is not None

    def told(days: int) -> int:
        day = made.reply_by + timedelta(days=days)
        return alarms.sound(timezone.make_aware(datetime(day.year, day.month, day.day, 12)))

    assert [told(days) for days in (-8, -7, -1, 0, 1, 2)] == [0, 1, 0, 0, 1, 0]


def test_a_case_not_admitted_counts_no_points(cast: World) -> None:
    made = case(cast)
    module.perform(made, "refer", by=cast.people.wang, note="内容重复")
    assert (made.state, Case.objects.get().result) == ("referred", "")
