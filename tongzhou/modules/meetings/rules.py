"""When a door opens, who is late, and who came. No database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

PRESENT, ABSENT, DECLINED, INVITED, COMING, PROXY = "present", "absent", "declined", "invited", "coming", "proxy"


def minutes_late(starts_at: datetime, signed_at: datetime, grace: int = 0) -> int:
    """Whole minutes gone since the start, as the clock on the wall shows them; 0 while these are no more than `grace`."""
    gone = int((signed_at - starts_at).total_seconds() // 60)
    return gone if gone > grace else 0


def door_opens(starts_at: datetime, minutes: int) -> datetime:
    return starts_at - timedelta(minutes=minutes)


def overrun(planned: Iterable[int | None], starts_at: datetime | None, ends_at: datetime | None) -> int:
    """Minutes by which the agenda is longer than the meeting; 0 when it fits or when the end is open."""
    if starts_at is None or ends_at is None:
        return 0
    return max(0, sum(minutes or 0 for minutes in planned) - int((ends_at - starts_at).total_seconds() // 60))


def overdue(due_on: date, today: date) -> bool:
    """The deadline is the last good day."""
    return due_on < today


@dataclass(frozen=True)
class Turnout:
    """The list of a meeting by how far each has come. `late` and `by_proxy` are among the present; observers are not counted."""

    invited: int = 0
    coming: int = 0
    proxy: int = 0
    declined: int = 0
    present: int = 0
    absent: int = 0
    late: int = 0
    by_proxy: int = 0

    @property
    def expected(self) -> int:
        return self.invited + self.coming + self.proxy + self.declined + self.present + self.absent

    @property
    def answered(self) -> int:
        return self.expected - self.invited


def turnout(states: Iterable[tuple[str, bool, bool]]) -> Turnout:
    """From (state, late, by proxy) of each who is expected."""
    rows = [row for row in states if row[0] in {INVITED, COMING, PROXY, DECLINED, PRESENT, ABSENT}]
    names = [state for state, _late, _proxy in rows]
    present = [row for row in rows if row[0] == PRESENT]
    return Turnout(
        invited=names.count(INVITED), coming=names.count(COMING), proxy=names.count(PROXY), declined=names.count(DECLINED),
        present=names.count(PRESENT), absent=names.count(ABSENT),
        late=sum(late for _state, late, _proxy in present), by_proxy=sum(proxy for _state, _late, proxy in present),
    )  # fmt: skip
