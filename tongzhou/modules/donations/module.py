from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.donations import actions
from tongzhou.modules.donations.asks import ASKS
from tongzhou.modules.donations.facts import FACTS, tell
from tongzhou.modules.donations.models import Allocation, Disclosure, Gift
from tongzhou.modules.donations.rehearsal import rehearse
from tongzhou.modules.donations.views import allocations, disclosures, gifts

given, allotted = actions.gifts, actions.allocations

register(
    Module(
        name="donations",
        title=_("捐赠"),
        line=Line.SERVICE,
        icon="box2-heart",
        desks=[gifts, allocations, disclosures],
        capabilities=[
            Capability("donations.read", _("查看捐赠"), ("secretary", "office", "leader", "keeper", "auditor")),
            Capability("donations.pledge", _("登记捐赠意向"), ("secretary", "office", "keeper")),
            Capability("donations.keep", _("清点、分配、送达捐赠"), ("secretary", "office", "keeper")),
            Capability("donations.publish", _("公示捐赠"), ("office",)),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Gift: {
                "file": given.file, "amend": given.amend, "receive": given.receive, "recount": given.recount, "stock": given.stock,
                "receipt": given.receipt, "lose": given.lose, "send_back": given.send_back, "correct": given.correct,
            },
            Allocation: {
                "file": allotted.file, "deliver": allotted.deliver, "sign": allotted.sign, "take_back": allotted.take_back,
                "take_back_all": allotted.take_back_all, "cancel": allotted.cancel,
            },
            Disclosure: {"publish": actions.disclosures.publish},
        },
        accepts={"pledge": given.accept_pledge},
        load=actions.load,
        rehearse=rehearse,
        tell=tell,
        order=10,
    )
)  # fmt: skip
