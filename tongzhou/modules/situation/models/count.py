from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Record
from tongzhou.modules.situation.rules.counts import FOUND
from tongzhou.modules.situation.workflow import CountState, count_workflow


class DayCount(Record):
    """What one area counted on one day. Where the cases were found adds up to the cases; a day has one count for each area."""

    workflow = count_workflow

    confirmed = models.PositiveIntegerField(_("新增确诊"), default=0)
    asymptomatic = models.PositiveIntegerField(_("新增无症状"), default=0)
    quarantine = models.PositiveIntegerField(_("其中：集中隔离发现"), default=0)
    control = models.PositiveIntegerField(_("其中：管控区域发现"), default=0)
    screening = models.PositiveIntegerField(_("其中：核酸筛查发现"), default=0)
    clinic = models.PositiveIntegerField(_("其中：发热门诊发现"), default=0)
    community = models.PositiveIntegerField(_("其中：社会面发现"), default=0)
    origin = models.CharField(_("数据来源"), max_length=100, blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("日报数")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(
                    confirmed=F("quarantine") + F("control") + F("screening") + F("clinic") + F("community") - F("asymptomatic")
                ),
                name="situation_daycount_adds_up",
                violation_error_message=_("确诊与无症状之和，必须等于各发现途径之和。"),
            ),
            models.UniqueConstraint(
                fields=["response", "unit", "happened_on"],
                condition=~Q(state=CountState.VOID),
                name="situation_daycount_once_a_day",
                violation_error_message=_("这个区域这一天已有日报数；数字有变请更正原来那条。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return __("{unit} {day} 日报数").format(unit=self.unit, day=self.happened_on)

    @property
    def cases(self) -> int:
        return self.confirmed + self.asymptomatic

    @property
    def corrections(self) -> int:
        """How often the figures were changed: entries beyond the first, as far as they are not the voiding."""
        return self.version - 1 - (self.state == CountState.VOID)

    def numbers(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in ("confirmed", "asymptomatic", *FOUND)}
