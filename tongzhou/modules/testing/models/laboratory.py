"""Results tube by tube, and what follows where one is not negative."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.models import Person, Record, Unit
from tongzhou.modules.testing.models.campaign import Campaign
from tongzhou.modules.testing.models.point import Point
from tongzhou.modules.testing.models.resident import Resident
from tongzhou.modules.testing.rules import mark
from tongzhou.modules.testing.workflow import FOLLOW, REVEAL, pool_workflow

AREAS = (Unit.Kind.STREET, Unit.Kind.COMMUNITY)


class Result(models.Model):
    """What a laboratory found in a tube. Never changed: a second look is another row, and the last one counts."""

    class Value(models.TextChoices):
        NEGATIVE = "negative", _("阴性")
        POSITIVE = "positive", _("阳性")
        GREY = "grey", _("灰区")
        SINGLE_TARGET = "single_target", _("单靶标阳性")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="results")
    tube = models.CharField(_("管码"), max_length=24)
    look = models.PositiveSmallIntegerField(_("第几次检测"), default=1)
    value = models.CharField(_("结果"), max_length=14, choices=Value)
    laboratory = models.CharField(_("实验室"), max_length=60)
    tested_at = models.DateTimeField(_("出结果时间"))
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = _("检测结果")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["campaign", "tube", "look"], name="testing_result_once")
        ]

    def __str__(self) -> str:
        return f"{self.tube} {self.get_value_display()}"


class Pool(Record):
    """A tube that is not negative. Its unit is that of the point it came from; those of its people see as much as concerns them."""

    workflow = pool_workflow

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="pools", verbose_name=_("检测轮次"))
    point = models.ForeignKey(Point, models.PROTECT, related_name="pools", verbose_name=_("采样点"))
    tube = models.CharField(_("管码"), max_length=24)
    value = models.CharField(_("结果"), max_length=14, choices=Result.Value)
    people = models.PositiveSmallIntegerField(_("管内人数"))
    due_at = models.DateTimeField(_("复采期限"))
    positives = models.PositiveSmallIntegerField(_("复核阳性人数"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("异常管")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["campaign", "tube"], name="testing_pool_once"),
        ]

    def __str__(self) -> str:
        return self.tube

    def people_url(self) -> str:
        """What the communities of its people may open as well."""
        return reverse("testing.pool.people", args=[self.response.slug, self.pk])

    def lets(self, person: Person) -> frozenset[str]:
        """Whoever organises the retest must find its people. Not whoever keeps the house, who is kept from personal data."""
        return frozenset({REVEAL} if not person.is_superuser and self.listed(person).exists() else ())

    def listed(self, person: Person) -> "QuerySet[PoolPerson]":
        """The people whom this person has to find: all of the tube, or those of the communities at which they organise retests."""
        paths = {*access.reach(person, FOLLOW), *access.reach(person, REVEAL)}
        if not paths:
            return PoolPerson.objects.none()
        if any(self.unit.path.startswith(path) for path in paths):
            return self.persons.all()
        return self.living_near(person, FOLLOW)

    def living_near(self, person: Person, capability: str) -> "QuerySet[PoolPerson]":
        """The people of communities where this person holds it, wherever the point stands: a community looks for its own."""
        codes = access.units(person, capability).filter(kind__in=AREAS).values_list("code", flat=True)
        zones = [mark(code) for code in codes]
        return self.persons.filter(Exists(Resident.objects.filter(key=OuterRef("person"), zone__in=zones)))


class PoolPerson(models.Model):
    """A person whose swab lies in the tube. Resampled singly: `retest` is the tube of their own, whose result is theirs."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="persons")
    person = models.UUIDField()
    retest = models.CharField(_("复采管码"), max_length=24, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["pool", "person"], name="testing_poolperson_once")
        ]
