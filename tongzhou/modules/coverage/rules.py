"""Pure rules: when somebody is due next, what follows from a declaration, who is the same person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tongzhou.kernel.sheets.cells import identity_number

CHECK, TEST, CARE = "check", "test", "care"
DECLARED, CONTACT, TESTED, VISIT = "declared", "contact", "tested", "visit"

# which kinds of coverage a reason stands for: the exempt need no test; whoever is elsewhere is covered there; the ill by the hospital
EXCUSES: dict[str, frozenset[str]] = {
    "exempt": frozenset({TEST}),
    "elsewhere": frozenset({CHECK, TEST, CARE}),
    "ill": frozenset({CHECK, TEST, CARE}),
}


@dataclass(frozen=True)
class Schedule:
    """One of three: every so many days; on days counted from the first (which is day 1); or once, within so many days."""

    every: int = 0
    days: tuple[int, ...] = ()
    within: int = 0

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Schedule":
        """From the values of a rulebook. Raises ValueError for one that says nothing, or two things."""
        made = cls(int(given.get("every", 0)), tuple(given.get("days", ())), int(given.get("within", 0)))
        if [bool(made.every), bool(made.days), bool(made.within)].count(True) != 1:
            raise ValueError(f"a schedule is every, days or within: {dict(given)}")
        return made

    def data(self) -> dict[str, Any]:
        return (
            {"every": self.every} if self.every else {"days": list(self.days)} if self.days else {"within": self.within}
        )


def next_due(
    schedule: Schedule, begins: date, ends: date | None, last: date | None, spared: date | None = None
) -> date | None:
    """The next day on which evidence is due, None when nothing more is. A day in the past is one that was missed.

    `last` is the day of the latest evidence, `spared` the last day of an accepted reason. What was missed before later evidence stays
    missed: nobody is tested twice to make good for it.
    """
    done = max(filter(None, (last, spared)), default=None)
    if schedule.days:
        due = next((day for day in _days(schedule, begins) if done is None or day > done), None)
    elif schedule.within:
        met = last is not None and last >= begins
        due = None if met else _after(begins + timedelta(days=schedule.within - 1), spared)
    else:
        first = begins + timedelta(days=schedule.every - 1)
        due = _after(max(begins, last + timedelta(days=schedule.every)) if last else first, spared)
    return None if due is None or (ends is not None and due > ends) else due


def status(due: date | None, last: date | None, spared: date | None, on: date) -> str:
    """ "spared", "overdue", "due", "covered", or "ahead": not yet due and nothing done yet."""
    if spared is not None and spared >= on:
        return "spared"
    if due is not None and due <= on:
        return "overdue" if due < on else "due"
    return "covered" if last is not None or due is None else "ahead"


def _days(schedule: Schedule, begins: date) -> list[date]:
    return [begins + timedelta(days=number - 1) for number in schedule.days]


def _after(due: date, spared: date | None) -> date:
    return due if spared is None else max(due, spared + timedelta(days=1))


@dataclass(frozen=True)
class Stayed:
    """Where somebody was: the kind of place, and until when (as far as they know)."""

    area: str
    until: date | None


@dataclass(frozen=True)
class Follows:
    """What a declaration leads to: the outcome of the rule as its data says it, and the day that counts as the first."""

    outcome: Mapping[str, Any]
    begins: date


def follows(
    values: Mapping[str, Any], stays: Iterable[Stayed], *, ill: bool, arrived: date | None, on: date
) -> Follows | None:
    """The gravest outcome that applies, or None. Outcomes stand in the rule from the gravest down; what lies further back than
    `days_back` days before the declaration does not count."""
    kept = [stay for stay in stays if stay.until is None or (on - stay.until).days <= int(values["days_back"])]
    areas = {stay.area for stay in kept} | ({"symptoms"} if ill else set())
    for outcome in values.get("outcomes", ()):
        if outcome["code"] in areas:
            left = max((stay.until for stay in kept if stay.area == outcome["code"] and stay.until), default=None)
            return Follows(outcome, on if outcome["code"] == "symptoms" else min(on, arrived or left or on))
    return None


def identity(name: str, document: str, number: str, phone: str) -> str:
    """By what the same person is known again: the document, else name and telephone together (a family shares one telephone)."""
    if number:
        return f"{document}/{number.strip().upper()}"
    return f"name/{''.join(name.split())}/{phone}" if phone else ""


def document_number(document: str, text: str) -> str:
    """The number as it is kept. Raises ValueError, for the user, for a citizen's number that cannot be one (GB 11643)."""
    return identity_number(text) if document == "id" and text.strip() else "".join(text.split()).upper()


def served(dues: Sequence[date | None], on: date) -> int:
    """Of the lists a piece of evidence counts for, those that asked for it by this day: all but one are contacts saved."""
    return sum(due is not None and due <= on for due in dues)
