"""Reading: the lists as a case for the engine, what came out as pages and papers show it, options side by side."""

from tongzhou.modules.siting.queries import books, covers, engine, points, sketches, steps
from tongzhou.modules.siting.queries.cases import case_of, faults_of, labs_of, rates_of, settings_of, walks_of
from tongzhou.modules.siting.queries.columns import COLUMNS
from tongzhou.modules.siting.queries.drawings import cost_of, drawing, frontier, labs, queues
from tongzhou.modules.siting.queries.outcomes import line, plan_of, shown
from tongzhou.modules.siting.queries.tables import difference, options_of, pairs, seen, tables_of

__all__ = [
    "COLUMNS", "books", "case_of", "cost_of", "covers", "difference", "drawing", "engine", "faults_of", "frontier", "labs", "labs_of", "line",
    "options_of", "pairs", "plan_of", "points", "queues", "rates_of", "seen", "settings_of", "shown", "sketches", "steps", "tables_of", "walks_of",
]  # fmt: skip
