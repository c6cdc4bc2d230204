"""Shapes of input."""

from tongzhou.modules.meetings.forms.calling import Invitation, ItemForm, MeetingForm, Postponement
from tongzhou.modules.meetings.forms.following import Conclusion, Extension, Passing, Report
from tongzhou.modules.meetings.forms.sitting import Admission, AnswerForm, DecisionForm, Marking, MinutesForm, decisions

__all__ = [
    "Admission", "AnswerForm", "Conclusion", "DecisionForm", "Extension", "Invitation", "ItemForm", "Marking", "MeetingForm", "MinutesForm",
    "Passing", "Postponement", "Report", "decisions",
]  # fmt: skip
