"""A campaign and the zones in it that are sampled in another way than the rest."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.figures import Bound, Figure
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Brief, Record, Spot, Unit
from tongzhou.modules.testing.rules.verdicts import SWABBED, Verdict
from tongzhou.modules.testing.workflow import CampaignState, PointState, campaign_workflow


class Mode(models.TextChoices):
    SINGLE = "single", _("单采单检")
    HOUSEHOLD = "household", _("一户一管")
    TEN = "ten", _("10合1混采")
    TWENTY = "twenty", _("20合1混采")


class Campaign(Record):
    """One round of testing in an area. Its unit is the area; `people` is put down when the account is closed, or by a report."""

    workflow = campaign_workflow

    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True, default="")
    called = models.TextField(_("应检人群"), blank=True, default="")
    begins_at = models.DateTimeField(_("采样开始"), null=True, blank=True)
    ends_at = models.DateTimeField(_("采样截止"), null=True, blank=True)
    mode = models.CharField(_("采样方式"), max_length=10, choices=Mode, default=Mode.TEN)
    expected = models.PositiveIntegerField(_("应检人数"), null=True, blank=True)
    in_hand = models.PositiveIntegerField(_("实物采样管"), null=True, blank=True, editable=False)
    differences = models.TextField(_("差额说明"), blank=True, default="", editable=False)
    people = models.PositiveIntegerField(_("采样人次"), null=True, blank=True, editable=False)
    times_unknown = models.BooleanField(_("轮次数不详"), default=False, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("检测轮次")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(begins_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("begins_at")),
                name="testing_campaign_window",
                violation_error_message=_("采样截止应晚于采样开始。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and lang() == "en" else self.name

    def clean(self) -> None:
        super().clean()
        if self.begins_at and self.ends_at and self.ends_at <= self.begins_at:
            raise ValidationError({"ends_at": __("采样截止应晚于采样开始。")})

    def brief(self) -> Brief:
        """The points with whom they have seen so far: the plan they came from is changed by what really happened. Two statements."""
        from tongzhou.modules.testing.models.checkin import Count  # it is linked to campaigns

        swabs = Sum("n", filter=Q(verdict__in=SWABBED), default=0) - Sum(
            "n", filter=Q(verdict=Verdict.CORRECTED), default=0
        )
        seen = dict(Count.objects.filter(campaign=self).values_list("device__point").annotate(seen=swabs).order_by())
        spots = [
            Spot(
                one.name,
                one.place,
                one.tables,
                one.expected or 0,
                closed=one.state == PointState.CLOSED,
                seen=seen.get(one.pk, 0),
            )
            for one in self.points.all()
        ]
        return Brief(self.name, self.called, self.happened_on, tuple(spots))

    def line_values(self) -> list[dict[str, Any]]:
        """The zones, as the form takes them."""
        zones = self.zones.select_related("unit").order_by("unit__path")
        return [{"unit": zone.unit, "mode": zone.mode} for zone in zones]

    def told_people(self) -> str:
        """The people with their bound: 近30万人次."""
        return "" if self.people is None else Figure(self.people, Bound(self.bound)).text("人次", lang())

    def conflicts_url(self) -> str:
        return reverse("testing.conflicts", args=[self.response.slug, self.pk])

    def account_url(self) -> str:
        return reverse("testing.account", args=[self.response.slug, self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == CampaignState.OPEN


class Zone(models.Model):
    """An area inside the campaign that is sampled in a way of its own."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="zones")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("区域"))
    mode = models.CharField(_("采样方式"), max_length=10, choices=Mode)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["campaign", "unit"], name="testing_zone_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit}：{self.get_mode_display()}"
