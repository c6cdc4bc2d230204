"""Places, rounds with their assignments and stops, visits with their answers, findings, and what devices delivered."""

from tongzhou.modules.inspections.models.finding import Finding
from tongzhou.modules.inspections.models.place import Place
from tongzhou.modules.inspections.models.round import Assignment, Round, Stop
from tongzhou.modules.inspections.models.visit import Answer, Delivery, Visit

__all__ = ["Answer", "Assignment", "Delivery", "Finding", "Place", "Round", "Stop", "Visit"]
