"""What changes rounds, visits and findings. Pages, devices, other rooms and example files all come through here."""

from tongzhou.modules.inspections.actions import findings, rounds, visits
from tongzhou.modules.inspections.actions.loading import load

__all__ = ["findings", "load", "rounds", "visits"]
