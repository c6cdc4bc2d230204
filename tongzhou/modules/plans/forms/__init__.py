"""Shapes of input: the head of a plan, its parts, consultation, activation, tasks. They write nothing."""

from tongzhou.modules.plans.forms.moves import Approval, Assignment, Consulting, Finish, Ordering, Saying
from tongzhou.modules.plans.forms.parts import PART_FORMS, TextForm, formset
from tongzhou.modules.plans.forms.plan import AnnexForm, PlanForm

__all__ = [
    "PART_FORMS", "AnnexForm", "Approval", "Assignment", "Consulting", "Finish", "Ordering", "PlanForm", "Saying", "TextForm", "formset",
]  # fmt: skip
