"""One valid record of each kind, its texts carrying a marker: what the contract tests plant and look for; and people with documents."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Record, Unit, Upload
from tongzhou.modules.coverage import actions
from tongzhou.modules.coverage.actions.rolls import Named
from tongzhou.modules.coverage.models import Declaration, Evidence, Excuse, Release, Roll, Subject
from tongzhou.modules.coverage.workflow import SubjectState

_numbers = count(1)


def document(number: int) -> str:
    """A number of area 210599, which exists nowhere, with its check digit (GB 11643)."""
    body = f"21059919800101{number % 1000:03}"
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def named(unit: Unit, name: str = "李四", **fields: Any) -> Named:
    number = next(_numbers)
    return Named(
        **{"name": name, "unit": unit, "document": "passport", "number": f"E{number:08}", "phone": f"10{number:09}"}
        | fields
    )


def roll(cast: World, unit: Unit | None = None, marker: str = "", people: int = 0, **fields: Any) -> Roll:
    """Today's list, tested every second day."""
    today = timezone.localdate()
    usual = {
        "response": cast.response, "unit": unit or cast.units.branch1, "happened_on": today, "name": f"药店从业人员{marker}", "group": "order-2",
        "purpose": "疫情防控", "begins_on": today, "keep_until": today + timedelta(days=30),
    }  # fmt: skip
    made: Roll = module.file(Roll(pk=uuid4(), **usual | fields), by=cast.people.house)[0]
    if people:
        actions.rolls.add(made, [named(made.unit) for _n in range(people)], by=cast.people.house)
    return made


def subject(cast: World, unit: Unit | None = None, marker: str = "", **fields: Any) -> Subject:
    """On a list of its own. The mark is the first letter of a name that is shown as a letter and stars: it stands for all of it."""
    found = roll(cast, unit, marker, **fields)
    line = named(found.unit, f"{marker or 'L'}四")
    actions.rolls.add(found, [line], by=cast.people.house)
    return Subject.objects.select_related("unit", "response").get(listings__roll=found, state=SubjectState.KEPT)


def declaration(cast: World, unit: Unit | None = None, marker: str = "", **fields: Any) -> Declaration:
    """By the house, for a person of this unit."""
    whom = subject(cast, unit, marker)
    today = timezone.localdate()
    made = Declaration(
        pk=uuid4(), response=cast.response, unit=whom.unit, subject=whom, happened_on=today, version_of_rule="B",
        keep_until=today + timedelta(days=14),
        source=f"电话代报{marker}" if marker else "", **fields,
    )  # fmt: skip
    return module.file(made, by=cast.people.house)[0]


def excuse(cast: World, unit: Unit | None = None, marker: str = "", **fields: Any) -> Excuse:
    """Waits for a second person."""
    whom, today = subject(cast, unit, marker), timezone.localdate()
    usual = {"happened_on": today, "reason": "exempt", "until": today + timedelta(days=5), "basis": f"医院证明{marker}"}
    made = Excuse(pk=uuid4(), response=cast.response, unit=whom.unit, subject=whom, **usual | fields)
    return module.file(made, by=cast.people.house)[0]


def release(cast: World, unit: Unit | None = None, marker: str = "", **fields: Any) -> Release:
    about = roll(cast, unit, marker, people=1)
    usual = {"purpose": f"送采样点核对{marker}", "given_to": "一号采样点", "roll": about, "unit": about.unit}
    made = Release(pk=uuid4(), response=cast.response, **usual | fields)
    return module.file(made, by=cast.people.house)[0]


def evidence(cast: World, unit: Unit) -> Evidence:
    row = subject(cast, unit)
    return actions.evidence.add(row, "tested", by=cast.people.house, key=uuid4())[0]


def upload(cast: World, unit: Unit) -> dict[str, Any]:
    about = roll(cast, unit)
    by = cast.people.sun if unit == cast.units.branch1 else cast.people.wu
    place = f"{cast.response.slug}/coverage.people/{about.pk}"
    kept = Upload.objects.create(place=place, digest=uuid4().hex, name="x.csv", content="姓名\n".encode(), by=by)
    return {"key": about.pk, "upload": kept.pk}


MAKE: dict[type[Record], Callable[..., Record]] = {
    Declaration: declaration, Subject: subject, Roll: roll, Excuse: excuse, Release: release,
}  # fmt: skip
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "coverage.tap": lambda cast, unit: {"key": subject(cast, unit).pk},
    "coverage.reveal": lambda cast, unit: {"key": subject(cast, unit).pk},
    "coverage.undo": lambda cast, unit: {"key": evidence(cast, unit).pk},
    "coverage.people": lambda cast, unit: {"key": roll(cast, unit, people=1).pk},
    "coverage.sheet": lambda cast, unit: {"key": roll(cast, unit, people=1).pk},
    "coverage.import": lambda cast, unit: {"key": roll(cast, unit).pk},
    "coverage.import.template": lambda cast, unit: {"key": roll(cast, unit).pk},
    "coverage.import.check": upload,
    "coverage.take": lambda cast, unit: {"key": release(cast, unit).pk},
}
