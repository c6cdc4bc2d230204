from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Record
from tongzhou.kernel.scope import Scope
from tongzhou.modules.donations.workflow import disclosure_workflow


class Disclosure(Record):
    """What was received and where it went in a period. Publishing freezes `content` and its digest; what changes later shows as changed."""

    workflow = disclosure_workflow

    first_on = models.DateField(_("从"))
    last_on = models.DateField(_("到"))
    published_at = models.DateTimeField(_("公示时间"), null=True, editable=False)
    content = models.JSONField(default=dict, editable=False)
    digest = models.CharField(_("摘要"), max_length=64, blank=True, default="", editable=False)

    class Meta(Record.Meta):
        verbose_name = _("公示")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="donations_disclosure_period",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
        ]

    @property
    def scope(self) -> Scope:
        return Scope(self.response, self.unit, self.first_on, self.last_on)

    def __str__(self) -> str:
        return __("{first}至{last}捐赠公示").format(first=self.first_on, last=self.last_on)
