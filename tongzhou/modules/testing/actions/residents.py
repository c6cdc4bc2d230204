"""A resident and their code. Whoever knows a document may ask for its code; the register tells nobody what it knew already."""

from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tongzhou.kernel import rulebook, seal
from tongzhou.kernel.models import Unit
from tongzhou.modules.testing import queries, rules
from tongzhou.modules.testing.models import CheckIn, Resident

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
def register(given: Given) -> Registered:
    """The code of a person. Someone registered before keeps the name they have: another's typing does not change it."""
    number = given.number if given.document != NONE else rules.drawn_number()
    key = UUID(bytes=rules.person_key(given.document, number))
    row = Resident(key=key, name=given.name, document=given.document, number=number, registered_at=timezone.now())
    Resident.objects.bulk_create([row], ignore_conflicts=True)
    return _registered(key, given, number if given.document == NONE else "")


def holder(code: str, tail: str) -> Resident | None:
    """The person whose code this is, proved by the last letters of the document. None for anything else, whatever is wrong."""
    known = rules.read_code(code.strip())
    row = Resident.objects.filter(pk=UUID(bytes=known.person)).first() if known else None
    if row is None:
        return None
    real = rules.tail(seal.open(row, "number"))
    return row if compare_digest(real.encode(), rules.tail(tail).encode()) else None


@transaction.atomic
def correct(row: Resident, given: Given) -> Registered:
    """Mend a typing error, by whoever proved to be the holder. Another number is another person to every list, and gets another code;
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
    return _registered(row.key, given, drawn)


def _registered(key: UUID, given: Given, number: str) -> Registered:
    return Registered(_code(key, given.unit), masked(given.name), number, given.home, _turn(key, given))


def _turn(key: UUID, given: Given) -> int:
    """The person's running number in their building, or in their community; said again it is the same. Two who ask at the same moment
    may get the same number: they come together.
    """
    place = given.home or (given.unit.code if given.unit else "")
    if not place:
        return 0
    mark = rules.place_mark(place)
    row = Resident.objects.only("home", "turn").get(pk=key)
    if row.home == mark:
        return row.turn
    last = Resident.objects.filter(home=mark).aggregate(last=Max("turn"))["last"]
    turn = 0 if last is None else last + 1
    Resident.objects.filter(pk=key).update(home=mark, turn=turn)
    return turn


def _code(key: UUID, unit: Unit | None) -> str:
    """Good for as many days as the rulebook says, from now."""
    now, zone = timezone.now(), queries.mark(unit.code) if unit else 0
    expires = now + timedelta(days=rulebook.in_force("testing", "register", timezone.localdate(now))["code_days"])
    Resident.objects.filter(pk=key).update(code_expires_at=expires, zone=zone)
    return rules.make_code(key.bytes, int(expires.timestamp() * 1000), zone)


def masked(name: str) -> str:
    """张*明: enough for a family to tell its codes apart."""
    name = name.strip()
    if len(name) < 2:
        return "*"
    return name[0] + "*" * min(len(name) - 2, 3) + name[-1] if len(name) > 2 else f"{name[0]}*"
