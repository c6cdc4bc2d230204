"""People swabbed at two tables: kept aside for a supervisor, all of a group together, once each, and counted as what they are."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.modules.testing.sampling import NOW, device_beside, item, send, session, statuses, text
from tests.modules.testing.test_ingest import counts, kinds, tubes
from tests.world import World
from tongzhou.kernel import seal
from tongzhou.modules.testing.actions import Sheaf, ingest
from tongzhou.modules.testing.models import Conflict
from tongzhou.modules.testing.rules import Verdict


def test_all_are_told_where_they_were_swabbed_and_counted_once(cast: World) -> None:
    first = session(cast)
    beside = device_beside(first, 7002)
    send(first, *(item(n, text(n, tube="A")) for n in range(1, 7)))
    again = [item(n, text(n, tube="B" if n < 4 else "C", at=NOW + n * 400_000)) for n in range(1, 7)]
    for _time in range(2):
        acks = send(beside, *again, again[0], item(7, text(7, tube="C")))
        assert statuses(acks) == ["conflict"] * 7 + ["stored" if _time == 0 else "duplicate"]
        assert {(ack.verdict, ack.reason, ack.where, ack.at) for ack in acks[:7]} == {
            (Verdict.REPEAT, "repeat", first.where, NOW)
        }
    assert kinds() == [("repeat", n, False) for n in range(1, 7)]
    assert counts() == {Verdict.FINE: 7, Verdict.REPEAT: 6}
    assert tubes() == {"A": 6, "B": 3, "C": 4}
    assert seal.open(Conflict.objects.get(seq=2), "text") == again[1].text
    assert set(Conflict.objects.values_list("other", "other_seq")) == {(7001, n) for n in range(1, 7)}


def test_what_else_is_the_matter_is_looked_at_one_by_one(cast: World) -> None:
    first = session(cast)
    beside = device_beside(first, 7002)
    send(first, *(item(n, text(n, tube="A")) for n in (1, 2, 3, 4)), item(5, text(kind="correct", tube="A", of=2)))
    send(beside, item(9, text(9, tube="B")))
    acks = send(
        beside,
        item(1, text(1, tube="B")),  # a repeat
        item(2, text(2, tube="B")),  # the first swab was taken back: goes in
        item(3, text(3, tube="B", retest=True)),  # a second swab for a reason: goes in
        item(9, text(4, tube="B")),  # a number that was used for somebody else
    )
    assert [(ack.status, ack.reason) for ack in acks] == [
        ("conflict", "repeat"), ("stored", ""), ("stored", ""), ("conflict", "number"),
    ]  # fmt: skip
    assert kinds() == [("repeat", 1, False), ("number", 9, False)]


def test_two_of_one_person_in_one_group_contradict_each_other(cast: World) -> None:
    first = session(cast)
    beside = device_beside(first, 7002)
    sheaves = [
        Sheaf(at, NOW, [item(1, text(1, tube=tube)), item(2, text(2, tube=tube))], NOW)
        for at, tube in ((first, "A"), (beside, "B"))
    ]
    acks = ingest(sheaves)
    assert sorted(statuses(acks[0] + acks[1])) == ["conflict", "conflict", "stored", "stored"]
    assert counts() == {Verdict.FINE: 2, Verdict.REPEAT: 2}


def test_thirty_cost_as_many_queries_as_three(cast: World) -> None:
    first = session(cast)
    beside = device_beside(first, 7002)
    send(first, *(item(n, text(n, tube=f"A{n}")) for n in range(1, 41)))
    asked = []
    for tube, people in (("B", [40]), ("C", range(1, 4)), ("D", range(4, 34))):  # their count is made with the first
        with CaptureQueriesContext(connection) as queries:
            assert statuses(send(beside, *(item(n, text(n, tube=tube)) for n in people))) == ["conflict"] * len(people)
        asked.append(len(queries))
    assert asked[1] == asked[2]


def test_whether_tables_took_their_repeats_back_is_asked_once_for_all(cast: World) -> None:
    first = session(cast)
    tables = [device_beside(first, number) for number in (7002, 7003, 7004)]
    send(first, *(item(n, text(n, tube="A")) for n in range(1, 4)))
    send(tables[2], item(3, text(kind="correct", tube="D", of=2)))  # it comes before what it takes back
    sheaves = [Sheaf(at, NOW, [item(2, text(n, tube=f"B{n}"))], NOW) for n, at in enumerate(tables, 1)]
    with CaptureQueriesContext(connection) as queries:
        assert [statuses(acks) for acks in ingest(sheaves)] == [["conflict"]] * 3
    asked = [one["sql"] for one in queries if 'FROM "testing_conflict"' in one["sql"] and "EXISTS" in one["sql"]]
    assert len(asked) == 1
    assert dict(Conflict.objects.values_list("device__number", "decision")) == {7002: "", 7003: "", 7004: "dismissed"}
