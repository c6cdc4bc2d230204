"""What a station says to whoever stands before it. The station's own module in the browser gives the same answers, held to the same cases."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum


class Verdict(IntEnum):
    """Stored as numbers; the words are in models. CORRECTED counts a check-in that its own device took back."""

    FINE = 1
    REPEAT = 2
    OTHER_ZONE = 3
    EXPIRED = 4
    FULL = 5
    USED = 6
    UNKNOWN_CODE = 7
    CORRECTED = 8


class Counted(IntEnum):
    """What is counted in the same table beside verdicts, so that the board never counts tubes themselves: there are hundreds of thousands."""

    OPENED = 21  # tubes
    CLOSED = 22
    RESULT = 23  # the first of a tube


SWABBED = (Verdict.FINE, Verdict.REPEAT, Verdict.OTHER_ZONE, Verdict.EXPIRED, Verdict.UNKNOWN_CODE)  # each is one swab


@dataclass(frozen=True, slots=True)
class Station:
    """What a device knows of its place: swabs in one tube, and the marks of the communities that come here (empty: anybody)."""

    size: int
    zones: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class TubeNow:
    people: int = 0
    closed: bool = False
    elsewhere: bool = False  # opened at another table


@dataclass(frozen=True, slots=True)
class Seen:
    """An earlier swab of the same person in this campaign."""

    where: str
    at: int  # milliseconds since 1970, as everywhere in the protocol


def judge(station: Station, at: int, expires: int, zone: int, tube: TubeNow, seen: Seen | None) -> Verdict:
    """The first that holds: what is wrong with the tube, since it would spoil a swab, then what is wrong with the code.

    `expires` and `zone` are 0 where the person came without a code. None of it forbids a swab: the operator decides, and it is kept.
    """
    if tube.elsewhere or tube.closed:
        return Verdict.USED
    if tube.people >= station.size:
        return Verdict.FULL
    if seen is not None:
        return Verdict.REPEAT
    if expires and at > expires:
        return Verdict.EXPIRED
    if zone and station.zones and zone not in station.zones:
        return Verdict.OTHER_ZONE
    return Verdict.FINE
