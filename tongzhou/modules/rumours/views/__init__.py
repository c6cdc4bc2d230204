"""The list of rumours. The odd pages are in pages.py."""

from typing import Any

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, attachments
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.models import Person
from tongzhou.modules.rumours import forms, queries
from tongzhou.modules.rumours.models import Rumour
from tongzhou.modules.rumours.workflow import OPEN, READ


def context(rumour: Rumour, by: Person) -> dict[str, Any]:
    """For whoever only reports or reads the answer, the history of the checking is not shown."""
    reads = access.may(by, READ, rumour)
    others = access.visible(Rumour.objects.filter(response=rumour.response).exclude(pk=rumour.pk), by, READ)
    page: dict[str, Any] = {
        "attachments": list(attachments.of(rumour)) if reads or rumour.filed_by_id == by.pk else [],
        "alike": queries.alike(rumour.said, others.select_related("response"))
        if reads and rumour.state in OPEN
        else [],
        "answers": list(rumour.answers.all()),
    }
    return (
        page
        if reads
        else page | {"history": [], "fields": [column for column in rumours.fields if column.name in PLAIN]}
    )


def _hours(rumour: Rumour) -> str:
    return __("%(n)d 小时") % {"n": rumour.hours} if rumour.hours is not None else ""


PLAIN = {"said", "where", "spread", "when"}

rumours = Desk(
    model=Rumour,
    title=_("辟谣"),
    one=_("传言"),
    intro=_("谁都可以报告；核实有依据，回应公开，多久回应看得见。"),
    columns=[
        Column("title", _("传言"), kind="link"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("spread", _("传播范围"), value="get_spread_display", sort="spread"),
        Column("verdict", _("结论"), value="get_verdict_display"),
        Column("hours", _("从报告到回应"), value=_hours),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["spread", "verdict"],
    search=["said", "answer"],
    fields=[
        Column("said", _("传言内容")),
        Column("where", _("在哪里见到"), value="get_where_display"),
        Column("spread", _("传播范围"), value="get_spread_display"),
        Column("link", _("链接或出处")),
        Column("when", _("日期"), kind="when"),
        Column("unit", _("单位")),
        Column("filed_by", _("报告人")),
        Column("taken_by", _("核实人")),
        Column("same_as", _("并入")),
        Column("hours", _("从报告到回应"), value=_hours),
    ],
    form=forms.RumourForm,
    move_forms={"judge": forms.Judgement, "merge": forms.Merging},
    related=["filed_by", "taken_by", "same_as", "judged_by"],
    detail="rumours/rumour.html",
    links=[(_("报告传言"), "rumours.report", ""), (_("公开页"), "rumours.public", "")],
    context=context,
)
