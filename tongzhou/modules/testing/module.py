from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.testing import actions, api, queries
from tongzhou.modules.testing.alarms import alarms
from tongzhou.modules.testing.asks import ASKS
from tongzhou.modules.testing.board import board
from tongzhou.modules.testing.facts import FACTS, tell
from tongzhou.modules.testing.models import Box, Campaign, Pool
from tongzhou.modules.testing.rehearsal import rehearse
from tongzhou.modules.testing.views import boxes, campaigns, devices, points, pools
from tongzhou.modules.testing.workflow import FOLLOW, JUDGE, PLAN, READ, RESULT, REVEAL, RUN

register(
    Module(
        name="testing",
        title=_("核酸检测"),
        line=Line.FRONTLINE,
        icon="eyedropper",
        desks=[campaigns, points, devices, boxes, pools],
        capabilities=[
            Capability(READ, _("查看核酸检测"), ("secretary", "office", "leader", "commander", "inspector", "chief", "laboratory", "auditor")),
            Capability(PLAN, _("拟定、组织检测"), ("commander",)),
            Capability(RUN, _("管理采样点、终端和转运箱"), ("commander", "chief")),
            Capability(JUDGE, _("处理待核记录、对账"), ("commander",)),
            Capability(RESULT, _("登记收箱、检测结果"), ("commander", "laboratory")),
            Capability(FOLLOW, _("组织复采、登记复核"), ("commander", "chief")),
            Capability(REVEAL, _("查看异常管人员未脱敏的信息"), ("registrar",), personal=True),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Campaign: {
                "file": actions.campaigns.file, "amend": actions.campaigns.amend, "open": actions.campaigns.begin,
                "reconcile": actions.campaigns.reconcile,
            },
            Box: {
                "file": actions.boxes.file, "amend": actions.boxes.amend, "pack": actions.boxes.pack, "send": actions.boxes.send,
                "receive": actions.boxes.receive,
            },
            Pool: {
                "resample": actions.pools.resample, "confirm": actions.pools.confirm, "clear": actions.pools.clear, "join": actions.pools.join,
            },
        },
        accepts={"testing": actions.campaigns.accept, "points": actions.campaigns.accept_points},
        answers={"residents": queries.heads},
        load=actions.load,
        tell=tell,
        rehearse=rehearse,
        board=board,
        alarms=alarms,
        tend=actions.late.look,
        lanes={"/testing/device/batch": api.batch},
        gates={"/testing/device/": api.device, "/testing/live/": api.watch, "/testing/results/": api.published},
        pressed=api.pressed,
        order=40,
    )
)  # fmt: skip
