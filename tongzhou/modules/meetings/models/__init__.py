"""Meetings with their agenda and decisions, who attends them, and the tasks that come of them."""

from tongzhou.modules.meetings.models.attendance import Attendance
from tongzhou.modules.meetings.models.meeting import Decision, Item, Meeting
from tongzhou.modules.meetings.models.task import Task

__all__ = ["Attendance", "Decision", "Item", "Meeting", "Task"]
