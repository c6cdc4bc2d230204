"""Reads: a roster as a case for the planner, who could take a place, and the tables that pages and walls show."""

from tongzhou.modules.rosters.queries.candidates import (
    Candidate,
    beyond,
    breaches_of,
    candidates,
    empty_places,
    replaceable,
    seats,
    spoken,
    unmet_in_words,
)
from tongzhou.modules.rosters.queries.cases import case_of, crew_of, rest_rules, short_of, standing_skills
from tongzhou.modules.rosters.queries.tables import Cell, cells, grid, people_on, wall, week

__all__ = [
    "Candidate",
    "Cell",
    "beyond",
    "breaches_of",
    "candidates",
    "case_of",
    "cells",
    "crew_of",
    "empty_places",
    "grid",
    "people_on",
    "replaceable",
    "rest_rules",
    "seats",
    "short_of",
    "spoken",
    "standing_skills",
    "unmet_in_words",
    "wall",
    "week",
]  # fmt: skip
