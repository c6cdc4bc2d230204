from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, module
from tongzhou.kernel.desk.forms import RecordForm
from tongzhou.kernel.module import Line
from tongzhou.modules.chronicle.models import Chronicle
from tongzhou.modules.chronicle.workflow import READ

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ChronicleForm(RecordForm):
    totals = False

    wanted = forms.MultipleChoiceField(
        label=_("统计项目"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("只用于报表。不选则列出全部有数字的项目。"),
    )  # fmt: skip

    class Meta:
        model = Chronicle
        fields = [
            "kind", "unit", "about", "first_on", "last_on", "heading", "heading_en", "subtitle", "subtitle_en", "issuer", "issuer_en",
            "number", "wanted",
        ]  # fmt: skip
        widgets = {"first_on": DAY, "last_on": DAY}
        help_texts = {
            "about": _("写哪个单位的事，含其下级。不选为全部单位。"),
            "first_on": _("只写这些天发生的事；不填为不限。"),
            "heading": _("不填则按种类取名。"),
            "number": _("日报的期号，不填则顺编。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label = _("成文日期")
        unit = self.fields["unit"]
        unit.label = _("编写单位")
        if not unit.queryset.filter(pk=self.initial.get("unit")).exists():
            self.initial["unit"] = unit.queryset.order_by("path").first()
        roots = Q(pk__in=())
        for root in self.instance.response.roots.all():
            roots |= Q(path__startswith=root.path)
        about = self.fields["about"]
        about.queryset = access.units(self.by, READ).filter(roots)
        about.empty_label = _("全部单位")
        self.fields["wanted"].choices = wanted_choices()


def wanted_choices() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """All facts of all rooms, by room."""
    rooms = [room for room in module.rooms() if room.line != Line.RECORD and room.facts]
    return [(room.title, [(f"{room.name}.{fact.name}", fact_label(fact)) for fact in room.facts]) for room in rooms]


def fact_label(fact: Any) -> str:
    """What is counted, without figure and parts: 收到捐赠."""
    words = {"value": ""} | dict.fromkeys((*fact.each, *fact.words), "…")
    return str(fact.label or fact.sentence).format(**words).strip()


class SectionForm(forms.Form):
    """Prose of one section in both languages. Whether its numbers have records is decided by the action."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("正文"), required=False, max_length=50_000, widget=forms.Textarea(attrs={"rows": 12, "lang": "zh"})
    )
    text_en = forms.CharField(
        label=_("英文正文"), required=False, max_length=50_000, widget=forms.Textarea(attrs={"rows": 10, "lang": "en"})
    )

    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("text", "text_en")}
