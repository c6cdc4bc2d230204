"""Reading: the lists as a case for the engine, what came out as pages and papers show it, options side by side."""

from tongzhou.modules.siting.queries import books
from tongzhou.modules.siting.queries.cases import case_of, faults_of, settings_of, walks_of
from tongzhou.modules.siting.queries.columns import COLUMNS
from tongzhou.modules.siting.queries.drawings import drawing, frontier, labs, queues, tours
from tongzhou.modules.siting.queries.outcomes import line, shown
from tongzhou.modules.siting.queries.tables import difference, options_of, seen, tables_of

__all__ = [
    "COLUMNS", "books", "case_of", "difference", "drawing", "faults_of", "frontier", "labs", "line", "options_of", "queues",
    "seen", "settings_of", "shown", "tables_of", "tours", "walks_of",
]  # fmt: skip
