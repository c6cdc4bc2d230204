"""Reads of the room: sums by day, estimates from them, the prose of an assessment. All within a person's reach."""

from tongzhou.modules.situation.queries.composing import composition, curve_url
from tongzhou.modules.situation.queries.counting import areas_without, kept, latest_day, overlapping, series
from tongzhou.modules.situation.queries.outlook import Basis, Outlook, basis, outlook

__all__ = [
    "Basis",
    "Outlook",
    "areas_without",
    "basis",
    "composition",
    "curve_url",
    "kept",
    "latest_day",
    "outlook",
    "overlapping",
    "series",
]
