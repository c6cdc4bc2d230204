from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.rumours.actions import ACTIONS
from tongzhou.modules.rumours.alarms import alarms
from tongzhou.modules.rumours.asks import ASKS
from tongzhou.modules.rumours.facts import FACTS, tell
from tongzhou.modules.rumours.models import Rumour
from tongzhou.modules.rumours.rehearsal import rehearse
from tongzhou.modules.rumours.views import rumours

register(
    Module(
        name="rumours",
        title=_("辟谣"),
        line=Line.CALL,
        icon="chat-square-quote",
        desks=[rumours],
        capabilities=[
            Capability(
                "rumours.read", _("查看传言和核实经过"), ("secretary", "office", "leader", "commander", "auditor")
            ),
            Capability("rumours.report", _("代人报告传言"), ("secretary", "office", "commander")),
            Capability("rumours.check", _("核实传言"), ("office", "commander")),
            Capability("rumours.publish", _("公开回应"), ("leader",)),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={Rumour: ACTIONS},
        rehearse=rehearse,
        alarms=alarms,
        tell=tell,
        order=60,
    )
)
