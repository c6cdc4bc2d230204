"""Sheets of paper: each bears a number of its point, each line a number of its own, and so what is typed in has a key made on the paper.

Typed in twice, by whomever, a line is one fact; typed in twice differently, it is a conflict for the supervisor.
"""

from uuid import UUID

LINES = 10  # people on a sheet
STRIDE = 2 * LINES  # numbers of one sheet: its people, then the tubes it closes


def sheet_number(count: int, point: UUID) -> int:
    """What the point's so manieth sheet bears, from 1: drawn by chance, three hundred of a million would meet.

    The last two digits are its check (ISO 7064, MOD 97-10), reckoned with the point: another point's sheet does not pass for one of this.
    """
    return count * 100 + 98 - (count * 100 + point.int) % 97


def is_sheet(number: int, point: UUID, printed: int) -> bool:
    """Whether it is among the `printed` sheets of the point."""
    return 0 < number // 100 <= printed and (number + point.int) % 97 == 1


def line_seq(sheet: int, line: int) -> int:
    """The number of the fact on line 0 to LINES - 1."""
    return sheet // 100 * STRIDE + line + 1


def close_seq(sheet: int, tube: int) -> int:
    """The number of the fact that the sheet's tube 0 to LINES - 1 is closed."""
    return sheet // 100 * STRIDE + LINES + tube + 1
