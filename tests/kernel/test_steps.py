"""The three doors: what each writes, what each refuses, and that a refusal writes nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import CheckConstraint, Q

from tests.errands.models import Errand
from tests.errands.workflow import State
from tests.world import World
from tongzhou.kernel import ledger, seal, steps
from tongzhou.kernel.models import Entry, Unit
from tongzhou.kernel.steps import OutOfStep

Make = Callable[..., Errand]


def told(row: Any) -> list[tuple[int, str, str, str]]:
    """The row's entries as (seq, verb, move, who)."""
    return [(e.seq, e.verb, e.move, e.by.name if e.by else "") for e in ledger.entries(row)]


def kept() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Everything the doors can write, for "nothing changed"."""
    return list(Errand.objects.order_by("pk").values()), list(Entry.objects.order_by("pk").values())


# -- file


def test_file_writes_the_row_and_its_first_entry(cast: World, errand: Make) -> None:
    row, is_new = steps.file(errand(), by=cast.people.sun, data={"note": "x"})
    assert (is_new, row.version, row.state, row.filed_by) == (True, 1, State.ASKED, cast.people.sun)
    assert told(row) == [(1, "file", "", "孙支社")]
    entry = ledger.entries(row).get()
    assert (entry.said, entry.data, entry.response, entry.prior) == ("{by}登记了跑腿", {"note": "x"}, cast.response, "")
    assert ledger.sentence(entry) == "孙支社登记了跑腿"


def test_file_again_gives_the_row_that_is_there_unchanged(cast: World, errand: Make) -> None:
    first, _new = steps.file(errand(), by=cast.people.sun)
    before = kept()
    again, is_new = steps.file(errand(pk=first.pk, what="别的"), by=cast.people.wang)
    assert (again.pk, again.what, again.filed_by, is_new) == (first.pk, "买药", cast.people.sun, False)
    assert kept() == before


def test_file_is_refused_out_of_reach_and_without_the_role(cast: World, errand: Make) -> None:
    for person in [cast.people.wu, cast.people.zhao, cast.people.li, cast.people.outsider]:
        with pytest.raises(PermissionDenied, match="登记跑腿"):
            steps.file(errand(), by=person)
    assert kept() == ([], [])


def test_file_refuses_what_the_model_refuses(cast: World, errand: Make) -> None:
    for fields, wrong in [({"what": ""}, "what"), ({"quantity": 5}, "__all__"), ({"what": "长" * 101}, "what")]:
        with pytest.raises(ValidationError) as refused:
            steps.file(errand(**fields), by=cast.people.sun)
        assert list(refused.value.message_dict) == [wrong]
    assert kept() == ([], [])


def test_file_cannot_start_a_record_half_way(cast: World, errand: Make) -> None:
    """Only `report` may, and it names the source."""
    with pytest.raises(ValidationError) as refused:
        steps.file(errand(state=State.DONE), by=cast.people.sun)
    assert list(refused.value.message_dict) == ["state"]
    assert kept() == ([], [])


def test_report_keeps_the_state_that_the_source_says(cast: World, errand: Make) -> None:
    row, is_new = steps.report(errand(state=State.DONE, source="三月简报"), by=cast.people.sun)
    assert (is_new, row.state, told(row)) == (True, State.DONE, [(1, "file", "", "孙支社")])
    assert ledger.sentence(ledger.entries(row).get()) == "孙支社按来源补录，直接记为“办完”"


def test_report_without_a_source_is_refused(cast: World, errand: Make) -> None:
    with pytest.raises(ValidationError) as refused:
        steps.report(errand(state=State.DONE), by=cast.people.sun)
    assert refused.value.message_dict == {"source": ["补录须写明来源。"]}
    assert kept() == ([], [])


def test_rows_that_are_no_records_name_what_they_need(cast: World) -> None:
    made = Unit(code="branch4", name="第四支社", kind="branch", parent=cast.units.org)
    made.place()
    with pytest.raises(PermissionDenied):
        steps.file(copy(made), by=cast.people.sun, needs="people.manage")
    row, is_new = steps.file(made, by=cast.people.house, needs="people.manage")
    assert (is_new, row.path, told(row)) == (True, "/org/branch4/", [(1, "file", "", "系统")])


# -- amend


def test_amend_writes_old_and_new(cast: World, errand: Make) -> None:
    row, _new = steps.file(errand(), by=cast.people.sun)
    steps.amend(row, by=cast.people.wang, note="笔误", what="买菜", weight=3, happened_on=date(2022, 3, 5))
    fresh = Errand.objects.get(pk=row.pk)
    assert (fresh.what, fresh.weight, fresh.version, row.version) == ("买菜", 3, 2, 2)
    entry = ledger.entries(row).last()
    assert entry is not None
    assert (entry.note, entry.data) == (
        "笔误",
        {"old": {"what": "买药", "weight": "0"}, "new": {"what": "买菜", "weight": "3"}},
    )
    assert ledger.sentence(entry) == "王保管修改了事项、公斤"


def test_amend_that_changes_nothing_leaves_no_entry(cast: World, errand: Make) -> None:
    row, _new = steps.file(errand(), by=cast.people.sun)
    before = kept()
    assert steps.amend(row, by=cast.people.sun, what="买药").version == 1
    assert kept() == before


def test_amend_on_an_old_version_is_out_of_step(cast: World, errand: Make) -> None:
    row, _new = steps.file(errand(), by=cast.people.sun)
    stale = Errand.objects.get(pk=row.pk)
    steps.amend(row, by=cast.people.sun, what="买菜")
    before = kept()
    with pytest.raises(OutOfStep):
        steps.amend(stale, by=cast.people.wang, what="买米")
    with pytest.raises(OutOfStep):
        steps.amend(Errand.objects.get(pk=row.pk), by=cast.people.wang, version=1, what="买米")
    assert kept() == before


def test_amend_is_closed_where_the_workflow_closes_it(cast: World, errand: Make) -> None:
    row, _new = steps.report(errand(state=State.DONE, source="简报"), by=cast.people.sun)
    before = kept()
    with pytest.raises(OutOfStep):
        steps.amend(row, by=cast.people.sun, what="买菜")
    assert kept() == before


def test_amend_refuses_what_the_database_would(cast: World, errand: Make) -> None:
    """A rule over several fields holds although only one of them changes."""
    row, _new = steps.file(errand(), by=cast.people.sun)
    before = kept()
    with pytest.raises(ValidationError, match="来源"):
        steps.amend(row, by=cast.people.sun, quantity=20)
    with pytest.raises(ValidationError):
        steps.amend(Errand.objects.get(pk=row.pk), by=cast.people.sun, what="")
    assert kept() == before


def test_amend_may_not_move_a_record_out_of_ones_own_reach(cast: World, errand: Make) -> None:
    row, _new = steps.file(errand(), by=cast.people.sun)
    before = kept()
    with pytest.raises(PermissionDenied):
        steps.amend(row, by=cast.people.sun, unit=cast.units.branch3)
    assert kept() == before
    moved = steps.amend(Errand.objects.get(pk=row.pk), by=cast.people.wang, unit=cast.units.branch3)
    assert moved.unit == cast.units.branch3


def test_amend_tells_that_a_sealed_field_changed_but_not_what_it_holds(cast: World, errand: Make) -> None:
    row, _new = steps.file(errand(weight=2), by=cast.people.sun)
    steps.amend(row, by=cast.people.sun, phone="13900139000")
    fresh = Errand.objects.get(phone_index=seal.index("13900139000", "phone"))
    assert seal.open(fresh, "phone") == "13900139000"
    assert ledger.entries(row).last().data == {"old": {"phone": "•••"}, "new": {"phone": "•••"}}
    assert not [e for e in Entry.objects.all() if "139" in str(e.data) or "138" in str(e.data)]


# -- advance


def test_advance_moves_and_tells(cast: World, errand: Make) -> None:
    row, _new = steps.file(errand(), by=cast.people.sun)
    steps.advance(row, "take", by=cast.people.sun, runner=cast.people.zhao, data={"how": "步行"})
    fresh = Errand.objects.get(pk=row.pk)
    assert (fresh.state, fresh.runner, fresh.version, row.version) == (State.TAKEN, cast.people.zhao, 2, 2)
    assert told(row) == [(1, "file", "", "孙支社"), (2, "advance", "take", "孙支社")]
    assert ledger.entries(row).last().data == {"how": "步行", "from": "asked"}


def test_advance_twice_is_out_of_step_and_leaves_the_row_as_it_was(cast: World, errand: Make) -> None:
    row, _new = steps.file(errand(), by=cast.people.sun)
    stale = Errand.objects.get(pk=row.pk)
    steps.advance(row, "take", by=cast.people.sun)
    before = kept()
    for who in (row, stale):
        seen = who.state
        with pytest.raises(OutOfStep):
            steps.advance(who, "take", by=cast.people.sun)
        assert who.state == seen
    assert kept() == before


def test_advance_of_an_unknown_or_closed_move_is_out_of_step(cast: World, errand: Make) -> None:
    row, _new = steps.file(errand(), by=cast.people.sun)
    before = kept()
    for move in ("finish", "reopen", "fly", ""):
        with pytest.raises(OutOfStep):
            steps.advance(row, move, by=cast.people.house)
    assert kept() == before


def test_advance_asks_for_a_reason_where_the_move_does(cast: World, errand: Make) -> None:
    row, _new = steps.file(errand(), by=cast.people.sun)
    for blank in ("", "  ", "\n"):
        with pytest.raises(ValidationError) as refused:
            steps.advance(row, "drop", by=cast.people.wang, note=blank)
        assert refused.value.message_dict == {"note": ["请写明原因。"]}
    steps.advance(row, "drop", by=cast.people.wang, note=" 已自行取药 ")
    assert ledger.entries(row).last().note == "已自行取药"


def test_advance_is_refused_without_the_capability(cast: World, errand: Make) -> None:
    row, _new = steps.file(errand(), by=cast.people.sun)
    before = kept()
    with pytest.raises(PermissionDenied, match="机关工作人员、签发领导"):
        steps.advance(row, "drop", by=cast.people.sun, note="不办了")
    with pytest.raises(PermissionDenied):
        steps.advance(row, "take", by=cast.people.zhao)
    assert kept() == before


def test_what_a_row_lets_a_person_do_needs_no_grant(cast: World, errand: Make) -> None:
    row, _new = steps.file(errand(runner=cast.people.zhao), by=cast.people.sun)
    assert steps.advance(row, "take", by=cast.people.zhao).state == State.TAKEN


def test_advance_refuses_changes_the_database_would(cast: World, errand: Make) -> None:
    row, _new = steps.file(errand(), by=cast.people.sun)
    before = kept()
    with pytest.raises(ValidationError):
        steps.advance(row, "take", by=cast.people.sun, quantity=20)
    assert kept() == before


def test_advance_holds_rules_to_the_state_it_leads_to(
    cast: World, errand: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A constraint that speaks of the state and of a field the move writes is about the row as it will be."""
    row, _new = steps.file(errand(), by=cast.people.sun)
    seen: list[str] = []
    monkeypatch.setattr(Errand, "clean", lambda errand: seen.append(errand.state))
    steps.advance(row, "take", by=cast.people.sun, weight=3)
    assert seen == [State.TAKEN]


# -- note


def test_note_adds_an_entry_and_changes_nothing_else(cast: World, errand: Make) -> None:
    row, _new = steps.file(errand(), by=cast.people.sun)
    stale = Errand.objects.get(pk=row.pk)
    steps.note(row, "note", by=cast.people.li, said="{by}打印了存档", text="年底归档")
    assert (row.version, row.what, told(row)[-1]) == (2, "买药", (2, "note", "", "李监督"))
    steps.note(stale, "note", by=cast.people.li, said="{by}再打印")  # a look needs no fresh row
    assert [seq for seq, *_rest in told(row)] == [1, 2, 3]
    assert list(ledger.broken()) == []


# -- nothing half written


@contextmanager
def failing_at(n: int) -> Iterator[list[str]]:
    """The n-th statement sent to the database fails; gives the statements sent."""
    sent: list[str] = []

    def fail(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        # savepoints do not fail by themselves; a model rule that cannot be checked Django leaves to the database
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")) and "_check" not in sql:
            sent.append(sql)
            if len(sent) == n:
                raise DatabaseError("the disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield sent


DOORS: dict[str, Callable[[Errand, World], Any]] = {
    "file": lambda row, cast: steps.file(Errand(response=row.response, unit=row.unit, what="新"), by=cast.people.sun),
    "amend": lambda row, cast: steps.amend(row, by=cast.people.sun, what="买菜", phone="13900139000"),
    "advance": lambda row, cast: steps.advance(row, "take", by=cast.people.sun, weight=4),
    "note": lambda row, cast: steps.note(row, "note", by=cast.people.sun, said="看过"),
    "reveal": lambda row, cast: steps.reveal(row, "phone", by=cast.people.sun, purpose="核对"),
    "reveal_parts": lambda row, cast: steps.reveal_parts(row, [row], "phone", by=cast.people.sun, purpose="核对"),
}


@pytest.mark.parametrize("door", DOORS)
def test_whichever_statement_fails_nothing_is_half_written(door: str, cast: World, errand: Make) -> None:
    row, _new = steps.file(errand(weight=2), by=cast.people.sun)
    before = kept()
    for n in range(1, 30):
        fresh = Errand.objects.get(pk=row.pk)
        try:
            with failing_at(n) as sent, transaction.atomic():
                DOORS[door](fresh, cast)
        except DatabaseError:
            assert kept() == before
        else:
            assert n == len(sent) + 1 > 2
            break
    assert kept() != before
    assert list(ledger.broken()) == []


def test_numbers_of_several_parts_are_opened_under_one_entry(cast: World, errand: Make) -> None:
    row, _new = steps.file(errand(phone="13800138000"), by=cast.people.sun)
    other, _new = steps.file(errand(phone="13900139000"), by=cast.people.sun)
    opened = steps.reveal_parts(row, [row, other], "phone", by=cast.people.sun, purpose="核对")
    assert opened == ["13800138000", "13900139000"]
    assert [len(ledger.entries(one)) for one in (row, other)] == [2, 1]
    assert ledger.sentence(list(ledger.entries(row))[-1]) == "孙支社查看了2条未脱敏的“联系电话”，用途：核对"


def test_advance_holds_a_rule_between_state_and_field_to_where_the_move_leads(
    cast: World, errand: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the database will: a field may be emptied by the move that leaves the state which needs it, and not by another."""
    needs = CheckConstraint(
        condition=~Q(state=State.TAKEN) | Q(weight__gt=0), name="taken_has_weight", violation_error_message="请称重"
    )
    row, _new = steps.file(errand(weight=2), by=cast.people.sun)
    monkeypatch.setattr(Errand, "get_constraints", lambda self: [(Errand, [needs])])
    with pytest.raises(ValidationError, match="请称重"):
        steps.advance(row, "take", by=cast.people.wang, weight=0)
    steps.advance(row, "take", by=cast.people.wang, weight=3)
    steps.advance(row, "drop", by=cast.people.wang, note="住户已出门", weight=0)
    assert row.state == State.DROPPED
