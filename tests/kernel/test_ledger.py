"""The ledger takes no change, and what is changed behind its back is named."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from tests.errands.models import Errand
from tests.world import World
from tongzhou.kernel import ledger, seal, steps
from tongzhou.kernel.models import Entry
from tongzhou.kernel.seal import Broken

Make = Callable[..., Errand]
TABLE = "kernel_entry"


@pytest.fixture
def told(cast: World, errand: Make) -> Errand:
    """A row with five entries, between two rows with one each."""
    for name in ("前", "后"):
        steps.file(errand(what=name), by=cast.people.sun)
    row, _new = steps.file(errand(phone="13800138000"), by=cast.people.sun)
    steps.amend(row, by=cast.people.sun, what="买菜")
    steps.advance(row, "take", by=cast.people.sun)
    steps.advance(row, "drop", by=cast.people.wang, note="已自取")
    steps.advance(row, "reopen", by=cast.people.wang)
    assert row.version == 5
    return row


def wrong() -> list[tuple[str, int]]:
    """What verification names: (row, seq)."""
    return [(str(entry.record), entry.seq) for entry, _reason in ledger.broken()]


@contextmanager
def without_triggers() -> Iterator[None]:
    """As someone with the database's own password could. The test's transaction brings the triggers back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            for verb in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER kernel_entry_no_{verb}")
        yield
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")


def tamper(entry: Entry, **columns: Any) -> None:
    with without_triggers():
        Entry.objects.filter(pk=entry.pk).update(**columns)


# -- no change, no removal


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: Entry.objects.filter(pk=entry.pk).update(note="x"),
        lambda entry: Entry.objects.all().update(at=entry.at),
        lambda entry: Entry.objects.bulk_update([entry], ["note"]),
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: Entry.objects.all().delete(),
        lambda entry: Entry.objects.all()._raw_delete("default"),
        lambda entry: raw(f"UPDATE {TABLE} SET note = 'x' WHERE id = %s", entry.pk),
        lambda entry: raw(f"DELETE FROM {TABLE} WHERE id = %s", entry.pk),
        lambda entry: empty(),
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(change: Callable[[Entry], Any], told: Errand) -> None:
    before = list(Entry.objects.order_by("pk").values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(Entry.objects.filter(record=told.pk)[2])
    assert list(Entry.objects.order_by("pk").values()) == before


def raw(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def empty() -> None:
    if connection.vendor == "postgresql":
        raw("SET CONSTRAINTS ALL IMMEDIATE")  # with checks still waiting, TRUNCATE would fail for that reason
        raw(f"TRUNCATE {TABLE} CASCADE")
    raw(f"DELETE FROM {TABLE}")


def test_no_two_entries_take_the_same_place(told: Errand, cast: World) -> None:
    told.version = 3
    with pytest.raises(DatabaseError), transaction.atomic():
        ledger.append(told, "note", by=cast.people.sun, said="插入")
    assert wrong() == []


# -- tampering is found


def test_a_whole_ledger_verifies(told: Errand) -> None:
    assert wrong() == []
    assert Entry.objects.count() == 7


CHANGED: dict[str, Callable[[Entry, World], Any]] = {
    "verb": lambda entry, cast: "file",
    "move": lambda entry, cast: "finish",
    "at": lambda entry, cast: entry.at + timedelta(microseconds=1),
    "by_id": lambda entry, cast: cast.people.wang.pk,
    "said": lambda entry, cast: "{by}什么也没做",
    "data": lambda entry, cast: entry.data | {"from": "done"},
    "note": lambda entry, cast: "补一句",
    "response_id": lambda entry, cast: cast.other_response.pk,
    "digest": lambda entry, cast: entry.digest[::-1],
    "prior": lambda entry, cast: entry.digest,
}


@pytest.mark.parametrize("column", CHANGED)
def test_one_changed_field_of_one_entry_is_named_exactly(column: str, told: Errand, cast: World) -> None:
    middle = Entry.objects.get(record=told.pk, seq=3)
    tamper(middle, **{column: CHANGED[column](middle, cast)})
    # the next one held it
    expected = [(str(told.pk), 3), (str(told.pk), 4)] if column == "digest" else [(str(told.pk), 3)]
    assert wrong() == expected


def test_an_entry_rewritten_with_a_fitting_digest_is_found_at_the_next(told: Errand) -> None:
    middle = Entry.objects.get(record=told.pk, seq=3)
    middle.note = "改写"
    tamper(middle, note=middle.note, digest=ledger.digest(middle))
    assert wrong() == [(str(told.pk), 4)]


def test_an_entry_moved_to_another_row_is_named(told: Errand) -> None:
    middle, elsewhere = Entry.objects.get(record=told.pk, seq=3), uuid4()
    tamper(middle, record=elsewhere)
    assert sorted(set(wrong())) == sorted({(str(elsewhere), 3), (str(told.pk), 4)})


def test_an_entry_taken_out_of_the_middle_is_named(told: Errand) -> None:
    with without_triggers():
        Entry.objects.filter(record=told.pk, seq=3).delete()
    assert wrong() == [(str(told.pk), 4)]


def test_a_tail_cut_off_is_named(told: Errand) -> None:
    with without_triggers():
        Entry.objects.filter(record=told.pk, seq__gt=3).delete()
    assert wrong() == [(str(told.pk), 5)]


def test_a_row_without_any_entry_is_named(told: Errand) -> None:
    with without_triggers():
        Entry.objects.filter(record=told.pk).delete()
    assert wrong() == [(str(told.pk), 5)]


def test_a_row_removed_behind_the_ledgers_back_is_named(told: Errand) -> None:
    Errand.objects.filter(pk=told.pk).delete()
    assert wrong() == [(str(told.pk), 5)]


def test_a_version_put_back_is_named(told: Errand) -> None:
    Errand.objects.filter(pk=told.pk).update(version=4)
    assert wrong() == [(str(told.pk), 4)]


# -- told in words


def test_entries_are_told_as_sentences(cast: World, told: Errand) -> None:
    assert [ledger.sentence(entry) for entry in ledger.entries(told)] == [
        "孙支社登记了跑腿",
        "孙支社修改了事项",
        "孙支社接单",
        "王保管作罢",
        "王保管重开",
    ]
    assert ledger.sentence(Entry(said="{by}登记", data={}, by=None)) == "系统登记"


def test_an_entry_written_by_an_english_reader_is_kept_in_the_source_language(cast: World, errand: Make) -> None:
    with translation.override("en"):
        row, _new = steps.report(errand(state="done", source="简报", phone="13800138000"), by=cast.people.sun)
        steps.reveal(row, "phone", by=cast.people.han, purpose="核对")
        steps.amend(cast.people.zhao, by=cast.people.han, needs="people.manage", name="赵改名")
    assert [ledger.sentence(entry) for entry in ledger.entries(row)] == [
        "孙支社按来源补录，直接记为“办完”",
        "韩信息查看了未脱敏的“联系电话”，用途：核对",
    ]
    assert ledger.sentence(ledger.entries(cast.people.zhao).get()) == "韩信息修改了姓名"


def test_a_sentence_that_no_longer_fits_is_shown_as_it_was_written(cast: World) -> None:
    for said in ["{gone}不见了", "{0}", "{by", "{by.password}"]:
        assert ledger.sentence(Entry(said=said, data={}, by=cast.people.sun)) == said


# -- a look at personal data


def test_reveal_writes_the_entry_before_it_shows(cast: World, told: Errand) -> None:
    assert steps.reveal(told, "phone", by=cast.people.han, purpose="核对地址") == "13800138000"
    entry = ledger.entries(told).last()
    assert entry is not None
    assert (entry.seq, entry.verb, entry.by, entry.note) == (6, "reveal", cast.people.han, "核对地址")
    assert ledger.sentence(entry) == "韩信息查看了未脱敏的“联系电话”，用途：核对地址"
    assert "138" not in str(entry.data)
    assert wrong() == []


def test_reveal_leaves_its_entry_though_the_text_does_not_open(cast: World, told: Errand) -> None:
    other = Errand.objects.exclude(pk=told.pk).first()
    assert other is not None
    Errand.objects.filter(pk=other.pk).update(phone=told.phone)  # taken from another row
    other.refresh_from_db()
    with pytest.raises(Broken):
        steps.reveal(other, "phone", by=cast.people.han, purpose="核对")
    assert [entry.verb for entry in ledger.entries(other)] == ["file", "reveal"]
    assert seal.mask(other, "phone") == "无法读取"


def test_reveal_shows_nothing_when_the_entry_cannot_be_written(cast: World, told: Errand) -> None:
    told.pk = uuid4()  # no such row: the look cannot be told of
    with pytest.raises(steps.OutOfStep):
        steps.reveal(told, "phone", by=cast.people.han, purpose="核对")
