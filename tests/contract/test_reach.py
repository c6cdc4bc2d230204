"""A record out of reach is invisible: nothing a person can open tells of it, and nothing changes when it comes to be."""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import unified_diff
from io import BytesIO
from itertools import product
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, resolve
from django.urls.resolvers import URLPattern, URLResolver

from tests.contract.rooms import DESKS, ROOMS, each_desk, factory
from tests.world import World
from tongzhou.kernel import access, facts
from tongzhou.kernel.desk import Desk, views
from tongzhou.kernel.desk.lists import Listing
from tongzhou.kernel.desk.urls import PAGES
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope

SignIn = Callable[[Person], Client]
MARK, NOTHING = "丹桂飘香", "子虚乌有"  # no text of the house contains them
# All ask the database what Sun asks, of other units or of none: on the second engine Sun is enough.
WATCHERS = ["sun", "zhao", "feng", "outsider"] if connection.vendor == "sqlite" else ["sun"]
VIEWS = {"list": views.list_page, "print": views.print_page, "export": views.export}
IN_WORDS = {"Accept": "text/plain"}  # a refusal without the page around it


def test_a_record_out_of_reach_is_told_of_nowhere(cast: World, signed_in: SignIn) -> None:
    """Each watcher reads all their pages, then something comes to be, then they read them again: one planting for all of them."""
    scope, clients = Scope(cast.response), {who: signed_in(getattr(cast.people, who)) for who in WATCHERS}
    for desk in DESKS:
        factory(desk)(cast, marker="近处")
    counted = {who: figures(scope, getattr(cast.people, who)) for who in WATCHERS}
    before = {
        who: {address: read(client, address) for address in addresses(cast, who)} for who, client in clients.items()
    }

    rows = [factory(desk)(cast, unit=cast.units.branch3, marker=MARK) for desk in DESKS]
    for who, client in clients.items():
        for desk, row in zip(DESKS, rows, strict=True):
            not_found(desk, row, client, cast, who)
        assert (who, figures(scope, getattr(cast.people, who))) == (who, counted[who])
        for address, (status, body) in before[who].items():
            now, told = read(client, address)
            assert (who, address, MARK in body, now, changed(body, told)) == (who, address, False, status, [])


def not_found(desk: Desk, row: Any, client: Client, cast: World, who: str) -> None:
    """By one who could not read it; the keeper of the house can."""
    rows = desk.rows(cast.response)
    assert not access.visible(rows, getattr(cast.people, who), desk.reads).filter(pk=row.pk).exists()
    assert access.visible(rows, cast.people.house, desk.reads).filter(pk=row.pk).exists()
    refused = client.get(row.get_absolute_url())
    assert (who, refused.status_code, MARK in text_of(refused)) == (who, 404, False)
    for page in ("print/", "edit/"):
        assert client.get(f"{row.get_absolute_url()}{page}", headers=IN_WORDS).status_code == 404


def test_a_way_to_what_is_out_of_reach_leads_to_nothing(cast: World, signed_in: SignIn) -> None:
    """The drill-downs that the house sees, opened by someone else, answer as if they named what does not exist."""
    house, scope = cast.people.house, Scope(cast.response)
    rows = [factory(desk)(cast, unit=cast.units.branch3, marker=MARK) for desk in DESKS]
    ways = [found.url() for found_all in facts.gather(scope, house, ROOMS).values() for found in found_all]
    for row in rows:
        known = [fact for room in ROOMS for fact in room.facts if facts.record_model(fact) is type(row)]
        ways += [found.url() for fact in known for found in facts.one(fact, scope, house, row)]
    keys = {str(row.pk): str(uuid4()) for row in rows}
    assert ways
    for who, way in product(WATCHERS, dict.fromkeys(ways)):
        client, other = signed_in(getattr(cast.people, who)), way.replace(quote(MARK), quote(NOTHING))
        status, body = read(client, way)
        body = body.replace(MARK, NOTHING).replace(quote(MARK), quote(NOTHING))
        for key, none in keys.items():
            other, body = other.replace(key, none), body.replace(key, none)
        now, told = read(client, other) if other != way else (status, body)
        assert (who, way, status, changed(body, told)) == (who, way, now, [])
        assert not any(str(row) in body for row in rows)


@each_desk
def test_the_same_record_is_told_of_to_whoever_reaches_it(
    desk: Desk, cast: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the first test would prove nothing. List, print and Excel know no rows but those of one listing: without it, none of them has any."""
    row = factory(desk)(cast, unit=cast.units.branch3, marker=MARK)
    client = signed_in(cast.people.house)
    assert client.get(row.get_absolute_url()).status_code == 200
    assert MARK in read(client, row.get_absolute_url())[1]
    assert {page: tells_of(row, desk.url(page, cast.response), client) for page in VIEWS} == dict.fromkeys(VIEWS, True)
    listing = views.listing

    def of_nothing(*given: Any) -> Listing:
        found = listing(*given)
        return replace(found, rows=found.rows.none())

    monkeypatch.setattr(views, "listing", of_nothing)
    assert {page: tells_of(row, desk.url(page, cast.response), client) for page in VIEWS} == dict.fromkeys(VIEWS, False)
    assert {page: resolve(desk.url(page, cast.response)).func for page in VIEWS} == VIEWS


def tells_of(row: Any, address: str, client: Client) -> bool:
    """Whether its rows hold this one; of a list only the table is read, for its query bar is told of the rows by another way."""
    body = text_of(client.get(address, headers={"HX-Request": "true"}))
    return MARK in body or str(row) in body


@each_desk
def test_a_record_out_of_reach_cannot_be_moved_or_changed(desk: Desk, cast: World, signed_in: SignIn) -> None:
    row = factory(desk)(cast, unit=cast.units.branch3, marker=MARK)
    kept = desk.model._default_manager.values().get(pk=row.pk)
    moves, listed = desk.model.workflow.moves, desk.url("list", cast.response)
    for who in WATCHERS:
        client = signed_in(getattr(cast.people, who))
        for move in moves:
            address = desk.url("move", cast.response, row.pk, move.name)
            assert client.get(address, headers=IN_WORDS).status_code == 404
            assert client.post(address, {"note": "越权"}, headers=IN_WORDS).status_code == 404
            sent = {"move": move.name, "keys": [str(row.pk)]}
            bulk = client.post(desk.url("bulk", cast.response), sent, headers=IN_WORDS)
            assert MARK not in text_of(bulk)
            assert bulk.status_code in {403, 404} or bulk["Location"].startswith(listed)
        assert MARK not in text_of(client.get(listed))  # what became of each, in the messages
        assert client.post(desk.url("edit", cast.response, row.pk), {"version": row.version}).status_code == 404
    assert desk.model._default_manager.values().get(pk=row.pk) == kept


def figures(scope: Scope, by: Person) -> dict[str, list[str]]:
    fresh = Person.objects.get(pk=by.pk)
    return {
        name: [found.text() for found in found_all] for name, found_all in facts.gather(scope, fresh, ROOMS).items()
    }


# -- what a person may open


def addresses(cast: World, who: str) -> list[str]:
    """Every page that shows many records: plain, searched, narrowed, as a fragment, on paper, in Excel.

    One watcher reads each list in every form; the others in one, for all forms show the same listing, as is proved above.
    """
    found = [
        "/",
        "/inbox/",
        "/units/",
        "/people/",
        "/people/?q=丹桂",
        "/ledger/",
        "/test-2022/",
        "/test-2022/board/",
        "/test-2022/figures/",
    ]
    for desk in DESKS:
        found += [desk.url(page, cast.response) for page in ("list", "new", "import", "template")]
        if who == WATCHERS[0]:
            found += [desk.url(page, cast.response) for page in ("print", "export")]
            found += [f"{desk.url(page, cast.response)}?q=丹桂" for page in ("list", "export")]
            found.append(f"{desk.url('list', cast.response)}?unit=branch3")
    return found + odd_pages(cast.response.slug)


def odd_pages(slug: str) -> list[str]:
    """Pages of the rooms that take no more than the response, beside those that every desk has."""
    names = {room.name for room in ROOMS}
    usual = {f"{desk.model._meta.label_lower}.{page}" for desk in DESKS for page, _route, _view in PAGES}
    found = [
        route
        for name, route, params in routes(get_resolver())
        if name.split(".")[0] in names and name not in usual and params == {"response"}
    ]
    return sorted({"/" + re.sub(r"<[^>]*response>", slug, route) for route in found})


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str, set[str]]]:
    """(name, route, parameters) of everything below."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield pattern.name or "", route, set(re.findall(r"<(?:\w+:)?(\w+)>", route))
        else:
            yield from routes(pattern, route)


def is_public(address: str) -> bool:
    return getattr(resolve(address.partition("?")[0]).func, "login_required", True) is False


def read(client: Client, address: str) -> tuple[int, str]:
    """Status and text, without what differs from one time to the next. The frame of a page is that of those which open."""
    if is_public(address):
        return 0, ""
    whole = client.get(address, headers=IN_WORDS)
    if "?q=" not in address or "export" in address:
        return whole.status_code, steady(text_of(whole))
    part = client.get(address, headers={"HX-Request": "true"})
    return whole.status_code, steady(text_of(whole)) + steady(text_of(part))


def text_of(answer: HttpResponse | Any) -> str:
    body: bytes = answer.getvalue() if answer.streaming else answer.content
    if not body.startswith(b"PK"):
        return body.decode(errors="replace")
    with zipfile.ZipFile(BytesIO(body)) as parts:
        names = [name for name in parts.namelist() if "docProps" not in name]
        return "\n".join(parts.read(name).decode(errors="replace") for name in names)


def changed(before: str, after: str) -> list[str]:
    """The lines that differ. Pages that are the same need no comparing line by line, which is slow where many lines are alike."""
    if before == after:
        return []
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def steady(text: str) -> str:
    text = re.sub(
        r'name="(csrfmiddlewaretoken|key)" value="[^"]*"|hx-headers=\'[^\']*\'|"X-CSRFToken": "\w+"', "", text
    )
    return re.sub(r"\d\d:\d\d(:\d\d)?", "", text)
