from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.volunteering import actions
from tongzhou.modules.volunteering.alarms import alarms
from tongzhou.modules.volunteering.asks import ASKS
from tongzhou.modules.volunteering.board import board
from tongzhou.modules.volunteering.facts import FACTS, tell
from tongzhou.modules.volunteering.models import Activity, Certificate, Signup
from tongzhou.modules.volunteering.rehearsal import rehearse
from tongzhou.modules.volunteering.views import activities, certificates, signups, teams, volunteers

held, doors, hours = actions.activities, actions.doors, actions.hours
HEADS = ("secretary", "office", "commander", "chief")

register(
    Module(
        name="volunteering",
        title=_("志愿服务"),
        line=Line.SERVICE,
        icon="person-heart",
        desks=[activities, signups, volunteers, teams, certificates],
        capabilities=[
            Capability("volunteering.read", _("查看志愿服务"), ("leader", "auditor", *HEADS)),
            Capability("volunteering.plan", _("登记队伍、组织志愿服务活动"), HEADS),
            Capability("volunteering.run", _("管理签到、确认服务时长"), HEADS),
            Capability("volunteering.join", _("按本人意愿代为登记"), HEADS),
            Capability("volunteering.certify", _("开具、撤回志愿服务记录证明"), HEADS),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Activity: {
                "file": held.file, "amend": held.amend, "open": held.open, "reschedule": held.reschedule, "end": held.end, "cancel": held.cancel,
            },
            Signup: {
                "take": actions.elsewhere, "lapse": actions.elsewhere, "check_in": actions.elsewhere, "check_out": actions.elsewhere,
                "withdraw": actions.joining.withdraw, "train": doors.train, "check_in_by_hand": doors.check_in_by_hand,
                "check_out_by_hand": doors.check_out_by_hand, "miss": doors.miss, "confirm": hours.confirm,
                "dispute": hours.dispute, "settle": hours.settle, "uphold": hours.uphold,
            },
            Certificate: {"withdraw": actions.certificates.withdraw, "supersede": actions.elsewhere},
        },
        accepts={"volunteer": actions.volunteers.accept},
        load=actions.loading.load,
        rehearse=rehearse,
        tell=tell,
        board=board,
        alarms=alarms,
        order=20,
    )
)  # fmt: skip
