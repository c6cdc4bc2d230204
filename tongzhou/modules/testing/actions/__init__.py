"""What moves do beyond a change of state, and the one way in for what devices say."""

from tongzhou.modules.testing.actions import (
    boxes,
    campaigns,
    conflicts,
    devices,
    handing,
    homes,
    late,
    paper,
    pools,
    publishing,
    purging,
    receiving,
    residents,
    results,
)
from tongzhou.modules.testing.actions.ingest import Sheaf, ingest
from tongzhou.modules.testing.actions.loading import load

__all__ = [
    "Sheaf", "boxes", "campaigns", "conflicts", "devices", "handing", "homes", "ingest", "late", "load", "paper", "pools", "publishing", "purging",
    "receiving", "residents", "results",
]  # fmt: skip
