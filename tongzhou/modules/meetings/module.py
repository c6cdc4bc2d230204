from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.meetings import actions
from tongzhou.modules.meetings.alarms import alarms
from tongzhou.modules.meetings.asks import ASKS
from tongzhou.modules.meetings.board import board
from tongzhou.modules.meetings.facts import FACTS, tell
from tongzhou.modules.meetings.models import Attendance, Meeting, Task
from tongzhou.modules.meetings.rehearsal import rehearse
from tongzhou.modules.meetings.views import attendances, meetings, tasks

called, attended, written, followed = actions.calling, actions.attending, actions.minutes, actions.tasks

register(
    Module(
        name="meetings",
        title=_("会议"),
        line=Line.FRONTLINE,
        icon="people",
        desks=[meetings, attendances, tasks],
        capabilities=[
            Capability("meetings.read", _("查看会议、参会和议定事项"), ("secretary", "office", "leader", "commander", "auditor")),
            Capability("meetings.call", _("起草、召集会议"), ("secretary", "office", "commander")),
            Capability("meetings.record", _("签到、写会议纪要"), ("secretary", "office", "commander")),
            Capability("meetings.approve", _("审定会议纪要"), ("leader",)),
            Capability("meetings.attend", _("代为登记参会答复"), ("secretary", "office", "commander")),
            Capability("meetings.do", _("代为报告议定事项办理情况"), ("secretary", "office", "commander")),
            Capability("meetings.follow", _("督办、确认议定事项"), ("secretary", "office", "leader", "commander")),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Meeting: {
                "file": called.file, "amend": called.amend, "call": called.call, "invite": called.invite, "postpone": called.postpone,
                "cancel": called.cancel, "conclude": written.conclude, "jot": written.jot, "write": written.jot,
                "submit": written.submit, "approve": written.approve,
            },
            Attendance: {
                "confirm": attended.confirm, "delegate": attended.delegate, "decline": attended.decline, "sign": attended.sign,
                "mark": attended.mark, "strike": attended.strike, "withdraw": called.withdraw,
                "miss": attended.not_by_hand, "ask_again": attended.not_by_hand, "reinvite": attended.not_by_hand,
            },
            Task: {
                "report": followed.report, "close": followed.close, "send_back": followed.send_back, "extend": followed.extend,
                "reassign": followed.reassign, "drop": followed.drop,
            },
        },
        accepts={"meeting": called.accept_meeting},
        load=actions.load,
        rehearse=rehearse,
        tell=tell,
        board=board,
        alarms=alarms,
        order=30,
    )
)  # fmt: skip
