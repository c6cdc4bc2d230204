from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook
from tongzhou.kernel.models import Record
from tongzhou.kernel.rulebook import spoken
from tongzhou.modules.coverage import rules
from tongzhou.modules.coverage.workflow import roll_workflow


class Kind(models.TextChoices):
    CHECK = rules.CHECK, _("应查")
    TEST = rules.TEST, _("应检")
    CARE = rules.CARE, _("应管")


class Roll(Record):
    """A list of people for one purpose. `group` is a code of the rulebook, whose edition on `begins_on` fixes kind and schedule.

    After `keep_until` the personal data of whoever stands on no other list are erased; the numbers stay.
    """

    workflow = roll_workflow

    name = models.CharField(_("名单名称"), max_length=100)
    group = models.CharField(_("人群"), max_length=40, blank=True, default="")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, default=Kind.CHECK, editable=False)
    purpose = models.CharField(_("用途"), max_length=200, help_text=_("为什么收集这些人的信息。名单不得用于别的用途。"))
    given_by = models.CharField(_("名单提供单位"), max_length=100, blank=True, default="")
    begins_on = models.DateField(_("从哪天起"), default=timezone.localdate)
    ends_on = models.DateField(_("到哪天止"), null=True, blank=True, help_text=_("没有定的可以不填。"))
    keep_until = models.DateField(_("个人信息保存到"), help_text=_("到期清除姓名、证件、电话、住址，只留数字。"))

    class Meta(Record.Meta):
        verbose_name = _("名单")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
                name="coverage_roll_ends_after_it_begins",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(keep_until__gte=F("begins_on")),
                name="coverage_roll_kept_after_it_begins",
                violation_error_message=_("保存期限不能早于开始日期。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def group_name(self) -> str:
        return group_name(self.group, self.begins_on)

    @property
    def due(self) -> date:
        return self.keep_until

    def url(self, page: str, *args: Any) -> str:
        return reverse(f"coverage.{page}", args=[self.response.slug, self.pk, *args])


def groups(day: date) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rulebook.in_force("coverage", "groups", day)["groups"]
    return found


def group(code: str, day: date) -> dict[str, Any] | None:
    return next((one for one in groups(day) if one["code"] == code), None)


def group_name(code: str, day: date) -> str:
    found = group(code, day)
    return str(spoken(found["name"])) if found else code
