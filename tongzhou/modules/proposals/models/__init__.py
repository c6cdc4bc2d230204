from tongzhou.modules.proposals.models.case import Case, Cohandler
from tongzhou.modules.proposals.models.item import Gram, Item, Jotting, Version
from tongzhou.modules.proposals.models.submission import Outcome, Submission

__all__ = ["Case", "Cohandler", "Gram", "Item", "Jotting", "Outcome", "Submission", "Version"]
