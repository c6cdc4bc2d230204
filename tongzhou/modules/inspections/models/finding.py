"""What is wrong at a place, until it is closed."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.models import Person, Record
from tongzhou.kernel.models.base import Brief
from tongzhou.modules.inspections import rules
from tongzhou.modules.inspections.models.place import Place, answered_by
from tongzhou.modules.inspections.models.round import Round, revealed
from tongzhou.modules.inspections.models.visit import Visit
from tongzhou.modules.inspections.workflow import RECTIFY, FindingState, finding_workflow


class Finding(Record):
    """The owner and the street see it once its notice is out, or once the round it was put right in may be known."""

    class Severity(models.TextChoices):
        MINOR = "minor", _("一般")
        MAJOR = "major", _("较重")
        GRAVE = "grave", _("严重")

    workflow = finding_workflow

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="findings", verbose_name=_("检查"), editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="findings", verbose_name=_("轮次"), editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="findings", verbose_name=_("场所"), editable=False)
    code = models.CharField(_("检查项"), max_length=20, editable=False)
    text = models.CharField(_("问题"), max_length=300)
    task = models.CharField(_("整改要求"), max_length=300, blank=True, default="")
    severity = models.CharField(_("轻重"), max_length=10, choices=Severity.choices, default=Severity.MINOR)
    found_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("发现人"), editable=False)
    number = models.CharField(_("通知书编号"), max_length=30, blank=True, default="", editable=False)
    issued_on = models.DateField(_("下发日期"), null=True, editable=False)
    due_on = models.DateField(_("整改期限"), null=True, editable=False)
    measure = models.CharField(_("整改情况"), max_length=300, blank=True, default="", editable=False)
    rectified_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("登记整改人"), editable=False
    )
    rectified_at = models.DateTimeField(_("登记整改时间"), null=True, editable=False)
    rechecked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("复查人"), editable=False
    )
    rechecked_at = models.DateTimeField(_("复查时间"), null=True, editable=False)
    reopened = models.PositiveSmallIntegerField(_("退回整改次数"), default=0, editable=False)
    authority = models.CharField(_("移送单位"), max_length=100, blank=True, default="", editable=False)
    letter = models.CharField(_("移送函号"), max_length=60, blank=True, default="", editable=False)
    handed_on = models.DateField(_("移送日期"), null=True, editable=False)
    answer = models.CharField(_("移送回复"), max_length=300, blank=True, default="", editable=False)
    answered_on = models.DateField(_("回复日期"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("问题")
        indexes = [*Record.Meta.indexes, models.Index(fields=["response", "due_on"], name="inspections_finding_due")]
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(rectified_by=None) | ~Q(rectified_by=F("found_by")),
                name="inspections_finding_other_rectifier",
                violation_error_message=_("发现问题的人不能登记整改，请由场所方或街道登记。"),
            ),
            models.CheckConstraint(
                condition=Q(rechecked_by=None) | ~Q(rechecked_by=F("rectified_by")),
                name="inspections_finding_other_rechecker",
                violation_error_message=_("复查须由登记整改的人以外的另一人进行。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[FindingState.NOTICED, FindingState.RECTIFIED, FindingState.CLOSED])
                | Q(issued_on__isnull=False, due_on__isnull=False),
                name="inspections_finding_noticed_has_deadline",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}：{self.text}"

    @classmethod
    def concerns(cls, person: Person) -> Q:
        told = Q(issued_on__isnull=False) | Q(Q(state=FindingState.FIXED), revealed("round"))
        return told & answered_by(person, "place")

    def lets(self, person: Person) -> frozenset[str]:
        """Owner and street rectify what was told to them."""
        if self.issued_on is None:
            return frozenset()
        own = self.place.owner_id == person.pk
        street = any(self.place.unit.path.startswith(path) for path in access.reach(person, RECTIFY))
        return frozenset({RECTIFY} if own or street else ())

    @property
    def is_overdue(self) -> bool:
        return self.overdue_on(timezone.localdate())

    def overdue_on(self, today: date) -> bool:
        """The deadline is the last good day."""
        return self.state == FindingState.NOTICED and self.due_on is not None and self.due_on < today

    @property
    def is_persistent(self) -> bool:
        return self.state == FindingState.NOTICED and rules.is_persistent(
            self.reopened, self.due_on, timezone.localdate()
        )

    def brief(self) -> Brief:
        return Brief(str(self), self.task, self.due_on)
