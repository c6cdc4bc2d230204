"""What is confidential, and a draft, exist for nobody but their authors and those trusted with them: on every page, in every count."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from tests.modules.proposals.factory import TEXT, item, item_of, sent, submitted
from tests.world import World
from tongzhou.kernel import access, asks, facts, module, steps
from tongzhou.kernel.models import Entry, Notice, Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.proposals import queries
from tongzhou.modules.proposals.facts import tell
from tongzhou.modules.proposals.models import Case, Item, Submission
from tongzhou.web.audit import auditable

SignIn = Callable[[Person], Client]
ROOM = "/test-2022/proposals/"


def counts(cast: World, by: Person) -> dict[str, str]:
    found = facts.gather(Scope(cast.response), by, [module.room("proposals")])
    return {name.partition(".")[2]: one[0].text() for name, one in found.items() if one and one[0].figure.value}


def test_a_confidential_item_is_seen_by_its_author_and_those_trusted(cast: World, signed_in: SignIn) -> None:
    made = sent(cast, is_confidential=True, name="密件丹桂")
    people = cast.people
    sees = {name: access.visible(Item.objects.all(), getattr(people, name), "proposals.read").exists() for name in
            ("zhao", "chen", "sun", "wang", "qian", "li")}  # fmt: skip
    assert sees == {"zhao": True, "chen": False, "sun": False, "wang": True, "qian": True, "li": False}
    for who, there in ((people.sun, False), (people.li, False), (people.wang, True), (people.zhao, True)):
        client = signed_in(who)
        pages = [client.get(f"{ROOM}{page}").content.decode() for page in ("", "?q=丹桂", "print/")]
        pages.append(client.post(f"{ROOM}alike/", {"name": "密件丹桂", "situation": made.situation}).content.decode())
        assert ["密件丹桂" in page for page in pages] == [there] * 4, who
        assert client.get(made.get_absolute_url()).status_code == (200 if there else 404)
        assert client.get(f"{made.get_absolute_url()}versions/").status_code == (200 if there else 404)
        assert client.post(f"{made.get_absolute_url()}moves/pass/").status_code != 302 or who == people.wang
    assert {notice.person.name for notice in Notice.objects.filter(record=made.pk)} == {"王保管", "钱签发"}


def test_reach_alone_does_not_move_what_is_confidential(cast: World) -> None:
    made = sent(cast, is_confidential=True)
    with pytest.raises(PermissionDenied):
        module.perform(made, "pass", by=cast.people.sun)
    assert [
        one.ask.name for one in asks.awaiting(cast.people.sun, timezone.localdate()) if one.room.name == "proposals"
    ] == []
    assert module.perform(made, "pass", by=cast.people.wang).state == "editing"


def test_what_is_confidential_counts_only_for_those_who_see_it_and_is_named_in_no_prose(cast: World) -> None:
    made = submitted(cast, is_confidential=True, author=cast.people.zhao)
    row = made.submissions.select_related("item", "response", "unit").get()
    today = timezone.localdate()
    module.perform(row, "adopt", by=cast.people.wang, how="alone", on=today)
    module.perform(row, "note", by=cast.people.wang, level="city", on=today, told="请研究")
    counted = {"opinions": "1条", "submitted": "1条", "adopted": "1条", "adopted_city": "1次", "notes": "1次"}
    assert (counts(cast, cast.people.wang), counts(cast, cast.people.li), counts(cast, cast.people.sun)) == (
        counted,
        {},
        {},
    )
    for model in (Submission, Case):
        assert not access.visible(model.objects.all(), cast.people.sun, "proposals.read").exists()
    scores = queries.by_unit(queries.lives(queries.visible(cast.response, cast.people.sun), today, today), [], today)
    assert scores == []
    Item.objects.filter(pk=made.pk).update(source="某报道")
    scope = Scope(cast.response)
    told = tell(scope, cast.people.wang, facts.gather(scope, cast.people.wang, [module.room("proposals")]))
    assert [sentence.text for sentence in told if str(made) in sentence.text] == []


def test_the_ledger_does_not_tell_of_it_either(cast: World) -> None:
    made = sent(cast, is_confidential=True)
    of_it = Entry.objects.filter(record=made.pk)
    told = {
        name: auditable(getattr(cast.people, name)).filter(pk__in=of_it.values("pk")).count() for name in ("wang", "li")
    }
    assert told == {"wang": 2, "li": 0}


def test_a_draft_is_its_authors_until_it_is_sent(cast: World, signed_in: SignIn) -> None:
    made = item_of(cast, cast.people.zhao)
    sees = {name: access.visible(Item.objects.all(), getattr(cast.people, name), "proposals.read").exists() for name in
            ("zhao", "chen", "sun", "wang")}  # fmt: skip
    assert sees == {"zhao": True, "chen": False, "sun": False, "wang": False}
    assert signed_in(cast.people.sun).get(made.get_absolute_url()).status_code == 404
    module.perform(made, "send", by=cast.people.zhao)
    assert signed_in(cast.people.sun).get(made.get_absolute_url()).status_code == 200


def test_a_draft_put_down_for_somebody_is_seen_by_who_put_it_down_and_by_the_author(cast: World) -> None:
    made = item(cast, author=cast.people.zhao)
    sees = {name: access.visible(Item.objects.filter(pk=made.pk), getattr(cast.people, name), "proposals.read").exists() for name in
            ("zhao", "sun", "wang")}  # fmt: skip
    assert sees == {"zhao": True, "sun": False, "wang": True}


def test_a_member_writes_only_for_themselves(cast: World) -> None:
    others: list[dict[str, Any]] = [{"author": cast.people.chen}, {"author": None}, {"unit": cast.units.branch3}]
    for given in others:
        with pytest.raises(PermissionDenied):
            steps.file(
                Item(
                    **{"response": cast.response, "unit": cast.units.branch1, "author": cast.people.zhao, **TEXT}
                    | given
                ),
                by=cast.people.zhao,
            )
