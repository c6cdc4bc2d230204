"""What may become of a record: states and the moves between them, as data.

workflow = Workflow(State, start=S.PLEDGED, files="donations.pledge", amends=("donations.keep", [S.PLEDGED]), moves=[
    Move("receive", [S.PLEDGED], S.RECEIVED, _("确认收到"), needs="donations.keep", said=_("{by}确认收到")), …])
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as __


class OutOfStep(Exception):
    """The row is no longer as the person saw it."""

    def __init__(self) -> None:
        super().__init__(__("这条记录已被他人处理，请刷新后再试。"))


@dataclass(frozen=True)
class Move:
    """One change of state. `said` is the sentence of the ledger, with {by} and the names of the entry's data in it.

    `tone` colours the button and says how grave the move is: "primary", "default" or "danger".
    `reason` makes a note compulsory; `bulk` offers the move in lists; `hidden` moves have their own place on the page.
    """

    name: str
    sources: Sequence[Any]
    target: Any
    label: Any
    needs: str
    said: Any
    reason: bool = False
    bulk: bool = False
    hidden: bool = False
    tone: str = "default"


@dataclass(frozen=True)
class Workflow:
    """`files` is the capability to create, `amends` the capability to edit and the states in which editing is open.

    `tones` gives each state's colour: "todo", "doing", "done", "off", "bad".
    """

    states: type[TextChoices]
    start: Any
    files: str
    amends: tuple[str, Sequence[Any]]
    moves: Sequence[Move]
    filed: Any = ""
    tones: dict[Any, str] = field(default_factory=dict)

    def move(self, name: str) -> Move | None:
        return next((move for move in self.moves if move.name == name), None)

    def leaving(self, state: str) -> list[Move]:
        return [move for move in self.moves if state in move.sources]

    def reachable(self) -> set[str]:
        """States that can be reached from the start."""
        seen, fresh = set(), {str(self.start)}
        while fresh:
            seen |= fresh
            fresh = {str(move.target) for state in fresh for move in self.leaving(state)} - seen
        return seen

    def capabilities(self) -> set[str]:
        return {self.files, self.amends[0], *(move.needs for move in self.moves)}
