"""The lists of the room: lines and the weeks' returns. Pages of cases are in public.py, seat.py and cases.py: they are no records of the house."""

from typing import Any

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.models import Person
from tongzhou.modules.hotline import forms
from tongzhou.modules.hotline.models import Line, Return
from tongzhou.modules.hotline.workflow import ANSWER, SUPERVISE


def line_context(line: Line, by: Person) -> dict[str, Any]:
    """What was asked and done about single cases stands in the history of their line: for supervisors, and auditors in the ledger."""
    return {} if access.may(by, SUPERVISE, line) else {"history": []}


def _count(name: str) -> Any:
    def of(made: Return) -> Any:
        value = getattr(made, name)
        return value if value is not None else __("少于%(n)d") % {"n": made.least}

    return of


lines = Desk(
    model=Line,
    title=_("心理援助热线"),
    one=_("热线"),
    intro=_("谁在什么时候接待谁；说了什么不在这里，也不在本系统的任何名册、导出和备份里。"),
    columns=[
        Column("name", _("名称"), value="title", kind="link"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("number", _("热线号码"), sort="number"),
        Column("hours", _("服务时间"), value="hours_shown"),
        Column("audience", _("服务对象"), sort="audience"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["name", "number", "audience"],
    fields=[
        Column("unit", _("单位")),
        Column("when", _("日期"), kind="when"),
        Column("number", _("热线号码")),
        Column("hours", _("服务时间"), value="hours_shown"),
        Column("audience", _("服务对象")),
        Column("place", _("面谈地点")),
        Column("seats", _("席位"), kind="number"),
        Column("person", _("负责人")),
        Column("told_as", _("事迹")),
    ],
    form=forms.LineForm,
    related=["person"],
    links=[
        (_("公开页"), "hotline.public", ""),
        (_("我的席位"), "hotline.seat", ANSWER),
        (_("督导"), "hotline.supervision", SUPERVISE),
    ],
    context=line_context,
)

returns = Desk(
    model=Return,
    name="returns",
    title=_("热线周汇总"),
    one=_("周汇总"),
    intro=_("每周一份，只有数字；小于五的数字不出现。"),
    columns=[
        Column("title", _("汇总"), kind="link"),
        Column("when", _("周一"), sort="happened_on", kind="when"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        *[Column(name, Return._meta.get_field(name).verbose_name, value=_count(name)) for name in Return.COUNTS],  # type: ignore[union-attr]  # fields of this model
        Column("rate", _("接通率"), value="answer_rate"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["line"],
    search=["line__name"],
    form=forms.ReturnForm,
    related=["line"],
)
