"""What may become of a post, of people in the pool, of rosters, shifts, duties and swaps."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, PLAN, STAND, LOG = "rosters.read", "rosters.plan", "rosters.stand", "rosters.log"


class PostState(TextChoices):
    OPEN = "open", _("在用")
    CLOSED = "closed", _("已撤")


class CrewState(TextChoices):
    ACTIVE = "active", _("可排班")
    PAUSED = "paused", _("暂不排班")


class RosterState(TextChoices):
    DRAFT = "draft", _("草稿")
    PROPOSED = "proposed", _("编排中")
    PUBLISHED = "published", _("已公布")
    CLOSED = "closed", _("已结束")
    DISCARDED = "discarded", _("已作废")


class ShiftState(TextChoices):
    PLANNED = "planned", _("待值")
    HELD = "held", _("已交班")
    CANCELLED = "cancelled", _("已取消")


class DutyState(TextChoices):
    PLANNED = "planned", _("待值")
    ON = "on", _("在岗")
    OFF = "off", _("已值")
    MISSED = "missed", _("缺岗")
    EXCUSED = "excused", _("已请假")
    WITHDRAWN = "withdrawn", _("已撤下")


class SwapState(TextChoices):
    ASKED = "asked", _("待对方同意")
    CONSENTED = "consented", _("待负责人批准")
    DONE = "done", _("已换班")
    REFUSED = "refused", _("未换成")
    WITHDRAWN = "withdrawn", _("已撤回")


P, C, R, S, D, W = PostState, CrewState, RosterState, ShiftState, DutyState, SwapState
STANDING = (D.PLANNED, D.ON, D.OFF)  # duties that take a place

post_workflow = Workflow(
    PostState, start=P.OPEN, files=PLAN, filed=_("{by}设岗"), amends=(PLAN, [P.OPEN]), tones={P.OPEN: "done", P.CLOSED: "off"},
    moves=[
        Move("close", [P.OPEN], P.CLOSED, _("撤岗"), PLAN, _("{by}撤岗"), reason=True, tone="danger"),
        Move("reopen", [P.CLOSED], P.OPEN, _("恢复设岗"), PLAN, _("{by}恢复设岗")),
    ],
)  # fmt: skip

crew_workflow = Workflow(
    CrewState, start=C.ACTIVE, files=PLAN, filed=_("{by}列入值守人员"), amends=(PLAN, [C.ACTIVE, C.PAUSED]),
    tones={C.ACTIVE: "done", C.PAUSED: "off"},
    moves=[
        Move("wish", [C.ACTIVE], C.ACTIVE, _("填报意愿"), STAND, _("{by}填报到{until}为止的意愿，共{n}条"), hidden=True),
        Move("pause", [C.ACTIVE], C.PAUSED, _("暂不排班"), PLAN, _("{by}登记暂不排班"), reason=True),
        Move("resume", [C.PAUSED], C.ACTIVE, _("恢复排班"), PLAN, _("{by}登记恢复排班")),
    ],
)  # fmt: skip

roster_workflow = Workflow(
    RosterState, start=R.DRAFT, files=PLAN, filed=_("{by}拟定排班"), amends=(PLAN, [R.DRAFT]),
    tones={R.DRAFT: "todo", R.PROPOSED: "doing", R.PUBLISHED: "done", R.CLOSED: "off", R.DISCARDED: "off"},
    moves=[
        Move("lay", [R.DRAFT], R.PROPOSED, _("开始编排"), PLAN, _("{by}开始编排，铺开{shifts}个班次"), tone="primary"),
        Move("adopt", [R.PROPOSED], R.PROPOSED, _("采用方案"), PLAN, _("{by}采用编排方案：{duties}人次，尚缺{short}人次"), hidden=True),
        Move("publish", [R.PROPOSED], R.PUBLISHED, _("公布"), PLAN, _("{by}公布排班，{people}人值守{duties}人次，尚缺{short}人次"), tone="primary"),
        Move("clear", [R.PROPOSED], R.PROPOSED, _("撤下全部人员"), PLAN, _("{by}撤下全部{duties}人次"), reason=True),
        Move("close", [R.PUBLISHED], R.CLOSED, _("结束"), PLAN, _("{by}结束排班：已值{held}人次，缺岗{missed}人次")),
        Move("discard", [R.DRAFT, R.PROPOSED], R.DISCARDED, _("作废"), PLAN, _("{by}作废排班"), reason=True, tone="danger"),
    ],
)  # fmt: skip

shift_workflow = Workflow(
    ShiftState, start=S.PLANNED, files=PLAN, filed=_("{by}铺开班次"), amends=(PLAN, []),
    tones={S.PLANNED: "todo", S.HELD: "done", S.CANCELLED: "off"},
    moves=[
        Move("hand_over", [S.PLANNED], S.HELD, _("交班"), LOG, _("{by}交班：{handover}"), tone="primary"),
        Move("cancel", [S.PLANNED], S.CANCELLED, _("取消班次"), PLAN, _("{by}取消班次"), reason=True, tone="danger"),
    ],
)  # fmt: skip

duty_workflow = Workflow(
    DutyState, start=D.PLANNED, files=PLAN, filed=_("{by}安排{person}值班"), amends=(PLAN, []),
    tones={D.PLANNED: "todo", D.ON: "doing", D.OFF: "done", D.MISSED: "bad", D.EXCUSED: "off", D.WITHDRAWN: "off"},
    moves=[
        Move("sign_in", [D.PLANNED], D.ON, _("签到"), STAND, _("{by}扫码签到，迟到{late}分钟"), hidden=True),
        Move("sign_in_by_hand", [D.PLANNED, D.MISSED], D.ON, _("代为签到"), PLAN, _("{by}代{person}签到"), reason=True),
        Move("sign_out", [D.ON], D.OFF, _("签退"), STAND, _("{by}签退"), tone="primary"),
        Move("confirm", [D.PLANNED, D.ON], D.OFF, _("核实已值"), PLAN, _("{by}核实{person}已值班"), bulk=True),
        Move("replace", [D.PLANNED], D.PLANNED, _("换人"), STAND, _("{by}换班：{old}换为{person}"), hidden=True),
        Move("excuse", [D.PLANNED], D.EXCUSED, _("准假"), PLAN, _("{by}准{person}请假"), reason=True),
        Move("miss", [D.PLANNED], D.MISSED, _("登记缺岗"), PLAN, _("{by}登记{person}缺岗"), reason=True, tone="danger"),
        Move("take_away", [D.PLANNED], D.WITHDRAWN, _("撤下"), PLAN, _("{by}撤下{person}")),
    ],
)  # fmt: skip

swap_workflow = Workflow(
    SwapState, start=W.ASKED, files=STAND, filed=_("{by}请{colleague}换班：{duty}"), amends=(STAND, []),
    tones={W.ASKED: "todo", W.CONSENTED: "doing", W.DONE: "done", W.REFUSED: "off", W.WITHDRAWN: "off"},
    moves=[
        Move("consent", [W.ASKED], W.CONSENTED, _("同意换班"), STAND, _("{by}同意换班"), tone="primary"),
        Move("settle", [W.ASKED], W.DONE, _("同意换班"), STAND, _("{by}同意，换班生效"), hidden=True),
        Move("approve", [W.CONSENTED], W.DONE, _("批准换班"), PLAN, _("{by}批准换班"), tone="primary"),
        Move("decline", [W.ASKED], W.REFUSED, _("不同意换班"), STAND, _("{by}不同意换班")),
        Move("reject", [W.CONSENTED], W.REFUSED, _("不批准"), PLAN, _("{by}不批准换班"), reason=True, tone="danger"),
        Move("withdraw", [W.ASKED, W.CONSENTED], W.WITHDRAWN, _("撤回"), STAND, _("{by}撤回换班请求"), tone="danger"),
    ],
)  # fmt: skip
