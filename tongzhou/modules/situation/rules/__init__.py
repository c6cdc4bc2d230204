"""Rules of the room that need no database: estimates from counts, zones by edition, the reporting clock, sums that must match."""

from tongzhou.modules.situation.rules import clock, counts, estimates, zones

__all__ = ["clock", "counts", "estimates", "zones"]
