"""Reads over stations, stock, queues, temperatures and who still waits."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils import timezone

from tongzhou.kernel import access, rulebook
from tongzhou.kernel.models import Person, Response, Unit
from tongzhou.modules.vaccination import rules
from tongzhou.modules.vaccination.models import Batch, Demand, Fridge, Reading, Served, Session, Station, Tally
from tongzhou.modules.vaccination.rules import Slot, Wait
from tongzhou.modules.vaccination.workflow import READ, BatchState, DemandState, FridgeState, SessionState

DONE = (SessionState.CLOSED, SessionState.REPORTED)
BEGUN = (SessionState.OPEN, *DONE)
COMPARED = 3  # sessions on each side of a change of desks


# -- queues


def slots(sessions: Iterable[Session]) -> dict[Any, dict[int, Slot]]:
    """By session, what was counted by the half hour: who came, and who left the queue vaccinated or deferred. One query.

    Counts without a half hour (typed for a whole day) say nothing of waiting and are left out.
    """
    rows = Tally.objects.filter(
        session__in=list(sessions), slot__isnull=False, kind__in=["arrived", "dose", "deferred"]
    )
    found: dict[Any, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for session, slot, kind, number in rows.order_by().values_list("session", "slot", "kind").annotate(n=Sum("number")):
        found[session][slot][kind != "arrived"] += number
    return {key: {slot: Slot(max(a, 0), max(b, 0)) for slot, (a, b) in sorted(by.items())} for key, by in found.items()}


def day_of(session: Session) -> dict[int, Slot]:
    """The half hours in which something was counted, in order."""
    return slots([session]).get(session.pk, {})


def waits(rows: Iterable[Session]) -> list[tuple[Session, Wait]]:
    """The sessions whose wait was measured, with it, in their order."""
    sessions = list(rows)
    counted = slots(sessions)
    found = ((session, rules.measured(list(counted.get(session.pk, {}).values()))) for session in sessions)
    return [(session, held) for session, held in found if held]


def last_measured(station: Station, day: date | None = None) -> Session | None:
    """The newest session whose arrivals were counted by the half hour, up to a day."""
    counted = Tally.objects.filter(session=OuterRef("pk"), kind="arrived", slot__isnull=False)
    rows = Session.objects.filter(Exists(counted), station=station, state__in=BEGUN)
    rows = rows.filter(happened_on__lte=day) if day else rows
    return rows.order_by("-happened_on").first()


class Outlook(NamedTuple):
    """What a number of desks would do to the arrivals of `session`."""

    session: Session
    minutes_per_dose: float
    by_measure: bool  # how long a dose takes was measured, not assumed
    measured: Wait | None
    arrivals: list[int]

    def wait(self, desks: int) -> Wait | None:
        return rules.forecast(self.arrivals, desks, self.minutes_per_dose) if desks > 0 else None


def outlook(station: Station, day: date | None = None) -> Outlook | None:
    """None where no arrivals were ever counted here by the half hour: nothing is foretold without them."""
    session = last_measured(station, day)
    if session is None:
        return None
    held = list(day_of(session).values())
    found = rules.minutes_per_dose(held, session.desks)
    assumed: float = rulebook.in_force("vaccination", "flow", session.happened_on)["minutes_per_dose"]
    return Outlook(session, found or assumed, found is not None, rules.measured(held), [slot.arrived for slot in held])


def around(station: Station, moment: datetime, *, after: bool) -> list[tuple[Session, Wait]]:
    """Up to three measured sessions before the day of a decision, or from the day after it on."""
    day = timezone.localtime(moment).date()
    rows = Session.objects.filter(station=station, state__in=BEGUN)
    rows = (
        rows.filter(happened_on__gt=day).order_by("happened_on")
        if after
        else rows.filter(happened_on__lte=day).order_by("-happened_on")
    )
    return waits(rows[: 2 * COMPARED])[:COMPARED]


# -- who waits


class Waiting(NamedTuple):
    """One line of the table: people of an area and an age group who want this dose."""

    unit: Unit
    age_group: str
    dose: int
    registered: int
    served: int

    @property
    def waiting(self) -> int:
        return rules.waiting(self.registered, self.served)


def waiting(response: Response, person: Person) -> list[Waiting]:
    """By street (or the unit itself, where it is below none), age group and dose, as far as the person reaches. Three queries.

    What a station gave is set against the demand of its street: it serves whoever lives there.
    """
    wanted = access.visible(Demand.objects.filter(response=response, state=DemandState.REGISTERED), person, READ)
    given = Served.objects.filter(session__response=response, session__state__in=DONE)
    given = access.visible(given, person, READ, "session")
    keys = ("age_group", "dose")
    demanded = list(wanted.order_by().values_list("unit__path", *keys).annotate(n=Sum("people")))
    served = list(given.order_by().values_list("session__unit__path", *keys).annotate(n=Sum("number")))
    streets = {unit.path: unit for unit in Unit.objects.filter(kind=Unit.Kind.STREET)}
    units = {u.path: u for u in Unit.objects.filter(path__in={row[0] for row in (*demanded, *served)})} | streets
    table: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for at, rows in ((0, demanded), (1, served)):
        for path, group, dose, number in rows:
            table[_street(path, streets), group, dose][at] += number
    return [Waiting(units[path], group, dose, *numbers) for (path, group, dose), numbers in sorted(table.items())]


def _street(path: str, streets: Iterable[str]) -> str:
    return next((street for street in streets if path.startswith(street)), path)


# -- stock


def usable(station: Station, day: date) -> QuerySet[Batch]:
    """What may be given on this day, what expires first on top (先短效期、后长效期)."""
    rows = Batch.objects.filter(station=station, state=BatchState.USABLE, expires_on__gte=day, stock__gt=0)
    return rows.order_by("expires_on", "pk")


def expiring(rows: QuerySet[Batch], day: date, days: int) -> QuerySet[Batch]:
    held = rows.filter(state__in=[BatchState.USABLE, BatchState.HELD], stock__gt=0)
    return held.filter(expires_on__lte=day + timedelta(days=days))


def doses_by_batch(response: Response, person: Person, first: date, last: date) -> list[dict[str, Any]]:
    """For the return: doses of each batch on each day, as counted in sessions that are not cancelled. One query."""
    rows = Tally.objects.filter(session__response=response, kind="dose", session__happened_on__range=(first, last))
    rows = access.visible(rows, person, READ, "session")
    names = {
        "vaccine": "batch__vaccine",
        "maker": "batch__maker",
        "number": "batch__number",
        "expires_on": "batch__expires_on",
    }
    keys = ("session__happened_on", "session__station__name", *names.values())
    found = rows.order_by(*keys).values(*keys).annotate(doses=Sum("number"))
    return [
        {"day": row["session__happened_on"], "station": row["session__station__name"], "doses": row["doses"]}
        | {name: row[key] for name, key in names.items()}
        for row in found
        if row["doses"]
    ]


def doses_of(session: Session) -> list[dict[str, Any]]:
    """The batches given in a session, with their doses."""
    rows = Tally.objects.filter(session=session, kind="dose").order_by("batch__number", "batch")
    keys = ("batch", "batch__vaccine", "batch__maker", "batch__number", "batch__expires_on")
    return [row for row in rows.values(*keys).annotate(doses=Sum("number")) if row["doses"]]


def details(session: Session) -> dict[tuple[str, str], int]:
    """{(kind, detail): number}: deferrals by reason, reactions by severity."""
    rows = Tally.objects.filter(session=session, kind__in=["deferred", "adverse"]).order_by()
    return {(kind, detail): n for kind, detail, n in rows.values_list("kind", "detail").annotate(n=Sum("number")) if n}


# -- temperatures


def limits(day: date) -> tuple[Decimal, Decimal]:
    rule = rulebook.in_force("vaccination", "cold_chain", day)
    return Decimal(str(rule["low"])), Decimal(str(rule["high"]))


def valid(fridge: Fridge) -> QuerySet[Reading]:
    """Readings that no later one corrects."""
    return Reading.objects.filter(fridge=fridge, corrected_by__isnull=True)


def unread(rows: QuerySet[Fridge], now: datetime, half: str) -> QuerySet[Fridge]:
    """Refrigerators in use of which no reading is there for this half of the day."""
    local = timezone.localtime(now)
    noon = local.replace(hour=12, minute=0, second=0, microsecond=0)
    first, last = (noon - timedelta(hours=12), noon) if half == "morning" else (noon, noon + timedelta(hours=12))
    there = Reading.objects.filter(fridge=OuterRef("pk"), corrected_by__isnull=True, at__gte=first, at__lt=last)
    return rows.filter(~Exists(there), state=FridgeState.IN_USE, filed_at__lt=noon if half == "morning" else last)


def due_halves(now: datetime) -> list[str]:
    rule = rulebook.in_force("vaccination", "cold_chain", timezone.localtime(now).date())
    return rules.halves_due(timezone.localtime(now), rule["morning_by"], rule["afternoon_by"])


class DayLine(NamedTuple):
    """One day of the sheet by the refrigerator: the first reading of each half day, and what was out of range."""

    day: date
    morning: Reading | None
    afternoon: Reading | None
    out: list[Reading]


def month(fridge: Fridge, first: date) -> list[DayLine]:
    """One line for each day of the month, also for days on which nobody read."""
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    begin, end = (timezone.make_aware(datetime.combine(day, time())) for day in (first, after))
    by_day: dict[date, list[Reading]] = defaultdict(list)
    for reading in valid(fridge).filter(at__gte=begin, at__lt=end).select_related("by").order_by("at"):
        by_day[timezone.localtime(reading.at).date()].append(reading)
    low, high = limits(first)
    return [
        _line(day, by_day[day], low, high) for day in (first + timedelta(days=n) for n in range((after - first).days))
    ]


def _line(day: date, readings: Sequence[Reading], low: Decimal, high: Decimal) -> DayLine:
    halves = {
        half: [one for one in readings if rules.half(timezone.localtime(one.at)) == half]
        for half in ("morning", "afternoon")
    }
    first = {half: rows[0] if rows else None for half, rows in halves.items()}
    return DayLine(
        day, first["morning"], first["afternoon"], [one for one in readings if rules.away(one.celsius, low, high)]
    )
