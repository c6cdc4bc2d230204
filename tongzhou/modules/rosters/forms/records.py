"""Posts, people of the pool, rosters, and duties known afterwards."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.dates import When
from tongzhou.kernel.desk.forms import RecordForm, WhenField, day_input
from tongzhou.kernel.desk.naming import PersonField
from tongzhou.modules.rosters.models import Crew, Duty, Post, Roster
from tongzhou.modules.rosters.workflow import PLAN, PostState


class PostForm(RecordForm):
    totals = False
    when = WhenField(label=_("设岗日期"))

    class Meta:
        model = Post
        fields = (
            "unit",
            "name",
            "name_en",
            "kind",
            "place",
            "pattern",
            "begins",
            "people",
            "skills",
            "custom",
            "until",
        )
        widgets: ClassVar[dict[str, Any]] = {
            "begins": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), "until": day_input(),
            "custom": forms.Textarea(attrs={"rows": 3}),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "skills": _("每班里必须有的技能和人数，例如“医护1、公安1”；其余人不限。"),
            "custom": _("选“自定时间”时填写，每行一班，例如“20:00-08:00 2人 医护1”；不写人数的按上面的人数和技能。"),
            "begins": _("三班、两班或 24 小时一班时，第一班开始的时间。"),
            "until": _("长期设岗的留空。"),
        }


class CrewForm(RecordForm):
    totals = False
    when = WhenField(label=_("列入日期"), initial=lambda: When(timezone.localdate()))
    person = PersonField(label=_("姓名"), help_text=_("输入姓名；重名的写明单位，例如“张伟（桥头街道）”。"))

    class Meta:
        model = Crew
        fields = ("unit", "person", "skills")
        help_texts: ClassVar[dict[str, Any]] = {"skills": _("用顿号分开，例如“医护、采样”。没有的留空。")}


class RosterForm(RecordForm):
    totals = False
    when = WhenField(label=_("编制日期"), initial=lambda: When(timezone.localdate()))
    posts = forms.ModelMultipleChoiceField(
        label=_("岗位"), queryset=Post.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text=_("选择要排的岗位；人员是所选单位及其下级的全部值守人员。"),
    )  # fmt: skip

    class Meta:
        model = Roster
        fields = ("unit", "name", "first_on", "last_on", "wishes_by", "posts")
        widgets: ClassVar[dict[str, Any]] = {name: day_input() for name in ("first_on", "last_on", "wishes_by")}
        help_texts: ClassVar[dict[str, Any]] = {"wishes_by": _("填了就通知人员填报哪天不能值、愿意值；不需要的留空。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = Post.objects.filter(response=self.instance.response, state=PostState.OPEN)
        reached = access.visible(posts, self.by, PLAN).select_related("unit").order_by("unit__path", "name")
        self.fields["posts"].queryset = reached
        if not self.instance._state.adding:
            self.initial["posts"] = list(self.instance.posts.all())

    def record_changes(self) -> dict[str, Any]:
        """Posts are many: the room's action sets them."""
        return {name: value for name, value in super().record_changes().items() if name != "posts"}

    def extras(self) -> dict[str, Any]:
        return super().extras() | {"posts": list(self.cleaned_data["posts"])}


class DutyForm(RecordForm):
    """A duty outside any roster, put down afterwards from a source: perhaps only a total, or an act without a number."""

    when = WhenField(label=_("值守日期"))
    person = PersonField(label=_("值守人"), required=False, help_text=_("只知道总数时留空。"))

    class Meta:
        model = Duty
        fields = ("unit", "person", "place", "words")
        help_texts: ClassVar[dict[str, Any]] = {
            "words": _("来源没有给出次数时，照原文写，例如“连续在防控指挥部值守”；这样的记录不计数。")
        }
