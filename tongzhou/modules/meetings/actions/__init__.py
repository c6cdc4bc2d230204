"""What changes meetings, attendances and tasks. Pages, spreadsheets and example files all come through here."""

from tongzhou.modules.meetings.actions import attending, calling, minutes, tasks
from tongzhou.modules.meetings.actions.loading import load

__all__ = ["attending", "calling", "load", "minutes", "tasks"]
