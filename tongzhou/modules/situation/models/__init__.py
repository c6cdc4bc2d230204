"""Daily counts; zones with their turns; incidents with the reports made of them; assessments."""

from tongzhou.modules.situation.models.assessment import Assessment
from tongzhou.modules.situation.models.count import DayCount
from tongzhou.modules.situation.models.event import Event, Telling
from tongzhou.modules.situation.models.zone import Turn, Zone

__all__ = ["Assessment", "DayCount", "Event", "Telling", "Turn", "Zone"]
