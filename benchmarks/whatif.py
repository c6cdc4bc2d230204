"""What somebody waits for who plans a district: the first answer of a what-if, who would move, the pages of a plan. Prints Markdown.

    PYTHONPATH=. .venv/bin/python benchmarks/whatif.py 10       seconds of search for the plan that the others start from

A town made by chance (planning/cities.py: 300,000 residents, 2,500 buildings, 600 sites, 100 points) in a house of its own on SQLite, asked
through Django's test client as pages.py does. The engine is loaded, as in a process from whose pages somebody has planned. A first answer is
the page with a plan on it, after the redirect; the forecast and the better plan that a task then works out are not part of it.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import django
from houses import Size, built
from pages import machine

from benchmarks.planning.cities import SIZES, town

os.environ.update(built(Size(8, 60, 50)))
django.setup()

from django.test import Client  # noqa: E402 -- settings first
from django.urls import reverse  # noqa: E402 -- Django must be set up first

from tongzhou.kernel import module, sheets  # noqa: E402 -- Django must be set up first
from tongzhou.kernel.models import Person, Response  # noqa: E402 -- Django must be set up first
from tongzhou.modules.siting import actions, queries  # noqa: E402 -- Django must be set up first
from tongzhou.modules.siting.models import Option, Study  # noqa: E402 -- Django must be set up first

SLUG, TIMES = "rehearsal", 7
NORTH, EAST = 41.30, 123.76
METRES = 111_320.0  # of a degree of latitude
NARROWER = 0.7513  # a degree of longitude there


def main(seconds: float) -> None:
    print(machine(), end="\n\n")
    by = Person.objects.filter(grants__role="commander", username__startswith=f"{SLUG}-").order_by("pk")[0]
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(by)
    queries.engine.load()
    queries.engine.at_hand = lambda: True  # it is
    study = fed(by)
    asked = {"points": "100", "seconds": str(seconds)}
    to_ask = reverse("siting.ask", args=[SLUG, study.pk])
    print("| somebody asks for | median s | longest s |\n|---|--:|--:|")
    row("a first answer of the what-if bar", lambda: client.post(to_ask, asked, follow=True))
    option = Option.objects.filter(study=study).latest("number")
    begun = time.perf_counter()
    state = actions.planning.work(str(option.pk))
    spent = time.perf_counter() - begun
    option.refresh_from_db()
    assert state == "ready", state
    row("the page of the plan", lambda: client.get(option.get_absolute_url()))
    steps(client, option)
    row(
        "how many points would do within 500 m",
        lambda: client.get(reverse("siting.cover", args=[SLUG, study.pk]), {"within": 500, "points": 100}),
    )
    row("slips for all buildings", lambda: client.get(reverse("siting.paper", args=[SLUG, option.pk, "slips"])))
    row("the buildings as Excel", lambda: client.get(reverse("siting.excel", args=[SLUG, option.pk, "slips"])))
    print(f"\nThe plan itself: {queries.line(option)}; worked out, forecast and kept in {spent:.0f} s.")


def steps(client: Client, option: Option) -> None:
    """What would come of it, each as the page that says who moves."""
    shown = option.outcome.shown["points"]
    busy = [point["key"] for point in sorted(shown, key=lambda point: -point["persons"])]

    def ask(kind: str, points: list[str], **more: Any) -> Callable[[], Any]:
        address = f"{option.get_absolute_url()}{'close/' if kind == 'close' else f'step/{kind}/'}"
        return lambda: client.post(address, {"points": points, "at": "10:00", "reason": "下雨"} | more, follow=True)

    row("who moves if the busiest point closes", ask("close", busy[:1]))
    row("who moves if rain stops three", ask("close", busy[:3]))
    row("who moves if a point loses tables", ask("reduce", busy[:1], left=1))
    row("how much later results come if a laboratory fails", ask("labs", [], lanes_0=0, lanes_1=4))


def fed(by: Person) -> Study:
    residents, units, sites, points = SIZES["district"]
    given = Study(
        pk=uuid4(), response=Response.objects.get(slug=SLUG), unit=by.unit, name="一个城区", name_en="A district", points=points, person_seconds=36,
    )  # fmt: skip
    study: Any = module.file(given, by=by)[0]
    made = town(residents, units, sites, 1)
    for kind, rows in {
        "demand": placed(made["demand"], "号楼", "persons"),
        "sites": placed(made["sites"], "号场地", "tables"),
        "labs": [{"key": f"实验室{n}", "lanes": 4, "lon": EAST, "lat": NORTH} for n in (1, 2)],
        "vans": [{"key": "车队", "number": 10}],
    }.items():
        actions.tables.take(study, kind, [sheets.Row(n, one) for n, one in enumerate(rows, 2)], by=by)
    return study


def placed(found: dict[str, Any], words: str, what: str) -> list[dict[str, Any]]:
    return [
        {
            "key": key, "name": f"{n}{words}", what: int(found[what][n]), "lon": round(EAST + found["x"][n] / METRES / NARROWER, 6),
            "lat": round(NORTH + found["y"][n] / METRES, 6),
        }
        for n, key in enumerate(found["key"])
    ]  # fmt: skip


def row(name: str, ask: Callable[[], Any]) -> None:
    """The first time is not counted."""
    times = []
    for _ in range(TIMES + 1):
        begun = time.perf_counter()
        answer = ask()
        b"".join(answer)
        times.append(time.perf_counter() - begun)
        assert answer.status_code == 200, (name, answer.status_code)
    print(f"| {name} | {statistics.median(times[1:]):.2f} | {max(times[1:]):.2f} |", flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 10.0)
