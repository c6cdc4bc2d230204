"""Shapes of input. They check the shape and write nothing."""

from tongzhou.modules.testing.forms.campaigns import CampaignForm, Reconciling
from tongzhou.modules.testing.forms.points import EnrolForm, PointForm
from tongzhou.modules.testing.forms.tubes import (
    BoxForm,
    Confirming,
    Deciding,
    LaboratoryForm,
    Naming,
    Packing,
    Receiving,
    ResultForm,
    Sending,
)

__all__ = [
    "BoxForm", "CampaignForm", "Confirming", "Deciding", "EnrolForm", "LaboratoryForm", "Naming", "Packing", "PointForm", "Receiving", "Reconciling",
    "ResultForm", "Sending",
]  # fmt: skip
