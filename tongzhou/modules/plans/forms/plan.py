from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.desk.forms import RecordForm
from tongzhou.kernel.desk.naming import PeopleField
from tongzhou.modules.plans.models import Contributor, Plan


class PlanForm(RecordForm):
    """The head of a plan. Its parts have pages of their own, one each."""

    totals = False
    leads = PeopleField(label=_("牵头人"), required=False, help_text=_("每行一人，写全名。"))
    helpers = PeopleField(label=_("参与人"), required=False)
    usual = forms.BooleanField(
        label=_("按常用章节起草"),
        required=False,
        initial=True,
        help_text=_("先列好常用的章节标题和响应级别，之后都可以改。"),
    )

    class Meta:
        model = Plan
        fields = ("unit", "kind", "name", "number", "name_en")
        labels: ClassVar[dict[str, Any]] = {"unit": _("制定单位")}
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("不写书名号。"),
            "number": _("例如：江防指发〔2022〕3号；批准时也可以填。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["unit", "kind", "name", "number", "usual", "leads", "helpers", "when", "name_en"])
        self.fields["kind"].required = True
        for name in ("leads", "helpers"):
            self.fields[name].widget.attrs["rows"] = 2
        self.fields["when"].label, self.fields["when"].help_text = _("起草日期"), ""
        plan: Plan = self.instance
        if plan._state.adding:
            return
        del self.fields["usual"]
        for name, part in (("leads", Contributor.Part.LED), ("helpers", Contributor.Part.TOOK_PART)):
            rows = plan.contributors.filter(part=part).select_related("person__unit")
            self.initial.setdefault(name, [one.person for one in rows])

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"]).strip().removeprefix("《").removesuffix("》")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if set(data.get("leads") or ()) & set(data.get("helpers") or ()):
            self.add_error("helpers", __("同一个人不能既是牵头人又是参与人。"))
        return data


class AnnexForm(forms.Form):
    sent = forms.FileField(label=_("附件（PDF、Word、Excel）"))
