from tongzhou.modules.testing.models.box import Box
from tongzhou.modules.testing.models.campaign import Campaign, Mode, Zone
from tongzhou.modules.testing.models.checkin import FACTS, KINDS, VERDICTS, CheckIn, Count, Tube
from tongzhou.modules.testing.models.conflict import Conflict
from tongzhou.modules.testing.models.home import Home
from tongzhou.modules.testing.models.laboratory import AREAS, Pool, PoolPerson, Result
from tongzhou.modules.testing.models.point import MOST_TABLES, Device, Point
from tongzhou.modules.testing.models.resident import Resident

__all__ = [
    "AREAS", "FACTS", "KINDS", "MOST_TABLES", "VERDICTS", "Box", "Campaign", "CheckIn", "Conflict", "Count", "Device", "Home", "Mode", "Point", "Pool",
    "PoolPerson", "Resident", "Result", "Tube", "Zone",
]  # fmt: skip
