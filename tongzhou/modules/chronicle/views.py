from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.desk import Column, Desk
from tongzhou.modules.chronicle.forms import ChronicleForm
from tongzhou.modules.chronicle.models import Chronicle

chronicles = Desk(
    model=Chronicle,
    title=_("纪实"),
    one=_("纪实"),
    intro=_("日报、报表、公示和纪实都由记录写成，每个数字都能点开。"),
    columns=[
        Column("title", _("标题"), kind="link"),
        Column("kind", _("种类"), value="get_kind_display", sort="kind"),
        Column("number", _("期号"), kind="number"),
        Column("scope", _("范围"), value="scope_text"),
        Column("when", _("成文日期"), sort="happened_on", kind="when"),
        Column("unit", _("编写单位"), sort="unit__path", kind="unit"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["kind"],
    search=["heading", "heading_en", "subtitle", "about__name"],
    fields=[
        Column("kind", _("种类"), value="get_kind_display"),
        Column("scope", _("范围"), value="scope_text"),
        Column("when", _("成文日期"), kind="when"),
        Column("unit", _("编写单位"), kind="unit"),
        Column("corrects", _("更正")),
    ],
    form=ChronicleForm,
    related=["about", "corrects", "filed_by"],
)
