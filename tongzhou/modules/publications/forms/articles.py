from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk.forms import MoveForm, RecordForm, WhenField
from tongzhou.modules.publications.models import Article, Issue
from tongzhou.modules.publications.rules import markup, reviewing
from tongzhou.modules.publications.workflow import EDIT, WRITE, IssueState

MARKS = _(
    "一行一段。“## ”开头是小标题，“> ”开头是引文，**两个星号**之间是重点；单独一行的[图1]是第一张照片，[数1]是引用的第一个数字。"
)
NAMED = _("一行一个。点到名的人都须同意公开；登记在册的人，系统会自动找出。")


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def within_limits(title: str, digest: str) -> None:
    """Raises ValidationError by field."""
    most = dict(zip(("name", "digest"), reviewing.limits(timezone.localdate()), strict=True))
    lengths = {"name": len(title), "digest": len(digest)}
    over = {
        name: __("%(n)d字，超过%(most)d字。") % {"n": n, "most": most[name]}
        for name, n in lengths.items()
        if n > most[name]
    }
    if over:
        raise ValidationError(over)


class BeginForm(forms.Form):
    at = forms.CharField(
        label=_("要写的记录"), required=False, max_length=500,
        help_text=_("粘贴一条捐赠、值班、建言等记录页面的网址，它的说明和数字会放进草稿。可以留空。"),
    )  # fmt: skip
    name = forms.CharField(label=_("标题"), required=False, max_length=100, help_text=_("引用记录时可以留空。"))


class CiteForm(forms.Form):
    at = forms.CharField(label=_("记录的网址"), max_length=500)


class ArticleForm(RecordForm):
    totals: ClassVar[bool] = False
    when = WhenField(label=_("日期"))

    class Meta:
        model = Article
        fields = ("unit", "name", "digest", "body", "named", "contributor")
        widgets: ClassVar[dict[str, Any]] = {"digest": _long(2), "body": _long(16), "named": _long(3)}
        help_texts: ClassVar[dict[str, Any]] = {
            "digest": _("转发时标题下面的一两句话。"),
            "body": MARKS,
            "named": NAMED,
            "contributor": _("稿件末尾署名，例如“第一支社 张伟”。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not access.reach(self.by, WRITE):
            del self.fields["unit"]  # one's own, which one does not change

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        within_limits(data.get("name", ""), data.get("digest", ""))
        return data

    def clean_body(self) -> str:
        return markup.clean(self.cleaned_data["body"])


class Editing(MoveForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    name = forms.CharField(label=_("标题"), max_length=100)
    digest = forms.CharField(label=_("摘要"), max_length=200, required=False, widget=_long(2))
    body = forms.CharField(label=_("正文"), widget=_long(16), help_text=MARKS, max_length=50_000)
    named = forms.CharField(label=_("文中点名的人"), required=False, widget=_long(3), help_text=NAMED, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            if hasattr(self.record, name):
                self.initial.setdefault(name, getattr(self.record, name))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        within_limits(data.get("name", ""), data.get("digest", ""))
        return data

    def clean_body(self) -> str:
        return markup.clean(self.cleaned_data["body"]).replace("\r\n", "\n")

    def clean_named(self) -> str:
        return str(self.cleaned_data["named"]).replace("\r\n", "\n")


class Correcting(Editing):
    told = forms.CharField(
        label=_("更正说明（公开）"), max_length=300, widget=_long(2),
        help_text=_("读者会看到这一句和日期，例如“原文把捐赠数量写为100瓶，应为90瓶”。不要写已撤回同意的人的姓名。"),
    )  # fmt: skip
    field_order = ["told"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["note"]
        self.order_fields(["version", "told"])


class Placing(MoveForm):
    issue: Any = forms.ModelChoiceField(
        label=_("编入期次"), queryset=Issue.objects.none(), required=False, empty_label=_("不编入")
    )
    place = forms.IntegerField(label=_("本期第几篇"), min_value=1, max_value=99, initial=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        article: Any = self.record
        rows = Issue.objects.filter(response=article.response, state=IssueState.PLANNED).select_related("column")
        self.fields["issue"].queryset = rows.filter(access.within(access.reach(self.by, EDIT)))
        first = rows.filter(access.within(access.reach(self.by, EDIT))).order_by("happened_on").first()
        self.initial.update({"issue": article.issue_id or (first.pk if first else None), "place": article.place})


class PictureForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    picture = forms.FileField(label=_("照片"), widget=forms.FileInput(attrs={"accept": "image/*"}))
    alt = forms.CharField(
        label=_("图片说明"),
        max_length=200,
        help_text=_("照片上看得到什么，给看不见图的人。例如“志愿者在小区门口分发口罩”。"),
    )
    caption = forms.CharField(
        label=_("图注"), max_length=100, required=False, help_text=_("印在照片下面的字，可以留空。")
    )
    shows = forms.CharField(
        label=_("图中可辨认的人"),
        required=False,
        widget=_long(3),
        max_length=2000,
        help_text=_("一行一个姓名；须征得同意。"),
    )
    nobody = forms.BooleanField(label=_("图中没有可辨认的人"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("shows", "").strip()) == bool(data.get("nobody")):
            self.add_error("shows", __("请写出图中可辨认的人，或勾选“图中没有可辨认的人”，二者选一。"))
        return data
