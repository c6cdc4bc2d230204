"""What may become of a meeting, of one person's attendance, and of what was decided."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, CALL, RECORD, APPROVE = "meetings.read", "meetings.call", "meetings.record", "meetings.approve"
ATTEND, DO, FOLLOW = "meetings.attend", "meetings.do", "meetings.follow"


class MeetingState(TextChoices):
    DRAFT = "draft", _("草稿")
    CALLED = "called", _("已通知")
    HELD = "held", _("已召开")
    SUBMITTED = "submitted", _("纪要待审")
    APPROVED = "approved", _("纪要已审定")
    CANCELLED = "cancelled", _("已取消")


class AttendanceState(TextChoices):
    INVITED = "invited", _("未答复")
    COMING = "coming", _("参加")
    PROXY = "proxy", _("派人代会")
    DECLINED = "declined", _("请假")
    PRESENT = "present", _("已到会")
    ABSENT = "absent", _("未到会")
    WITHDRAWN = "withdrawn", _("不再邀请")


class TaskState(TextChoices):
    TODO = "todo", _("办理中")
    REPORTED = "reported", _("已报办结，待确认")
    DONE = "done", _("已办结")
    DROPPED = "dropped", _("不再办理")


M, A, T = MeetingState, AttendanceState, TaskState
TOOK_PLACE = (M.HELD, M.SUBMITTED, M.APPROVED)
EXPECTED = (A.INVITED, A.COMING, A.PROXY)  # not signed in, and not excused
OPEN = (*EXPECTED, A.DECLINED)  # may still answer, and may still turn up

meeting_workflow = Workflow(
    MeetingState, start=M.DRAFT, files=CALL, filed=_("{by}起草会议"), amends=(CALL, [M.DRAFT, M.HELD]),
    tones={M.DRAFT: "todo", M.CALLED: "doing", M.HELD: "todo", M.SUBMITTED: "doing", M.APPROVED: "done", M.CANCELLED: "off"},
    moves=[
        Move("call", [M.DRAFT], M.CALLED, _("发出会议通知"), CALL, _("{by}发出会议通知，邀请{n}人"), tone="primary"),
        Move("invite", [M.CALLED], M.CALLED, _("加邀"), CALL, _("{by}加邀{n}人")),
        Move("postpone", [M.CALLED], M.CALLED, _("改期、改地点"), CALL, _("{by}改期、改地点：{old} 改为 {new_time}"), reason=True),
        Move("conclude", [M.CALLED], M.HELD, _("结束会议"), RECORD, _("{by}结束会议：应到{expected}人，实到{present}人")),
        Move("cancel", [M.DRAFT, M.CALLED], M.CANCELLED, _("取消会议"), CALL, _("{by}取消会议"), reason=True, tone="danger"),
        Move("jot", [M.CALLED], M.CALLED, _("会上记录"), RECORD, _("{by}写了纪要，议定事项{n}项"), hidden=True),
        Move("write", [M.HELD], M.HELD, _("写纪要"), RECORD, _("{by}写了纪要，议定事项{n}项"), hidden=True),
        Move("submit", [M.HELD], M.SUBMITTED, _("提交纪要审定"), RECORD, _("{by}提交纪要，议定事项{n}项"), hidden=True, tone="primary"),
        Move("approve", [M.SUBMITTED], M.APPROVED, _("审定纪要"), APPROVE, _("{by}审定纪要，编号{number}，议定事项{n}项"), tone="primary"),
        Move("send_back", [M.SUBMITTED], M.HELD, _("退回修改"), APPROVE, _("{by}退回纪要"), reason=True),
    ],
)  # fmt: skip

attendance_workflow = Workflow(
    AttendanceState, start=A.INVITED, files=CALL, filed=_("{by}列入参会名单"), amends=(CALL, [*OPEN, A.PRESENT]),
    tones={
        A.INVITED: "todo", A.COMING: "doing", A.PROXY: "doing", A.DECLINED: "off", A.PRESENT: "done", A.ABSENT: "bad", A.WITHDRAWN: "off",
    },
    moves=[
        Move("confirm", OPEN, A.COMING, _("参加"), ATTEND, _("{by}答复（{who}）：参加"), hidden=True, tone="primary"),
        Move("delegate", OPEN, A.PROXY, _("派人代会"), ATTEND, _("{by}答复（{who}）：由{proxy}代为参加"), hidden=True),
        Move("decline", OPEN, A.DECLINED, _("请假"), ATTEND, _("{by}答复（{who}）：不能参加"), reason=True, hidden=True),
        Move("sign", [*OPEN, A.ABSENT], A.PRESENT, _("签到"), ATTEND, _("{by}扫码签到"), hidden=True, tone="primary"),
        Move("mark", [*OPEN, A.ABSENT, A.WITHDRAWN], A.PRESENT, _("代为登记到会"), RECORD, _("{by}登记{who}到会"), reason=True),
        Move("strike", [A.PRESENT], A.ABSENT, _("更正为未到会"), RECORD, _("{by}更正为未到会"), reason=True, tone="danger"),
        Move("miss", EXPECTED, A.ABSENT, _("未到会"), RECORD, _("{by}结束会议，登记为未到会"), hidden=True),
        Move("ask_again", OPEN, A.INVITED, _("改期后重新征询"), CALL, _("{by}改期，重新征询"), hidden=True),
        Move("withdraw", OPEN, A.WITHDRAWN, _("不再邀请"), CALL, _("{by}不再邀请"), hidden=True),
        Move("reinvite", [A.WITHDRAWN], A.INVITED, _("重新邀请"), CALL, _("{by}重新邀请"), hidden=True),
    ],
)  # fmt: skip

task_workflow = Workflow(
    TaskState, start=T.TODO, files=APPROVE, filed=_("{by}审定纪要，交{owner}办理，限{due}前"), amends=(FOLLOW, []),
    tones={T.TODO: "todo", T.REPORTED: "doing", T.DONE: "done", T.DROPPED: "off"},
    moves=[
        Move("report", [T.TODO], T.REPORTED, _("报告办结"), DO, _("{by}报告办结：{done_text}"), tone="primary"),
        Move("progress", [T.TODO], T.TODO, _("报告进展"), DO, _("{by}报告进展"), reason=True),
        Move("close", [T.REPORTED], T.DONE, _("确认办结"), FOLLOW, _("{by}确认办结"), tone="primary"),
        Move("send_back", [T.REPORTED], T.TODO, _("退回继续办理"), FOLLOW, _("{by}退回继续办理"), reason=True),
        Move("extend", [T.TODO], T.TODO, _("延长期限"), FOLLOW, _("{by}把期限由{old}改为{new_day}"), reason=True),
        Move("reassign", [T.TODO], T.TODO, _("改由他人办理"), FOLLOW, _("{by}改由{owner}办理"), reason=True),
        Move("drop", [T.TODO, T.REPORTED], T.DROPPED, _("不再办理"), FOLLOW, _("{by}决定不再办理"), reason=True, tone="danger"),
    ],
)  # fmt: skip
