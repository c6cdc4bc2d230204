"""The reporting clock: each step has so many hours from the one before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Step:
    """One report on the way up: from whom, to whom, within how many hours, by which article; in Chinese and English."""

    sender: tuple[str, str]
    receiver: tuple[str, str]
    hours: float
    article: tuple[str, str]


@dataclass(frozen=True)
class Tick:
    """A step of one event: when it is due, and when it was done."""

    number: int
    step: Step
    due_at: datetime
    done_at: datetime | None = None

    @property
    def late(self) -> bool:
        return self.done_at is not None and self.done_at > self.due_at


def steps(values: Mapping[str, Any]) -> list[Step]:
    return [
        Step(
            (row["sender"], row["sender_en"]), (row["receiver"], row["receiver_en"]), row["hours"],
            (row["article"], row["article_en"]),
        )
        for row in values["steps"]
    ]  # fmt: skip


def ticks(found_at: datetime, along: Sequence[Step], done: Sequence[datetime]) -> list[Tick]:
    """Every step with its time: each begins when the one before it was done, or has to be."""
    begun, told = found_at, []
    for number, step in enumerate(along):
        due_at = begun + timedelta(hours=step.hours)
        done_at = done[number] if number < len(done) else None
        told.append(Tick(number + 1, step, due_at, done_at))
        begun = done_at or due_at
    return told
