"""Shapes of input: a drill and its script, what is put right while it runs, findings."""

from tongzhou.modules.drills.forms.drills import DrillForm, Evaluation, InjectForm, TargetForm, script_lines
from tongzhou.modules.drills.forms.findings import FindingForm, Recheck, Rectification
from tongzhou.modules.drills.forms.times import InjectTimes, TargetTime

__all__ = [
    "DrillForm", "Evaluation", "FindingForm", "InjectForm", "InjectTimes", "Recheck", "Rectification", "TargetForm", "TargetTime",
    "script_lines",
]  # fmt: skip
