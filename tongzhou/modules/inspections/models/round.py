"""A round of inspections: which places, by whom, with which edition of the checklists."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Record, Unit
from tongzhou.modules.inspections.models.place import Place
from tongzhou.modules.inspections.workflow import RECTIFY, RoundState, round_workflow

TOLD = (RoundState.DONE, RoundState.SUMMARISED)


def revealed(via: str = "") -> Q:
    """Rounds that the inspected side may know of: announced ones that have begun, any that is done. `via` leads to the round."""
    to = f"{via}__" if via else ""
    return Q(**{f"{to}state__in": TOLD}) | Q(**{f"{to}state": RoundState.BEGUN, f"{to}unannounced": False})


class Round(Record):
    """Its unit is the inspecting one, and so is that of its visits and findings: who reaches only the inspected street sees none of them.

    Without types of places it is supervision in words: of streets, publicity, checkpoints. `times_unknown`: a report says that it
    happened, but not how often; it is told, and counted nowhere.
    """

    workflow = round_workflow

    name = models.CharField(_("轮次名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True, default="")
    unannounced = models.BooleanField(_("不打招呼（暗访）"), default=False)
    first_on = models.DateField(_("检查起"), null=True, blank=True)
    last_on = models.DateField(_("检查止"), null=True, blank=True)
    types = models.JSONField(_("场所类型"), blank=True, default=list)
    areas = models.ManyToManyField(Unit, related_name="+", verbose_name=_("检查范围"), blank=True)
    acts = models.TextField(_("检查、督导内容"), blank=True, default="")
    acts_en = models.TextField(_("内容（英文）"), blank=True, default="")
    edition = models.CharField(_("清单版本"), max_length=40, blank=True, default="", editable=False)
    begun_at = models.DateTimeField(_("开始时间"), null=True, editable=False)
    done_at = models.DateTimeField(_("结束时间"), null=True, editable=False)
    summary = models.TextField(_("总结"), blank=True, default="", editable=False)
    times_unknown = models.BooleanField(_("次数不详"), default=False, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("检查轮次")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(first_on=None) | Q(last_on=None) | Q(last_on__gte=models.F("first_on")),
                name="inspections_round_ends_after_it_begins",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(times_unknown=False) | ~Q(source=""), name="inspections_round_unknown_has_source"
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and lang() == "en" else self.name

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """The streets in which it was, once they may know of it."""
        paths = access.reach(person, RECTIFY)
        if not paths:
            return Q(pk__in=())
        inside = Stop.objects.filter(access.within(paths, "place__unit")).values("round")
        return revealed() & Q(pk__in=inside)

    @property
    def type_labels(self) -> list[Any]:
        return [Place.Type(one).label for one in self.types if one in Place.Type]

    @property
    def is_open(self) -> bool:
        return self.state == RoundState.BEGUN

    @property
    def is_reported(self) -> bool:
        return bool(self.source)

    @property
    def done_in_words(self) -> str:
        return self.acts_en if self.acts_en and lang() == "en" else self.acts

    def route_url(self) -> str:
        return reverse("inspections.route", args=[self.response.slug, self.pk])

    def line_values(self) -> list[dict[str, Any]]:
        return [{"person": one.person, "area": one.unit_id} for one in self.assignments.all()]


class Assignment(models.Model):
    """Who inspects which area of a round; several may share one."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="assignments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("检查人"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("负责范围"))

    class Meta:
        ordering = ["unit__path", "person__pinyin", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "person", "unit"], name="inspections_assignment_once")]

    def __str__(self) -> str:
        return f"{self.person}（{self.unit}）"


class Stop(models.Model):
    """One place that a round has to visit, as the register stood when the round began."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="stops")
    place = models.ForeignKey(Place, models.PROTECT, related_name="stops")

    class Meta:
        ordering = ["place__unit__path", "place__type", "place__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "place"], name="inspections_stop_once")]

    def __str__(self) -> str:
        return str(self.place)
