"""One inspector at one place, and what devices delivered."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.models import Person, Record
from tongzhou.modules.inspections.models.place import Place
from tongzhou.modules.inspections.models.round import Round, revealed
from tongzhou.modules.inspections.workflow import RECTIFY, VisitState, visit_workflow


class Visit(Record):
    """`repeat`: somebody had been there in the same round. It happened, so it is kept, and it is not counted twice."""

    class Result(models.TextChoices):
        INSPECTED = "inspected", _("已检查")
        REFUSED = "refused", _("拒绝检查")
        SHUT = "shut", _("未营业")

    workflow = visit_workflow

    round = models.ForeignKey(Round, models.PROTECT, related_name="visits", verbose_name=_("轮次"), editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="visits", verbose_name=_("场所"), editable=False)
    result = models.CharField(_("结果"), max_length=10, choices=Result.choices, default=Result.INSPECTED)
    edition = models.CharField(_("清单版本"), max_length=40, editable=False)
    started_at = models.DateTimeField(_("到达时间"))
    ended_at = models.DateTimeField(_("离开时间"))
    met_post = models.CharField(_("在场负责人职务"), max_length=60, blank=True, default="")
    words = models.TextField(_("情况说明"), blank=True, default="")
    inspectors = models.ManyToManyField(Person, related_name="+", verbose_name=_("检查人"))
    repeat = models.BooleanField(_("同一轮重复到访"), default=False, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("检查")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["round", "place"],
                condition=Q(repeat=False, state=VisitState.MADE),
                name="inspections_visit_once",
                violation_error_message=_("这个场所在本轮已登记过检查。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__gte=models.F("started_at")),
                name="inspections_visit_ends_after_it_begins",
                violation_error_message=_("离开时间不能早于到达时间。"),
            ),
        ]

    def __str__(self) -> str:
        return __("{place}的检查").format(place=self.place)

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """The street sees what was looked at in it once it may know of the round."""
        return revealed("round") & access.within(access.reach(person, RECTIFY), "place__unit")


class Answer(models.Model):
    """What was said to one item of the checklist. The item's words are in the edition the visit used."""

    class Verdict(models.TextChoices):
        YES = "yes", _("合格")
        NO = "no", _("不合格")
        NONE = "na", _("不适用")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="answers")
    code = models.CharField(_("检查项"), max_length=20)
    verdict = models.CharField(_("结论"), max_length=3, choices=Verdict.choices)
    words = models.CharField(_("说明"), max_length=300, blank=True, default="")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "code"], name="inspections_answer_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.get_verdict_display()}"


class Delivery(models.Model):
    """A draft that a device delivered, by the key it made and the digest of its exact text: sent again, it is the same.

    Without a visit it is a clash: another text under a key that is known already. It is kept for a person to look at.
    """

    draft = models.UUIDField()
    digest = models.CharField(max_length=64)
    round = models.ForeignKey(Round, models.PROTECT, related_name="deliveries")
    visit = models.OneToOneField(Visit, models.PROTECT, null=True, related_name="delivery")
    text = models.TextField(blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["draft", "digest", "by"], name="inspections_delivery_once")]

    def __str__(self) -> str:
        return f"{self.draft} {self.digest[:12]}"
