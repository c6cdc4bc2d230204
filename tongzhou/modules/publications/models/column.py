from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Record
from tongzhou.modules.publications.workflow import column_workflow, issue_workflow


class Column(Record):
    """A serial under one title on one channel."""

    workflow = column_workflow

    name = models.CharField(_("专栏名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True, default="")
    channel = models.CharField(_("平台"), max_length=60, blank=True, default="")
    channel_en = models.CharField(_("平台英文名称"), max_length=150, blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("专栏")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["response", "name"],
                name="publications_column_name",
                violation_error_message=_("已有同名的专栏。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and lang() == "en" else self.name

    @property
    def channel_shown(self) -> str:
        return self.channel_en if self.channel_en and lang() == "en" else self.channel


class Issue(Record):
    """One number of a column. Where only the number of issues is known, one row stands for them and has no number."""

    workflow = issue_workflow

    column = models.ForeignKey(Column, models.PROTECT, related_name="issues", verbose_name=_("所属专栏"))
    number = models.PositiveSmallIntegerField(_("期号"), null=True, blank=True)
    theme = models.CharField(_("本期主题"), max_length=60, blank=True, default="")
    published_at = models.DateTimeField(_("发布时间"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("期次")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["column", "number"],
                name="publications_issue_number",
                violation_error_message=_("这个专栏已有这一期。"),
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False, number__gte=1) | ~Q(source=""),
                name="publications_issue_numbered",
                violation_error_message=_("请填写期号；只知道总期数时写明来源。"),
            ),
        ]

    def __str__(self) -> str:
        if self.number is None:
            return __("《%(column)s》") % {"column": self.column}
        return __("《%(column)s》第%(number)d期") % {"column": self.column, "number": self.number}
