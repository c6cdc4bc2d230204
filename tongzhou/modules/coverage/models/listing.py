from datetime import date
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.coverage import rules
from tongzhou.modules.coverage.models.declaration import Declaration
from tongzhou.modules.coverage.models.roll import Kind, Roll
from tongzhou.modules.coverage.models.subject import Subject


class Listing(models.Model):
    """One subject on one list, or put there by a declaration. Its schedule, and what counts, are copied from the rule in force.

    `last_on`, `next_due` and `saved` are derived from the evidence by `actions.evidence` and by nothing else: `rules.next_due` gives
    the same again. `spared_until` is the end of an accepted reason; `over` that nothing more is asked, whatever was missed before.
    """

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="listings")
    roll = models.ForeignKey(Roll, models.PROTECT, null=True, related_name="listings")
    declaration = models.ForeignKey(Declaration, models.PROTECT, null=True, related_name="listings")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    schedule = models.JSONField()
    proof = models.JSONField()
    version_of_rule = models.CharField(max_length=20)
    begins_on = models.DateField(_("从哪天起"))
    ends_on = models.DateField(_("到哪天止"), null=True)
    keep_until = models.DateField(_("个人信息保存到"))
    spared_until = models.DateField(null=True)
    last_on = models.DateField(_("最近一次"), null=True)
    next_due = models.DateField(_("下次应在"), null=True)
    saved = models.PositiveIntegerField(_("免去的联系"), default=0)
    over = models.BooleanField(default=False)

    class Meta:
        ordering = ["next_due", "key"]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["subject", "next_due"], name="coverage_listing_due"),
            models.Index(fields=["next_due"], name="coverage_listing_day"),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["roll", "subject"], name="coverage_listing_once"),
            models.CheckConstraint(
                condition=Q(roll=None, declaration__isnull=False) | Q(roll__isnull=False, declaration=None),
                name="coverage_listing_from_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"

    @property
    def plan(self) -> rules.Schedule:
        return rules.Schedule.of(self.schedule)

    def due_after(self, last: date | None, spared: date | None) -> date | None:
        """When something is due next, had the latest evidence been of this day."""
        return None if self.over else rules.next_due(self.plan, self.begins_on, self.ends_on, last, spared)

    @property
    def status_today(self) -> str:
        return rules.status(self.next_due, self.last_on, self.spared_until, timezone.localdate())

    @property
    def source_name(self) -> str:
        if self.roll:
            return str(self.roll)
        return __("申报：%(what)s") % {"what": self.declaration.follows} if self.declaration else ""

    @property
    def how_often(self) -> str:
        plan = self.plan
        if plan.days:
            return __("第%(days)s天") % {"days": __("、").join(map(str, plan.days))}
        if plan.within:
            return __("%(n)d天内一次") % {"n": plan.within}
        return __("每天") if plan.every == 1 else __("每%(n)d天一次") % {"n": plan.every}


class Evidence(models.Model):
    """What shows that somebody was checked, tested or visited. Never changed or removed: a slip is undone by another row.

    The key is made by the device, so that a tap sent twice counts once. `origin` says where it comes from: a worker, a declaration,
    or the room that handed it over. `served` is how many listings had asked for it: all but one of them are contacts saved.
    """

    class What(models.TextChoices):
        DECLARED = rules.DECLARED, _("已申报")
        CONTACT = rules.CONTACT, _("已联系")
        TESTED = rules.TESTED, _("已检测")
        VISIT = rules.VISIT, _("已上门")
        UNDONE = "undone", _("撤销")

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="evidence")
    what = models.CharField(_("办理"), max_length=10, choices=What.choices)
    day = models.DateField(_("日期"))
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("单位"))
    origin = models.CharField(_("来自"), max_length=40)
    served = models.PositiveSmallIntegerField(default=0)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone")

    class Meta:
        ordering = ["-day", "-at", "key"]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["subject", "what", "day"], name="coverage_evidence_of")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(what="undone", undoes__isnull=False) | (~Q(what="undone") & Q(undoes=None)),
                name="coverage_evidence_undoes_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.day}"
