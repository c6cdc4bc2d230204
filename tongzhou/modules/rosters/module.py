from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.rosters import actions
from tongzhou.modules.rosters.alarms import alarms
from tongzhou.modules.rosters.asks import ASKS
from tongzhou.modules.rosters.board import board
from tongzhou.modules.rosters.facts import FACTS, tell
from tongzhou.modules.rosters.models import Crew, Duty, Roster, Shift, Swap
from tongzhou.modules.rosters.rehearsal import rehearse
from tongzhou.modules.rosters.views import crew, duties, posts, rosters, shifts, swaps

standing, plans, changes = actions.duties, actions.rosters, actions.swaps
HEADS = ("office", "commander", "chief")

register(
    Module(
        name="rosters",
        title=_("值守"),
        line=Line.FRONTLINE,
        icon="calendar3-week",
        desks=[rosters, posts, crew, shifts, duties, swaps],
        capabilities=[
            Capability("rosters.read", _("查看排班"), ("secretary", "leader", "inspector", "auditor", *HEADS)),
            Capability("rosters.plan", _("设岗、排班、补位"), HEADS),
            Capability("rosters.stand", _("签到、填报意愿、换班"), HEADS),
            Capability("rosters.log", _("卡口计数、交班"), ("commander", "chief")),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Crew: {"wish": actions.elsewhere},
            Roster: {
                "file": plans.file, "amend": plans.amend, "adopt": actions.elsewhere, "lay": plans.lay, "publish": plans.publish, "clear": plans.clear,
                "close": plans.close, "discard": plans.discard,
            },
            Shift: {"hand_over": actions.checkpoints.hand_over, "cancel": standing.cancel},
            Duty: {
                "file": standing.file, "sign_in": actions.elsewhere, "replace": actions.elsewhere, "confirm": standing.confirm,
                "sign_in_by_hand": standing.sign_in_by_hand, "sign_out": standing.sign_out,
                "miss": standing.miss, "excuse": standing.excuse, "take_away": standing.take_away,
            },
            Swap: {
                "file": changes.file, "consent": changes.consent, "approve": changes.approve, "decline": changes.decline,
                "reject": changes.reject, "withdraw": changes.withdraw, "settle": actions.elsewhere,
            },
        },
        accepts={"duty": plans.accept_duty},
        load=actions.loading.load,
        rehearse=rehearse,
        tell=tell,
        board=board,
        alarms=alarms,
        order=50,
    )
)  # fmt: skip
