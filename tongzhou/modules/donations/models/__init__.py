"""Gifts with their lines and movements, allocations with their shares, disclosures."""

from tongzhou.modules.donations.models.allocation import Allocation, Recipient, Share
from tongzhou.modules.donations.models.disclosure import Disclosure
from tongzhou.modules.donations.models.gift import Gift, Item
from tongzhou.modules.donations.models.stock import Line, Movement

__all__ = ["Allocation", "Disclosure", "Gift", "Item", "Line", "Movement", "Recipient", "Share"]
