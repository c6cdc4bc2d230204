"""What may become of stations, refrigerators, batches, sessions, demand and changes of desks."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.workflow import Move, Workflow

READ, WORK, PLAN = "vaccination.read", "vaccination.work", "vaccination.plan"


class StationState(TextChoices):
    PLANNED = "planned", _("筹备")
    OPEN = "open", _("开放")
    CLOSED = "closed", _("已关闭")


class FridgeState(TextChoices):
    IN_USE = "in_use", _("使用中")
    RETIRED = "retired", _("已停用")


class ExcursionState(TextChoices):
    OUT = "out", _("超温，待处置")
    HANDLED = "handled", _("已处置，温度未恢复")
    BACK = "back", _("温度已恢复，待处置")
    SETTLED = "settled", _("已了结")
    VOID = "void", _("读数有误，撤销")


class BatchState(TextChoices):
    EXPECTED = "expected", _("待验收")
    USABLE = "usable", _("可用")
    HELD = "held", _("停用中")
    FINISHED = "finished", _("已结清")
    REFUSED = "refused", _("拒收")


class SessionState(TextChoices):
    PLANNED = "planned", _("计划")
    OPEN = "open", _("接种中")
    CLOSED = "closed", _("已结束，待上报")
    REPORTED = "reported", _("已上报")
    CANCELLED = "cancelled", _("已取消")


class DemandState(TextChoices):
    REGISTERED = "registered", _("已登记")
    VOID = "void", _("已作废")


class DeskState(TextChoices):
    PROPOSED = "proposed", _("待决定")
    IN_FORCE = "in_force", _("已生效")
    DECLINED = "declined", _("未采纳")


S, F, X, B, C, D, K = StationState, FridgeState, ExcursionState, BatchState, SessionState, DemandState, DeskState

station_workflow = Workflow(
    StationState, start=S.PLANNED, files=PLAN, filed=_("{by}设立接种点：接种台{desks}个"), amends=(PLAN, [S.PLANNED, S.OPEN]),
    tones={S.PLANNED: "todo", S.OPEN: "done", S.CLOSED: "off"},
    moves=[
        Move("open", [S.PLANNED], S.OPEN, _("开放"), PLAN, _("{by}开放接种点，接种台{desks}个"), tone="primary"),
        Move("desks", [S.OPEN], S.OPEN, _("增减接种台"), PLAN, _("{by}把接种台从{before}个调整为{after}个"), hidden=True),
        Move("close", [S.OPEN], S.CLOSED, _("关闭"), PLAN, _("{by}关闭接种点"), reason=True, tone="danger"),
        Move("reopen", [S.CLOSED], S.OPEN, _("重新开放"), PLAN, _("{by}重新开放接种点"), reason=True),
    ],
)  # fmt: skip

fridge_workflow = Workflow(
    FridgeState, start=F.IN_USE, files=WORK, filed=_("{by}登记冷藏设备"), amends=(WORK, [F.IN_USE]),
    tones={F.IN_USE: "done", F.RETIRED: "off"},
    moves=[
        Move("retire", [F.IN_USE], F.RETIRED, _("停用设备"), WORK, _("{by}停用这台设备"), reason=True, tone="danger"),
        Move("restore", [F.RETIRED], F.IN_USE, _("恢复使用"), WORK, _("{by}恢复使用"), reason=True),
    ],
)  # fmt: skip

excursion_workflow = Workflow(
    ExcursionState, start=X.OUT, files=WORK, filed=_("{by}记录的读数超出范围：{celsius}℃"),
    amends=(WORK, [X.OUT, X.HANDLED, X.BACK, X.SETTLED]),  # by readings that come in late only: there is no form
    tones={X.OUT: "bad", X.HANDLED: "doing", X.BACK: "todo", X.SETTLED: "done", X.VOID: "off"},
    moves=[
        Move("handle", [X.OUT], X.HANDLED, _("登记处置"), WORK, _("{by}登记处置：{outcome}。{batches}"), reason=True, tone="primary"),
        Move("settle", [X.BACK], X.SETTLED, _("登记处置，了结"), WORK, _("{by}登记处置，了结：{outcome}。{batches}"), reason=True, tone="primary"),
        # These follow the readings; nobody presses them.
        Move("back", [X.OUT], X.BACK, _("温度恢复"), WORK, _("{by}的读数表明温度恢复，历时{minutes}分钟"), hidden=True),
        Move("restore", [X.HANDLED], X.SETTLED, _("温度恢复，了结"), WORK, _("{by}的读数表明温度恢复，历时{minutes}分钟"), hidden=True),
        Move("void", [X.OUT, X.HANDLED, X.BACK, X.SETTLED], X.VOID, _("撤销"), WORK, _("{by}更正读数后撤销"), hidden=True),
    ],
)  # fmt: skip

batch_workflow = Workflow(
    BatchState, start=B.EXPECTED, files=WORK, filed=_("{by}登记到货：{announced}剂"), amends=(WORK, [B.EXPECTED]),
    tones={B.EXPECTED: "todo", B.USABLE: "done", B.HELD: "bad", B.FINISHED: "off", B.REFUSED: "off"},
    moves=[
        Move("accept", [B.EXPECTED], B.USABLE, _("验收入库"), WORK, _("{by}验收入库{doses}剂，到货温度{celsius}℃"), tone="primary"),
        Move("refuse", [B.EXPECTED], B.REFUSED, _("拒收"), WORK, _("{by}拒收"), reason=True, tone="danger"),
        Move("transfer", [B.USABLE], B.USABLE, _("调往其他接种点"), WORK, _("{by}调往{to}：{doses}剂")),
        Move("waste", [B.USABLE], B.USABLE, _("报损"), WORK, _("{by}报损{doses}剂"), reason=True),
        Move("send_back", [B.USABLE], B.USABLE, _("退回"), WORK, _("{by}退回{doses}剂"), reason=True),
        Move("correct", [B.USABLE], B.USABLE, _("盘点更正"), WORK, _("{by}盘点更正：在库{before}剂 → {after}剂"), reason=True),
        Move("hold", [B.USABLE], B.HELD, _("暂停使用"), WORK, _("{by}停用，在库{doses}剂隔离存放"), reason=True, tone="danger"),
        Move("release", [B.HELD], B.USABLE, _("解除停用"), PLAN, _("{by}解除停用，依据：{basis}"), reason=True),
        Move("discard", [B.HELD], B.HELD, _("销毁登记"), WORK, _("{by}登记销毁{doses}剂"), reason=True),
        Move("recall", [B.HELD], B.HELD, _("召回退回"), WORK, _("{by}按召回退回{doses}剂"), reason=True),
        Move("finish", [B.USABLE, B.HELD], B.FINISHED, _("结清"), WORK, _("{by}结清：接种{used}剂、报损{wasted}剂")),
    ],
)  # fmt: skip

session_workflow = Workflow(
    SessionState, start=C.PLANNED, files=WORK, filed=_("{by}安排接种场次"), amends=(WORK, [C.PLANNED]),
    tones={C.PLANNED: "todo", C.OPEN: "doing", C.CLOSED: "todo", C.REPORTED: "done", C.CANCELLED: "off"},
    moves=[
        Move("open", [C.PLANNED], C.OPEN, _("开始接种"), WORK, _("{by}开始接种：接种台{desks}个"), tone="primary"),
        Move("close", [C.OPEN], C.CLOSED, _("结束，核对"), WORK, _("{by}核对后结束：{told}"), tone="primary"),
        Move("report", [C.CLOSED], C.REPORTED, _("上报"), WORK, _("{by}上报：接种{doses}剂"), tone="primary"),
        Move("reopen", [C.CLOSED], C.OPEN, _("退回更正"), WORK, _("{by}退回更正"), reason=True),
        Move("recall", [C.REPORTED], C.CLOSED, _("撤回重报"), WORK, _("{by}撤回上报"), reason=True),
        Move("follow", [C.CLOSED], C.CLOSED, _("登记随访"), WORK, _("{by}登记不良反应随访：已了结{cases}例")),
        Move("follow_up", [C.REPORTED], C.REPORTED, _("登记随访"), WORK, _("{by}登记不良反应随访：已了结{cases}例")),
        Move("cancel", [C.PLANNED], C.CANCELLED, _("取消"), WORK, _("{by}取消场次"), reason=True, tone="danger"),
    ],
)  # fmt: skip

demand_workflow = Workflow(
    DemandState, start=D.REGISTERED, files=WORK, filed=_("{by}登记接种需求：{people}人"), amends=(WORK, [D.REGISTERED]),
    tones={D.REGISTERED: "done", D.VOID: "off"},
    moves=[Move("void", [D.REGISTERED], D.VOID, _("作废"), WORK, _("{by}作废"), reason=True, tone="danger")],
)  # fmt: skip

desk_workflow = Workflow(
    DeskState, start=K.PROPOSED, files=WORK, filed=_("{by}提出：{told}"), amends=(WORK, [K.PROPOSED]),
    tones={K.PROPOSED: "todo", K.IN_FORCE: "done", K.DECLINED: "off"},
    moves=[
        Move("decide", [K.PROPOSED], K.IN_FORCE, _("决定，即时生效"), PLAN, _("{by}决定：{told}"), tone="primary"),
        Move("decline", [K.PROPOSED], K.DECLINED, _("不采纳"), PLAN, _("{by}未采纳"), reason=True),
    ],
)  # fmt: skip
