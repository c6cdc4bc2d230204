"""A case from the first word to the closing note: who may do what, and what the server is given."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.utils import timezone

from tests.modules.hotline.sealing import Caller, Holder, Hotline, opened, seal, unseal
from tests.world import World, person
from tongzhou.kernel import alarms, asks, module
from tongzhou.kernel.models import Notice, Person
from tongzhou.kernel.workflow import OutOfStep
from tongzhou.modules.hotline import queries
from tongzhou.modules.hotline.actions import care, cases, keys, openings
from tongzhou.modules.hotline.models import Case, FollowUp, Opening, Seat
from tongzhou.modules.hotline.models.apart import GONE_AFTER

SignIn = Callable[[Person], Client]
NO_FLAGS = {"plan": False, "attempt": False, "act": False}


@pytest.fixture
def hotline(cast: World) -> Hotline:
    return opened(cast)


def sealed(caller: Caller, text: str, kind: str) -> tuple[Any, str]:
    made = seal(caller.key, caller.secret, text, kind)
    return made["key"], made["sealed"]


def act(client: Client, caller: Caller, name: str, **sent: Any) -> Any:
    return client.post(f"{caller.room}/cases/{caller.key}/{name}/", sent)


def test_callers_wait_in_order_and_see_their_place(hotline: Hotline) -> None:
    first, second, third = hotline.call(), hotline.call(), hotline.call()
    assert [caller.look().json()["place"] for caller in (first, second, third)] == [1, 2, 3]
    cases.take(first.case, hotline.line, by=hotline.yin.person)
    second.post({"leave": "1"})
    assert (first.look().json()["state"], second.case.state, third.look().json()["place"]) == ("talking", "left", 1)


def test_who_closed_their_page_is_no_longer_in_the_queue(hotline: Hotline) -> None:
    first, second = hotline.call(), hotline.call()
    Case.objects.filter(pk=first.key).update(seen_at=timezone.now() - GONE_AFTER - timedelta(seconds=1))
    assert (second.look().json()["place"], first.look().json()["place"]) == (1, 1)  # who comes back is where they were
    assert second.look().json()["place"] == 2


def test_nobody_is_kept_waiting_where_nobody_sits(hotline: Hotline) -> None:
    Seat.objects.update(seen_at=timezone.now() - GONE_AFTER)
    answer = Caller(hotline.line).begin()
    assert (answer.status_code, answer.json()["error"]) == (
        422,
        "现在没有人值守，请拨打页面上的号码，或在服务时间再来。",
    )
    assert Case.objects.count() == 0


def test_the_first_who_takes_a_case_has_it_and_the_others_lose_their_boxes(cast: World, hotline: Hotline) -> None:
    lu = Holder(person("lu", "陆援助", cast.units.org, ("counsellor", cast.units.org)))
    keys.sit(hotline.line, by=lu.person)
    caller = hotline.call()
    seen_by_lu = caller.case
    cases.take(caller.case, hotline.line, by=hotline.yin.person)
    with pytest.raises((OutOfStep, ValidationError)):
        cases.take(seen_by_lu, hotline.line, by=lu.person)
    whole = caller.case.boxes.filter(partner=None)
    assert [box.keypair_id for box in whole] == [hotline.yin.keypair.pk]
    with pytest.raises(Http404):
        queries.find_case(caller.key, cast.response, lu.person)


def test_what_is_said_can_be_read_by_the_counsellor_and_by_no_key_of_the_server(hotline: Hotline) -> None:
    caller = hotline.talking()
    assert caller.say("我睡不着").status_code == 200
    box = queries.whole_box(caller.case, hotline.yin.person)
    assert box is not None
    secret = hotline.yin.open(caller.key, box.sealed, "whole")
    assert [unseal(caller.key, secret, text) for text in caller.case.texts.all()] == ["我睡不着"]
    with pytest.raises(Exception):  # noqa: B017 -- whatever the library calls a seal that does not fit
        hotline.gu.open(caller.key, box.sealed, "whole")


def test_the_same_text_sent_twice_is_one_and_plain_words_are_refused(hotline: Hotline) -> None:
    caller = hotline.talking()
    sent = seal(caller.key, caller.secret, "在吗", "caller")
    assert [caller.post(sent).status_code for _time in range(2)] == [200, 200]
    assert [
        caller.post({"key": str(uuid4()), "sealed": words}).status_code for words in ("我睡不着", "aGVsbG8=", "")
    ] == [422] * 3
    assert caller.case.texts.count() == 1


def test_only_the_caller_hears_their_side_and_no_notes(hotline: Hotline) -> None:
    caller = hotline.talking()
    caller.say("你好")
    cases.say(caller.case, *sealed(caller, "内部记录", "note"), "note", author=hotline.yin.person.pk)
    heard = caller.look().json()["texts"]
    assert [one["kind"] for one in heard] == ["caller"]
    assert (caller.look(token="x" * 44).status_code, Client().get(f"{caller.room}/voice/{uuid4()}/").status_code) == (
        404,
        404,
    )


def test_a_case_cannot_be_begun_again_by_somebody_else(hotline: Hotline) -> None:
    caller = hotline.call()
    thief = Caller(hotline.line, key=caller.key)
    assert (thief.begin().status_code, caller.begin().status_code, Case.objects.count()) == (422, 200, 1)


def test_boxes_go_only_to_those_they_are_meant_for(cast: World, hotline: Hotline) -> None:
    stranger = Holder(person("mo", "莫旁人", cast.units.org, ("counsellor", cast.units.org)))  # has a key, does not sit
    caller = Caller(hotline.line)
    secret_box = {"sealed": "A" * 200}
    given = [secret_box | {"keypair": holder.keypair.pk} for holder in (hotline.yin, stranger)]
    cases.start(hotline.line, caller.key, caller.token, given)
    assert [box.keypair_id for box in caller.case.boxes.all()] == [hotline.yin.keypair.pk]
    with pytest.raises(ValidationError):
        cases.start(hotline.line, uuid4(), caller.token, given[1:])


def test_a_high_risk_calls_the_supervisors_at_once_and_says_nothing(cast: World, hotline: Hotline) -> None:
    caller = hotline.talking()
    Notice.objects.all().delete()
    care.assess(caller.case, hotline.line, score=3, by=hotline.yin.person, **NO_FLAGS)
    assert (Notice.objects.count(), FollowUp.objects.count()) == (0, 0)
    care.assess(caller.case, hotline.line, score=3, by=hotline.yin.person, **NO_FLAGS | {"act": True})
    told = {(notice.person_id, notice.text) for notice in Notice.objects.all()}
    assert told == {(one.person.pk, "心理援助热线有一件急事，请您立即处置。") for one in (hotline.gu, hotline.he)}
    kinds = list(FollowUp.objects.order_by("due_at").values_list("kind", flat=True))
    assert kinds == ["respond", *["contact"] * 7]
    found = Case.objects.get(pk=caller.key)
    assert (found.level, found.by_rule, found.score, found.edition) == ("high", True, 3, "2020")
    care.assess(found, hotline.line, score=9, by=hotline.yin.person, **NO_FLAGS)
    assert FollowUp.objects.count() == 8  # still high: called once


def test_a_lower_level_replaces_the_days_of_the_higher(hotline: Hotline) -> None:
    caller = hotline.talking()
    care.assess(caller.case, hotline.line, score=8, by=hotline.yin.person, **NO_FLAGS)
    care.assess(Case.objects.get(pk=caller.key), hotline.line, score=5, by=hotline.yin.person, **NO_FLAGS)
    contacts = FollowUp.objects.filter(kind="contact")
    assert [contacts.filter(state=state).count() for state in ("due", "dropped")] == [1, 7]


def test_follow_ups_are_asked_of_those_who_must_do_them_and_of_nobody_else(cast: World, hotline: Hotline) -> None:
    caller = hotline.talking()
    care.assess(caller.case, hotline.line, score=8, by=hotline.yin.person, **NO_FLAGS)
    today = timezone.localdate()

    def asked(who: Person) -> list[tuple[str, int]]:
        return [(one.ask.name, one.count) for one in asks.awaiting(who, today) if one.room.name == "hotline"]

    assert (asked(hotline.yin.person), asked(hotline.gu.person)) == ([("to_follow", 1)], [("to_respond", 1)])
    assert [asked(who) for who in (cast.people.wang, cast.people.qian, cast.people.feng, cast.people.li)] == [[]] * 4
    late = timezone.now() + timedelta(minutes=11)
    before = Notice.objects.count()
    assert [alarms.sound(late), alarms.sound(late)] == [2, 0]
    assert Notice.objects.count() == before + 2


def test_who_was_not_reached_is_tried_again_tomorrow(hotline: Hotline) -> None:
    caller = hotline.talking()
    care.assess(caller.case, hotline.line, score=4, by=hotline.yin.person, **NO_FLAGS)
    care.finish(FollowUp.objects.get(), "unreached", by=hotline.yin.person)
    again = FollowUp.objects.get(state="due")
    assert (again.kind, again.person, again.due_at.date()) == (
        "contact",
        hotline.yin.person,
        (timezone.now() + timedelta(days=1)).date(),
    )


def test_sharing_gives_the_key_to_one_more_person(cast: World, hotline: Hotline, signed_in: SignIn) -> None:
    caller = hotline.talking()
    gu = signed_in(hotline.gu.person)
    address = f"{caller.room}/cases/{caller.key}/"
    assert gu.get(address, headers={"accept": "application/json"}).status_code == 403
    from tests.modules.hotline.sealing import box

    answer = act(
        signed_in(hotline.yin.person),
        caller,
        "share",
        keypair=hotline.gu.keypair.pk,
        sealed=box(caller.key, hotline.gu.public, caller.secret, "whole"),
    )
    assert (answer.status_code, gu.get(address, headers={"accept": "application/json"}).status_code) == (302, 200)
    assert [step.what for step in caller.case.steps.all()] == ["consulted"]
    with pytest.raises(PermissionDenied):  # who has no key has none to give
        cases.share(caller.case, hotline.line, hotline.gu.keypair.pk, "A" * 100, by=hotline.he.person)


def test_closing_needs_the_closing_note_and_ends_the_conversation(hotline: Hotline, signed_in: SignIn) -> None:
    caller = hotline.talking()
    yin = signed_in(hotline.yin.person)
    act(yin, caller, "close", topic="mood", who="student")
    assert caller.case.state == "talking"
    act(yin, caller, "close", topic="mood", who="student", **seal(caller.key, caller.secret, "已稳定", "closing"))
    assert (caller.case.state, caller.case.topic, caller.look().status_code, caller.say("还在吗").status_code) == (
        "closed",
        "mood",
        404,
        404,
    )


def test_a_contact_by_telephone_is_entered_by_its_counsellor(cast: World, hotline: Hotline) -> None:
    given = [{"keypair": hotline.yin.keypair.pk, "sealed": "A" * 200}]
    key = uuid4()
    case = cases.enter(hotline.line, key, "voice", given, by=hotline.yin.person)
    assert (case.state, case.mode, case.counsellor) == ("talking", "voice", hotline.yin.person.pk)
    with pytest.raises(ValidationError):
        cases.enter(hotline.line, uuid4(), "text", given, by=hotline.yin.person)
    with pytest.raises(PermissionDenied):
        cases.enter(hotline.line, uuid4(), "voice", given, by=cast.people.wang)
    with pytest.raises(Http404):
        cases.enter(hotline.line, key, "voice", given, by=hotline.gu.person)


@pytest.mark.parametrize("who", ["wang", "qian", "li", "sun", "zhao", "feng", "zhou", "outsider"])
def test_no_other_role_opens_a_case_a_seat_or_the_supervisors_page(
    who: str, cast: World, hotline: Hotline, signed_in: SignIn
) -> None:
    caller = hotline.talking()
    client = signed_in(getattr(cast.people, who))
    pages = [f"cases/{caller.key}/", "seat/", "supervision/"]
    assert [client.get(f"{caller.room}/{page}").status_code for page in pages] == [404] * 3
    assert [act(client, caller, name).status_code for name in ("take", "say", "ask", "erase", "share")] == [404] * 5


# -- break-glass


def test_two_supervisors_open_a_case_together_and_neither_alone(cast: World, hotline: Hotline) -> None:
    from tests.modules.hotline.sealing import box, together

    caller = hotline.talking()
    caller.say("我睡不着")
    opening = openings.ask(caller.case, hotline.line, "danger", by=hotline.gu.person)
    with pytest.raises(PermissionDenied):
        openings.agree(opening, hotline.line, "A" * 100, by=hotline.gu.person)
    theirs = queries.halves(caller.case, hotline.he.person)[0]
    half = hotline.he.open(caller.key, theirs.sealed, "half")
    openings.agree(opening, hotline.line, box(caller.key, hotline.gu.public, half, "opening"), by=hotline.he.person)
    mine = hotline.gu.open(caller.key, queries.halves(caller.case, hotline.gu.person)[0].sealed, "half")
    given = hotline.gu.open(caller.key, Opening.objects.get().sealed, "opening")
    assert together(mine, given) == caller.secret
    assert caller.secret not in (mine, given)
    assert [unseal(caller.key, together(mine, given), text) for text in caller.case.texts.all()] == ["我睡不着"]


def test_an_opening_is_told_to_the_counsellor_and_stands_in_the_ledger(cast: World, hotline: Hotline) -> None:
    caller = hotline.talking()
    Notice.objects.all().delete()
    opening = openings.ask(caller.case, hotline.line, "minor", by=hotline.gu.person)
    openings.refuse(opening, hotline.line, by=hotline.he.person)
    assert {(notice.person_id, str(notice.text)) for notice in Notice.objects.all()} == {
        (hotline.yin.person.pk, "您的一件个案有人申请破封查阅。"),
        (hotline.he.person.pk, f"{hotline.gu.person}申请破封查阅一件个案，请您决定。"),
    }
    from tongzhou.kernel import ledger

    said = [ledger.sentence(entry) for entry in ledger.entries(hotline.line)][-2:]
    assert said == [
        f"{hotline.gu.person.name}申请破封查阅个案 {caller.case}，事由：未成年人受到侵害",
        f"{hotline.he.person.name}不同意{hotline.gu.person.name}破封查阅个案 {caller.case}",
    ]
    with pytest.raises(OutOfStep):
        openings.refuse(opening, hotline.line, by=hotline.he.person)


def test_one_person_on_both_sides_is_refused_by_the_database(hotline: Hotline) -> None:
    caller, gu = hotline.talking(), hotline.gu.person
    made = {
        "case": caller.case,
        "reason": "danger",
        "asker": gu.pk,
        "asker_name": "顾",
        "other": gu.pk,
        "state": "agreed",
        "sealed": "x",
    }
    with pytest.raises(IntegrityError), transaction.atomic(using="hotline"):
        Opening.objects.create(**made)


def test_an_opening_holds_for_a_day(hotline: Hotline, signed_in: SignIn) -> None:
    caller = hotline.talking()
    opening = openings.ask(caller.case, hotline.line, "law", by=hotline.gu.person)
    openings.agree(opening, hotline.line, "A" * 100, by=hotline.he.person)
    gu, address = signed_in(hotline.gu.person), f"{caller.room}/cases/{caller.key}/"
    statuses = [gu.get(address, headers={"accept": "application/json"}).status_code]
    Opening.objects.update(answered_at=timezone.now() - timedelta(hours=25))
    statuses.append(gu.get(address, headers={"accept": "application/json"}).status_code)
    assert statuses == [200, 403]


def test_erasing_leaves_no_key_and_no_text(hotline: Hotline) -> None:
    caller = hotline.talking()
    caller.say("我睡不着")
    care.assess(caller.case, hotline.line, score=9, by=hotline.yin.person, **NO_FLAGS)
    with pytest.raises(ValidationError, match="先结案"):
        openings.erase(caller.case, hotline.line, "asked", by=hotline.gu.person)
    cases.close(caller.case, *sealed(caller, "记录", "closing"), topic="mood", who="student", by=hotline.yin.person)
    with pytest.raises(PermissionDenied):
        openings.erase(caller.case, hotline.line, "asked", by=hotline.yin.person)
    openings.erase(caller.case, hotline.line, "asked", by=hotline.gu.person)
    left = caller.case
    assert (left.state, left.boxes.count(), left.texts.count(), FollowUp.objects.filter(state="due").count()) == (
        "erased",
        0,
        0,
        0,
    )
    with pytest.raises(OutOfStep):
        cases.say(left, *sealed(caller, "再写", "note"), "note")


def test_a_line_opens_only_with_two_seats_and_its_hours(cast: World) -> None:
    from tests.modules.hotline.sealing import line

    for fields in ({"seats": 1}, {"hours": ""}, {"by_text": False}):
        with pytest.raises(ValidationError):
            module.perform(line(cast, **fields), "open", by=cast.people.wang)
