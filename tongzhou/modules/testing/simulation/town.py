"""Who comes, when, and what goes wrong with them. Nobody in it exists: documents are of area 210599, which lies nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from tongzhou.kernel.documents import check_digit

AREA = "210599"
DAYS = 36_500  # on which somebody may be born
RUSH_BEGINS, RUSH_LASTS = 0.2, 0.15  # the rush after breakfast, in parts of the whole window


class Mistake(StrEnum):
    """The seven places where a result gets lost (Shenzhen health commission, 2022)."""

    BAD_SWAB = "bad_swab"  # the laboratory cannot say: grey zone
    NOT_SAVED = "not_saved"  # in the tube, not on the device
    WRONG_NUMBER = "wrong_number"  # registered by hand with a digit off
    OTHERS_CODE = "others_code"  # shows the code of who comes next
    NO_NUMBER = "no_number"  # a code without a document behind it, not one of ours
    LATE_COURIER = "late_courier"  # a box that waits
    LABORATORY = "laboratory"  # a tube mistyped, or told a second time with another value


BY_PEOPLE = (Mistake.BAD_SWAB, Mistake.NOT_SAVED, Mistake.WRONG_NUMBER, Mistake.OTHERS_CODE, Mistake.NO_NUMBER)


@dataclass(frozen=True)
class Scenario:
    """What is played. `hours` of sampling pass in `minutes`; `peak` is the rush against the mean; the last five are shares."""

    people: int = 3000
    points: int = 4
    tables: int = 2  # at each point
    minutes: float = 2.0
    hours: float = 5.0
    peak: float = 3.0
    seed: int = 1
    size: int = 10  # swabs in one tube
    ill: float = 0.001
    mistakes: float = 0.02  # of people, boxes and laboratory lines
    astray: float = 0.02  # come to a point that is another community's
    typed: float = 0.1  # come without a code
    network: float = 0.15  # of sends that a bad network spoils

    @property
    def seconds(self) -> float:
        """On the wall, from the first who comes to the last."""
        return self.minutes * 60

    @property
    def pace(self) -> float:
        """How many times faster than the morning it stands for."""
        return self.hours * 60 / self.minutes


@dataclass(frozen=True, slots=True)
class Arrival:
    at: float  # seconds on the wall after the beginning
    document: str
    table: int  # of all tables
    home: int = 0  # whose community the code names, by the number of its point
    astray: bool = False  # the table stands at another point than that of the community
    ill: bool = False
    typed: bool = False
    mistake: Mistake | None = None


@dataclass(frozen=True, slots=True)
class Table:
    point: int  # its number
    part: float  # of all who come


def arrivals(scenario: Scenario, tables: Sequence[Table] = ()) -> list[Arrival]:
    """Everybody, in the order of their coming; the same seed, the same morning. Every point is a community's; all tables are alike by default."""
    tables = tables or [Table(n // scenario.tables, 1.0) for n in range(scenario.points * scenario.tables)]
    chance, wandering, weights = Random(scenario.seed), Random(f"{scenario.seed}/astray"), [one.part for one in tables]
    points = max(one.point for one in tables) + 1
    times = sorted(_when(scenario, chance) for _one in range(scenario.people))
    found = []
    for number, at in enumerate(times):
        mistake = chance.choice(BY_PEOPLE) if chance.random() < scenario.mistakes else None
        typed = chance.random() < scenario.typed or mistake is Mistake.WRONG_NUMBER
        if mistake is Mistake.OTHERS_CODE:
            typed = False
        (table,) = chance.choices(range(len(tables)), weights)
        ill = chance.random() < scenario.ill
        home = tables[table].point
        astray = points > 1 and wandering.random() < scenario.astray
        if astray:
            home = (home + wandering.randrange(1, points)) % points
        document = id_number(scenario.seed * 10**6 + number)
        found.append(Arrival(at, document, table, home, astray, ill, typed, mistake))
    return found


def _when(scenario: Scenario, chance: Random) -> float:
    """Evenly, but for those who come in the rush: so many that it is `peak` times the mean."""
    rushing = min(1.0, max(0.0, (scenario.peak - 1) / (1 / RUSH_LASTS - 1)))
    part = RUSH_BEGINS + RUSH_LASTS * chance.random() if chance.random() < rushing else chance.random()
    return part * scenario.seconds


def id_number(n: int) -> str:
    """The n-th of the documents that nobody bears; its serial number is even."""
    born = date(1920, 1, 1) + timedelta(days=n // 500 % DAYS)
    return _checked(f"{AREA}{born:%Y%m%d}{n % 500 * 2:03}")


def mistyped(number: str) -> str:
    """One digit off, with a check digit that fits, as a form would demand it: the serial number is odd, so it is nobody else's."""
    return _checked(f"{number[:14]}{int(number[14:17]) + 1:03}")


def _checked(body: str) -> str:
    return body + check_digit(body)
