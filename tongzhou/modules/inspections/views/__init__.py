"""The lists of rounds, places, visits and findings. The odd pages are in pages.py, what a device asks for in device.py."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, attachments, sheets
from tongzhou.kernel.dates import moment
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.models import Person
from tongzhou.modules.inspections import forms, queries, rules
from tongzhou.modules.inspections.models import Finding, Place, Round, Visit
from tongzhou.modules.inspections.workflow import INSPECT, PLAN, READ, RECHECK, FindingState, RoundState


def round_context(round: Round, by: Person) -> dict[str, Any]:
    """Whom the round merely concerns sees that it was, and the visits of their own street on the list of visits."""
    if not access.may(by, READ, round):
        return {"history": []}
    found = queries.calls(round) if round.state != RoundState.DRAFT else []
    return {
        "reads": True,
        "cover": queries.cover(found),
        "mine": sum(by in call.people for call in found) if round.is_open else 0,
        "assignments": list(round.assignments.select_related("person", "unit")),
        "may_plan": access.may(by, PLAN, round),
        "clashes": list(round.deliveries.filter(visit=None).select_related("by")),
    }


def place_context(place: Place, by: Person) -> dict[str, Any]:
    """What was found here, as far as this person may know."""
    rows = access.visible(Finding.objects.filter(place=place), by, READ).select_related("response", "place")
    return {"findings": list(rows.order_by("-happened_on", "code", "pk")[:50])}


def visit_context(visit: Visit, by: Person) -> dict[str, Any]:
    found = list(access.visible(visit.findings.all(), by, READ).select_related("response", "place").order_by("code"))
    asked = {item.code: item for item in rules.checklist(rules.edition(visit.edition), visit.place.type)}
    reads = access.may(by, READ, visit)
    page: dict[str, Any] = {
        "reads": reads,
        "answers": [(asked.get(one.code), one) for one in visit.answers.all()],
        "findings": found,
        "to_issue": [one for one in found if one.state == FindingState.FOUND] if access.may(by, INSPECT, visit) else [],
        "finding_desk": findings,
        "has_notice": any(one.issued_on for one in found),
    }
    return page if reads else page | {"history": []}


def finding_context(finding: Finding, by: Person) -> dict[str, Any]:
    """Whom a finding merely concerns reads the finding and its notice, not which round it came from, nor who else did what."""
    kept = list(attachments.of(finding))
    shown = [
        (label, [one for one in kept if one.purpose == purpose])
        for purpose, label in (("finding", _("问题照片")), ("evidence", _("整改照片")), ("recheck", _("复查照片")))
    ]
    page: dict[str, Any] = {
        "pictures": [(label, rows) for label, rows in shown if rows],
        "item": rules.item(finding.visit.edition, finding.place.type, finding.code),
        "reads": access.may(by, READ, finding),
        "may_hand": finding.is_persistent and access.may(by, RECHECK, finding),
    }
    return page if page["reads"] else page | {"history": []}


rounds = Desk(
    model=Round,
    title=_("检查轮次"),
    one=_("检查轮次"),
    intro=_("查了哪里，还差哪里，问题改了没有。"),
    columns=[
        Column("title", _("轮次"), kind="link"),
        Column("unannounced", _("不打招呼")),
        Column("last_on", _("检查止"), kind="date"),
        Column("unit", _("检查单位"), sort="unit__path", kind="unit"),
        Column("when", _("拟定日期"), sort="happened_on", kind="when"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["name", "name_en"],
    fields=[
        Column("unit", _("检查单位")),
        Column("unannounced", _("不打招呼")),
        Column("first_on", _("检查起")),
        Column("last_on", _("检查止")),
        Column("types", _("场所类型"), value=lambda one: "、".join(map(str, one.type_labels))),
        Column("areas", _("检查范围"), value=lambda one: "、".join(map(str, one.areas.all()))),
        Column("edition", _("清单版本")),
        Column("acts", _("检查、督导内容"), value="done_in_words"),
        Column("summary", _("总结")),
    ],
    form=forms.RoundForm,
    move_forms={"assign": forms.Assigning, "summarise": forms.Summary},
    prefetch=["areas"],
    detail="inspections/round.html",
    links=[(_("多次出现的问题"), "inspections.repeats", READ)],
    context=round_context,
)

places = Desk(
    model=Place,
    name="places",
    title=_("重点场所"),
    one=_("场所"),
    sort="unit__path",
    intro=_("社区卫生服务中心、药店、商超、餐饮等要去检查的场所。"),
    columns=[
        Column("name", _("场所"), kind="link", sort="name"),
        Column("type", _("类型"), value="get_type_display", sort="type"),
        Column("unit", _("街道（社区）"), sort="unit__path", kind="unit"),
        Column("address", _("经营地址")),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["type"],
    search=["name", "address"],
    fields=[
        Column("type", _("类型"), value="get_type_display"),
        Column("unit", _("街道（社区）")),
        Column("address", _("经营地址")),
        Column("contact", _("负责人")),
        Column("phone", _("负责人电话")),
        Column("owner", _("场所方账号")),
        Column(
            "point",
            _("坐标（WGS-84）"),
            value=lambda place: f"{place.lat}, {place.lon}" if place.lat is not None else "",
        ),
    ],
    form=forms.PlaceForm,
    imports=[
        sheets.Column("unit", _("街道（社区）"), required=True, help=_("名称或代码")),
        sheets.Column("type", _("类型"), kind="choice", required=True, choices=tuple(Place.Type.choices)),
        sheets.Column("name", _("场所名称"), required=True),
        sheets.Column("address", _("经营地址")),
        sheets.Column("contact", _("负责人姓名")),
        sheets.Column("phone", _("负责人电话"), kind="phone"),
        sheets.Column("lat", _("纬度"), kind="decimal", help=_("WGS-84，可不填")),
        sheets.Column("lon", _("经度"), kind="decimal", help=_("WGS-84，可不填")),
    ],
    related=["owner"],
    detail="inspections/place.html",
    context=place_context,
)

visits = Desk(
    model=Visit,
    name="visits",
    title=_("检查记录"),
    columns=[
        Column("place", _("场所"), kind="link"),
        Column("type", _("类型"), value=lambda visit: visit.place.get_type_display()),
        Column("street", _("街道（社区）"), value="place.unit", sort="place__unit__path"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("result", _("结果"), value="get_result_display", sort="result"),
        Column("inspectors", _("检查人"), value=lambda visit: "、".join(str(one) for one in visit.inspectors.all())),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["result"],
    search=["place__name", "place__address"],
    fields=[
        Column("place", _("场所")),
        Column("street", _("街道（社区）"), value="place.unit"),
        Column("result", _("结果"), value="get_result_display"),
        Column("started_at", _("到达时间"), value=lambda visit: moment(visit.started_at)),
        Column("ended_at", _("离开时间"), value=lambda visit: moment(visit.ended_at)),
        Column("inspectors", _("检查人"), value=lambda visit: "、".join(str(one) for one in visit.inspectors.all())),
        Column("met_post", _("在场负责人职务")),
        Column("words", _("情况说明")),
        Column("edition", _("清单版本")),
        Column("repeat", _("同一轮重复到访")),
    ],
    related=["place", "place__unit", "round"],
    prefetch=["inspectors", "answers"],
    detail="inspections/visit.html",
    context=visit_context,
)

findings = Desk(
    model=Finding,
    name="findings",
    title=_("问题清单"),
    intro=_("从发现到销号；当场改好的单独统计。"),
    columns=[
        Column("place", _("场所"), kind="link"),
        Column("street", _("街道（社区）"), value="place.unit", sort="place__unit__path"),
        Column("text", _("问题")),
        Column("severity", _("轻重"), value="get_severity_display", sort="severity"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("due_on", _("整改期限"), kind="date"),
        Column("is_overdue", _("逾期")),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["severity"],
    search=["place__name", "text", "number"],
    fields=[
        Column("place", _("场所")),
        Column("street", _("街道（社区）"), value="place.unit"),
        Column("text", _("问题")),
        Column("task", _("整改要求")),
        Column("severity", _("轻重"), value="get_severity_display"),
        Column("number", _("通知书编号")),
        Column("due_on", _("整改期限")),
        Column("measure", _("整改情况")),
        Column("reopened", _("退回整改次数")),
    ],
    move_forms={
        "issue": forms.Issue, "rectify": forms.Rectification, "close": forms.Recheck, "reopen": forms.Reopening,
        "hand": forms.Handing, "reply": forms.Reply,
    },
    related=["place", "place__unit", "place__owner", "visit", "round"],
    detail="inspections/finding.html",
    context=finding_context,
)  # fmt: skip
