"""The lists of counts, zones, incidents and assessments. The curve, the map with its timeline and the papers have pages of their own."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongzhou.kernel import access, sheets
from tongzhou.kernel.dates import moment
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.desk.views import moves
from tongzhou.kernel.models import Person
from tongzhou.modules.situation import forms, queries
from tongzhou.modules.situation.models import Assessment, DayCount, Event, Zone
from tongzhou.modules.situation.rules.counts import FOUND
from tongzhou.modules.situation.views import told
from tongzhou.modules.situation.workflow import READ

NUMBERS = ("confirmed", "asymptomatic", *FOUND)


def field_label(name: str) -> Any:
    return DayCount._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # plain fields


def countdown(zone: Zone) -> str:
    return zone.countdown(timezone.localdate())


def zone_context(zone: Zone, by: Person) -> dict[str, Any]:
    offered = [(move, asks) for move, asks in moves(zones, zone, by) if told.offers(zone, move.name, by)]
    return {
        "turns": list(zone.turns.all()),
        "measures": told.measures(zone),
        "map": told.map_of([zone]),
        "moves": offered,
    }


def event_context(event: Event, by: Person) -> dict[str, Any]:
    made = {one.number: one for one in event.tellings.all()}
    now = timezone.now()
    return {"steps": [told.step(tick, made.get(tick.number), event, now) for tick in event.ticks()], "rule": event.rule}


def assessment_context(assessment: Assessment, by: Person) -> dict[str, Any]:
    if assessment.is_reported:
        return {"people": list(assessment.participants.all())}
    now = queries.composition(assessment, by) if access.may(by, READ, assessment) else []
    return {
        "paragraphs": told.prose(assessment, now), "people": list(assessment.participants.all()),
        "curve": queries.curve_url(assessment), "limits": told.short_limits(),
    }  # fmt: skip


counts = Desk(
    model=DayCount,
    title=_("研判"),
    one=_("日报数"),
    intro=_("每天每个区域一条：新增多少，在哪里发现的。数字有变，更正原来那条，新旧数字都留在台账里。"),
    columns=[
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("unit", _("区域"), sort="unit__path", kind="link"),
        Column("confirmed", _("确诊"), sort="confirmed", kind="number"),
        Column("asymptomatic", _("无症状"), sort="asymptomatic", kind="number"),
        Column("community", _("社会面发现"), sort="community", kind="number"),
        Column("origin", _("数据来源")),
        Column("corrections", _("更正次数"), kind="number"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["unit__name", "unit__name_en", "origin"],
    fields=[
        Column("when", _("日期"), kind="when"),
        Column("unit", _("区域")),
        *(Column(name, field_label(name), kind="number") for name in NUMBERS),
        Column("origin", _("数据来源")),
    ],
    form=forms.CountForm,
    imports=[
        sheets.Column("unit", _("区域"), required=True, help=_("名称或代码")),
        sheets.Column("when", _("日期"), kind="date", required=True),
        sheets.Column("confirmed", field_label("confirmed"), kind="integer", aliases=("确诊", "新增确诊病例")),
        sheets.Column(
            "asymptomatic", field_label("asymptomatic"), kind="integer", aliases=("无症状", "新增无症状感染者")
        ),
        sheets.Column("quarantine", _("集中隔离发现"), kind="integer", aliases=("集中隔离",)),
        sheets.Column("control", _("管控区域发现"), kind="integer", aliases=("管控区域",)),
        sheets.Column("screening", _("核酸筛查发现"), kind="integer", aliases=("核酸筛查",)),
        sheets.Column("clinic", _("发热门诊发现"), kind="integer", aliases=("发热门诊",)),
        sheets.Column("community", _("社会面发现"), kind="integer", aliases=("社会面",)),
        sheets.Column("origin", _("数据来源")),
    ],
    links=[
        (_("曲线与再生数"), "situation.curve", READ),
        (_("地图与时间轴"), "situation.map", READ),
        (_("风险区"), "situation.zone.list", READ),
        (_("突发事件报告"), "situation.event.list", READ),
        (_("研判报告"), "situation.assessment.list", READ),
    ],
)

zones = Desk(
    model=Zone,
    name="zones",
    title=_("风险区"),
    one=pgettext_lazy("one", "风险区"),
    intro=_("按划定那一天适用的规则倒计时；有新增感染就重新起算，到期由另一人解除。"),
    columns=[
        Column("title", _("风险区"), kind="link"),
        Column("unit", _("街道、社区"), sort="unit__path", kind="unit"),
        Column("when", _("划定日期"), sort="happened_on", kind="when"),
        Column("last_infection_on", _("最近一例"), kind="date"),
        Column("countdown", _("倒计时"), value=countdown),
        Column("rule_name", _("规则"), sort="edition"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["level"],
    search=["place", "reason", "order_number", "unit__name"],
    fields=[
        Column("place", _("范围")),
        Column("unit", _("街道、社区")),
        Column("when", _("划定日期"), kind="when"),
        Column("order_number", _("通告文号")),
        Column("reason", _("划定原因")),
        Column("population", _("估计人口")),
        Column("last_infection_on", _("最近一例感染日期")),
        Column("countdown", _("倒计时"), value=countdown),
        Column("lifted_on", _("解除日期")),
        Column("lifted_by", _("解除人")),
    ],
    form=forms.ZoneForm,
    move_forms={
        "infect": forms.InfectionForm,
        "step_down": forms.DayForm,
        "lift": forms.DayForm,
        "lift_early": forms.DayForm,
    },
    related=["lifted_by"],
    detail="situation/zone.html",
    links=[(_("地图与时间轴"), "situation.map", READ)],
    context=zone_context,
)

events = Desk(
    model=Event,
    name="events",
    title=_("突发事件报告"),
    one=_("突发事件"),
    intro=_("从发现时起，逐级报告各有时限；现在该报给谁，看“下一步”。"),
    columns=[
        Column("title", _("事件"), kind="link"),
        Column("found_at", _("发现时间"), value=lambda event: moment(event.found_at)),
        Column("unit", _("发现单位"), sort="unit__path", kind="unit"),
        Column("next_step", _("下一步报给")),
        Column("due_at", _("时限"), value=lambda event: moment(event.deadline)),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["name", "place", "text"],
    fields=[
        Column("found_at", _("发现时间"), value=lambda event: moment(event.found_at)),
        Column("unit", _("发现单位")),
        Column("place", _("地点")),
        Column("text", _("情况")),
        Column("next_step", _("下一步报给")),
        Column("due_at", _("时限"), value=lambda event: moment(event.deadline)),
    ],
    form=forms.EventForm,
    move_forms={"tell": forms.TellForm},
    prefetch=["tellings__by"],
    detail="situation/event.html",
    context=event_context,
)

assessments = Desk(
    model=Assessment,
    name="assessments",
    title=_("研判报告"),
    one=pgettext_lazy("one", "研判报告"),
    intro=_("数字由记录生成，意见由人写；签发后数字停在签发时。"),
    columns=[
        Column("title", _("研判报告"), kind="link"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("when", _("研判日期"), sort="happened_on", kind="when"),
        Column("signed_by", _("签发人")),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["name", "view"],
    fields=[
        Column("unit", _("单位")),
        Column("when", _("研判日期"), kind="when"),
        Column(
            "people",
            _("参加研判的人"),
            value=lambda one: __("、").join(str(person) for person in one.participants.all()),
        ),
        Column("signed_by", _("签发人")),
        Column("signed_at", _("签发时间"), value=lambda one: moment(one.signed_at)),
        Column("digest", _("内容摘要"), value=lambda one: one.digest[:16]),
    ],
    form=forms.AssessmentForm,
    related=["signed_by", "filed_by"],
    prefetch=["participants"],
    detail="situation/assessment.html",
    slip="situation/assessment_print.html",
    context=assessment_context,
)
