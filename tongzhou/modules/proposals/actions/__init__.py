"""What changes items, submissions and cases. Pages, devices and example files all come through here."""

from tongzhou.modules.proposals.actions import cases, items, submissions
from tongzhou.modules.proposals.actions.loading import load

__all__ = ["cases", "items", "load", "submissions"]
