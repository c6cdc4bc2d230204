"""What changes drills and findings. Pages, spreadsheets and example files all come through here."""

from tongzhou.modules.drills.actions.findings import amend_finding, file_finding, passed, rectify, reopen
from tongzhou.modules.drills.actions.loading import load
from tongzhou.modules.drills.actions.preparing import accept, again, amend, cancel, file, schedule, set_script
from tongzhou.modules.drills.actions.running import (
    correct_inject,
    correct_target,
    finish,
    observe,
    release,
    start,
    start_target,
    stop_target,
)
from tongzhou.modules.drills.actions.settling import close, evaluate

__all__ = [
    "accept", "again", "amend", "amend_finding", "cancel", "close", "correct_inject", "correct_target", "evaluate", "file", "file_finding",
    "finish", "load", "observe", "passed", "rectify", "release", "reopen", "schedule", "set_script", "start", "start_target", "stop_target",
]  # fmt: skip
