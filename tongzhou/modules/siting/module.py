from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.siting import actions
from tongzhou.modules.siting.asks import ASKS
from tongzhou.modules.siting.board import board
from tongzhou.modules.siting.facts import FACTS
from tongzhou.modules.siting.models import Option, Study
from tongzhou.modules.siting.rehearsal import rehearse
from tongzhou.modules.siting.views import options, studies
from tongzhou.modules.siting.workflow import PLAN, READ

register(
    Module(
        name="siting",
        title=_("布点"),
        line=Line.FRONTLINE,
        icon="geo-alt",
        desks=[studies, options],
        capabilities=[
            Capability(READ, _("查看布点方案"), ("secretary", "office", "leader", "commander", "inspector", "chief", "auditor")),
            Capability(PLAN, _("测算、采用布点方案"), ("commander",)),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Study: {"adopt": actions.elsewhere},
            Option: {
                "file": actions.elsewhere, "keep": actions.elsewhere, "fail": actions.elsewhere, "replace": actions.elsewhere,
                "adopt": actions.adopting.adopt,
            },
        },
        load=actions.loading.load,
        rehearse=rehearse,
        board=board,
        beside=[("plan", "--warm")],  # so that the first plan of all does not wait for the compiler
        order=35,
    )
)  # fmt: skip
