from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.dates import moment
from tongzhou.kernel.models import Person, Record
from tongzhou.modules.vaccination.models.station import Station
from tongzhou.modules.vaccination.workflow import excursion_workflow, fridge_workflow

CELSIUS = [MinValueValidator(Decimal(-90)), MaxValueValidator(Decimal(60))]


class Fridge(Record):
    """A refrigerator or cold box of a station."""

    class Kind(models.TextChoices):
        FRIDGE = "fridge", _("医用冰箱")
        LINED = "lined", _("冰衬冰箱")
        BOX = "box", _("冷藏箱")

    workflow = fridge_workflow

    station = models.ForeignKey(Station, models.PROTECT, related_name="fridges", verbose_name=_("接种点"))
    name = models.CharField(_("名称或编号"), max_length=40)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, default=Kind.FRIDGE)

    class Meta(Record.Meta):
        verbose_name = _("冷藏设备")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["station", "name"], name="vaccination_fridge_once", violation_error_message=_("这个接种点已有同名设备。")),
        ]  # fmt: skip

    def clean(self) -> None:
        if self.station_id and self.unit_id:
            self.station.hold(self)

    def __str__(self) -> str:
        return __("{station}·{name}").format(station=self.station, name=self.name)


class Reading(models.Model):
    """One temperature. Database triggers refuse change and removal: a wrong one is corrected by another, which says why."""

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    fridge = models.ForeignKey(Fridge, models.PROTECT, related_name="readings")
    at = models.DateTimeField(_("时间"))
    celsius = models.DecimalField(_("温度（℃）"), max_digits=4, decimal_places=1, validators=CELSIUS)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    from_file = models.BooleanField(default=False)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    reason = models.CharField(_("原因"), max_length=200, blank=True, default="")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "key"]
        indexes = [models.Index(fields=["fridge", "at"], name="vaccination_reading_at")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(corrects=None) | ~Q(reason=""), name="vaccination_reading_why"),
        ]

    def __str__(self) -> str:
        return f"{moment(self.at)} {self.celsius}℃"


class Excursion(Record):
    """An episode out of range. It begins and ends by readings; what was done to the vaccine is for the head of the station to say."""

    class Outcome(models.TextChoices):
        HELD = "held", _("疫苗停用，待评估")
        DISCARDED = "discarded", _("疫苗报废")
        MOVED = "moved", _("疫苗已转移到合格设备")
        EMPTY = "empty", _("设备内没有疫苗")

    workflow = excursion_workflow

    fridge = models.ForeignKey(Fridge, models.PROTECT, related_name="excursions", verbose_name=_("冷藏设备"))
    began_at = models.DateTimeField(_("开始"))
    ended_at = models.DateTimeField(_("恢复"), null=True, editable=False)
    worst = models.DecimalField(_("最远读数（℃）"), max_digits=4, decimal_places=1, validators=CELSIUS)
    outcome = models.CharField(
        _("处置"), max_length=10, choices=Outcome.choices, blank=True, default="", editable=False
    )

    class Meta(Record.Meta):
        verbose_name = _("超温事件")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gt=F("began_at")), name="vaccination_excursion_order"),
            models.CheckConstraint(
                condition=~Q(state__in=["handled", "settled"]) | ~Q(outcome=""), name="vaccination_excursion_outcome",
                violation_error_message=_("请写明疫苗如何处置。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["back", "settled"]) | Q(ended_at__isnull=False), name="vaccination_excursion_over"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return __("{fridge} {celsius}℃").format(fridge=self.fridge, celsius=self.worst)

    def lasted(self, now: datetime | None = None) -> int:
        """Minutes from the first reading out of range to the first back in it, or to now."""
        return int(((self.ended_at or now or timezone.now()) - self.began_at).total_seconds() // 60)
