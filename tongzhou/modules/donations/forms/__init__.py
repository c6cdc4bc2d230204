"""Shapes of input: promises with lines, counts, allocations, delivery and signature. They write nothing."""

from tongzhou.modules.donations.forms.allocations import AllocationForm, ShareForm, Signature
from tongzhou.modules.donations.forms.counts import (
    BlindCount,
    Correction,
    Counts,
    Delivery,
    FirstCount,
    Receipt,
    TakingBack,
)
from tongzhou.modules.donations.forms.gifts import BASES, DisclosureForm, GiftForm, LineForm

__all__ = [
    "BASES",
    "AllocationForm",
    "BlindCount",
    "Correction",
    "Counts",
    "Delivery",
    "DisclosureForm",
    "FirstCount",
    "GiftForm",
    "LineForm",
    "Receipt",
    "ShareForm",
    "Signature",
    "TakingBack",
]
