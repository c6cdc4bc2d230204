"""What the one statement reports."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Odd:
    """A tube that is not as it should be after these rows: too full, at another table as well, or swabbed into after it was closed."""

    campaign: bytes
    code: str
    device: int
    over: int  # swabs beyond its size
    elsewhere: int  # number of another device that used it, 0 if none
    closed: int  # milliseconds since 1970 when it was closed, if it was swabbed into later; else 0


@dataclass(slots=True)
class Stored:
    """`bounced` are the places, in the list given, of rows that did not go in."""

    bounced: list[int] = field(default_factory=list)
    odd: list[Odd] = field(default_factory=list)
