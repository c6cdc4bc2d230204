"""What is done to stations, batches, sessions, refrigerators and desks. Doses change through `stock.shift` only, counts through `counting.count`."""

from tongzhou.modules.vaccination.actions import batches, cold, counting, desks, sessions, stations
from tongzhou.modules.vaccination.actions.loading import load

__all__ = ["batches", "cold", "counting", "desks", "load", "sessions", "stations"]
