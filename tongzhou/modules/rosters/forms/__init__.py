"""Shapes of input: posts, people, rosters, duties by hand, swaps, wishes, what a checkpoint sees. They write nothing."""

from tongzhou.modules.rosters.forms.days import Sighting, WishForm
from tongzhou.modules.rosters.forms.moves import HandOver, LetterForm, PutForm, SwapForm
from tongzhou.modules.rosters.forms.records import CrewForm, DutyForm, PostForm, RosterForm

__all__ = [
    "CrewForm",
    "DutyForm",
    "HandOver",
    "LetterForm",
    "PostForm",
    "PutForm",
    "RosterForm",
    "Sighting",
    "SwapForm",
    "WishForm",
]
