from datetime import date
from typing import Any, ClassVar
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook
from tongzhou.kernel.models import Person, Record
from tongzhou.modules.vaccination import rules
from tongzhou.modules.vaccination.models.station import Station
from tongzhou.modules.vaccination.models.stock import Batch
from tongzhou.modules.vaccination.workflow import session_workflow

BEFORE_CLOSING = ["planned", "open", "cancelled"]


class Severity(models.TextChoices):
    """On the spot; the classification of 全国疑似预防接种异常反应监测方案 is made later, by experts and elsewhere."""

    MILD = "mild", _("一般（局部红肿、低热等）")
    MODERATE = "moderate", _("较重（需处理、延长留观）")
    SEVERE = "severe", _("严重（急救、转诊）")


class Deferral(models.TextChoices):
    FEVER = "fever", _("发热或急性疾病")
    INTERVAL = "interval", _("间隔时间不够")
    BARRED = "barred", _("有接种禁忌")
    CHRONIC = "chronic", _("慢性病未控制")
    DECLINED = "declined", _("本人或监护人不同意")
    OTHER = "other", _("其他")


class Session(Record):
    """One day's work at a station. The totals are kept with every count; when it closes, the database holds them to one another."""

    workflow = session_workflow

    station = models.ForeignKey(Station, models.PROTECT, related_name="sessions", verbose_name=_("接种点"))
    desks = models.PositiveSmallIntegerField(
        _("开放接种台"), default=1, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    staff = models.PositiveSmallIntegerField(_("在岗人员"), default=0)
    arrived = models.PositiveIntegerField(_("到达"), default=0, editable=False)
    passed = models.PositiveIntegerField(_("预检合格"), default=0, editable=False)
    deferred = models.PositiveIntegerField(_("暂缓"), default=0, editable=False)
    consented = models.PositiveIntegerField(_("签知情同意书"), default=0, editable=False)
    doses = models.PositiveIntegerField(_("接种"), default=0, editable=False)
    observed = models.PositiveIntegerField(_("留观满时"), default=0, editable=False)
    left_early = models.PositiveIntegerField(_("提前离开"), default=0, editable=False)
    adverse_mild = models.PositiveIntegerField(_("一般反应"), default=0, editable=False)
    adverse_moderate = models.PositiveIntegerField(_("较重反应"), default=0, editable=False)
    adverse_severe = models.PositiveIntegerField(_("严重反应"), default=0, editable=False)
    served = models.PositiveIntegerField(_("按年龄组核对的剂数"), default=0, editable=False)
    followed = models.PositiveIntegerField(_("已随访"), default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("接种场次")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["station", "happened_on"], condition=~Q(state="cancelled"), name="vaccination_session_once",
                violation_error_message=_("这个接种点当天已有场次。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=BEFORE_CLOSING)
                | Q(
                    arrived__gte=F("passed") + F("deferred"), passed__gte=F("consented"), consented__gte=F("doses"),
                    doses__gte=F("observed") + F("left_early"), served=F("doses"),
                ),
                name="vaccination_session_fits", violation_error_message=_("各环节数字对不上，请核对后再结束。"),
            ),
            models.CheckConstraint(
                condition=Q(doses__gte=F("adverse_mild") + F("adverse_moderate") + F("adverse_severe")) | Q(state__in=BEFORE_CLOSING),
                name="vaccination_session_adverse",
            ),
            models.CheckConstraint(
                condition=Q(followed__lte=F("adverse_mild") + F("adverse_moderate") + F("adverse_severe")) | Q(state="open"),
                name="vaccination_session_followed", violation_error_message=_("随访数不能多于不良反应数。"),
            ),
        ]  # fmt: skip

    def clean(self) -> None:
        if self.station_id and self.unit_id:
            self.station.hold(self)

    def __str__(self) -> str:
        return __("{station} {day}").format(station=self.station, day=self.happened_on)

    @property
    def adverse(self) -> int:
        return self.adverse_mild + self.adverse_moderate + self.adverse_severe

    def totals(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in TOTALS}

    @property
    def kept_until(self) -> date | None:
        """Five years after the last of its batches expires (疫苗管理法 第四十六条); None before the first dose."""
        last = Batch.objects.filter(tallies__session=self).aggregate(last=models.Max("expires_on"))["last"]
        return last and rules.kept_until(last, rulebook.in_force("vaccination", "keeping", last)["years_after_expiry"])


TOTALS = (
    "arrived", "passed", "deferred", "consented", "doses", "observed", "left_early", "adverse_mild", "adverse_moderate", "adverse_severe",
)  # fmt: skip


class Tally(models.Model):
    """One tap, or one typed number: so many of a kind. Append-only; `slot` is the half hour in minutes since midnight, None if not known.

    A negative number sets an earlier one right and says why. The key is made on the telephone, so that a tap sent twice counts once.
    """

    class Kind(models.TextChoices):
        ARRIVED = "arrived", _("到达")
        PASSED = "passed", _("预检合格")
        DEFERRED = "deferred", _("暂缓")
        CONSENTED = "consented", _("签知情同意书")
        DOSE = "dose", _("接种")
        OBSERVED = "observed", _("留观满时")
        LEFT_EARLY = "left_early", _("提前离开")
        ADVERSE = "adverse", _("不良反应")

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="tallies")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    detail = models.CharField(max_length=12, blank=True, default="")
    slot = models.PositiveSmallIntegerField(_("半小时"), null=True)
    number = models.IntegerField(_("数量"))
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="tallies", verbose_name=_("批次"))
    reason = models.CharField(_("原因"), max_length=200, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "key"]
        indexes = [models.Index(fields=["session", "kind"], name="vaccination_tally_kind")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(number__gt=0) | (Q(number__lt=0) & ~Q(reason="")), name="vaccination_tally_why"),
            models.CheckConstraint(
                condition=Q(kind="dose", batch__isnull=False) | (~Q(kind="dose") & Q(batch=None)), name="vaccination_tally_batch"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number:+}"


class Served(models.Model):
    """Of a session's doses, how many were which dose for which age group: as the daily return asks it. They add up to the doses."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="shares")
    age_group = models.CharField(_("年龄组"), max_length=10)
    dose = models.PositiveSmallIntegerField(_("剂次"))
    number = models.PositiveIntegerField(_("剂数"))

    class Meta:
        ordering = ["age_group", "dose"]
        constraints = [models.UniqueConstraint(fields=["session", "age_group", "dose"], name="vaccination_served_once")]

    def __str__(self) -> str:
        return f"{self.age_group} {self.dose}: {self.number}"
