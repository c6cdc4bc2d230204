from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.inspections import actions
from tongzhou.modules.inspections.alarms import alarms
from tongzhou.modules.inspections.asks import ASKS
from tongzhou.modules.inspections.board import board
from tongzhou.modules.inspections.facts import FACTS, tell
from tongzhou.modules.inspections.models import Finding, Round, Visit
from tongzhou.modules.inspections.rehearsal import rehearse
from tongzhou.modules.inspections.views import findings, places, rounds, visits

planned, told = actions.rounds, actions.findings

register(
    Module(
        name="inspections",
        title=_("督导检查"),
        line=Line.FRONTLINE,
        icon="clipboard2-check",
        desks=[rounds, places, visits, findings],
        capabilities=[
            Capability("inspections.read", _("查看督导检查"), ("secretary", "office", "leader", "commander", "inspector", "auditor")),
            Capability("inspections.register", _("登记重点场所"), ("office", "commander", "inspector", "chief")),
            Capability("inspections.plan", _("拟定、组织检查轮次"), ("office", "commander", "inspector")),
            Capability("inspections.inspect", _("检查场所、下发整改通知"), ("office", "commander", "inspector")),
            Capability("inspections.recheck", _("复查、销号、移送"), ("office", "commander", "inspector")),
            Capability("inspections.rectify", _("代场所登记整改"), ("secretary", "office", "commander", "chief")),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Round: {
                "file": planned.file, "amend": planned.amend, "begin": planned.begin, "assign": planned.assign, "finish": planned.finish,
            },
            Visit: {"void": actions.visits.void},
            Finding: {
                "fix": told.fix, "issue": told.issue, "rectify": told.rectify, "close": told.close, "reopen": told.reopen,
                "hand": told.hand, "reply": told.reply,
            },
        },
        accepts={"round": planned.accept_round},
        load=actions.load,
        rehearse=rehearse,
        tell=tell,
        board=board,
        alarms=alarms,
        order=60,
    )
)  # fmt: skip
