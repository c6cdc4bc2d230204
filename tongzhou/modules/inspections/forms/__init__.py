"""Shapes of input: places, rounds, visits item by item, and what each step of a finding asks."""

from tongzhou.modules.inspections.forms.findings import Handing, Issue, Recheck, Rectification, Reopening, Reply
from tongzhou.modules.inspections.forms.places import PlaceForm
from tongzhou.modules.inspections.forms.rounds import Assigning, RoundForm, Summary
from tongzhou.modules.inspections.forms.visits import VisitForm

__all__ = [
    "Assigning", "Handing", "Issue", "PlaceForm", "Recheck", "Rectification", "Reopening", "Reply", "RoundForm", "Summary", "VisitForm",
]  # fmt: skip
