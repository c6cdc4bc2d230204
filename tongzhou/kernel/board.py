"""The board of the command post: what each room puts on one screen. A room's drawer board.py makes its tiles.

A tile is what one reads from three metres: a label, one figure, perhaps a few short lines; it leads to its list.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from tongzhou.kernel import module
from tongzhou.kernel.models import Person, Response

if TYPE_CHECKING:
    from tongzhou.kernel.module import Module

Tone = Literal["plain", "good", "wait", "bad"]


@dataclass(frozen=True)
class Line:
    """One line below the figure: "南门卡口  2 / 3 人"."""

    text: Any
    value: Any = ""
    tone: Tone = "plain"
    url: str = ""


@dataclass(frozen=True)
class Tile:
    """`tone` is read as colour and as a word or shape by whoever sees no colour; "bad" tiles come first on a telephone."""

    name: str
    label: Any
    value: Any
    url: str
    tone: Tone = "plain"
    note: Any = ""
    lines: Sequence[Line] = field(default=())
    wide: bool = False  # takes two columns


Board = Callable[[Response, Person, datetime], list[Tile]]


def tiles(response: Response, person: Person, now: datetime) -> "list[tuple[Module, list[Tile]]]":
    """Room by room, as far as the person reaches; rooms with nothing to show are left out."""
    shown = [(room, room.board(response, person, now)) for room in module.rooms() if room.board]
    return [(room, found) for room, found in shown if found]
