"""What is done to gifts, allocations and disclosures. Each action writes in one transaction; stock changes through `stock.shift` only."""

from tongzhou.modules.donations.actions import allocations, disclosures, gifts
from tongzhou.modules.donations.actions.loading import load

__all__ = ["allocations", "disclosures", "gifts", "load"]
