"""A resident and their code. Whoever knows a document may ask for its code; the register tells nobody what it knew already.

The register believes whoever registered a document first, and afterwards whoever holds the code that was given then, or given for that
code: `code_expires_at` and `zone` are those of it. Any other telephone gets a code to be sampled with, and changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tongzhou.kernel import rulebook, seal
from tongzhou.kernel.models import Unit
from tongzhou.modules.testing import queries, rules
from tongzhou.modules.testing.models import CheckIn, Resident
from tongzhou.modules.testing.rules.codes import HOUR

NONE = Resident.Document.NONE


@dataclass(frozen=True)
class Given:
    """What a person says of themselves; `number` is empty for someone without a document."""

    name: str
    document: str
    number: str
    unit: Unit | None = None
    home: str = ""  # Home.place


@dataclass(frozen=True)
class Registered:
    """`name` is masked, since it stands beside the code where others see it. `number` is told only where the house drew it.

    `home` and `turn` are what this telephone said and was given: the register does not tell where anybody lives, whoever types their number.
    """

    code: str
    name: str
    number: str = ""
    home: str = ""
    turn: int = 0


@transaction.atomic
def register(given: Given, held: Iterable[str] = ()) -> Registered:
    """The code of a person. Someone registered before keeps the name they have, and the place, unless one of the codes that this telephone
    `held` already is the one that the register goes by: another's typing does not change it.
    """
    number = given.number if given.document != NONE else rules.drawn_number()
    key = UUID(bytes=rules.person_key(given.document, number))
    row = Resident(key=key, name=given.name, document=given.document, number=number, registered_at=timezone.now())
    Resident.objects.bulk_create([row], ignore_conflicts=True)
    there = Resident.objects.select_for_update().get(pk=key)
    drawn = number if given.document == NONE else ""
    if there.code_expires_at is None or any(_is_of(there, code) for code in held):  # new, or known from a card only
        return _registered(there, given, drawn)
    return Registered(_other_code(there, given.unit), masked(given.name), drawn, given.home, _turn(there, given))


def holder(code: str, tail: str) -> Resident | None:
    """The person whose code this is, proved by the last letters of the document. None for anything else, whatever is wrong."""
    known = rules.read_code(code.strip())
    row = Resident.objects.filter(pk=UUID(bytes=known.person)).first() if known else None
    if row is None:
        return None
    real = rules.tail(seal.open(row, "number"))
    return row if compare_digest(real.encode(), rules.tail(tail).encode()) else None


def registrant(code: str, tail: str) -> Resident | None:
    """The same, where this is the code that the register goes by: whoever only knows a document has another."""
    row = holder(code, tail)
    return row if row is not None and _is_of(row, code) else None


def _is_of(row: Resident, code: str) -> bool:
    known = rules.read_code(code.strip())
    return known is not None and (known.person, known.expires, known.zone) == (row.key.bytes, _hour(row), row.zone)


def _hour(row: Resident) -> int:
    """The end of the code that the register goes by, as codes tell it."""
    return int(row.code_expires_at.timestamp() * 1000) // HOUR * HOUR if row.code_expires_at else 0


@transaction.atomic
def correct(row: Resident, given: Given) -> Registered:
    """Mend a typing error, by whoever proved to be the registrant. Another number is another person to every list, and gets another code;
    the mistaken entry goes, unless somebody was swabbed under it: then its results are found by the old code.
    """
    same = given.document == row.document and given.number in ("", seal.open(row, "number"))
    if not same:
        if not CheckIn.objects.filter(person=row.key, campaign__in=queries.under_way()).exists():
            row.delete()
        return register(given)
    drawn = seal.open(row, "number") if row.document == NONE else ""
    row.name = given.name
    row.save(update_fields=["name"])
    return _registered(row, given, drawn)


def _registered(row: Resident, given: Given, number: str) -> Registered:
    """Put down what the register goes by from now on."""
    turn = _turn(row, given)
    place = _place(given)
    if place:
        row.home, row.turn = rules.place_mark(place), turn
    row.code_expires_at, row.zone = _end(), queries.mark(given.unit.code) if given.unit else 0
    row.save(update_fields=["home", "turn", "code_expires_at", "zone"])
    return Registered(
        rules.make_code(row.key.bytes, _hour(row), row.zone), masked(given.name), number, given.home, turn
    )


def _other_code(row: Resident, unit: Unit | None) -> str:
    """To be sampled with as well, and never the one that the register goes by."""
    expires, zone = int(_end().timestamp() * 1000) // HOUR * HOUR, queries.mark(unit.code) if unit else 0
    return rules.make_code(row.key.bytes, expires - HOUR * ((expires, zone) == (_hour(row), row.zone)), zone)


def _turn(row: Resident, given: Given) -> int:
    """The person's running number in their building, or in their community; said again it is the same. Two who ask at the same moment
    may get the same number: they come together.
    """
    if not (place := _place(given)):
        return 0
    mark = rules.place_mark(place)
    if row.home == mark:
        return row.turn
    last = Resident.objects.filter(home=mark).aggregate(last=Max("turn"))["last"]
    return 0 if last is None else last + 1


def _place(given: Given) -> str:
    return given.home or (given.unit.code if given.unit else "")


def _end() -> datetime:
    """Good for as many days as the rulebook says, from now."""
    now = timezone.now()
    return now + timedelta(days=rulebook.in_force("testing", "register", timezone.localdate(now))["code_days"])


def masked(name: str) -> str:
    """张*明: enough for a family to tell its codes apart."""
    name = name.strip()
    if len(name) < 2:
        return "*"
    return name[0] + "*" * min(len(name) - 2, 3) + name[-1] if len(name) > 2 else f"{name[0]}*"
