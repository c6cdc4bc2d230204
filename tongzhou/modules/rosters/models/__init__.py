"""Posts and people, rosters and proposals, shifts and duties, swaps, and what checkpoints count."""

from tongzhou.modules.rosters.models.checkpoint import Letter, Tap
from tongzhou.modules.rosters.models.duty import Duty, Shift, Swap
from tongzhou.modules.rosters.models.post import Crew, Post, Wish
from tongzhou.modules.rosters.models.roster import Proposal, Roster

__all__ = ["Crew", "Duty", "Letter", "Post", "Proposal", "Roster", "Shift", "Swap", "Tap", "Wish"]
