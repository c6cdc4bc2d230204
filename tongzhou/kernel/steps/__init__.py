"""The doors for writing: `file`, `report`, `amend`, `advance`. Each is check → write → entry, in one transaction.

Idempotent and guarded: filing the same key again gives the row that is there; a move or an edit of a row that has meanwhile
moved on is `OutOfStep`, decided by one guarded update, never by reading first. `file_many` and `advance_many` do the
same for thousands. `note` adds an entry that changes nothing; `reveal` and `reveal_parts` are
the ones that open personal data.
"""

from tongzhou.kernel.steps.many import advance_many, file_many
from tongzhou.kernel.steps.one import advance, amend, file, note, report, reveal, reveal_parts
from tongzhou.kernel.workflow import OutOfStep

__all__ = [
    "OutOfStep",
    "advance",
    "advance_many",
    "amend",
    "file",
    "file_many",
    "note",
    "report",
    "reveal",
    "reveal_parts",
]
