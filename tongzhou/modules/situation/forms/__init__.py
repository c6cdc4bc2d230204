"""Shapes of input. Nothing is written here."""

from tongzhou.modules.situation.forms.assessments import AssessmentForm
from tongzhou.modules.situation.forms.counts import CountForm
from tongzhou.modules.situation.forms.curve import CurveForm
from tongzhou.modules.situation.forms.events import EventForm, TellForm
from tongzhou.modules.situation.forms.zones import DayForm, InfectionForm, ZoneForm

__all__ = ["AssessmentForm", "CountForm", "CurveForm", "DayForm", "EventForm", "InfectionForm", "TellForm", "ZoneForm"]
