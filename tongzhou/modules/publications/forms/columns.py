from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk.forms import MoveForm, RecordForm, WhenField, day_input
from tongzhou.modules.publications import queries
from tongzhou.modules.publications.models import Article, Column, Consent, Issue
from tongzhou.modules.publications.workflow import CONSENT, ArticleState, ColumnState


class ColumnForm(RecordForm):
    totals: ClassVar[bool] = False
    when = WhenField(label=_("开设日期"), help_text=_("只知道月份时填“2022-03”，只知道年份时填“2022”。"))

    class Meta:
        model = Column
        fields = ("unit", "name", "name_en", "channel", "channel_en")


class IssueForm(RecordForm):
    when = WhenField(label=_("计划日期"), help_text=_("发布时改为实际日期。"))

    class Meta:
        model = Issue
        fields = ("unit", "column", "number", "theme")
        help_texts: ClassVar[dict[str, Any]] = {"number": _("一个专栏中每个期号只用一次。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Column.objects.filter(response=self.instance.response, state=ColumnState.RUNNING)
        self.fields["column"].queryset = rows
        only = list(rows[:2])
        if self.instance._state.adding and len(only) == 1:
            self.initial.update({"column": only[0].pk, "number": queries.free_number(only[0])})


class ConsentForm(RecordForm):
    """Somebody the house does not know: those it knows are asked as soon as an article names them."""

    totals: ClassVar[bool] = False
    when = WhenField(label=_("登记日期"))

    class Meta:
        model = Consent
        fields = ("unit", "article", "who", "purpose")
        help_texts: ClassVar[dict[str, Any]] = {"purpose": _("留空即“在专栏公开发表”。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].required, self.fields["unit"].widget = False, forms.HiddenInput()  # the article's
        rows = access.visible(Article.objects.filter(response=self.instance.response), self.by, CONSENT)
        self.fields["article"].queryset = rows.exclude(state__in=(ArticleState.DRAFT, ArticleState.DROPPED))


class Giving(MoveForm):
    how = forms.ChoiceField(label=_("同意方式"), choices=Consent.How.choices[:-1], widget=forms.RadioSelect)
    given_on = forms.DateField(label=_("同意日期"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consent: Any = self.record
        if consent.person_id == self.by.pk:
            del self.fields["how"], self.fields["given_on"]
        self.initial.setdefault("given_on", timezone.localdate())
