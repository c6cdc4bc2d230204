"""The only writers of the room: records of the house through its doors, cases in their own database."""

from tongzhou.modules.hotline.actions import care, cases, keys, openings, records
from tongzhou.modules.hotline.actions.records import load

__all__ = ["care", "cases", "keys", "load", "openings", "records"]
