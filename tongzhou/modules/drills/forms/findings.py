"""A finding, what was done about it, and sending it back."""

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk.forms import MoveForm, RecordForm, day_input
from tongzhou.kernel.desk.naming import PersonField
from tongzhou.modules.drills import queries
from tongzhou.modules.drills.models import Drill, Finding
from tongzhou.modules.drills.workflow import EVALUATE, FINDING

USUAL_DAYS = 7  # offered, not prescribed


class FindingForm(RecordForm):
    totals = False
    owner = PersonField(label=_("整改责任人"))

    class Meta:
        model = Finding
        fields = ("drill", "what", "severity", "unit", "owner", "due_on", "repeats")
        labels: ClassVar[dict[str, Any]] = {"unit": _("责任单位")}
        widgets: ClassVar[dict[str, Any]] = {"what": forms.Textarea(attrs={"rows": 3}), "due_on": day_input()}
        help_texts: ClassVar[dict[str, Any]] = {
            "what": _("写清在哪一步、什么没有做到。"),
            "repeats": _("同一演练以前发现过、又出现的，请选那一条。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label = _("发现日期")
        rows = Drill.objects.filter(response=self.instance.response_id, state__in=FINDING)
        shown = access.visible(rows, self.by, EVALUATE).order_by("-happened_on", "pk")
        adding = self.instance._state.adding
        field: Any = self.fields["drill"]
        field.queryset = shown if adding else Drill.objects.filter(pk=self.instance.drill_id)
        field.label_from_instance = lambda drill: f"{drill} {drill.happened_on}"  # drills of a series share their name
        drill = self._drill(field.queryset)
        if adding and drill:
            self.initial.update(drill=drill.pk, unit=drill.unit_id)
        if adding:
            self.initial.setdefault("due_on", timezone.localdate() + timedelta(days=USUAL_DAYS))
        before = queries.earlier_findings(drill, self.by) if drill else Finding.objects.none()
        repeats: Any = self.fields["repeats"]
        repeats.queryset = before
        if drill and not before:
            del self.fields["repeats"]

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate() and day != self.instance.due_on:
            raise ValidationError(__("请填写今天或以后的整改期限。"))
        return day

    def _drill(self, rows: Any) -> Drill | None:
        """The one the address or the form names."""
        if not self.instance._state.adding:
            return self.instance.drill  # type: ignore[no-any-return]  # a finding's
        named = self.data.get("drill") if self.is_bound else self.initial.get("drill")
        try:
            return rows.filter(pk=UUID(str(named))).first()  # type: ignore[no-any-return]  # rows of drills
        except ValueError:
            return None


class Rectification(MoveForm):
    done = forms.CharField(label=_("怎样整改的"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    photo = forms.FileField(
        label=_("整改后的照片"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
        help_text=_("可以直接拍照；照片里的位置等信息会去掉。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["note"]


class Recheck(MoveForm):
    """Sent back: why, and by when it is to be right."""

    due_on = forms.DateField(label=_("新的整改期限"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        soon = timezone.localdate() + timedelta(days=USUAL_DAYS)
        self.initial.setdefault("due_on", max(self.record.due_on, soon))
