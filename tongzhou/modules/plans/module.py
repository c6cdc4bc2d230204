from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.plans import actions
from tongzhou.modules.plans.alarms import alarms
from tongzhou.modules.plans.asks import ASKS
from tongzhou.modules.plans.board import board
from tongzhou.modules.plans.facts import FACTS, tell
from tongzhou.modules.plans.models import Activation, Plan, Task
from tongzhou.modules.plans.rehearsal import rehearse
from tongzhou.modules.plans.views import activations, plans, tasks

register(
    Module(
        name="plans",
        title=_("方案预案"),
        line=Line.FRONTLINE,
        icon="shield-exclamation",
        desks=[plans, tasks, activations],
        capabilities=[
            Capability("plans.read", _("查看方案预案"), ("secretary", "office", "leader", "commander", "inspector", "chief", "registrar", "auditor")),
            Capability("plans.draft", _("起草方案预案、征求意见"), ("secretary", "office", "commander")),
            Capability("plans.opine", _("代表本单位对方案预案提出意见"), ("secretary", "office", "leader", "commander", "inspector", "chief")),
            Capability("plans.approve", _("批准方案预案"), ("leader",)),
            Capability("plans.activate", _("启动、调整、终止响应，核销任务"), ("office", "leader", "commander")),
            Capability("plans.do", _("办理预案任务"), ("secretary", "office", "commander", "inspector", "chief")),
            Capability("plans.reveal", _("查看通讯录未脱敏的电话"), ("registrar",), personal=True),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Plan: {
                "file": actions.file, "amend": actions.amend, "consult": actions.consult, "opine": actions.opine, "conclude": actions.conclude,
                "approve": actions.approve, "activate": actions.activate, "shift": actions.shift, "stand_down": actions.stand_down,
                "supersede": actions.supersede,
            },
            Activation: {"end": actions.end},
            Task: {
                "assign": actions.assign, "finish": actions.finish, "hand_over": actions.hand_over, "send_back": actions.send_back,
            },
        },
        load=actions.load,
        rehearse=rehearse,
        tell=tell,
        board=board,
        alarms=alarms,
        order=20,
    )
)  # fmt: skip
