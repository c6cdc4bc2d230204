from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.proposals import actions
from tongzhou.modules.proposals.alarms import alarms
from tongzhou.modules.proposals.asks import ASKS
from tongzhou.modules.proposals.facts import FACTS, tell
from tongzhou.modules.proposals.models import Case, Item, Submission
from tongzhou.modules.proposals.rehearsal import rehearse
from tongzhou.modules.proposals.views import cases, items, submissions

written = actions.items

register(
    Module(
        name="proposals",
        title=_("建言"),
        line=Line.VOICES,
        icon="lightbulb",
        desks=[items, submissions, cases],
        capabilities=[
            Capability("proposals.read", _("查看建言"), ("secretary", "office", "leader", "auditor")),
            Capability("proposals.write", _("代人起草、修改建言"), ("secretary", "office")),
            Capability("proposals.review", _("审阅建言"), ("secretary", "office", "leader")),
            Capability("proposals.edit", _("编辑建言"), ("office",)),
            Capability("proposals.sign", _("签发建言"), ("leader",)),
            Capability("proposals.submit", _("报送建言，登记结果"), ("office",)),
            Capability("proposals.rate", _("代为登记作者评价"), ("office",)),
            Capability("proposals.secret", _("查看涉密建言"), ("office", "leader")),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Item: {
                "file": written.file, "amend": written.amend, "send": written.send, "pass": written.passed, "send_back": written.send_back,
                "ready": written.ready, "sign": written.sign, "unsign": written.unsign, "submit": written.submit, "archive": written.archive,
            },
            Submission: actions.submissions.ACTIONS,
            Case: actions.cases.ACTIONS,
        },
        load=actions.load,
        rehearse=rehearse,
        alarms=alarms,
        tell=tell,
        order=10,
    )
)  # fmt: skip
