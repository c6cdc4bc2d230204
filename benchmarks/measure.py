"""One house measured: wall time and queries of its pages, through Django's test client, as JSON. Started by pages.py in the house's environment.

The whole of the application takes part (middleware, access, queries, templates); sockets, and the server in front, do not.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 -- settings first
from django.test import Client  # noqa: E402 -- Django must be set up first
from django.urls import reverse  # noqa: E402 -- Django must be set up first

from tongzhou.kernel import module  # noqa: E402 -- Django must be set up first
from tongzhou.kernel.models import Person, Response  # noqa: E402 -- Django must be set up first
from tongzhou.kernel.module import Line  # noqa: E402 -- Django must be set up first
from tongzhou.modules.calls.models import Call, Reply  # noqa: E402 -- Django must be set up first
from tongzhou.modules.chronicle.models import Chronicle  # noqa: E402 -- Django must be set up first
from tongzhou.modules.donations.models import Gift  # noqa: E402 -- Django must be set up first

SLUG = "rehearsal"
LEAST, MOST = 5, 25  # rounds
SECONDS = float(sys.argv[1]) if sys.argv[1:] else 4.0  # when to stop after the least

type Page = tuple[str, str, str]  # name, whose, address


def pages(reply: Reply) -> list[Page]:
    answer = Response.objects.get(slug=SLUG)
    gift = Gift.objects.filter(response=answer, state="stocked", source="").order_by("pk")[0]
    call = reply.call
    papers = Chronicle.objects.filter(response=answer)
    draft = papers.get(kind="chronicle", state="draft")
    brief = papers.filter(kind="brief", state="published").order_by("-happened_on")[0]
    table = papers.get(kind="return", state="published")

    def at(name: str, *parts: Any, query: str = "") -> str:
        return reverse(name, args=[SLUG, *parts]) + query

    return [
        ("to-do, office", "office", "/"),
        ("to-do, secretary", "secretary", "/"),
        ("to-do, member", "member", "/"),
        ("to-do, commander", "commander", "/"),
        ("response", "office", at("response")),
        ("figures of the response", "office", at("figures")),
        ("board", "commander", at("board")),
        ("gifts", "office", at("donations.gift.list")),
        ("gifts, searched", "office", at("donations.gift.list", query="?q=医药")),
        ("gifts, by state", "office", at("donations.gift.list", query="?state=stocked")),
        ("gifts, one branch", "secretary", at("donations.gift.list")),
        ("gift", "office", at("donations.gift.detail", gift.pk)),
        ("allocations", "office", at("donations.allocation.list")),
        ("replies", "office", at("calls.reply.list")),
        ("call, progress", "office", at("calls.progress", call.pk)),
        ("call, own answer", "member", at("calls.answer", reply.pk)),
        ("people", "office", "/people/"),
        ("units", "office", "/units/"),
        ("ledger", "office", "/ledger/"),
        ("public account", "", at("donations.public")),
        ("chronicle, live", "office", at("chronicle.chronicle.detail", draft.pk)),
        ("chronicle, Word", "office", at("chronicle.paper", draft.pk, "docx")),
        ("brief, published", "office", at("chronicle.chronicle.detail", brief.pk)),
        ("return, published", "office", at("chronicle.chronicle.detail", table.pk)),
        ("gifts, Excel", "office", at("donations.gift.export")),
        *front_line(answer),
    ]


def front_line(answer: Response) -> list[Page]:
    """Every list of the front line's rooms, as the command post sees it."""
    desks = [desk for room in module.rooms() if room.line == Line.FRONTLINE for desk in room.desks]
    return [(f"list, {desk.model._meta.label_lower}", "commander", desk.url("list", answer)) for desk in desks]


def waiting() -> Reply:
    """A member who has not answered the call to everybody."""
    call = Call.objects.get(response__slug=SLUG, state="issued", addressed__code="rehearsal-org")
    return Reply.objects.filter(call=call, state="read", person__isnull=False).order_by("pk")[0]


def cast(reply: Reply) -> dict[str, Client]:
    held = Person.objects.filter(unit__path__startswith="/rehearsal-org/")
    people = {
        "office": held.filter(grants__role="office").order_by("username")[0],
        "secretary": held.filter(grants__role="secretary", unit__code="rehearsal-branch-1")[0],
        "member": reply.person,
        "commander": Person.objects.filter(grants__role="commander", username__startswith=f"{SLUG}-").order_by("pk")[0],
        "": None,
    }
    clients = {}
    for name, person in people.items():
        clients[name] = Client(SERVER_NAME="127.0.0.1")
        if person:
            clients[name].force_login(person)
    return clients


def measure(get: Callable[[], Any]) -> dict[str, float]:
    """Milliseconds, and the number of queries of one request; the first request, with everything cold, is not counted."""
    answer = get()
    assert answer.status_code == 200, (answer.status_code, answer.request["PATH_INFO"])
    queries = 0

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        b"".join(get())
    times: list[float] = []
    begun = time.perf_counter()
    while len(times) < LEAST or (len(times) < MOST and time.perf_counter() - begun < SECONDS):
        start = time.perf_counter()
        size = len(b"".join(get()))
        times.append((time.perf_counter() - start) * 1000)
    worst = statistics.quantiles(times, n=20, method="inclusive")[-1]
    return {"median": statistics.median(times), "p95": worst, "queries": queries, "kilobytes": size / 1024}


def main() -> None:
    reply = waiting()
    clients, found = cast(reply), {}
    for name, whose, address in pages(reply):
        found[name] = measure(lambda whose=whose, address=address: clients[whose].get(address))
        print(f"  {name}: {found[name]['median']:.0f} ms", file=sys.stderr)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
