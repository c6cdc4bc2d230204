"""Rosters: who is on duty where and when, by rules of rest, fairly and with regard to wishes.

`propose` is in `solving`, apart from what pages need all the time: OR-Tools, SciPy and NumPy are loaded only by whoever plans.
"""

from tongzhou.planning.rosters.case import ANYONE, Case, Person, Rules, Shift, Span, Weights, Wish
from tongzhou.planning.rosters.explaining import Unmet, reasons, unmet
from tongzhou.planning.rosters.greedy import greedy
from tongzhou.planning.rosters.rest import Breach, Reason, all_breaches, breaches
from tongzhou.planning.rosters.scoring import Load, Score, Spread, load, score
from tongzhou.planning.rosters.seats import seated, short

__all__ = [
    "ANYONE", "Breach", "Case", "Load", "Person", "Reason", "Rules", "Score", "Shift", "Span", "Spread", "Unmet", "Weights", "Wish",
    "all_breaches", "breaches", "greedy", "load", "reasons", "score", "seated", "short", "unmet",
]  # fmt: skip
