"""The lists of campaigns, points, devices, boxes and pools. The odd pages are in pages.py and tubes.py."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongzhou.kernel import access, seal, sheets
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.models import Person
from tongzhou.modules.testing import forms, queries
from tongzhou.modules.testing.models import Box, Campaign, Conflict, Device, Point, Pool, PoolPerson, Resident
from tongzhou.modules.testing.views.drawings import by_quarter
from tongzhou.modules.testing.workflow import JUDGE, READ, RESULT, REVEAL, RUN, CampaignState, PointState


def clock(time: Any) -> str:
    return timezone.localtime(time).strftime("%Y-%m-%d %H:%M") if time else ""


def campaign_context(campaign: Campaign, by: Person) -> dict[str, Any]:
    working = campaign.state != CampaignState.CANCELLED and not campaign.times_unknown
    return {
        "working": working and access.may(by, READ, campaign),
        "may_result": working and access.may(by, RESULT, campaign),
        "may_key": working and access.may(by, RESULT, campaign) and access.may(by, RUN, campaign),
        "may_judge": working and access.may(by, JUDGE, campaign),
        "late": queries.after_signing(campaign),
        "undecided": Conflict.objects.filter(campaign=campaign, decision="").count(),
        "zones": list(campaign.zones.select_related("unit").order_by("unit__path")),
    }


def point_context(point: Point, by: Person) -> dict[str, Any]:
    able = point.campaign_id is not None and point.state != PointState.CLOSED
    rows = access.visible(point.devices.all(), by, READ).select_related("response").order_by("table", "filed_at")
    done, plan = queries.at_point(point) if point.campaign_id else ({}, {})
    chart = by_quarter(done, plan) if done or plan else None
    return {"devices": list(rows[:100]), "chart": chart, "may_enrol": able and access.may(by, RUN, point)}


def pool_context(pool: Pool, by: Person) -> dict[str, Any]:
    """How far the retest is of all its people; and what `finding` says."""
    return (
        progress(pool, pool.persons.all()) | {"unnamed": queries.unnamed(pool.campaign, pool.tube)} | finding(pool, by)
    )


def finding(pool: Pool, by: Person) -> dict[str, Any]:
    """By masked name whom this person has to find, as far as the register knows them."""
    found, persons = queries.retests(pool), list(pool.listed(by).order_by("retest", "pk"))
    known = Resident.objects.in_bulk([one.person for one in persons])
    shown = [(masked(known.get(one.person)), one.retest or found.get(one.person, "")) for one in persons]
    return {"persons": shown, "may_reveal": bool(persons) and access.may(by, REVEAL, pool)}


def progress(pool: Pool, persons: QuerySet[PoolPerson]) -> dict[str, int]:
    found = queries.retests(pool)
    left = sum(1 for person, tube in persons.values_list("person", "retest") if not (tube or found.get(person)))
    listed = persons.count()
    return {"listed": listed, "resampled": listed - left, "left": left}


def masked(resident: Resident | None) -> tuple[str, str] | None:
    return (seal.mask(resident, "name"), seal.mask(resident, "number")) if resident else None


campaigns = Desk(
    model=Campaign,
    title=_("检测轮次"),
    one=_("一轮检测"),
    intro=_("在哪里、什么时候、哪些人、怎么采；采到了多少，账对上没有。"),
    columns=[
        Column("name", _("名称"), value="title", kind="link"),
        Column("unit", _("检测范围"), sort="unit__path", kind="unit"),
        Column("when", _("采样日期"), sort="happened_on", kind="when"),
        Column("mode", _("采样方式"), value="get_mode_display", sort="mode"),
        Column("expected", _("应检人数"), kind="number"),
        Column("people", _("采样人次"), kind="number"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["name", "name_en"],
    filters=["mode"],
    fields=[
        Column("unit", _("检测范围")),
        Column("begins_at", _("采样开始"), value=lambda one: clock(one.begins_at)),
        Column("ends_at", _("采样截止"), value=lambda one: clock(one.ends_at)),
        Column("called", _("应检人群")),
        Column("mode", _("采样方式"), value="get_mode_display"),
        Column("expected", _("应检人数")),
        Column("people", _("采样人次"), value=lambda one: one.told_people()),
        Column("in_hand", _("实物采样管")),
        Column("differences", _("差额说明")),
    ],
    form=forms.CampaignForm,
    move_forms={"reconcile": forms.Reconciling},
    detail="testing/campaign.html",
    context=campaign_context,
)

points = Desk(
    model=Point,
    name="points",
    title=pgettext_lazy("list", "采样点"),
    one=_("采样点"),
    sort="name",
    intro=_("一个采样点对应一份终端、采样管和转运箱。"),
    columns=[
        Column("name", _("名称"), kind="link", sort="name"),
        Column("campaign", _("检测轮次")),
        Column("unit", _("街道（社区）"), sort="unit__path", kind="unit"),
        Column("place", _("位置")),
        Column("tables", _("采样台数"), sort="tables", kind="number"),
        Column("expected", _("应检人数"), kind="number"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["name", "place"],
    filters=["campaign"],
    fields=[
        Column("campaign", _("检测轮次")),
        Column("unit", _("街道（社区）")),
        Column("place", _("位置")),
        Column("tables", _("采样台数")),
        Column("staff", _("工作人员数")),
        Column("expected", _("应检人数")),
    ],
    form=forms.PointForm,
    imports=[
        sheets.Column("campaign", _("检测轮次"), required=True, help=_("名称")),
        sheets.Column("unit", _("街道（社区）"), required=True, help=_("名称或代码")),
        sheets.Column("name", _("采样点名称"), required=True),
        sheets.Column("place", _("位置")),
        sheets.Column("tables", _("采样台数"), kind="integer", required=True),
        sheets.Column("staff", _("工作人员数"), kind="integer"),
        sheets.Column("expected", _("应检人数"), kind="integer"),
        sheets.Column("lat", _("纬度"), kind="decimal", help=_("WGS-84，可不填")),
        sheets.Column("lon", _("经度"), kind="decimal", help=_("WGS-84，可不填")),
    ],
    related=["campaign"],
    detail="testing/point.html",
    context=point_context,
)

devices = Desk(
    model=Device,
    name="devices",
    title=_("终端"),
    one=_("终端"),
    sort="label",
    intro=_("在采样点页面登记；丢失的立即吊销，未上传的数据仍会进入待核记录。"),
    columns=[
        Column("label", _("名称"), kind="link", sort="label"),
        Column("use", _("用途"), value="get_use_display", sort="use"),
        Column("point", _("采样点")),
        Column("table", _("采样台"), kind="number"),
        Column("unit", _("街道（社区）"), sort="unit__path", kind="unit"),
        Column("enrolled_at", _("启用时间"), value=lambda one: clock(one.enrolled_at)),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["label", "point__name"],
    filters=["use", "point"],
    fields=[
        Column("number", _("终端号"), value=lambda one: str(one.number)),
        Column("campaign", _("检测轮次")),
        Column("point", _("采样点")),
        Column("table", _("采样台")),
        Column("use", _("用途"), value="get_use_display"),
        Column("enrolled_at", _("启用时间"), value=lambda one: clock(one.enrolled_at)),
        Column("used_at", _("最近使用"), value=lambda one: clock(one.used_at)),
    ],
    related=["campaign", "point"],
)

boxes = Desk(
    model=Box,
    name="boxes",
    title=_("转运箱"),
    one=_("转运箱"),
    intro=_("封箱前逐管清点：系统里的管数要和手里的管数对上。"),
    columns=[
        Column("code", _("箱码"), kind="link", sort="code"),
        Column("point", _("采样点")),
        Column("system", _("系统管数"), kind="number"),
        Column("in_hand", _("实物管数"), kind="number"),
        Column("received", _("实收管数"), kind="number"),
        Column("courier", _("转运员")),
        Column("laboratory", _("实验室")),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["code", "courier", "laboratory"],
    filters=["point"],
    fields=[
        Column("point", _("采样点")),
        Column("system", _("系统管数")),
        Column("in_hand", _("实物管数")),
        Column("difference", _("差额说明")),
        Column("courier", _("转运员")),
        Column("sent_at", _("交转运时间"), value=lambda one: clock(one.sent_at)),
        Column("laboratory", _("实验室")),
        Column("received", _("实收管数")),
        Column("tubes", _("管码"), value=lambda one: "、".join(one.tubes)),
    ],
    form=forms.BoxForm,
    move_forms={"pack": forms.Packing, "send": forms.Sending, "receive": forms.Receiving},
    related=["point"],
)

pools = Desk(
    model=Pool,
    name="pools",
    title=_("异常管"),
    one=_("异常管"),
    intro=_("阳性、灰区、单靶标阳性的采样管：谁要复采，到什么时候，结果如何。"),
    columns=[
        Column("tube", _("管码"), kind="link", sort="tube"),
        Column("value", _("结果"), value="get_value_display", sort="value"),
        Column("point", _("采样点")),
        Column("unit", _("街道（社区）"), sort="unit__path", kind="unit"),
        Column("people", _("管内人数"), kind="number"),
        Column("due_at", _("复采期限"), value=lambda one: clock(one.due_at), sort="due_at"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["tube", "point__name"],
    filters=["value"],
    fields=[
        Column("campaign", _("检测轮次")),
        Column("point", _("采样点")),
        Column("value", _("结果"), value="get_value_display"),
        Column("people", _("管内人数")),
        Column("due_at", _("复采期限"), value=lambda one: clock(one.due_at)),
        Column("positives", _("复核阳性人数")),
    ],
    move_forms={"confirm": forms.Confirming},
    related=["campaign", "point"],
    detail="testing/pool.html",
    context=pool_context,
)
