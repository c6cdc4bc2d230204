"""Sheets of paper: each bears a number drawn at printing, each line a number of its own, and so what is typed in has a key made on the paper.

Typed in twice, by whomever, a line is one fact; typed in twice differently, it is a conflict for the supervisor.
"""

import secrets

LINES = 10  # people on a sheet
STRIDE = 2 * LINES  # numbers of one sheet: its people, then the tubes it closes
_MOST = 1_000_000


def new_sheet() -> int:
    """Drawn, not counted: two printers need not know of each other. The last two digits are its check (ISO 7064, MOD 97-10)."""
    drawn = 1 + secrets.randbelow(_MOST - 1)
    return drawn * 100 + 98 - drawn * 100 % 97


def is_sheet(number: int) -> bool:
    return 100 < number < _MOST * 100 and number % 97 == 1


def line_seq(sheet: int, line: int) -> int:
    """The number of the fact on line 0 to LINES - 1."""
    return sheet // 100 * STRIDE + line + 1


def close_seq(sheet: int, tube: int) -> int:
    """The number of the fact that the sheet's tube 0 to LINES - 1 is closed."""
    return sheet // 100 * STRIDE + LINES + tube + 1
