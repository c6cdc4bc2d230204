from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Person, Record
from tongzhou.modules.drills import rules
from tongzhou.modules.drills.models.drill import Drill
from tongzhou.modules.drills.workflow import RECTIFY, UNSETTLED, FindingState, finding_workflow


class Finding(Record):
    """What a drill showed to be wrong. `unit` answers for it, `owner` puts it right by `due_on`, another person looks.

    `repeats` is the finding of an earlier drill of the series that has come back.
    """

    class Severity(models.TextChoices):
        MINOR = "minor", _("一般")
        MAJOR = "major", _("较重")
        GRAVE = "grave", _("严重")

    workflow = finding_workflow

    drill = models.ForeignKey(Drill, models.PROTECT, related_name="findings", verbose_name=_("演练"))
    what = models.TextField(_("问题"), max_length=1000)
    severity = models.CharField(_("程度"), max_length=10, choices=Severity.choices, default=Severity.MINOR)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("整改责任人"))
    due_on = models.DateField(_("整改期限"))
    repeats = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("以往同一问题")
    )
    done = models.TextField(_("整改情况"), max_length=1000, blank=True, default="", editable=False)
    rectified_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("整改登记人"), editable=False
    )
    rectified_at = models.DateTimeField(_("整改时间"), null=True, editable=False)
    rechecked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("复查人"), editable=False
    )
    rechecked_at = models.DateTimeField(_("复查时间"), null=True, editable=False)
    sent_back = models.PositiveSmallIntegerField(_("退回次数"), default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("演练问题")
        indexes: ClassVar[list[Any]] = [
            *Record.Meta.indexes,
            models.Index(fields=["owner", "state"], name="drills_finding_mine"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(rechecked_by=None) | (~Q(rechecked_by=F("rectified_by")) & ~Q(rechecked_by=F("owner"))),
                name="drills_finding_other_eyes",
                violation_error_message=_("复查须由整改责任人和登记人以外的另一人进行。"),
            ),
            models.CheckConstraint(
                condition=~Q(state=FindingState.CLOSED) | Q(rechecked_by__isnull=False) | ~Q(source=""),
                name="drills_finding_closed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.what if len(self.what) <= 40 else f"{self.what[:39]}…"

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """The owner; and those who led or evaluated the drill that showed it."""
        evaluated = Drill.evaluators.through.objects.filter(person=person).values("drill")
        return Q(owner=person) | Q(drill__lead=person) | Q(drill__in=evaluated)

    def lets(self, person: Person) -> frozenset[str]:
        return frozenset({RECTIFY} if person.pk == self.owner_id else ())

    @property
    def is_open(self) -> bool:
        return self.state in UNSETTLED

    @property
    def late(self) -> int:
        """Days past the deadline while it is not rectified."""
        return rules.overdue(self.due_on, timezone.localdate()) if self.state == FindingState.OPEN else 0

    @property
    def age(self) -> int:
        """Days since it was found."""
        return max(0, (timezone.localdate() - self.happened_on).days)

    @property
    def due(self) -> date:
        return self.due_on
