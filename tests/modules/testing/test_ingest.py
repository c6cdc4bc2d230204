"""The one way in: each fact once, and what contradicts kept aside for a supervisor."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from tests.modules.testing import sampling
from tests.modules.testing.sampling import NOW, code, item, send, session, statuses, text
from tests.world import World
from tongzhou.kernel import seal
from tongzhou.modules.testing import queries, rules
from tongzhou.modules.testing.actions import Sheaf, ingest, paper
from tongzhou.modules.testing.actions.paper import Line
from tongzhou.modules.testing.models import Campaign, CheckIn, Conflict, Count, Device, Point, Resident, Tube
from tongzhou.modules.testing.rules import Verdict
from tongzhou.modules.testing.rules.paper import sheet_number


def counts() -> dict[int, int]:
    found: dict[int, int] = {}
    for verdict, n in Count.objects.filter(verdict__in=Verdict).values_list("verdict", "n"):
        found[verdict] = found.get(verdict, 0) + n
    return found


def tubes() -> dict[str, int]:
    return dict(Tube.objects.order_by("code").values_list("code", "people"))


def kinds() -> list[tuple[str, int, bool]]:
    return list(Conflict.objects.order_by("device", "seq", "kind").values_list("kind", "seq", "stored"))


def test_a_batch_goes_in_once_however_often_it_is_sent(cast: World) -> None:
    at = session(cast)
    batch = [item(n, text(n)) for n in range(1, 9)]
    assert statuses(send(at, *batch)) == ["stored"] * 8
    for again in (batch, batch[::-1], batch[3:5]):
        assert statuses(send(at, *again)) == ["duplicate"] * len(again)
    assert (CheckIn.objects.count(), counts(), tubes()) == (8, {Verdict.FINE: 8}, {"T0001": 8})
    assert queries.held(at) == (8, 8)


def test_the_same_item_twice_in_a_batch_and_in_a_group_goes_in_once(cast: World) -> None:
    at, one = session(cast), item(1, text(1))
    both = ingest([Sheaf(at, NOW, [one, one], NOW), Sheaf(at, NOW, [one], NOW)])
    assert [statuses(acks) for acks in both] == [["stored", "duplicate"], ["duplicate"]]
    assert counts() == {Verdict.FINE: 1}


def test_the_same_number_with_other_content_is_kept_as_a_conflict(cast: World) -> None:
    at = session(cast)
    send(at, item(1, text(1)))
    for _time in range(2):
        (ack,) = send(at, item(1, text(2)))
        assert (ack.status, ack.reason) == ("conflict", "number")
    assert kinds() == [("number", 1, False)]
    assert seal.open(Conflict.objects.get(), "text") == text(2)
    assert counts() == {Verdict.FINE: 1}


def test_two_contents_of_one_number_in_one_group_keep_both(cast: World) -> None:
    at = session(cast)
    assert statuses(send(at, item(1, text(1)), item(1, text(2)), item(1, text(1)))) == [
        "stored",
        "conflict",
        "duplicate",
    ]
    assert kinds() == [("number", 1, False)]


def test_a_person_sampled_before_is_told_where_and_when(cast: World) -> None:
    here, there = session(cast), session(cast, 7002, table=2)
    send(here, item(1, text(5)))
    for _time in range(2):
        (ack,) = send(
            there, item(1, text(5, tube="T0002", at=NOW + 60_000)), sent_at=NOW + 60_000, received=NOW + 60_000
        )
        assert (ack.status, ack.verdict, ack.where, ack.at) == ("conflict", Verdict.REPEAT, "东街小学 1", NOW)
    assert (kinds(), counts()) == ([("repeat", 1, False)], {Verdict.FINE: 1, Verdict.REPEAT: 1})
    assert tubes() == {"T0001": 1, "T0002": 1}  # the second swab lies in its tube
    campaign = Device.objects.get(number=7002).campaign
    assert [key.bytes for key in queries.persons_in(campaign, "T0002")] == [rules.person_key("id", "person 5")]


def test_a_swab_taken_back_frees_the_person_and_the_tube(cast: World) -> None:
    at = session(cast)
    assert (
        statuses(send(at, item(1, text(5)), item(2, text(kind="correct", of=1)), item(3, text(5, tube="T0002"))))
        == ["stored"] * 3
    )
    assert (tubes(), kinds()) == ({"T0001": 0, "T0002": 1}, [])
    assert counts() == {Verdict.FINE: 2, Verdict.CORRECTED: 1}
    assert sorted(CheckIn.objects.filter(kind=1).values_list("seq", "turn")) == [(1, 0), (3, 1)]


def test_a_retest_is_another_turn_of_the_same_person(cast: World) -> None:
    at = session(cast)
    send(at, item(1, text(5)))
    assert (
        statuses(send(at, item(2, text(5, tube="S1", retest=True)), item(3, text(5, tube="S2", retest=True))))
        == ["stored"] * 2
    )
    assert sorted(CheckIn.objects.values_list("seq", "turn")) == [(1, 0), (2, 1), (3, 2)]
    assert statuses(send(at, item(3, text(5, tube="S2", retest=True)))) == ["duplicate"]


def test_the_eleventh_swab_in_a_tube_of_ten_is_kept_and_told(cast: World) -> None:
    at = session(cast)
    acks = send(at, *[item(n, text(n)) for n in range(1, 13)])
    assert [ack.verdict for ack in acks] == [Verdict.FINE] * 10 + [Verdict.FULL] * 2
    assert (statuses(acks), tubes()) == (["stored"] * 12, {"T0001": 12})
    assert kinds() == [("full", 11, True), ("full", 12, True)]
    assert statuses(send(at, item(12, text(12)))) == ["duplicate"]


def test_a_tube_of_another_table_or_closed_before_is_told(cast: World) -> None:
    here, there = session(cast), session(cast, 7002, table=2)
    send(here, item(1, text(1)), item(2, text(kind="close", at=NOW + 1)), sent_at=NOW + 1, received=NOW + 1)
    (elsewhere,) = send(there, item(1, text(2)))
    assert (elsewhere.status, elsewhere.verdict, elsewhere.where) == ("stored", Verdict.USED, "东街小学 1")
    (closed,) = send(here, item(3, text(3, at=NOW + 9)), sent_at=NOW + 9, received=NOW + 9)
    assert (closed.status, closed.verdict) == ("stored", Verdict.USED)
    assert sorted(kinds()) == [("used", 1, True), ("used", 3, True)]


def test_what_a_revoked_device_sends_is_kept_aside(cast: World) -> None:
    at = session(cast)
    send(at, item(1, text(1)))
    Device.objects.filter(number=7001).update(state="revoked")
    revoked = queries.session(7001)
    assert revoked is not None
    assert statuses(send(revoked, item(1, text(1)), item(2, text(2)))) == ["conflict", "conflict"]
    assert (kinds(), CheckIn.objects.count()) == ([("revoked", 1, False), ("revoked", 2, False)], 1)


def test_a_code_this_house_did_not_make_is_kept_aside(cast: World) -> None:
    at = session(cast)
    (ack,) = send(at, item(1, text(code="TZ1" + "A" * 43)))
    assert (ack.status, ack.verdict, kinds()) == ("conflict", Verdict.UNKNOWN_CODE, [("unknown_code", 1, False)])
    assert tubes() == {"T0001": 1}


@pytest.mark.parametrize("number", ["", " \u3000", "9" * 61])
def test_a_swab_of_someone_without_a_readable_number_is_kept_aside(cast: World, number: str) -> None:
    at, said = session(cast), text(person={"name": "张\u3000三", "kind": "passport", "number": number})
    for _time in range(2):
        (ack,) = send(at, item(1, said))
        assert (ack.status, ack.reason, ack.verdict) == ("conflict", "unknown_code", Verdict.UNKNOWN_CODE)
    assert (kinds(), tubes(), CheckIn.objects.count()) == ([("unknown_code", 1, False)], {"T0001": 1}, 0)
    assert seal.open(Conflict.objects.get(), "text") == said
    assert (counts(), queries.held(at)) == ({Verdict.UNKNOWN_CODE: 1}, (1, 1))


def test_every_way_in_knows_a_person_by_the_same_key(cast: World, client: Client) -> None:
    """A telephone's registration, a card read at a table, a sheet typed in: the second and third swab are repeats, and the code finds its result."""
    at = session(cast)
    of = Point.objects.get(pk=at.point)
    given = {"name": "John Smith", "document": "passport", "number": "E 123-4567"}
    assert client.post(reverse("testing.code", args=[cast.response.slug]), given).status_code == 302
    key = Resident.objects.get().key
    assert key.bytes == rules.person_key("passport", "E1234567")
    assert statuses(
        send(at, item(1, text(person={"name": "John　Smith", "kind": "passport", "number": "e1234567"})))
    ) == ["stored"]
    (again,) = send(
        at, item(2, text(person={"name": "John Smith", "kind": "passport", "number": "Ｅ·1234567"}, tube="T2"))
    )
    line = Line(0, "P1", {"person": {"name": "John Smith", "kind": "passport", "number": "E 1234567"}})
    (typed,) = paper.type_in(
        of, sheet_number(1, of.pk), datetime.fromtimestamp(NOW / 1000, UTC), [line], by=cast.people.house, close=False
    )
    assert [(one.status, one.reason) for one in (again, typed)] == [("conflict", "repeat")] * 2
    assert {one.person for one in Conflict.objects.all()} == {key} == {one.person for one in CheckIn.objects.all()}
    assert Resident.objects.count() == 1


def test_a_swab_kept_aside_and_then_taken_back_needs_no_supervisor(cast: World) -> None:
    """Whichever of the two comes first. The tube's count is one swab less, once."""
    first, beside = session(cast), session(cast, 7002, table=2)
    send(first, item(1, text(5, tube="A")))
    swab, back = item(1, text(5, tube="B")), item(2, text(kind="correct", tube="B", of=1))
    assert statuses(send(beside, swab, back)) == ["conflict", "stored"]
    swab, back = item(3, text(code="TZ1" + "A" * 43, tube="B")), item(4, text(kind="correct", tube="B", of=3))
    assert statuses([*send(beside, back), *send(beside, swab)]) == ["stored", "conflict"]
    assert (tubes(), queries.persons_in(beside_campaign(), "B")) == ({"A": 1, "B": 0}, set())
    found = Conflict.objects.values_list("kind", "decision", "decided_by").order_by("seq")
    assert list(found) == [
        ("repeat", "dismissed", cast.people.house.pk),
        ("unknown_code", "dismissed", cast.people.house.pk),
    ]


def beside_campaign() -> Campaign:
    return Device.objects.get(number=7002).campaign


def test_a_retest_has_a_tube_of_its_own_whatever_the_zone_takes(cast: World) -> None:
    at = session(cast)
    first = send(
        at,
        item(1, text(5, tube="S1", retest=True)),
        item(2, text(6, tube="T1")),
        item(3, text(kind="close", tube="S1", at=NOW + 1)),
    )
    second = send(at, item(4, text(7, tube="S1", retest=True)), item(5, text(8, tube="S2", retest=True)))
    assert [ack.verdict for ack in first + second] == [Verdict.FINE, Verdict.FINE, 0, Verdict.FULL, Verdict.FINE]
    assert dict(Tube.objects.values_list("code", "size")) == {"S1": 1, "T1": 10, "S2": 1}
    assert kinds() == [("full", 4, True)]


def test_the_last_of_a_full_tube_is_taken_back_and_another_put_in_its_place(cast: World) -> None:
    at = session(cast)
    send(at, *[item(n, text(n)) for n in range(1, 11)])
    acks = send(at, item(11, text(kind="correct", of=10)), item(12, text(12)), item(13, text(kind="close", at=NOW + 1)))
    assert [(str(ack.status), ack.verdict) for ack in acks] == [("stored", 0), ("stored", Verdict.FINE), ("stored", 0)]
    # after the tube was closed: one less in it, and closed it is
    (ack,) = send(at, item(14, text(kind="correct", of=12)))
    tube = Tube.objects.get()
    assert (ack.status, tube.people, tube.closed_at is None, kinds()) == ("stored", 9, False, [])


def test_what_was_odd_is_said_again_when_the_answer_was_lost(cast: World) -> None:
    here, there = session(cast), session(cast, 7002, table=2)
    send(here, *[item(n, text(n)) for n in range(1, 12)])
    send(there, item(1, text(20)))
    acks = [*send(here, item(11, text(11))), *send(there, item(1, text(20)))]
    told = [(str(ack.status), ack.verdict, ack.where) for ack in acks]
    assert told == [("duplicate", Verdict.FULL, ""), ("duplicate", Verdict.USED, "东街小学 1")]


def test_expired_and_other_zone_are_said_and_stored(cast: World) -> None:
    at = session(cast)
    mine = min(at.station.zones)
    acks = send(
        at,
        item(1, text(code=code(1, expires=NOW - 3_600_000))),
        item(2, text(code=code(2, zone=mine + 1))),
        item(3, text(code=code(3, mine))),
    )
    assert [ack.verdict for ack in acks] == [Verdict.EXPIRED, Verdict.OTHER_ZONE, Verdict.FINE]
    assert (statuses(acks), kinds()) == (["stored"] * 3, [])


def test_who_comes_without_a_code_is_sealed_in_the_register(cast: World) -> None:
    at, person = session(cast), {"name": "张三", "kind": "id", "number": "210599199001011234"}
    send(at, item(1, text(person=person)))
    send(at, item(2, text(person=person, tube="T0002")))
    resident = Resident.objects.get()
    assert (seal.open(resident, "name"), seal.open(resident, "number")) == ("张三", "210599199001011234")
    assert CheckIn.objects.get().person == resident.key
    assert kinds() == [("repeat", 2, False)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, number FROM testing_resident")
        assert "210599" not in str(cursor.fetchall())


def test_junk_is_answered_item_by_item_and_keeps_nobody_up(cast: World) -> None:
    at = session(cast)
    acks = send(at, None, item(1, "{}"), item(2, text(2)), item(3, "null"), item(4, text(4, tube="")))
    assert statuses(acks) == ["rejected", "rejected", "stored", "rejected", "rejected"]
    assert [ack.reason for ack in acks] == ["item", "text", "", "text", "tube"]


@pytest.mark.parametrize("statement", ["UPDATE testing_checkin SET tube = 'X'", "DELETE FROM testing_checkin"])
def test_a_check_in_is_never_changed_or_removed(cast: World, statement: str) -> None:
    send(session(cast), item(1, text(1)))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert CheckIn.objects.get().tube == "T0001"


def test_zones_decide_how_many_swabs_go_into_a_tube(cast: World) -> None:
    campaign = sampling.campaign(cast, mode="twenty")
    campaign.zones.create(unit=cast.units.street1, mode="single")
    for number, (unit, size) in enumerate([(cast.units.street1, 1), (cast.units.street2, 20)], 7001):
        sampling.device(cast, sampling.point(cast, campaign, unit, name=f"点{number}"), number)
        found: Any = queries.session(number)
        assert found.station.size == size


def test_a_plain_batch_costs_one_statement(cast: World, django_assert_max_num_queries: Any) -> None:
    at = session(cast)
    send(at, item(1, text(1)))
    with django_assert_max_num_queries(2):  # SQLite needs its savepoint in a test
        send(at, *[item(n, text(n, tube=f"T{n}")) for n in range(2, 102)])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps its statements itself")
def test_the_statement_is_planned_once_and_nothing_else_is_prepared(cast: World) -> None:
    at = session(cast)
    for n in range(1, 9):
        send(at, item(n, text(n)))
        assert CheckIn.objects.count() == n
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(generic_plans), sum(custom_plans), bool_and(statement LIKE '%testing_checkin%unnest%') FROM pg_prepared_statements"
        )
        assert cursor.fetchone() == (8, 0, True)
