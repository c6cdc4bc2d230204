from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook
from tongzhou.kernel.models import Person, Record
from tongzhou.modules.coverage.models.roll import Roll
from tongzhou.modules.coverage.models.subject import Subject
from tongzhou.modules.coverage.workflow import excuse_workflow, release_workflow


class Excuse(Record):
    """Why somebody need not be checked, tested or visited for a while; `happened_on` is its first day. Accepted by another person."""

    class Reason(models.TextChoices):
        EXEMPT = "exempt", _("免检")
        ELSEWHERE = "elsewhere", _("在外地")
        ILL = "ill", _("就医")

    workflow = excuse_workflow

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="excuses", verbose_name=_("对象"))
    reason = models.CharField(_("理由"), max_length=10, choices=Reason.choices)
    until = models.DateField(_("到哪天"))
    basis = models.CharField(_("依据"), max_length=100, help_text=_("例如哪家医院的证明、哪里的社区已接管。不写病情。"))
    accepted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("认可人"), editable=False
    )

    class Meta(Record.Meta):
        verbose_name = _("理由")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(until__gte=F("happened_on")),
                name="coverage_excuse_ends_after_it_begins",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(accepted_by=None) | ~Q(accepted_by=F("filed_by")),
                name="coverage_excuse_accepted_by_another",
                violation_error_message=_("须由登记人以外的人认可。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "ended"], reason="exempt") | Q(accepted_by__isnull=False),
                name="coverage_excuse_exempt_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {self.get_reason_display()}"

    @property
    def due(self) -> date:
        return self.happened_on


class Release(Record):
    """A list with clear personal data is to leave the house: for what, to whom; approved by another, taken once, soon."""

    workflow = release_workflow

    roll = models.ForeignKey(Roll, models.PROTECT, related_name="releases", verbose_name=_("名单"))
    purpose = models.CharField(_("用途"), max_length=200)
    given_to = models.CharField(_("交给谁"), max_length=100)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("批准人"), editable=False
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("导出申请")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("filed_by")),
                name="coverage_release_decided_by_another",
                violation_error_message=_("须由申请人以外的人批准。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked"]) | Q(decided_by__isnull=False), name="coverage_release_decided"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.roll} · {self.given_to}"

    @property
    def holds_until(self) -> datetime | None:
        """Until when an approved export may be taken."""
        if self.decided_at is None:
            return None
        day = timezone.localdate(self.decided_at)
        return self.decided_at + timedelta(hours=rulebook.in_force("coverage", "limits", day)["release_hours"])
