"""Stations with refrigerators and their readings, batches with movements, sessions with counts, demand, changes of desks."""

from tongzhou.modules.vaccination.models.cold import Excursion, Fridge, Reading
from tongzhou.modules.vaccination.models.need import Demand, DeskChange
from tongzhou.modules.vaccination.models.station import Station
from tongzhou.modules.vaccination.models.stock import Batch, Movement
from tongzhou.modules.vaccination.models.work import Served, Session, Tally

__all__ = [
    "Batch",
    "Demand",
    "DeskChange",
    "Excursion",
    "Fridge",
    "Movement",
    "Reading",
    "Served",
    "Session",
    "Station",
    "Tally",
]
