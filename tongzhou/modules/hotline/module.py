from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line as Part
from tongzhou.kernel.module import Module, register
from tongzhou.modules.hotline import actions, queries
from tongzhou.modules.hotline.alarms import alarms
from tongzhou.modules.hotline.asks import ASKS
from tongzhou.modules.hotline.board import board
from tongzhou.modules.hotline.facts import FACTS, tell
from tongzhou.modules.hotline.models import Line, Return
from tongzhou.modules.hotline.rehearsal import rehearse
from tongzhou.modules.hotline.views import lines, returns

READERS = ("secretary", "office", "leader", "commander", "counsellor", "supervisor", "auditor")

register(
    Module(
        name="hotline",
        title=_("心理援助"),
        line=Part.SERVICE,
        icon="telephone",
        desks=[lines, returns],
        capabilities=[
            Capability("hotline.read", _("查看热线和汇总数字"), READERS),
            Capability("hotline.arrange", _("筹备、开通热线，汇总报送"), ("office", "commander", "supervisor")),
            Capability("hotline.answer", _("接待来访者"), ("counsellor", "supervisor")),
            Capability("hotline.supervise", _("督导、危机处置、破封"), ("supervisor",)),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Line: {"open": actions.records.open_line, "ask_duty": actions.records.ask_duty},
            Return: {"file": actions.records.file_return, "recount": actions.records.recount},
        },
        load=actions.load,
        rehearse=rehearse,
        tell=tell,
        board=board,
        alarms=alarms,
        live=queries.live,
        order=60,
    )
)
