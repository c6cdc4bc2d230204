from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.chronicle import actions
from tongzhou.modules.chronicle.asks import ASKS
from tongzhou.modules.chronicle.facts import FACTS
from tongzhou.modules.chronicle.models import Chronicle
from tongzhou.modules.chronicle.rehearsal import rehearse
from tongzhou.modules.chronicle.views import chronicles
from tongzhou.modules.chronicle.workflow import PUBLISH, READ, WRITE

register(
    Module(
        name="chronicle",
        title=_("纪实"),
        line=Line.RECORD,
        icon="journal-text",
        desks=[chronicles],
        capabilities=[
            Capability(READ, _("查看纪实"), ("secretary", "office", "leader", "commander", "auditor")),
            Capability(WRITE, _("编写纪实"), ("secretary", "office")),
            Capability(PUBLISH, _("签发纪实"), ("leader",)),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Chronicle: {
                "file": actions.file,
                "publish": actions.publish,
                "replace": actions.replace,
                "write": actions.write,
                "cite": actions.cite,
                "uncite": actions.uncite,
            }
        },
        load=actions.load,
        rehearse=rehearse,
    )
)
