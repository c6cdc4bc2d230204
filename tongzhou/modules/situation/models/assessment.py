from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Person, Record
from tongzhou.kernel.scope import Scope
from tongzhou.modules.situation.workflow import AssessmentState, assessment_workflow


class Assessment(Record):
    """What was judged of an area over a period: prose made of facts, and what people concluded. Signing freezes `content`.

    One known only from a report has its `source` and no period: it is told by name and counted nowhere.
    """

    workflow = assessment_workflow

    name = models.CharField(_("标题"), max_length=100)
    name_en = models.CharField(_("英文标题"), max_length=150, blank=True, default="")
    first_on = models.DateField(_("从"), null=True, blank=True)
    last_on = models.DateField(_("到"), null=True, blank=True)
    preset = models.CharField(_("序列间隔"), max_length=20, blank=True, default="")
    window = models.PositiveSmallIntegerField(_("滑动窗口（天）"), null=True, blank=True)
    view = models.TextField(_("研判意见"), blank=True, default="")
    about = models.CharField(_("研判的区域"), max_length=60, blank=True, default="")
    about_en = models.CharField(_("研判的区域（英文）"), max_length=100, blank=True, default="")
    participants = models.ManyToManyField(Person, related_name="+", verbose_name=_("参加研判的人"), blank=True)
    content = models.JSONField(default=dict, editable=False)
    digest = models.CharField(_("内容摘要"), max_length=64, blank=True, default="", editable=False)
    signed_at = models.DateTimeField(_("签发时间"), null=True, editable=False)
    signed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("签发人"), editable=False
    )

    class Meta(Record.Meta):
        verbose_name = _("研判报告")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("filed_by")),
                name="situation_assessment_two_people",
                violation_error_message=_("签发须由起草人以外的另一人进行。"),
            ),
            models.CheckConstraint(
                condition=Q(first_on__isnull=False, last_on__gte=F("first_on"))
                | Q(Q(first_on=None, last_on=None), ~Q(source="")),
                name="situation_assessment_period",
                violation_error_message=_("请填写起止日期；结束日期不能早于开始日期。"),
            ),
        ]

    def __str__(self) -> str:
        if self.is_reported:
            return self.name
        return __("{name}（{first}至{last}）").format(name=self.name, first=self.first_on, last=self.last_on)

    @property
    def scope(self) -> Scope:
        return Scope(self.response, self.unit, self.first_on, self.last_on)

    @property
    def is_reported(self) -> bool:
        return self.first_on is None

    @property
    def frozen(self) -> bool:
        return self.state == AssessmentState.SIGNED and bool(self.content)
