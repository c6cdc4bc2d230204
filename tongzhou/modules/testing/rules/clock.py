"""Which time a fact is given when the device's clock is wrong."""

import time

LATE = 120_000  # milliseconds; see rulebook/hours.toml, late_minutes


def believed(at: int, sent: int, received: int, earliest: int, late: int = LATE) -> tuple[int, int]:
    """The time a fact is counted at, and by how many seconds it was moved.

    `sent` is the device's clock when it sent, `received` the server's then: the difference moves every fact of the batch. What would
    still lie in the future is counted as received now; what would lie before the device was enrolled (`earliest`), at its enrolment.
    """
    skew = received - sent
    if -late <= skew <= late:
        skew = 0
    moved = min(max(at + skew, earliest), received)
    return moved, (moved - at) // 1000


def now() -> int:
    """By the server's clock, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
