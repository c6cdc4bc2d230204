"""What may become of a campaign, a point, a device, a box of tubes and a tube that is not negative."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, PLAN, RUN = "testing.read", "testing.plan", "testing.run"
JUDGE, RESULT, FOLLOW, REVEAL = "testing.judge", "testing.result", "testing.follow", "testing.reveal"


class CampaignState(TextChoices):
    DRAFT = "draft", _("拟定中")
    OPEN = "open", _("采样中")
    CLOSED = "closed", _("采样结束，待对账")
    RECONCILED = "reconciled", _("已对账")
    CANCELLED = "cancelled", _("已取消")


class PointState(TextChoices):
    PLANNED = "planned", _("待开放")
    OPEN = "open", _("开放")
    CLOSED = "closed", _("已关闭")


class DeviceState(TextChoices):
    ACTIVE = "active", _("在用")
    ENDED = "ended", _("已交回")
    REVOKED = "revoked", _("已吊销")


class BoxState(TextChoices):
    OPEN = "open", _("装箱中")
    PACKED = "packed", _("已封箱")
    SENT = "sent", _("转运中")
    RECEIVED = "received", _("实验室已收")


class PoolState(TextChoices):
    REPORTED = "reported", _("待复采")
    RESAMPLED = "resampled", _("已复采，待结果")
    CONFIRMED = "confirmed", _("复核阳性")
    CLEARED = "cleared", _("复核排除")


C, P, D, B, L = CampaignState, PointState, DeviceState, BoxState, PoolState

campaign_workflow = Workflow(
    CampaignState, start=C.DRAFT, files=PLAN, filed=_("{by}拟定一轮检测"), amends=(PLAN, [C.DRAFT, C.OPEN]),
    tones={C.DRAFT: "todo", C.OPEN: "doing", C.CLOSED: "todo", C.RECONCILED: "done", C.CANCELLED: "off"},
    moves=[
        Move("open", [C.DRAFT], C.OPEN, _("开始采样"), PLAN, _("{by}宣布开始采样：采样点{points}个"), tone="primary"),
        Move("close", [C.OPEN], C.CLOSED, _("结束采样"), PLAN, _("{by}宣布结束采样"), tone="primary"),
        Move("reopen", [C.CLOSED], C.OPEN, _("恢复采样"), PLAN, _("{by}恢复采样"), reason=True),
        Move("reconcile", [C.CLOSED], C.RECONCILED, _("对账"), JUDGE,
             _("{by}对账：系统{system}管，实物{in_hand}管；采样{people}人次，有结果{resulted}人次"), tone="primary"),
        Move("cancel", [C.DRAFT], C.CANCELLED, _("取消"), PLAN, _("{by}取消了这一轮"), reason=True, tone="danger"),
    ],
)  # fmt: skip

point_workflow = Workflow(
    PointState, start=P.PLANNED, files=RUN, filed=_("{by}登记采样点"), amends=(RUN, [P.PLANNED, P.OPEN]),
    tones={P.PLANNED: "todo", P.OPEN: "doing", P.CLOSED: "off"},
    moves=[
        Move("open", [P.PLANNED], P.OPEN, _("开放"), RUN, _("{by}开放采样点"), bulk=True, tone="primary"),
        Move("close", [P.OPEN], P.CLOSED, _("关闭"), RUN, _("{by}关闭采样点"), bulk=True),
        Move("reopen", [P.CLOSED], P.OPEN, _("重新开放"), RUN, _("{by}重新开放采样点"), reason=True),
    ],
)  # fmt: skip

device_workflow = Workflow(
    DeviceState, start=D.ACTIVE, files=RUN, filed=_("{by}登记终端：{label}"), amends=(RUN, []),
    tones={D.ACTIVE: "doing", D.ENDED: "done", D.REVOKED: "bad"},
    moves=[
        Move("end", [D.ACTIVE], D.ENDED, _("交回"), RUN, _("{by}收回终端"), bulk=True),
        Move("revoke", [D.ACTIVE, D.ENDED], D.REVOKED, _("吊销"), RUN, _("{by}吊销终端"), reason=True, tone="danger"),
    ],
)  # fmt: skip

box_workflow = Workflow(
    BoxState, start=B.OPEN, files=RUN, filed=_("{by}启用转运箱"), amends=(RUN, [B.OPEN]),
    tones={B.OPEN: "doing", B.PACKED: "todo", B.SENT: "doing", B.RECEIVED: "done"},
    moves=[
        Move("pack", [B.OPEN], B.PACKED, _("核对、封箱"), RUN, _("{by}封箱：系统{system}管，实物{in_hand}管"), tone="primary"),
        Move("unpack", [B.PACKED], B.OPEN, _("拆封重核"), RUN, _("{by}拆封重核"), reason=True),
        Move("send", [B.PACKED], B.SENT, _("交转运"), RUN, _("{by}交{courier}转运"), tone="primary"),
        Move("receive", [B.SENT], B.RECEIVED, _("登记收箱"), RESULT, _("{by}登记实验室收箱：{received}管"), tone="primary"),
    ],
)  # fmt: skip

pool_workflow = Workflow(
    PoolState, start=L.REPORTED, files=RESULT, filed=_("{by}登记结果异常的采样管"), amends=(FOLLOW, []),
    tones={L.REPORTED: "bad", L.RESAMPLED: "doing", L.CONFIRMED: "bad", L.CLEARED: "done"},
    moves=[
        Move("resample", [L.REPORTED], L.RESAMPLED, _("登记复采完成"), FOLLOW, _("{by}登记复采完成：{people}人"), tone="primary"),
        Move("confirm", [L.RESAMPLED], L.CONFIRMED, _("复核阳性"), FOLLOW, _("{by}登记复核阳性：{positives}人"), tone="danger"),
        Move("clear", [L.REPORTED, L.RESAMPLED], L.CLEARED, _("复核排除"), FOLLOW, _("{by}登记复核排除"), reason=True),
        # somebody whose swab came late may be the one: whatever was found before, the tube is to be resampled again
        Move("join", list(L), L.REPORTED, _("并入后到的登记"), FOLLOW, _("{by}并入后到的采样登记{n}份：管内共{people}人"), hidden=True),
    ],
)  # fmt: skip
