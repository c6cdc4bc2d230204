"""Shape of input: lines and returns. What is said in a case is sealed before it comes here and has no form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.desk.forms import RecordForm
from tongzhou.kernel.desk.naming import PersonField
from tongzhou.modules.hotline.models import Line, Return


class LineForm(RecordForm):
    totals = False
    person: Any = PersonField(label=_("负责人"), required=False)

    class Meta:
        model = Line
        fields = [
            "unit", "name", "name_en", "number", "hours", "hours_en", "audience", "place", "seats", "by_text", "person",
        ]  # fmt: skip
        help_texts = {
            "number": _("印在公开页上的号码；只有文字交谈时留空。"),
            "hours": _("例如“每天 8:00–22:00”。"),
            "by_text": _("来访者在手机上与值守的援助员实时交谈，无需登录。"),
        }


class ReturnForm(RecordForm):
    totals = False

    class Meta:
        model = Return
        fields = ["unit", "line"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label = _("哪一周（填其中任何一天）")
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)
        units: Any = self.fields["unit"]
        field.queryset = Line.objects.filter(response=self.instance.response, unit__in=units.queryset, words="")
