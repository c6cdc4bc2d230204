"""Refrigerators, their readings, and what was done after an excursion."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.desk.forms import MomentField, MoveForm
from tongzhou.modules.vaccination.forms.places import AtStation
from tongzhou.modules.vaccination.models import Batch, Excursion, Fridge
from tongzhou.modules.vaccination.workflow import BatchState


def celsius(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        max_digits=4,
        decimal_places=1,
        min_value=-90,
        max_value=60,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


class FridgeForm(AtStation):
    class Meta:
        model = Fridge
        fields = ("unit", "station", "name", "kind")


class ReadingForm(forms.Form):
    """Read at the refrigerator, now or a while ago."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    celsius = celsius(_("温度（℃）"))
    at = MomentField(label=_("测温时间"), initial=timezone.localtime)

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at > timezone.now():
            raise ValidationError(__("测温时间不能晚于现在。"))
        return at


class CorrectionForm(forms.Form):
    celsius = celsius(_("正确的温度（℃）"))
    reason = forms.CharField(label=_("更正原因"), max_length=200)


class Handling(MoveForm):
    outcome = forms.ChoiceField(label=_("疫苗怎样处置"), choices=Excursion.Outcome.choices, widget=forms.RadioSelect)
    batches = forms.ModelMultipleChoiceField(
        label=_("涉及的批次"), queryset=Batch.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("勾选的批次随即停用（或停用并销毁登记）；能否再用，由疾控机构评估后解除。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fridge: Fridge = self.record.fridge
        rows = Batch.objects.filter(fridge=fridge, state__in=[BatchState.USABLE, BatchState.HELD], stock__gt=0)
        self.fields["batches"].queryset = rows
        self.fields["batches"].label_from_instance = _stocked
        self.fields["note"].label = _("经过和措施")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return data | {"batches": list(data.get("batches", []))}


def _stocked(batch: Any) -> str:
    return __("%(batch)s：在库 %(n)d 剂（%(state)s）") % {
        "batch": batch,
        "n": batch.stock,
        "state": batch.state_label(),
    }
