"""A declaration and what follows; exports by two; expiry; what is counted and told; alarms, board."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from tests.modules.coverage.factory import declaration, document, named, roll, subject
from tests.world import World
from tongzhou.kernel import asks, facts, ledger, module, seal
from tongzhou.kernel.models import Entry, Person
from tongzhou.kernel.scope import Scope
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.coverage import actions, queries
from tongzhou.modules.coverage.actions.declarations import Said
from tongzhou.modules.coverage.alarms import alarms
from tongzhou.modules.coverage.board import board
from tongzhou.modules.coverage.models import Declaration, Evidence, Listing, Release, Roll, Stay, Subject

TODAY = timezone.localdate
SignIn = Callable[[Person], Client]
NINTH = date(2022, 7, 1)


def said(area: str = "high", n: int = 1, **fields: Any) -> Said:
    stays = [
        {"place": "外市某街道", "area": area, "since": NINTH - timedelta(days=4), "until": NINTH - timedelta(days=1)}
    ]
    usual = {"name": "赵社员", "number": document(n), "phone": "10000000001", "arrived_on": NINTH, "stays": stays}
    return Said(**usual | fields)


def declared(cast: World, given: Said, on: date = NINTH, **more: Any) -> Declaration:
    return actions.declarations.declare(cast.response, given, by=cast.people.zhao, key=uuid4(), on=on, **more)[0]


def test_a_declaration_makes_its_person_due_by_the_rule_of_the_day(cast: World) -> None:
    made = declared(cast, said(vehicle="高铁 G1234", companions="钱某"))
    assert (made.outcome, made.version_of_rule, made.unit) == ("high", "9", cast.units.branch1)
    rows = {row.kind: (row.schedule, row.begins_on, row.ends_on, row.next_due) for row in made.listings.all()}
    assert rows == {
        "test": ({"days": [1, 2, 3, 5, 7]}, NINTH, None, NINTH),
        "care": ({"every": 1}, NINTH, NINTH + timedelta(days=6), NINTH),
    }
    assert [row.what for row in made.subject.evidence.all()] == ["declared"]
    entry = ledger.entries(made).get(verb="file")
    assert ledger.sentence(entry) == "赵社员申报，按9版规则：7天集中隔离"
    stay = Stay.objects.get()
    assert (str(stay.place), seal.open(stay, "place"), seal.open(made, "vehicle")) == (
        "•••",
        "外市某街道",
        "高铁 G1234",
    )


def test_since_january_2023_nothing_follows(cast: World) -> None:
    made = declared(cast, said("overseas"), on=date(2023, 1, 8))
    assert (made.outcome, made.version_of_rule, made.listings.count()) == ("", "B", 0)


def test_a_declaration_sent_twice_is_one_and_the_next_replaces_it(cast: World) -> None:
    key, zhao = uuid4(), cast.people.zhao
    first, new = actions.declarations.declare(cast.response, said(), by=zhao, key=key, on=NINTH)
    assert (actions.declarations.declare(cast.response, said(), by=zhao, key=key, on=NINTH), new) == (
        (first, False),
        True,
    )
    again = declared(cast, said("none", name="", number="", phone=""), subject=first.subject)
    first.refresh_from_db()
    assert (first.state, again.state, Subject.objects.count()) == ("replaced", "valid", 1)
    assert set(first.listings.values_list("next_due", flat=True)) == {None}


def test_what_is_typed_anew_corrects_what_was_kept(cast: World) -> None:
    first = declared(cast, said())
    declared(cast, said(name="", number=document(2), phone=""), subject=first.subject)
    found = Subject.objects.get()
    assert (seal.open(found, "number"), seal.open(found, "name")) == (document(2), "赵社员")
    assert list(queries.known(cast.response, [seal.index(f"id/{document(2)}", "coverage")]).values()) == [found]
    declared(cast, said(n=3, is_self=False, name="赵小妹"))
    with pytest.raises(ValidationError):
        declared(cast, said(name="", number=document(3), phone=""), subject=found)


def test_whoever_types_the_number_of_somebody_on_a_list_learns_nothing(cast: World, signed_in: SignIn) -> None:
    """Their declaration counts for the list, but the person is not theirs to see."""
    made = roll(cast, group="returnee", unit=cast.units.branch3)
    actions.rolls.add(made, [named(made.unit, "王真名", document="id", number=document(5))], by=cast.people.house)
    mine = declared(cast, said(n=5, name="冒名"), on=TODAY())
    assert (Subject.objects.count(), Listing.objects.get(roll=made).last_on) == (1, TODAY())
    client = signed_in(cast.people.zhao)
    assert client.get(mine.subject.get_absolute_url()).status_code == 404
    assert queries.mine(cast.people.zhao, TODAY() + timedelta(days=30)).count() == 0


def test_a_withdrawn_declaration_asks_for_nothing(cast: World) -> None:
    made = declared(cast, said())
    with pytest.raises(PermissionDenied):
        module.perform(made, "withdraw", by=cast.people.chen, note="x")
    module.perform(made, "withdraw", by=cast.people.zhao, note="填错了")
    assert set(made.listings.values_list("next_due", flat=True)) == {None}


def test_a_member_declares_on_the_page_and_next_time_types_almost_nothing(cast: World, signed_in: SignIn) -> None:
    client, at = signed_in(cast.people.zhao), f"/{cast.response.slug}/coverage/declare/"
    sent = {
        "key": str(uuid4()),
        "name": "赵社员",
        "number": document(6),
        "phone": "10000000006",
        "stays-TOTAL_FORMS": "1",
        "stays-INITIAL_FORMS": "0",
    }
    assert client.post(at, sent | {"number": document(6)[:-1]}).status_code == 422
    answer = client.post(at, sent)
    made = Declaration.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, made.get_absolute_url())
    page = client.get(at).content.decode()
    assert document(6) not in page
    assert "10000000006" not in page
    again = {
        "key": str(uuid4()),
        "whom": str(made.subject_id),
        "has_symptoms": "on",
        "stays-TOTAL_FORMS": "0",
        "stays-INITIAL_FORMS": "0",
    }
    assert client.post(at, again).status_code == 302
    assert (Subject.objects.count(), Declaration.objects.filter(has_symptoms=True).count()) == (1, 1)


# -- exports by two


def test_an_export_needs_another_person_and_goes_out_once(cast: World, signed_in: SignIn) -> None:
    wang, qian, made = cast.people.wang, cast.people.qian, roll(cast)
    actions.rolls.add(made, [named(made.unit, "王五", phone="10000000077")], by=cast.people.house)
    row = Release(pk=uuid4(), response=cast.response, unit=made.unit, roll=made, purpose="送采样点", given_to="一号点")
    asked: Any = module.file(row, by=wang)[0]
    at = f"/{cast.response.slug}/coverage/exports/{asked.pk}/take/"
    with pytest.raises(PermissionDenied):
        module.perform(asked, "approve", by=wang)
    assert signed_in(wang).post(at).status_code == 302  # not yet approved
    module.perform(asked, "approve", by=qian)
    assert signed_in(qian).post(at).status_code == 403  # only who asked
    answer = signed_in(wang).post(at)
    cells = [
        cell
        for line in openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)
        for cell in line
    ]
    assert {"王五", "10000000077"} <= set(cells)
    assert signed_in(wang).post(at)["Content-Type"] != answer["Content-Type"]
    told = [ledger.sentence(entry) for entry in ledger.entries(asked)]
    assert told == ["王保管申请导出", "钱签发批准导出", "王保管下载了未脱敏的名单，共1人，用途：送采样点"]


def test_an_approval_holds_for_a_day_only_and_never_of_oneself(cast: World) -> None:
    wang, made = cast.people.wang, roll(cast, people=1)
    row = Release(pk=uuid4(), response=cast.response, unit=made.unit, roll=made, purpose="送采样点", given_to="一号点")
    asked: Any = module.file(row, by=wang)[0]
    module.perform(asked, "approve", by=cast.people.qian)
    Release.objects.filter(pk=asked.pk).update(decided_at=timezone.now() - timedelta(hours=25))
    asked.refresh_from_db()
    with pytest.raises(ValidationError):
        actions.releases.take(asked, by=wang)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=asked.pk).update(decided_by=wang)


def test_lists_and_ordinary_exports_show_nobody_clear(cast: World, signed_in: SignIn) -> None:
    made = roll(cast, begins_on=TODAY() - timedelta(days=3))
    actions.rolls.add(
        made,
        [named(made.unit, "欧阳明月", document="id", number=document(8), phone="10000000088")],
        by=cast.people.house,
    )
    whom, client, slug = Subject.objects.get(), signed_in(cast.people.sun), cast.response.slug
    pages = [
        "people/",
        "people/print/",
        f"lists/{made.pk}/people/",
        f"lists/{made.pk}/sheet/",
        "today/",
        f"people/{whom.pk}/",
    ]
    texts = [client.get(f"/{slug}/coverage/{at}").content.decode() for at in pages]
    book = openpyxl.load_workbook(BytesIO(client.get(f"/{slug}/coverage/people/export.xlsx").content))
    texts.append(str(list(book.active.iter_rows(values_only=True))))
    for text in texts:
        assert "欧**" in text
        assert [word for word in ("欧阳", "明月", document(8), "10000000088") if word in text] == []


def test_who_must_reach_somebody_today_sees_how_and_it_is_an_entry(cast: World, signed_in: SignIn) -> None:
    made = roll(cast, begins_on=TODAY() - timedelta(days=3), group="order-1")
    actions.rolls.add(made, [named(made.unit, "欧阳明月", phone="10000000088")], by=cast.people.house)
    whom = Subject.objects.get()
    at = f"/{cast.response.slug}/coverage/people/{whom.pk}/reveal/"
    sun = signed_in(cast.people.sun)
    page = sun.post(at, {"purpose": "联系本人"})
    assert ("10000000088" in page.content.decode(), page["Cache-Control"]) == (
        True,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    entry = Entry.objects.get(record=whom.pk, verb="reveal")
    assert (entry.by, entry.note) == (cast.people.sun, "联系本人")
    assert [signed_in(by).post(at, {"purpose": "x"}).status_code for by in (cast.people.li, cast.people.zhao)] == [
        403,
        404,
    ]
    actions.evidence.add(whom, "tested", by=cast.people.sun, key=uuid4())
    assert sun.post(at, {"purpose": "联系本人"}).status_code == 403  # nothing to do any more


# -- expiry


def test_people_are_erased_when_nothing_keeps_them_and_numbers_stay(cast: World) -> None:
    both, one = named(cast.units.branch1), named(cast.units.branch1)
    first, second = roll(cast), roll(cast, group="order-7")
    actions.rolls.add(first, [both, one], by=cast.people.house)
    actions.rolls.add(second, [both], by=cast.people.house)
    module.perform(first, "close", by=cast.people.sun, note="任务结束")
    module.perform(first, "erase", by=cast.people.sun)
    assert [ledger.sentence(entry) for entry in ledger.entries(first)][
        -1
    ] == "孙支社清除到期的个人信息：1人，另有1人仍在其他未到期的名单上"
    gone, kept = Subject.objects.get(state="erased"), Subject.objects.get(state="kept")
    assert [getattr(gone, name) for name in ("name", "number", "phone", "address", "identity", "identity_index")] == [
        "",
        "",
        "",
        "",
        "",
        None,
    ]
    assert (seal.open(kept, "number"), str(gone), first.listings.count()) == (both.number, "已清除", 2)
    with pytest.raises(ValidationError):
        actions.evidence.add(gone, "tested", by=cast.people.sun, key=uuid4())
    with pytest.raises(OutOfStep):
        module.perform(kept, "erase", by=cast.people.sun)


def test_the_nightly_command_erases_what_expired(cast: World) -> None:
    old = TODAY() - timedelta(days=100)
    made = roll(cast, begins_on=old, keep_until=old + timedelta(days=60), people=2)
    stays = roll(cast, people=1)
    past = declared(cast, said(vehicle="高铁"))
    out = StringIO()
    call_command("expire", stdout=out)
    assert out.getvalue().split("\n")[:-1] == [f"test-2022 {made.name}", "people 1"]
    made.refresh_from_db()
    stays.refresh_from_db()
    past.refresh_from_db()
    assert (made.state, stays.state, past.vehicle, Stay.objects.get().place) == ("erased", "open", "", "")
    assert sorted(Subject.objects.values_list("state", flat=True)) == ["erased", "erased", "erased", "kept"]
    again = StringIO()
    call_command("expire", stdout=again)
    assert (again.getvalue(), list(ledger.broken())) == ("", [])


# -- facts, alarms, board


def told(scope: Scope, by: Person) -> list[str]:
    room = module.room("coverage")
    assert room.tell is not None
    return [sentence.words() for sentence in room.tell(scope, by, facts.gather(scope, by, [room]))]


def test_what_was_covered_is_told_in_both_languages_and_zero_is_not(cast: World) -> None:
    scope, by = Scope(cast.response), cast.people.wang
    assert told(scope, by) == []
    line, begins = named(cast.units.branch1), {"begins_on": TODAY() - timedelta(days=8)}
    first, second = roll(cast, **begins), roll(cast, group="order-7", **begins)
    actions.rolls.add(first, [line, named(cast.units.branch1)], by=cast.people.house)
    actions.rolls.add(second, [line], by=cast.people.house)
    whom = Subject.objects.get(listings__roll=second)
    actions.evidence.add(whom, "tested", by=cast.people.sun, key=uuid4())
    declared(cast, said("none"), on=TODAY())
    assert told(scope, by) == ["申报旅居史和健康状况1人次。", "应检2人，已检1人。", "名单去重免去重复联系1次。"]
    with translation.override("en"):
        assert told(scope, by) == [
            "1 declaration of travel history and health filed.",
            "2 people to be tested, 1 person tested.",
            "1 contact saved by merging lists.",
        ]


def test_the_family_is_reminded_in_the_morning_and_the_unit_told_in_the_evening(cast: World) -> None:
    on = TODAY()
    made = roll(cast, begins_on=on - timedelta(days=3), group="order-1", people=2)
    zhao = cast.people.zhao
    own = Subject.objects.filter(listings__roll=made).first()
    assert own is not None
    Subject.objects.filter(pk=own.pk).update(declarant=zhao, is_self=True)

    def at(hour: int) -> list[tuple[str, list[Person]]]:
        now = datetime.combine(on, datetime.min.time(), timezone.get_current_timezone()) + timedelta(hours=hour)
        return [(str(alarm.text), list(alarm.people)) for alarm in alarms(now)]

    assert at(6) == []
    reminder = ("提醒：本人今天需要做核酸检测。", [zhao])
    assert at(8) == [reminder]
    evening = at(18)
    assert evening[0] == reminder
    assert evening[1][0] == "第一支社有 2 人逾期未查、未检或未上门。"
    assert cast.people.sun in evening[1][1]


def test_the_board_shows_who_is_overdue_and_where(cast: World) -> None:
    now = timezone.now()
    assert board(cast.response, cast.people.feng, now) == []
    roll(cast, unit=cast.units.street1, begins_on=TODAY() - timedelta(days=3), group="order-1", people=2)
    roll(cast, unit=cast.units.street2, group="order-1", people=1)
    late, today = board(cast.response, cast.people.feng, now)
    assert (late.value, late.tone, [(line.text, line.value) for line in late.lines]) == (2, "bad", [("东街道", 2)])
    assert (today.value, [(str(line.text), line.value) for line in today.lines]) == (1, [("应检", "0 / 3")])
    assert board(cast.response, cast.people.zhao, now) == []


def test_what_awaits_whom_of_exports_and_expired_lists(cast: World) -> None:
    old = TODAY() - timedelta(days=100)
    roll(cast, begins_on=old, keep_until=TODAY() - timedelta(days=1))
    made = roll(cast, people=1)
    row = Release(pk=uuid4(), response=cast.response, unit=made.unit, roll=made, purpose="核对", given_to="一号点")
    module.file(row, by=cast.people.wang)

    def names(by: Person) -> set[str]:
        return {one.ask.name for one in asks.awaiting(by, TODAY()) if one.room.name == "coverage"}

    assert (names(cast.people.sun), names(cast.people.qian)) == ({"to_erase"}, {"to_approve"})
    module.perform(row, "approve", by=cast.people.qian)
    assert names(cast.people.wang) == {"to_erase", "to_take"}
    assert (declaration(cast).state, subject(cast).state, Evidence.objects.count()) == ("valid", "kept", 0)
    assert Roll.objects.count() == 4
