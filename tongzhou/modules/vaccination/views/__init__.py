"""The lists of vaccination. What their detail pages show is in shown.py, the odd pages in counting.py, pages.py and readings.py."""

from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import sheets
from tongzhou.kernel.dates import moment
from tongzhou.kernel.desk import Column, Desk
from tongzhou.modules.vaccination import forms
from tongzhou.modules.vaccination.models import Batch, Demand, DeskChange, Excursion, Fridge, Session, Station
from tongzhou.modules.vaccination.views import shown
from tongzhou.modules.vaccination.workflow import READ

WHEN = Column("when", _("日期"), sort="happened_on", kind="when")
UNIT = Column("unit", _("单位"), sort="unit__path", kind="unit")
STATE = Column("state", _("状态"), value="state_label", sort="state", kind="state")
STATION = Column("station", _("接种点"))
KIND = Column("kind", _("类别"), value="get_kind_display")
BEGAN = Column("began_at", _("开始"), value=lambda one: moment(one.began_at))
ENDED = Column("ended_at", _("恢复"), value=lambda one: moment(one.ended_at))
OUTCOME = Column("outcome", _("处置"), value="get_outcome_display")
MAKER = Column("maker", _("上市许可持有人（厂家）"))

stations = Desk(
    model=Station, title=_("疫苗接种"), one=_("接种点"),
    intro=_("接种点、疫苗批次、场次和等待人数。这里只记人数，不记姓名：受种者个案依法登记在省级免疫规划信息系统。"),
    columns=[
        Column("name", _("接种点"), sort="name", kind="link"), Column("place", _("地点")), Column("hours", _("开放时间")),
        Column("desks", _("接种台"), sort="desks", kind="number"), Column("staff", _("人员"), kind="number"), UNIT, STATE,
    ],
    search=["name", "place"],
    fields=[
        Column("place", _("地点")), UNIT, Column("hours", _("开放时间")), Column("desks", _("接种台"), kind="number"),
        Column("staffing", _("人员")), Column("seats", _("留观座位"), kind="number"),
    ],
    form=forms.StationForm,
    imports=[
        sheets.Column("unit", _("单位"), required=True, help=_("名称或代码")),
        sheets.Column("name", _("接种点"), required=True),
        sheets.Column("place", _("地点"), required=True),
        sheets.Column("when", _("日期"), kind="date", required=True),
        sheets.Column("opens", _("开始时间"), required=True, help=_("如 9:00")),
        sheets.Column("closes", _("结束时间"), required=True, help=_("如 17:00")),
        sheets.Column("desks", _("接种台"), kind="integer", required=True),
        sheets.Column("vaccinators", _("接种人员"), kind="integer", required=True),
        sheets.Column("checkers", _("预检人员"), kind="integer", required=True),
        sheets.Column("recorders", _("信息录入人员"), kind="integer", required=True),
        sheets.Column("watchers", _("留观与急救人员"), kind="integer", required=True),
        sheets.Column("stewards", _("秩序人员"), kind="integer", required=True),
        sheets.Column("seats", _("留观座位"), kind="integer", required=True),
        sheets.Column("lat", _("纬度"), kind="decimal"),
        sheets.Column("lon", _("经度"), kind="decimal"),
        sheets.Column("fridges", _("冰箱、冷藏箱")),
    ],
    detail="vaccination/station.html",
    links=[
        (_("场次"), "vaccination.session.list", READ), (_("疫苗批次"), "vaccination.batch.list", READ), (_("冷链"), "vaccination.fridge.list", READ),
        (_("等待人数"), "vaccination.waiting", READ), (_("增减接种台"), "vaccination.deskchange.list", READ), (_("接种日报"), "vaccination.doses", READ),
    ],
    context=shown.station,
)  # fmt: skip

sessions = Desk(
    model=Session, name="sessions", title=_("接种场次"), one=_("场次"),
    intro=_("一个接种点一天的接种。现场在手机上点按计数，结束时核对，再上报。"),
    columns=[
        Column("title", _("场次"), kind="link"), WHEN, Column("desks", _("接种台"), sort="desks", kind="number"),
        Column("arrived", _("到达"), sort="arrived", kind="number"), Column("deferred", _("暂缓"), sort="deferred", kind="number"),
        Column("doses", _("接种（剂）"), sort="doses", kind="number"), Column("adverse", _("不良反应"), kind="number"), UNIT, STATE,
    ],
    search=["station__name"], filters=["station"],
    fields=[STATION, WHEN, UNIT, Column("desks", _("开放接种台"), kind="number"), Column("staff", _("在岗人员"), kind="number")],
    form=forms.SessionForm,
    move_forms={"open": forms.Opening, "close": forms.Closing, "follow": forms.Following, "follow_up": forms.Following},
    related=["station"], detail="vaccination/session.html", context=shown.session,
)  # fmt: skip

batches = Desk(
    model=Batch, name="batches", title=_("疫苗批次"), one=_("批次"),
    intro=_("每次到货一条。入库 = 在库 + 已接种 + 报损、销毁 + 调出 + 退回。先用短效期，后用长效期。"),
    columns=[
        Column("title", _("批次"), kind="link"), MAKER, STATION, Column("expires_on", _("有效期至"), sort="expires_on"),
        *(Column(name, label, sort=name, kind="number") for name, label in (
            ("received", _("入库")), ("stock", _("在库")), ("used", _("已接种")), ("wasted", _("报损、销毁")), ("sent", _("调出")), ("returned", _("退回"))
        )), STATE,
    ],
    search=["vaccine", "maker", "number", "code_first", "code_last"], filters=["station"],
    fields=[
        Column("vaccine", _("疫苗名称")), MAKER, Column("number", _("批号")), Column("codes", _("最小包装单元追溯码")),
        Column("expires_on", _("有效期至")), STATION, Column("fridge", _("存放设备"), value="fridge.name"),
        Column("announced", _("单据剂数"), kind="number"), Column("arrived_celsius", _("到货温度（℃）")), Column("accepted_by", _("验收人")),
        Column("hold_reason", _("停用原因")), Column("kept_until", _("记录保存至")),
    ],
    form=forms.BatchForm,
    move_forms={
        "accept": forms.Accept, "transfer": forms.Transfer, "waste": forms.Doses, "send_back": forms.Doses, "discard": forms.Doses,
        "recall": forms.Doses, "correct": forms.Counted, "hold": forms.Hold, "release": forms.Release,
    },
    imports=[
        sheets.Column("station", _("接种点"), required=True),
        sheets.Column("when", _("日期"), kind="date", required=True),
        sheets.Column("vaccine", _("疫苗名称"), required=True),
        sheets.Column("maker", _("上市许可持有人（厂家）"), required=True, aliases=("厂家", "生产企业")),
        sheets.Column("number", _("批号"), required=True),
        sheets.Column("expires_on", _("有效期至"), kind="date", required=True),
        sheets.Column("announced", _("单据剂数"), kind="integer", required=True, aliases=("剂数",)),
        sheets.Column("code_first", _("最小包装单元追溯码：起")),
        sheets.Column("code_last", _("最小包装单元追溯码：止")),
    ],
    related=["station", "fridge__station", "accepted_by", "origin__station", "origin__response"],
    detail="vaccination/batch.html", context=shown.batch,
)  # fmt: skip

fridges = Desk(
    model=Fridge, name="fridges", title=_("冷链"), one=_("冷藏设备"),
    intro=_("每天上午、下午各测温一次。超出范围立即报警，并登记疫苗怎样处置。"),
    columns=[Column("title", _("冷藏设备"), kind="link"), KIND, UNIT, STATE],
    search=["name", "station__name"], filters=["station"], fields=[STATION, KIND, UNIT],
    form=forms.FridgeForm, related=["station"], detail="vaccination/fridge.html",
    links=[(_("超温事件"), "vaccination.excursion.list", READ)], context=shown.fridge,
)  # fmt: skip

excursions = Desk(
    model=Excursion, name="excursions", title=_("超温事件"), one=_("超温事件"),
    intro=_("由读数自动产生：从第一次超出范围，到第一次恢复。"),
    columns=[Column("title", _("超温事件"), kind="link"), WHEN, BEGAN, ENDED, Column("worst", _("最远读数（℃）"), sort="worst"), OUTCOME, UNIT, STATE],
    search=["fridge__name", "fridge__station__name"], filters=["outcome"],
    fields=[Column("fridge", _("冷藏设备")), BEGAN, ENDED, Column("lasted", _("历时（分钟）"), kind="number"), Column("worst", _("最远读数（℃）")), OUTCOME],
    move_forms={"handle": forms.Handling, "settle": forms.Handling},
    related=["fridge__station"], detail="vaccination/excursion.html", context=shown.excursion,
)  # fmt: skip

demands = Desk(
    model=Demand, name="demand", title=_("接种需求"), one=_("需求"),
    intro=_("各街道、社区按年龄组和剂次登记想接种的人数。等待 = 登记 − 已接种。"),
    columns=[
        Column("title", _("需求"), kind="link"), WHEN, UNIT, Column("group", _("年龄组")), Column("dose", _("剂次"), sort="dose", kind="number"),
        Column("people", _("登记人数"), sort="people", kind="number"), STATE,
    ],
    search=["unit__name"], form=forms.DemandForm,
    imports=[
        sheets.Column("unit", _("单位"), required=True, help=_("街道或社区的名称或代码")),
        sheets.Column("when", _("日期"), kind="date", required=True),
        sheets.Column("age_group", _("年龄组"), required=True, help=_("与“规则”页所列年龄组一致，如“60~79岁”或“60-79”")),
        sheets.Column("dose", _("剂次"), kind="integer", required=True, help=_("1、2 或 3")),
        sheets.Column("people", _("登记人数"), kind="integer", required=True),
    ],
    links=[(_("等待人数"), "vaccination.waiting", READ)],
)  # fmt: skip

desks = Desk(
    model=DeskChange, name="desks", title=_("增减接种台"), one=_("增减方案"),
    intro=_("增设一台是一个决定：写明理由，先看会怎样，再看实际怎样。"),
    columns=[
        Column("title", _("决定"), kind="link"), WHEN, Column("why", _("理由")), Column("decided_by", _("决定人"), kind="person"), UNIT, STATE,
    ],
    search=["station__name", "why", "deed"], filters=["station"],
    fields=[
        STATION, Column("before", _("原有接种台"), kind="number"), Column("after", _("调整为"), kind="number"), Column("why", _("理由")),
        Column("decided_by", _("决定人")), Column("decided_at", _("决定时间"), value=lambda one: moment(one.decided_at)), Column("area", _("地区")),
    ],
    form=forms.DeskChangeForm, related=["station", "decided_by"], detail="vaccination/desks.html", context=shown.desks,
)  # fmt: skip
