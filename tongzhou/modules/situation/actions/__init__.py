"""What is done to counts, zones, incidents and assessments. Each action writes in one transaction."""

from tongzhou.modules.situation.actions import assessments, counts, events, zones
from tongzhou.modules.situation.actions.loading import load

__all__ = ["assessments", "counts", "events", "load", "zones"]
