"""The lists of drills and of findings. The odd pages are in pages.py, running.py and papers.py."""

from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, attachments, sheets
from tongzhou.kernel.dates import moment
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.models import Person
from tongzhou.modules.drills import forms, queries
from tongzhou.modules.drills.models import Drill, Finding
from tongzhou.modules.drills.rules import library
from tongzhou.modules.drills.workflow import (
    EVALUATE,
    FINDING,
    HELD,
    HOLD,
    PREPARING,
    READ,
    RUN,
    TIMED,
    DrillState,
)


def drill_context(drill: Drill, by: Person) -> dict[str, Any]:
    found = queries.findings_of([drill], by)
    held = drill.state in HELD and not drill.is_reported
    return {
        "findings": found,
        "may_script": drill.state in PREPARING and access.may(by, HOLD, drill),
        "may_run": drill.state in (DrillState.SCHEDULED, *TIMED) and access.may(by, RUN, drill),
        "may_evaluate": drill.state == DrillState.ENDED and drill.lead_id != by.pk and access.may(by, EVALUATE, drill),
        "may_find": drill.state in FINDING
        and not drill.is_reported
        and bool(access.reach(by, EVALUATE))
        and access.may(by, EVALUATE, drill),
        "may_repeat": held and access.may(by, HOLD, drill),
        "again_key": uuid4(),
        "compares": held and len(queries.in_series(drill, by)) > 1,
        "has_script": bool(drill.injects.all()),
        "has_report": held,
        "state_name": drill.state,
        "timed": drill.begun_at is not None,
    }


def finding_context(finding: Finding, by: Person) -> dict[str, Any]:
    seen = access.visible(Drill.objects.filter(pk=finding.drill_id), by, READ).exists()
    again = finding.repeats if finding.repeats_id else None
    if again and not access.visible(Finding.objects.filter(pk=again.pk), by, READ).exists():
        again = None
    return {"sees_drill": seen, "again": again, "attachments": list(attachments.of(finding))}


def _people(people: Any) -> str:
    return __("、").join(str(one) for one in people.all())


drills = Desk(
    model=Drill,
    title=_("演练"),
    one=_("演练"),
    intro=_("练什么、按什么预案、多快、发现什么问题、改好没有；同一演练隔段时间再练，看快了还是慢了。"),
    columns=[
        Column("title", _("演练"), kind="link"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("begins", _("开始")),
        Column("scenario", _("情景"), value="scenario_label"),
        Column("kind", _("形式"), value="kind_label"),
        Column("place", _("地点")),
        Column("unit", _("组织单位"), sort="unit__path", kind="unit"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["name", "place", "plan"],
    filters=["scenario", "kind"],
    fields=[
        Column("when", _("演练日期"), kind="when"),
        Column("begins", _("开始时刻")),
        Column("place", _("地点")),
        Column("scenario", _("情景"), value="scenario_label"),
        Column("kind", _("形式"), value="kind_label"),
        Column("plan", _("检验的预案")),
        Column("unit", _("组织单位")),
        Column("lead", _("演练负责人")),
        Column("evaluators", _("评估人"), value=lambda drill: _people(drill.evaluators)),
        Column("people", _("点名参演"), value=lambda drill: _people(drill.people)),
        Column("heads", _("参演人数"), kind="number"),
        Column("begun_at", _("实际开始"), value=lambda drill: moment(drill.begun_at)),
        Column("lasted", _("历时")),
    ],
    form=forms.DrillForm,
    move_forms={"evaluate": forms.Evaluation},
    imports=[
        sheets.Column("unit", _("组织单位"), required=True, help=_("名称或代码")),
        sheets.Column("name", _("演练名称"), required=True),
        sheets.Column("when", _("演练日期"), kind="date", required=True),
        sheets.Column(
            "scenario",
            _("情景"),
            kind="choice",
            choices=tuple(library.choices()),
        ),
        sheets.Column("kind", _("形式"), kind="choice", choices=tuple(Drill.Kind.choices[1:])),
        sheets.Column("place", _("地点")),
        sheets.Column("participants", _("参演单位和人数"), help=_("例如：桥头街道 12人、社区医院 3人")),
        sheets.Column("source", _("来源"), required=True, help=_("哪份报告、哪个单位报来")),
    ],
    related=["lead", "evaluated_by"],
    prefetch=["evaluators", "people", queries.PARTICIPANTS, *queries.SCRIPT],
    detail="drills/drill.html",
    slip="drills/script_print.html",
    links=[(_("情景库"), "drills.library", READ)],
    context=drill_context,
)

findings = Desk(
    model=Finding,
    name="findings",
    title=_("演练问题"),
    one=_("演练问题"),
    intro=_("每个问题有责任人、有期限，整改后由另一人复查才能销号。"),
    columns=[
        Column("title", _("问题"), kind="link"),
        Column("drill", _("演练")),
        Column("severity", _("程度"), value="get_severity_display"),
        Column("unit", _("责任单位"), sort="unit__path", kind="unit"),
        Column("owner", _("整改责任人")),
        Column("due_on", _("整改期限"), sort="due_on", kind="date"),
        Column("late", _("逾期天数"), value=lambda one: one.late or "", kind="number"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    sort="due_on",
    search=["what", "drill__name", "owner__name", "owner__pinyin"],
    filters=["severity", "drill"],
    fields=[
        Column("what", _("问题")),
        Column("severity", _("程度"), value="get_severity_display"),
        Column("when", _("发现日期"), kind="when"),
        Column("filed_by", _("提出人")),
        Column("unit", _("责任单位")),
        Column("owner", _("整改责任人")),
        Column("due_on", _("整改期限"), kind="date"),
        Column("sent_back", _("退回次数"), kind="number"),
        Column("done", _("整改情况")),
        Column("rectified_by", _("整改登记人")),
        Column("rectified_at", _("整改时间"), value=lambda one: moment(one.rectified_at)),
        Column("rechecked_by", _("复查人")),
        Column("rechecked_at", _("复查时间"), value=lambda one: moment(one.rechecked_at)),
    ],
    form=forms.FindingForm,
    move_forms={"rectify": forms.Rectification, "reopen": forms.Recheck},
    related=["drill", "owner", "filed_by", "rectified_by", "rechecked_by", "repeats"],
    detail="drills/finding.html",
    context=finding_context,
)
