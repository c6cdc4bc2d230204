"""Drills with what belongs to them, and findings."""

from tongzhou.modules.drills.models.drill import Drill, Inject, Participant, Target
from tongzhou.modules.drills.models.finding import Finding

__all__ = ["Drill", "Finding", "Inject", "Participant", "Target"]
