from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook
from tongzhou.kernel.models import Person, Record
from tongzhou.kernel.rulebook import spoken
from tongzhou.kernel.seal import SealedField
from tongzhou.modules.coverage.models.subject import Subject
from tongzhou.modules.coverage.workflow import WORK, DeclarationState, declaration_workflow


class Area(models.TextChoices):
    NONE = "none", _("没有病例")
    LOW = "low", _("低风险区")
    MEDIUM = "medium", _("中风险区")
    HIGH = "high", _("高风险区")
    CONTACT = "contact", _("密切接触")
    OVERSEAS = "overseas", _("境外")


class Declaration(Record):
    """Travel history and health of one person on one day, by themselves or for them. `unit` is that of whoever declares.

    `version_of_rule` and `outcome` are what the rulebook said that day; whereabouts, vehicle and companions are sealed.
    """

    workflow = declaration_workflow

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="declarations", verbose_name=_("对象"))
    arrived_on = models.DateField(_("返回日期"), null=True, blank=True)
    has_symptoms = models.BooleanField(_("发热或有症状"), default=False)
    vehicle = SealedField(_("交通方式和车次、车牌"), mask="text", purpose=_("发现同行风险"), blank=True, default="")
    companions = SealedField(_("同行人"), mask="text", purpose=_("发现同行风险"), blank=True, default="")
    tested_on = models.DateField(_("最近一次检测"), null=True, blank=True)
    version_of_rule = models.CharField(_("规则版本"), max_length=20, editable=False)
    outcome = models.CharField(_("管理要求"), max_length=20, blank=True, default="", editable=False)
    keep_until = models.DateField(_("个人信息保存到"), editable=False)

    class Meta(Record.Meta):
        verbose_name = _("申报")
        indexes: ClassVar[list[Any]] = [
            *Record.Meta.indexes,
            models.Index(fields=["keep_until"], name="coverage_declaration_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.happened_on:%m-%d}"

    @classmethod
    def concerns(cls, person: Person) -> Q:
        return Q(filed_by=person)

    def lets(self, person: Person) -> frozenset[str]:
        """A member declares for themselves and family, and takes it back."""
        own = self._state.adding and person.unit_id is not None and person.unit_id == self.unit_id
        filed = not self._state.adding and self.filed_by_id == person.pk
        return frozenset({WORK} if own or filed else ())

    @property
    def rule(self) -> dict[str, Any] | None:
        """The outcome as the rulebook says it on the day of the declaration."""
        return outcome(self.outcome, rulebook.in_force("coverage", "travel", self.happened_on))

    @property
    def follows(self) -> str:
        rule = self.rule
        return str(spoken(rule["name"])) if rule else ""

    @property
    def is_valid(self) -> bool:
        return self.state == DeclarationState.VALID


def outcome(code: str, edition: rulebook.Edition) -> dict[str, Any] | None:
    return next((one for one in edition["outcomes"] if one["code"] == code), None)


class Stay(models.Model):
    """Where somebody was: the place sealed, its kind of area and the days open, because the rule asks for them."""

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="stays")
    place = SealedField(_("地点"), mask="text", purpose=_("判断旅居史是否涉及风险区"), blank=True, default="")
    area = models.CharField(_("当时属于"), max_length=10, choices=Area.choices, default=Area.NONE)
    since = models.DateField(_("从"), null=True, blank=True)
    until = models.DateField(_("到"), null=True, blank=True)

    class Meta:
        ordering = ["declaration", "until", "key"]

    def __str__(self) -> str:
        return str(self.get_area_display())
