from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.situation import actions, views
from tongzhou.modules.situation.alarms import alarms
from tongzhou.modules.situation.asks import ASKS
from tongzhou.modules.situation.board import board
from tongzhou.modules.situation.facts import FACTS, tell
from tongzhou.modules.situation.models import Assessment, DayCount, Event, Zone
from tongzhou.modules.situation.rehearsal import rehearse

counted, zoned, told, judged = actions.counts, actions.zones, actions.events, actions.assessments

register(
    Module(
        name="situation",
        title=_("研判"),
        line=Line.FRONTLINE,
        icon="graph-up",
        desks=[views.counts, views.zones, views.events, views.assessments],
        capabilities=[
            Capability(
                "situation.read", _("查看疫情数字和风险区"),
                ("commander", "inspector", "chief", "leader", "office", "secretary", "auditor"),
            ),
            Capability("situation.count", _("登记、更正日报数"), ("commander", "office")),
            Capability("situation.zone", _("划定风险区、登记新增感染"), ("commander",)),
            Capability("situation.lift", _("按规则降级、解除风险区，撤销误登"), ("commander", "leader")),
            Capability("situation.early", _("提前解除风险区"), ("leader",)),
            Capability("situation.report", _("登记突发事件和各级报告"), ("commander", "chief", "office")),
            Capability("situation.assess", _("起草研判报告"), ("commander", "office")),
            Capability("situation.sign", _("签发研判报告"), ("leader",)),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            DayCount: {"file": counted.file, "amend": counted.amend},
            Zone: {
                "file": zoned.file, "amend": zoned.amend, "infect": zoned.infect, "step_down": zoned.step_down,
                "lift": zoned.lift, "lift_early": zoned.lift_early, "void": zoned.void,
            },
            Event: {"file": told.file, "tell": told.tell},
            Assessment: {"file": judged.file, "amend": judged.amend, "sign": judged.sign},
        },
        load=actions.load,
        rehearse=rehearse,
        tell=tell,
        board=board,
        alarms=alarms,
        order=10,
    )
)  # fmt: skip
