"""What may become of teams, volunteers, activities, sign-ups and certificates."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, PLAN, RUN = "volunteering.read", "volunteering.plan", "volunteering.run"
JOIN, CERTIFY = "volunteering.join", "volunteering.certify"


class TeamState(TextChoices):
    ACTIVE = "active", _("活动中")
    DISSOLVED = "dissolved", _("已解散")


class VolunteerState(TextChoices):
    ACTIVE = "active", _("可联系")
    PAUSED = "paused", _("暂不参加")


class ActivityState(TextChoices):
    DRAFT = "draft", _("草稿")
    OPEN = "open", _("招募中")
    DONE = "done", _("已结束")
    CANCELLED = "cancelled", _("已取消")


class SignupState(TextChoices):
    WAITING = "waiting", _("候补")
    SIGNED = "signed", _("已报名")
    ON = "on", _("服务中")
    LEFT = "left", _("已签退，待确认时长")
    CONFIRMED = "confirmed", _("时长已确认")
    DISPUTED = "disputed", _("申请更正")
    ABSENT = "absent", _("未到")
    WITHDRAWN = "withdrawn", _("已退出")
    LAPSED = "lapsed", _("未成行")


class CertificateState(TextChoices):
    VALID = "valid", _("有效")
    WITHDRAWN = "withdrawn", _("已撤回")


T, V, A, S, C = TeamState, VolunteerState, ActivityState, SignupState, CertificateState
COMING = (S.SIGNED, S.ON)  # take a place and have not left it
PLACED = (*COMING, S.LEFT, S.CONFIRMED, S.DISPUTED)

team_workflow = Workflow(
    TeamState, start=T.ACTIVE, files=PLAN, filed=_("{by}登记志愿服务队"), amends=(PLAN, [T.ACTIVE]), tones={T.ACTIVE: "done", T.DISSOLVED: "off"},
    moves=[
        Move("dissolve", [T.ACTIVE], T.DISSOLVED, _("登记解散"), PLAN, _("{by}登记解散"), reason=True, tone="danger"),
        Move("restore", [T.DISSOLVED], T.ACTIVE, _("恢复"), PLAN, _("{by}恢复")),
    ],
)  # fmt: skip

volunteer_workflow = Workflow(
    VolunteerState, start=V.ACTIVE, files=JOIN, filed=_("{by}登记为志愿者"), amends=(JOIN, [V.ACTIVE, V.PAUSED]),
    tones={V.ACTIVE: "done", V.PAUSED: "off"},
    moves=[
        Move("pause", [V.ACTIVE], V.PAUSED, _("暂不参加"), JOIN, _("{by}登记暂不参加")),
        Move("resume", [V.PAUSED], V.ACTIVE, _("恢复参加"), JOIN, _("{by}登记恢复参加")),
    ],
)  # fmt: skip

activity_workflow = Workflow(
    ActivityState, start=A.DRAFT, files=PLAN, filed=_("{by}起草志愿服务活动"), amends=(PLAN, [A.DRAFT]),
    tones={A.DRAFT: "todo", A.OPEN: "doing", A.DONE: "done", A.CANCELLED: "off"},
    moves=[
        Move("open", [A.DRAFT], A.OPEN, _("开始招募"), PLAN, _("{by}开始招募，共{places}个名额"), tone="primary"),
        Move("reschedule", [A.OPEN], A.OPEN, _("改期、改地点"), PLAN, _("{by}改期、改地点：{old} 改为 {new_time}"), reason=True),
        Move("forecast", [A.OPEN], A.OPEN, _("更新天气预报"), RUN, _("{by}更新预报：最高{high}℃，最低{low}℃")),
        Move("end", [A.OPEN], A.DONE, _("结束活动"), RUN, _("{by}结束活动：参加{came}人，未到{absent}人，服务{served}人次"), ),
        Move("correct", [A.DONE], A.DONE, _("更正服务人次"), RUN, _("{by}更正服务人次为{served}"), reason=True),
        Move("cancel", [A.DRAFT, A.OPEN], A.CANCELLED, _("取消活动"), PLAN, _("{by}取消活动"), reason=True, tone="danger"),
    ],
)  # fmt: skip

signup_workflow = Workflow(
    SignupState, start=S.WAITING, files=JOIN, filed=_("{by}报名"), amends=(RUN, []),
    tones={
        S.WAITING: "todo", S.SIGNED: "doing", S.ON: "doing", S.LEFT: "todo", S.CONFIRMED: "done", S.DISPUTED: "bad", S.ABSENT: "bad",
        S.WITHDRAWN: "off", S.LAPSED: "off",
    },
    moves=[
        Move("take", [S.WAITING], S.SIGNED, _("得到名额"), JOIN, _("{by}得到名额：{post}"), hidden=True),
        Move("withdraw", [S.WAITING, S.SIGNED], S.WITHDRAWN, _("退出"), JOIN, _("{by}退出"), hidden=True),
        Move("train", [S.SIGNED], S.SIGNED, _("登记已培训"), RUN, _("{by}登记{person}已接受培训"), hidden=True),
        Move("check_in", [S.SIGNED], S.ON, _("签到"), JOIN, _("{by}扫码签到"), hidden=True),
        Move("check_in_by_hand", [S.SIGNED, S.ABSENT], S.ON, _("代为签到"), RUN, _("{by}代{person}签到"), reason=True),
        Move("check_out", [S.ON], S.LEFT, _("签退"), JOIN, _("{by}扫码签退，服务{minutes}分钟"), hidden=True),
        Move("check_out_by_hand", [S.ON], S.LEFT, _("代为签退"), RUN, _("{by}代{person}签退，服务{minutes}分钟"), reason=True),
        Move("confirm", [S.LEFT], S.CONFIRMED, _("确认时长"), RUN, _("{by}确认{person}服务{minutes}分钟"), bulk=True, tone="primary"),
        Move("miss", [S.SIGNED], S.ABSENT, _("登记未到"), RUN, _("{by}登记{person}未到"), reason=True),
        Move("dispute", [S.CONFIRMED, S.ABSENT], S.DISPUTED, _("申请更正时长"), JOIN, _("{by}申请更正为{asked_minutes}分钟"), reason=True, hidden=True),
        Move("settle", [S.DISPUTED], S.CONFIRMED, _("办理更正"), RUN, _("{by}办理更正：由{old}分钟改为{minutes}分钟"), reason=True, tone="primary"),
        Move("uphold", [S.DISPUTED], S.ABSENT, _("维持“未到”"), RUN, _("{by}维持未到"), reason=True),
        Move("lapse", [S.WAITING, S.SIGNED], S.LAPSED, _("未成行"), RUN, _("{by}登记未成行"), hidden=True),
    ],
)  # fmt: skip

certificate_workflow = Workflow(
    CertificateState, start=C.VALID, files=JOIN, filed=_("{by}开具证明：{total}"), amends=(CERTIFY, []), tones={C.VALID: "done", C.WITHDRAWN: "bad"},
    moves=[
        Move("withdraw", [C.VALID], C.WITHDRAWN, _("撤回证明"), CERTIFY, _("{by}撤回证明"), reason=True, tone="danger"),
        Move("supersede", [C.VALID], C.WITHDRAWN, _("作废旧证明"), JOIN, _("{by}的时长已更正，本证明作废"), hidden=True),
    ],
)  # fmt: skip
