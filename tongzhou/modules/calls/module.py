from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.calls import actions
from tongzhou.modules.calls.asks import ASKS
from tongzhou.modules.calls.facts import FACTS, tell
from tongzhou.modules.calls.models import Call, Reply
from tongzhou.modules.calls.rehearsal import rehearse
from tongzhou.modules.calls.views import calls, replies

register(
    Module(
        name="calls",
        title=_("倡议"),
        line=Line.CALL,
        icon="megaphone",
        desks=[calls, replies],
        capabilities=[
            Capability("calls.read", _("查看倡议和答复情况"), ("secretary", "office", "leader", "auditor")),
            Capability("calls.draft", _("起草倡议"), ("secretary", "office")),
            Capability("calls.issue", _("审核、签发倡议"), ("leader",)),
            Capability("calls.follow", _("催办、代为登记、办结"), ("secretary", "office")),
            Capability("calls.answer", _("代表本单位答复倡议"), ("secretary", "office")),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Call: {
                "file": actions.file, "amend": actions.amend, "review": actions.review, "issue": actions.issue,
                "top_up": actions.top_up, "extend": actions.extend, "close": actions.close,
            },
            Reply: {
                "deliver": actions.deliver, "open": actions.opened, "answer": actions.answer, "register": actions.register,
                "inform": actions.inform,
                "excuse": actions.excuse, "restore": actions.restore, "settle": actions.settle, "reopen": actions.reopen,
            },
        },
        accepts={"call": actions.accept_call},
        load=actions.load,
        rehearse=rehearse,
        tell=tell,
        order=10,
    )
)  # fmt: skip
