"""Shapes of what is asked: a team, what one offers, an activity with its posts, signing up, hours."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.dates import When
from tongzhou.kernel.desk.forms import MomentField, MoveForm, RecordForm, TotalField
from tongzhou.kernel.desk.naming import PersonField
from tongzhou.kernel.models import Person
from tongzhou.modules.volunteering import rules
from tongzhou.modules.volunteering.models import Activity, Signup, Team, Volunteer
from tongzhou.modules.volunteering.workflow import READ, TeamState

AREA = forms.Textarea(attrs={"rows": 3})


class TeamForm(RecordForm):
    totals = False
    leader = PersonField(label=_("队长或联系人"), required=False)

    class Meta:
        model = Team
        fields = ("unit", "kind", "name", "name_en", "leader", "work")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label = _("成立或登记日期")


class VolunteerForm(RecordForm):
    """What someone offers, put down by an office on their word."""

    totals = False
    person = PersonField(label=_("志愿者"))

    class Meta:
        model = Volunteer
        fields = ("person", "unit", "team", "skills", "expertise", "free")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label = _("登记日期")
        self.fields["team"].queryset = teams(self.instance, self.by)


class OfferForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms take no parameters at run time
    """What one offers oneself."""

    class Meta:
        model = Volunteer
        fields = ("skills", "expertise", "free")
        widgets: ClassVar[dict[str, Any]] = {"expertise": AREA}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("skills") and not data.get("expertise"):
            self.add_error("skills", __("请写技能或专业特长，至少一项。"))
        return data


class PostForm(forms.Form):
    work = forms.CharField(label=_("岗位"), max_length=60)
    people = forms.IntegerField(label=_("名额"), min_value=1, max_value=500)
    skill = forms.CharField(label=_("需要的技能"), max_length=60, required=False)


class ActivityForm(RecordForm):
    """A draft; with a source, an activity that took place and is put down afterwards."""

    line_form = PostForm
    line_title = _("岗位和名额")
    lines_required = False
    folded = ("when", "present", "hours", "served", "total", "source")

    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(), label=_("参与队伍"), required=False, widget=forms.CheckboxSelectMultiple
    )
    organiser = PersonField(
        label=_("现场负责人"), required=False, help_text=_("管签到、确认时长的人；不填就是您自己。")
    )
    present = TotalField(label=_("参加人次"), required=False, help_text=_("可以写“30余人”。"))
    hours = forms.IntegerField(label=_("合计时长（小时）"), required=False, min_value=1, max_value=1_000_000)
    served = forms.IntegerField(label=_("服务人次"), required=False, min_value=0, max_value=100_000_000)

    class Meta:
        model = Activity
        fields = (
            "unit", "name", "field", "starts_at", "ends_at", "place", "organiser", "whom", "served_whom", "content", "risks",
            "hazardous", "insurance", "training", "outdoor", "high", "low",
        )  # fmt: skip
        field_classes: ClassVar[dict[str, Any]] = {"starts_at": MomentField, "ends_at": MomentField}
        widgets: ClassVar[dict[str, Any]] = {
            "starts_at": MomentField.widget, "ends_at": MomentField.widget, "content": AREA, "risks": AREA,
        }  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {"unit": _("组织单位")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].required = self.fields["whom"].required = False
        self.fields["teams"].queryset = teams(self.instance, self.by)
        if not self.instance._state.adding:
            self.initial["teams"] = list(self.instance.teams.all())
            for name in self.folded:
                if name != "when":
                    del self.fields[name]
        rest = [name for name in self.Meta.fields if name not in {"unit", "name", "field"}]
        self.order_fields(["unit", "name", "field", "teams", *rest, *self.folded])

    def clean_whom(self) -> str:
        return self.cleaned_data["whom"] or Activity.Whom.ALL.value

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if data.get("source"):
            if not data.get("when"):
                self.add_error("when", __("补录请写发生日期。"))
            return data
        if self.instance._state.adding and any(data.get(name) for name in ("present", "hours", "served")):
            self.add_error("source", __("补录须写明来源。"))
        if not starts or not ends:
            self.add_error("starts_at", __("请写开始和结束时间；补录的活动请写来源。"))
        elif ends <= starts or rules.minutes(starts, ends) > rules.MOST_MINUTES:
            self.add_error("ends_at", __("结束须晚于开始，一次活动不超过 24 小时；多天的请分次登记。"))
        if starts:
            data["when"] = When(timezone.localdate(starts))
        return data


class RescheduleForm(MoveForm):
    starts_at = MomentField(label=_("新的开始时间"))
    ends_at = MomentField(label=_("新的结束时间"))
    place = forms.CharField(label=_("集合地点"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({name: getattr(self.record, name) for name in ("starts_at", "ends_at", "place")})


class ForecastForm(MoveForm):
    high = forms.IntegerField(label=_("预报最高气温（℃）"), min_value=-60, max_value=60)
    low = forms.IntegerField(label=_("预报最低气温（℃）"), min_value=-60, max_value=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({name: getattr(self.record, name) for name in ("high", "low")})


class EndForm(MoveForm):
    served = forms.IntegerField(
        label=_("服务人次"), required=False, min_value=0, max_value=100_000_000, help_text=_("服务了多少人次；没有统计就留空。")
    )  # fmt: skip


class CorrectForm(MoveForm):
    served = forms.IntegerField(label=_("服务人次"), min_value=0, max_value=100_000_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["served"] = self.record.served


class AtForm(MoveForm):
    at = MomentField(label=_("时间"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["at"] = timezone.localtime()


class ConfirmForm(MoveForm):
    minutes = forms.IntegerField(label=_("服务时长（分钟）"), min_value=1, max_value=rules.MOST_MINUTES)
    rating = forms.ChoiceField(label=_("服务评价"), required=False, choices=[("", _("不评价")), *Signup.Rating.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["minutes"] = self.record.minutes
        self.fields["minutes"].help_text = __("按签到签退是 %(hours)s；改动须写明原因，例如“扣除午餐”。") % {
            "hours": self.record.hours
        }


class DisputeForm(MoveForm):
    asked_minutes = forms.IntegerField(label=_("应为多少分钟"), min_value=1, max_value=rules.MOST_MINUTES)


class SettleForm(MoveForm):
    minutes = forms.IntegerField(label=_("更正后的时长（分钟）"), min_value=1, max_value=rules.MOST_MINUTES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["minutes"] = self.record.asked_minutes
        self.fields["minutes"].help_text = __("原记录 %(old)s，本人申请更正为 %(asked)s。不同意的，填原来的时长并说明。") % {
            "old": self.record.hours or "—", "asked": self.record.asked,
        }  # fmt: skip


class JoinForm(forms.Form):
    """Signing up: at which post, and that the risks were read."""

    post: Any = forms.ModelChoiceField(None, label=_("岗位"), widget=forms.RadioSelect, empty_label=None)
    agreed = forms.BooleanField(label=_("我已阅读风险告知，自愿参加"))

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = activity.posts.all()  # type: ignore[attr-defined]  # a ModelChoiceField
        if activity.posts.count() == 1:
            self.initial["post"] = activity.posts.first()


class OnWordForm(forms.Form):
    """Signing up somebody who offered by another way than this page."""

    person = PersonField(label=_("志愿者"))
    post: Any = forms.ModelChoiceField(None, label=_("岗位"), empty_label=None)
    on_word = forms.CharField(label=_("本人如何表示自愿"), max_length=100, help_text=_("例如：3 月 5 日电话报名"))

    def __init__(self, *args: Any, activity: Activity, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].by = by  # type: ignore[attr-defined]  # a PersonField
        self.fields["post"].queryset = activity.posts.all()  # type: ignore[attr-defined]  # a ModelChoiceField


def teams(record: Any, by: Person) -> Any:
    """Teams that stand, as far as the person sees them."""
    rows = Team.objects.filter(response=record.response, state=TeamState.ACTIVE)
    return access.visible(rows, by, READ).order_by("name")


def refuse(fault: ValidationError, form: forms.BaseForm) -> None:
    """A rule's refusal beside the field it names, or on top."""
    for name, found in fault.error_dict.items() if hasattr(fault, "error_dict") else [(None, fault)]:
        form.add_error(name if name in form.fields else None, found)
