"""A point, and a device at one of its tables."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.dates import When
from tongzhou.kernel.desk.forms import RecordForm, WhenField
from tongzhou.kernel.models import Unit
from tongzhou.modules.testing.models import Campaign, Point
from tongzhou.modules.testing.workflow import READ, CampaignState


class CampaignField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """The campaigns of this response that still take points; in a sheet, by their name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Campaign.objects.none(), label=_("检测轮次"), **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value and self.queryset is not None:
            named = self.queryset.filter(name=value.strip()).order_by("-happened_on").first()
            value = named.pk if named else value
        return super().to_python(value)


class PointForm(RecordForm):
    totals = False

    when = WhenField(label=_("登记日期"), required=False)
    campaign = CampaignField()

    class Meta:
        model = Point
        fields = ("campaign", "unit", "name", "place", "tables", "staff", "expected", "lat", "lon")
        labels: ClassVar[dict[str, Any]] = {"unit": _("所在街道（社区）")}
        widgets: ClassVar[dict[str, Any]] = {
            "lat": forms.TextInput(attrs={"inputmode": "decimal"}),
            "lon": forms.TextInput(attrs={"inputmode": "decimal"}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "place": _("居民怎么找到这里，如“东街小学操场，北门进南门出”。"),
            "tables": _("每台两人：一人扫码，一人采样。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ones = Campaign.objects.filter(
            response=self.instance.response, state__in=[CampaignState.DRAFT, CampaignState.OPEN], times_unknown=False
        )
        self.fields["campaign"].queryset = open_ones.filter(
            pk__in=access.visible(open_ones, self.by, READ).values("pk")
        ) | open_ones.filter(unit__in=_above(self.by))

    def clean_when(self) -> When:
        return self.cleaned_data["when"] or When(timezone.localdate())


def _above(by: Any) -> Any:
    """Units around those at which the person may act: a street's chief adds points to the district's campaign."""
    paths = access.reach(by, "testing.run")
    above = {path[: i + 1] for path in paths for i, letter in enumerate(path) if letter == "/" and i}
    return Unit.objects.filter(path__in=above)


class EnrolForm(forms.Form):
    """A device registered by hand. `point` is where it will sit."""

    table = forms.IntegerField(label=_("采样台"), min_value=1, initial=1)
    label = forms.CharField(label=_("名称"), max_length=60, required=False, help_text=_("不填即“采样点名称 台号”。"))
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
