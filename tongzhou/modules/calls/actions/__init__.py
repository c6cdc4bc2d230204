"""What changes calls and replies. Pages, spreadsheets and example files all come through here."""

from tongzhou.modules.calls.actions.issuing import accept_call, amend, chase, close, extend, file, issue, review, top_up
from tongzhou.modules.calls.actions.loading import load
from tongzhou.modules.calls.actions.replies import (
    answer,
    deliver,
    excuse,
    follow_up,
    inform,
    opened,
    register,
    reopen,
    restore,
    settle,
)

__all__ = [
    "accept_call", "amend", "answer", "chase", "close", "deliver", "excuse", "extend", "file", "follow_up", "inform", "issue", "load", "opened",
    "register", "reopen", "restore", "review", "settle", "top_up",
]  # fmt: skip
