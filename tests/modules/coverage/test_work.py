"""Lists merged, taps counted once, undone, received in bulk; the past derived again; reasons; who may."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.modules.coverage.factory import document, excuse, named, roll, subject
from tests.world import World
from tongzhou.kernel import asks, handoff, module, seal
from tongzhou.kernel.models import Entry
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.coverage import actions, queries, rules
from tongzhou.modules.coverage.actions.evidence import Proof
from tongzhou.modules.coverage.models import Evidence, Excuse, Listing, Roll, Subject

TODAY = timezone.localdate
Counting = Callable[[int], Any]


def days(n: int) -> timedelta:
    return timedelta(days=n)


def listing(row: Roll) -> Listing:
    return Listing.objects.select_related("subject").get(roll=row)


def overdue(cast: World, code: str = "order-2", **fields: Any) -> Roll:
    """Begun five days ago, nothing done."""
    return roll(cast, **{"begins_on": TODAY() - days(5), "group": code} | fields)


def test_the_same_person_on_two_lists_is_one_and_is_reached_once(cast: World) -> None:
    house, line = cast.people.house, named(cast.units.branch1, document="id", number=document(1))
    first, second = overdue(cast), overdue(cast, "order-7", begins_on=TODAY() - days(9))
    assert actions.rolls.add(first, [line, line], by=house) == (1, 0)
    again = named(cast.units.branch1, "李四（另写）", document="id", number=document(1).lower())
    assert actions.rolls.add(second, [again], by=house) == (1, 1)
    assert Subject.objects.count() == 1
    whom = Subject.objects.get()
    assert list(queries.to_reach(cast.people.sun, TODAY())) == [whom]
    row, new = actions.evidence.add(whom, "tested", by=cast.people.sun, key=uuid4())
    assert (new, row.served) == (True, 2)
    assert sorted(one.saved for one in Listing.objects.all()) == [0, 1]
    assert {one.next_due for one in Listing.objects.all()} == {TODAY() + days(2), TODAY() + days(7)}
    assert list(queries.to_reach(cast.people.sun, TODAY())) == []


def test_a_list_filled_again_with_the_same_people_changes_nothing(cast: World) -> None:
    made, line = roll(cast), named(cast.units.branch1)
    assert actions.rolls.add(made, [line], by=cast.people.house) == (1, 0)
    assert actions.rolls.add(made, [line], by=cast.people.house) == (0, 0)
    assert (Subject.objects.count(), Listing.objects.count()) == (1, 1)


def test_people_without_a_document_are_known_by_name_and_telephone(cast: World) -> None:
    made, phone = roll(cast), "10000000009"
    lines = [
        named(cast.units.branch1, name, document="none", number="", phone=phone) for name in ("张三", "张 三", "张小三")
    ]
    assert actions.rolls.add(made, lines, by=cast.people.house) == (2, 0)


def test_a_tap_sent_twice_counts_once_and_is_of_one_person(cast: World) -> None:
    whom, other, key = subject(cast), subject(cast), uuid4()
    sun = cast.people.sun
    first, new = actions.evidence.add(whom, "tested", by=sun, key=key)
    assert (actions.evidence.add(whom, "tested", by=sun, key=key), new) == ((first, False), True)
    assert Evidence.objects.count() == 1
    with pytest.raises(ValidationError):
        actions.evidence.add(other, "tested", by=sun, key=key)


def test_a_slip_is_undone_by_another_row_and_the_person_is_due_again(cast: World) -> None:
    one, two = overdue(cast), overdue(cast, "order-3")
    line = named(cast.units.branch1)
    for made in (one, two):
        actions.rolls.add(made, [line], by=cast.people.house)
    before = sorted(Listing.objects.values_list("roll", "last_on", "next_due", "saved"))
    row, _new = actions.evidence.add(Subject.objects.get(), "tested", by=cast.people.sun, key=uuid4())
    assert sorted(Listing.objects.values_list("roll", "last_on", "next_due", "saved")) != before
    undone, new = actions.evidence.undo(row, by=cast.people.sun, key=uuid4())
    assert (new, actions.evidence.undo(row, by=cast.people.sun, key=uuid4())) == (True, (undone, False))
    assert sorted(Listing.objects.values_list("roll", "last_on", "next_due", "saved")) == before
    assert Evidence.objects.count() == 2
    with pytest.raises(ValidationError):
        actions.evidence.undo(undone, by=cast.people.sun, key=uuid4())


def test_only_what_counts_for_a_list_covers_it(cast: World) -> None:
    made = roll(cast, group="alone", people=1)
    whom = listing(made).subject
    actions.evidence.add(whom, "tested", by=cast.people.sun, key=uuid4())
    assert listing(made).last_on is None
    actions.evidence.add(whom, "visit", by=cast.people.sun, key=uuid4())
    assert (listing(made).last_on, listing(made).next_due) == (TODAY(), TODAY() + days(3))
    with pytest.raises(ValidationError):
        actions.evidence.add(whom, "declared", by=cast.people.sun, key=uuid4())
    with pytest.raises(ValidationError):
        actions.evidence.add(whom, "visit", by=cast.people.sun, key=uuid4(), day=TODAY() + days(1))


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_evidence_takes_no_change_and_no_removal(cast: World, verb: str) -> None:
    actions.evidence.add(subject(cast), "tested", by=cast.people.sun, key=uuid4())
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.update(day=date(2020, 1, 1)) if verb == "update" else Evidence.objects.all()._raw_delete(
            "default"
        )


def test_another_room_hands_over_evidence_by_document(cast: World) -> None:
    house, made = cast.people.house, overdue(cast)
    numbers = [document(n) for n in range(10, 14)]
    actions.rolls.add(made, [named(made.unit, document="id", number=number) for number in numbers], by=house)
    proofs = [Proof("tested", TODAY(), number=number) for number in [*numbers[:3], document(99)]]
    assert actions.evidence.receive(cast.response, proofs, by=house, origin="testing") == 3
    assert actions.evidence.receive(cast.response, proofs, by=house, origin="testing") == 0
    assert Listing.objects.filter(last_on=TODAY()).count() == 3
    assert set(Evidence.objects.values_list("origin", "served")) == {("testing", 1)}
    with pytest.raises(PermissionDenied):
        actions.evidence.receive(cast.response, proofs, by=cast.people.zhao, origin="testing")


def test_received_twice_in_one_day_saves_as_a_tap_does(cast: World) -> None:
    lists = [overdue(cast), overdue(cast, "order-3")]
    for made in lists:
        actions.rolls.add(made, [named(made.unit, document="id", number=document(20))], by=cast.people.house)
    proofs = [Proof("tested", TODAY() - days(1), number=document(20)), Proof("tested", TODAY(), number=document(20))]
    actions.evidence.receive(cast.response, proofs, by=cast.people.house, origin="testing")
    assert sorted(Evidence.objects.values_list("day", "served")) == [(TODAY() - days(1), 2), (TODAY(), 0)]
    assert sum(Listing.objects.values_list("saved", flat=True)) == 1


def test_people_known_before_bring_their_evidence_to_a_new_list(cast: World) -> None:
    line = named(cast.units.branch1)
    first, second = roll(cast), roll(cast, group="order-7")
    actions.rolls.add(first, [line], by=cast.people.house)
    actions.evidence.add(Subject.objects.get(), "tested", by=cast.people.sun, key=uuid4())
    actions.rolls.add(second, [line], by=cast.people.house)
    assert listing(second).next_due == TODAY() + days(7)


def test_a_closed_list_asks_for_nothing(cast: World) -> None:
    made = overdue(cast, people=2)
    module.perform(made, "close", by=cast.people.sun, note="任务结束")
    assert set(made.listings.values_list("next_due", "ends_on")) == {(None, TODAY())}
    with pytest.raises(OutOfStep):
        actions.rolls.add(made, [named(made.unit)], by=cast.people.house)


def test_a_list_may_not_be_kept_longer_than_the_rule_says_nor_of_no_group(cast: World) -> None:
    with pytest.raises(ValidationError) as long:
        roll(cast, keep_until=TODAY() + days(181))
    with pytest.raises(ValidationError) as none:
        roll(cast, group="close")  # no close contacts since January 2023
    assert (list(long.value.error_dict), list(none.value.error_dict)) == (["keep_until"], ["group"])


def test_a_list_of_a_past_day_has_the_schedule_of_that_day(cast: World) -> None:
    begins = date(2022, 7, 1)
    made = roll(cast, group="close", begins_on=begins, keep_until=begins + days(60), people=1)
    assert (listing(made).schedule, listing(made).version_of_rule) == ({"days": [1, 2, 3, 5, 7, 10]}, "9")
    early = roll(cast, group="close", begins_on=date(2022, 6, 1), keep_until=begins, people=1)
    assert (listing(early).schedule, listing(early).version_of_rule) == ({"days": [1, 4, 7, 14, 16, 21]}, "2022")


# -- reasons


def test_a_short_reason_holds_at_once_and_an_exemption_needs_another(cast: World) -> None:
    sun, wang, made = cast.people.sun, cast.people.wang, overdue(cast, people=1)
    whom = listing(made).subject
    given = {"response": cast.response, "unit": whom.unit, "subject": whom, "happened_on": TODAY(), "basis": "电话核实"}
    short = module.file(Excuse(pk=uuid4(), reason="elsewhere", until=TODAY() + days(2), **given), by=sun)[0]
    assert (short.state, listing(made).next_due) == ("accepted", TODAY() + days(3))
    module.perform(short, "end", by=sun, note="已返回")
    assert listing(made).next_due == TODAY() + days(1)
    exempt: Any = module.file(Excuse(pk=uuid4(), reason="exempt", until=TODAY() + days(9), **given), by=sun)[0]
    assert exempt.state == "proposed"
    with pytest.raises(PermissionDenied):
        module.perform(exempt, "accept", by=sun)
    with pytest.raises(OutOfStep):
        module.perform(exempt, "hold", by=sun)
    module.perform(exempt, "accept", by=wang)
    assert (listing(made).spared_until, listing(made).next_due) == (TODAY() + days(9), TODAY() + days(10))
    with pytest.raises(ValidationError):
        module.file(Excuse(pk=uuid4(), reason="ill", until=TODAY() + days(90), **given), by=sun)


def test_an_exemption_spares_tests_only(cast: World) -> None:
    line, lists = named(cast.units.branch1), (overdue(cast), overdue(cast, "alone"))
    for made in lists:
        actions.rolls.add(made, [line], by=cast.people.house)
    given = excuse(cast)
    row = Excuse(
        pk=uuid4(), response=cast.response, unit=given.unit, subject=Subject.objects.get(listings__roll=lists[0]),
        happened_on=TODAY(), reason="exempt", until=TODAY() + days(5), basis="证明",
    )  # fmt: skip
    module.perform(module.file(row, by=cast.people.sun)[0], "accept", by=cast.people.wang)
    assert [listing(made).spared_until for made in lists] == [TODAY() + days(5), None]


def test_the_database_holds_that_two_accepted_an_exemption(cast: World) -> None:
    row = excuse(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Excuse.objects.filter(pk=row.pk).update(state="accepted")
    with pytest.raises(IntegrityError), transaction.atomic():
        Excuse.objects.filter(pk=row.pk).update(accepted_by=row.filed_by)


# -- who is overdue where


def test_progress_counts_each_person_once_and_a_past_day_as_it_was(cast: World) -> None:
    both = named(cast.units.street1)
    lists = [overdue(cast, unit=cast.units.street1), overdue(cast, "order-3", unit=cast.units.street1)]
    for made in lists:
        actions.rolls.add(made, [both, named(cast.units.street1)], by=cast.people.house)
    actions.rolls.add(lists[0], [named(cast.units.street2)], by=cast.people.house)
    covered = Subject.objects.get(identity_index=seal.index(both.identity, "coverage"))
    actions.evidence.add(covered, "tested", by=cast.people.feng, key=uuid4(), day=TODAY() - days(1))
    whole, rows = queries.progress(cast.response, cast.people.feng, TODAY())
    assert whole.kinds["test"] == {"people": 4, "covered": 1, "due": 0, "overdue": 3, "spared": 0}
    told = {str(row.unit): (row.depth, row.kinds["test"]["people"], row.overdue) for row in rows}
    assert told == {"测试市指挥部": (0, 4, 3), "测试区": (1, 4, 3), "东街道": (2, 3, 2), "西街道": (2, 1, 1)}
    then, _rows = queries.progress(cast.response, cast.people.feng, TODAY() - days(2))
    assert then.kinds["test"] == {"people": 4, "covered": 0, "due": 0, "overdue": 4, "spared": 0}
    assert queries._then(Listing.objects.all(), TODAY()).keys() == queries._now(Listing.objects.all(), TODAY()).keys()
    for place, counts in queries._now(Listing.objects.all(), TODAY()).items():
        assert {name: queries._then(Listing.objects.all(), TODAY())[place][name] for name in counts} == counts


def test_numbers_of_queries_do_not_grow_with_people(cast: World, django_assert_num_queries: Counting) -> None:
    made = overdue(cast, unit=cast.units.street1, people=3)
    feng = cast.people.feng
    feng.held()  # read once for each request
    for people in (3, 23):
        with django_assert_num_queries(3):
            assert queries.progress(cast.response, feng, TODAY())[0].overdue == people
        with django_assert_num_queries(4):
            assert queries.progress(cast.response, feng, TODAY() - days(1))[0].overdue == people
        with django_assert_num_queries(2):
            assert len(list(queries.with_listings(queries.to_reach(feng, TODAY()))[:30])) == people
        actions.rolls.add(made, [named(made.unit) for _n in range(20)], by=cast.people.house)


def test_what_is_stored_as_due_is_what_the_rule_derives(cast: World) -> None:
    made = overdue(cast, people=4)
    for n, one in enumerate(made.listings.all()):
        for back in range(n):
            actions.evidence.add(one.subject, "tested", by=cast.people.sun, key=uuid4(), day=TODAY() - days(back))
    stored = list(Listing.objects.order_by("pk").values_list("last_on", "next_due"))
    actions.evidence.derive([one.subject_id for one in made.listings.all()])
    assert list(Listing.objects.order_by("pk").values_list("last_on", "next_due")) == stored
    assert [due for _last, due in stored].count(TODAY() - days(4)) == 1


# -- other rooms, asks


def test_a_matter_of_another_room_becomes_a_draft_list(cast: World) -> None:
    source = excuse(cast)
    made = handoff.hand_over(source, "cover", by=cast.people.wang)
    assert (type(made), made.state, made.unit, str(made)) == (Roll, "draft", source.unit, str(source))
    assert handoff.hand_over(source, "cover", by=cast.people.wang) == made
    with pytest.raises(PermissionDenied):
        handoff.hand_over(excuse(cast), "cover", by=cast.people.li)


def test_a_worker_is_asked_for_those_within_reach_only(cast: World) -> None:
    overdue(cast, people=2)
    overdue(cast, unit=cast.units.branch3, people=1)
    found = {one.ask.name: one for one in asks.awaiting(cast.people.sun, TODAY()) if one.room.name == "coverage"}
    assert {name: one.count for name, one in found.items()} == {"to_reach": 2}
    assert [(item.due, item.overdue) for item in found["to_reach"].items] == [(TODAY() - days(4), True)] * 2
    assert [one for one in asks.awaiting(cast.people.zhao, TODAY()) if one.room.name == "coverage"] == []


def test_what_a_list_worker_may_not_do(cast: World) -> None:
    whom = subject(cast, unit=cast.units.branch3)
    for by in (cast.people.sun, cast.people.zhao, cast.people.li, cast.people.qian):
        with pytest.raises(PermissionDenied):
            actions.evidence.add(whom, "tested", by=by, key=uuid4())
    with pytest.raises(PermissionDenied):
        actions.rolls.add(roll(cast), [named(cast.units.branch3)], by=cast.people.sun)
    assert not Entry.objects.filter(by=cast.people.sun).exists()
    assert rules.EXCUSES.keys() == set(Excuse.Reason.values)
