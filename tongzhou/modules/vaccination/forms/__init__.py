"""Shapes of input: stations, batches, sessions with their counts, demand, desks, temperatures. They write nothing."""

from tongzhou.modules.vaccination.forms.cold import CorrectionForm, FridgeForm, Handling, ReadingForm
from tongzhou.modules.vaccination.forms.places import DemandForm, DeskChangeForm, StationForm, Totals
from tongzhou.modules.vaccination.forms.stock import Accept, BatchForm, Counted, Doses, Hold, Release, Transfer
from tongzhou.modules.vaccination.forms.work import Closing, Following, Opening, SessionForm, TapForm, TypedForm

__all__ = [
    "Accept",
    "BatchForm",
    "Closing",
    "CorrectionForm",
    "Counted",
    "DemandForm",
    "DeskChangeForm",
    "Doses",
    "Following",
    "FridgeForm",
    "Handling",
    "Hold",
    "Opening",
    "ReadingForm",
    "Release",
    "SessionForm",
    "StationForm",
    "TapForm",
    "Totals",
    "Transfer",
    "TypedForm",
]
