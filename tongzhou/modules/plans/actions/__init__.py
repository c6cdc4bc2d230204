"""What changes plans, activations and tasks. Pages, rehearsals and example files all come through here."""

from tongzhou.modules.plans.actions.acting import activate, end, shift, stand_down
from tongzhou.modules.plans.actions.agreeing import approve, conclude, consult, opine, supersede
from tongzhou.modules.plans.actions.drafting import amend, attach, file, renew, set_part
from tongzhou.modules.plans.actions.loading import load
from tongzhou.modules.plans.actions.phones import reveal
from tongzhou.modules.plans.actions.tasks import assign, finish, hand_over, send_back

__all__ = [
    "activate", "amend", "approve", "assign", "attach", "conclude", "consult", "end", "file", "finish", "hand_over", "load", "opine",
    "renew", "reveal", "send_back", "set_part", "shift", "stand_down", "supersede",
]  # fmt: skip
