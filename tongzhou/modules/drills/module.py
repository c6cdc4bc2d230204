from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.drills import actions
from tongzhou.modules.drills.alarms import alarms
from tongzhou.modules.drills.asks import ASKS
from tongzhou.modules.drills.board import board
from tongzhou.modules.drills.facts import FACTS, tell
from tongzhou.modules.drills.models import Drill, Finding
from tongzhou.modules.drills.rehearsal import rehearse
from tongzhou.modules.drills.views import drills, findings

register(
    Module(
        name="drills",
        title=_("演练"),
        line=Line.FRONTLINE,
        icon="stopwatch",
        desks=[drills, findings],
        capabilities=[
            Capability(
                "drills.read", _("查看演练"), ("secretary", "office", "leader", "commander", "inspector", "chief", "auditor")
            ),
            Capability("drills.hold", _("编写、安排、办结演练"), ("office", "commander", "chief")),
            Capability("drills.run", _("导调演练：发出注入、计时"), ("office", "commander", "inspector", "chief")),
            Capability("drills.evaluate", _("评估演练，提出、复查问题"), ("leader", "commander", "inspector")),
            Capability("drills.rectify", _("登记问题的整改"), ("secretary", "office", "commander", "chief")),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Drill: {
                "file": actions.file, "amend": actions.amend, "schedule": actions.schedule, "start": actions.start,
                "finish": actions.finish, "evaluate": actions.evaluate, "close": actions.close, "cancel": actions.cancel,
            },
            Finding: {
                "file": actions.file_finding, "amend": actions.amend_finding, "rectify": actions.rectify,
                "passed": actions.passed, "reopen": actions.reopen,
            },
        },
        accepts={"drill": actions.accept},
        load=actions.load,
        rehearse=rehearse,
        tell=tell,
        board=board,
        alarms=alarms,
        order=40,
    )
)  # fmt: skip
