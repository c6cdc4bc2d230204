"""A study with its tables, and its options with what came out."""

from datetime import date, time
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Brief, Person, Record
from tongzhou.modules.siting import rules
from tongzhou.modules.siting.models import briefs
from tongzhou.modules.siting.workflow import OptionState, option_workflow, study_workflow


class Datum(models.TextChoices):
    GCJ = "GCJ-02", _("GCJ-02（高德、腾讯等国内地图）")
    WGS = "WGS-84", _("WGS-84（GPS、天地图近似）")


class Study(Record):
    """One area on one day (`happened_on`). Its rules are its own, filled from the rulebook when it is drawn up."""

    workflow = study_workflow

    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True, default="")
    points = models.PositiveIntegerField(_("采样点数"), validators=[MinValueValidator(1)])
    opens = models.TimeField(_("开始采样"), default=time(8))
    closes = models.TimeField(_("结束采样"), default=time(18))
    person_seconds = models.PositiveSmallIntegerField(
        _("每人用时（秒）"), default=45, validators=[MinValueValidator(5), MaxValueValidator(600)]
    )
    utilisation = models.PositiveSmallIntegerField(
        _("计划利用率（%）"), default=85, validators=[MinValueValidator(30), MaxValueValidator(100)]
    )
    slot_minutes = models.PositiveSmallIntegerField(
        _("预约时段（分钟）"), default=15, validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    pool = models.PositiveSmallIntegerField(
        _("每管人数"), default=10, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    max_walk_m = models.PositiveIntegerField(
        _("步行上限（米）"), null=True, blank=True, validators=[MinValueValidator(50)]
    )
    tables = models.PositiveIntegerField(_("采样台总数上限"), null=True, blank=True, validators=[MinValueValidator(1)])
    people = models.PositiveIntegerField(_("总人数"), null=True, blank=True)
    detour = models.FloatField(
        _("步行路程与直线之比"), default=1.3, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    notice_minutes = models.PositiveSmallIntegerField(_("改签至少提前（分钟）"), default=30)
    no_show = models.PositiveSmallIntegerField(_("不来的（%）"), default=0, validators=[MaxValueValidator(90)])
    early = models.PositiveSmallIntegerField(_("赶早（%）"), default=0, validators=[MaxValueValidator(100)])
    datum = models.CharField(_("居民、人员、实验室坐标"), max_length=6, choices=Datum, default=Datum.GCJ)
    sites_datum = models.CharField(_("候选点坐标"), max_length=6, choices=Datum, default=Datum.GCJ)

    class Meta(Record.Meta):
        verbose_name = _("布点测算")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="siting_study_hours",
                violation_error_message=_("结束应晚于开始。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and lang() == "en" else self.name

    def clean(self) -> None:
        super().clean()
        if self.opens and self.closes and self.closes <= self.opens:
            raise ValidationError({"closes": __("结束应晚于开始。")})

    @property
    def hours(self) -> str:
        return rules.span(self.opens, self.closes)


class Table(models.Model):
    """One list of the study as it came, checked. `assumed` rows have a share of a total for their people.

    registered  {on, people, rows, missing: names}: when the people were last taken from residents who registered, and where nobody had
    """

    class Kind(models.TextChoices):
        DEMAND = "demand", _("居民（楼栋或社区）")
        SITES = "sites", _("候选点")
        STAFF = "staff", _("工作人员")
        LABS = "labs", _("实验室")
        VANS = "vans", _("转运车")
        WALKS = "walks", _("步行路程")

    study = models.ForeignKey(Study, models.CASCADE, related_name="sheets")
    kind = models.CharField(max_length=8, choices=Kind)
    rows = models.JSONField(default=list)
    number = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)  # residents
    assumed = models.PositiveIntegerField(default=0)
    registered = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["study", "kind"], name="siting_table_once")]

    def __str__(self) -> str:
        return f"{self.study} {self.get_kind_display()}"


class Option(Record):
    """One answer. The row is the job too: a task claims it by its `beat_at`, and one that beats no more is taken over.

    base     the option of which this one is the next `step`, at the hour `at` ("" before the day), at the points `spots`; none for a plan of
             its own
    left     tables that are left there, of a step that takes some away
    reason   why, in words for residents
    seen     {point: people it had seen when that was asked for}, as the campaign counts them
    changes  what a what-if set otherwise than the study: rules.CHANGES
    value, least  weighted person-metres; no plan of this case with so many points has less than `least`
    stopped  "proven", "effort", "time", "stopped" or "moved": why the search ended
    digest   of everything that went in
    """

    class Step(models.TextChoices):
        CLOSE = "close", _("关闭采样点")
        REDUCE = "reduce", _("减少采样台")
        REOPEN = "reopen", _("重新开放采样点")
        LABS = "labs", _("检测线有变")
        PROVE = "prove", _("证明到底")

    workflow = option_workflow

    study = models.ForeignKey(Study, models.PROTECT, related_name="options", verbose_name=_("布点测算"))
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("原方案"))
    number = models.PositiveIntegerField(_("序号"), default=1)
    changes = models.JSONField(blank=True, default=dict)
    step = models.CharField(_("原方案上的调整"), max_length=6, choices=Step, blank=True, default="")
    spots = models.JSONField(blank=True, default=list)
    left = models.PositiveIntegerField(null=True, blank=True)
    seen = models.JSONField(blank=True, default=dict)
    at = models.CharField(max_length=5, blank=True, default="")
    reason = models.CharField(_("改签原因"), max_length=80, blank=True, default="")
    limit = models.FloatField(default=10)
    stop = models.BooleanField(default=False)
    beat_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(default=0)
    value = models.FloatField(null=True, blank=True)
    least = models.FloatField(default=0)
    gap = models.FloatField(null=True, blank=True)
    stopped = models.CharField(max_length=8, blank=True, default="")
    seed = models.PositiveIntegerField(default=1)
    digest = models.CharField(_("输入摘要"), max_length=16, blank=True, default="")
    points = models.PositiveIntegerField(_("采样点"), default=0)
    tables = models.PositiveIntegerField(_("采样台数"), default=0)
    staff = models.PositiveIntegerField(_("工作人员"), default=0)
    walk = models.FloatField(_("平均步行（米）"), null=True, blank=True)
    wait = models.FloatField(_("等候（分钟，95%的人不超过）"), null=True, blank=True)
    ends = models.FloatField(null=True, blank=True)
    results = models.FloatField(null=True, blank=True)
    moved = models.PositiveIntegerField(_("改签人数"), default=0)
    people = models.PositiveIntegerField(_("人数"), default=0)
    tubes = models.PositiveIntegerField(_("采样管"), null=True, blank=True)
    trips = models.PositiveIntegerField(_("转运趟数"), default=0)
    why = models.JSONField(blank=True, default=list)  # faults in both languages

    class Meta(Record.Meta):
        verbose_name = _("方案")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["study", "number"], name="siting_option_number"),
            models.UniqueConstraint(
                fields=["study"], condition=Q(state=OptionState.ADOPTED), name="siting_option_one_adopted"
            ),
        ]

    def __str__(self) -> str:
        return __("%(study)s · 方案%(n)d") % {"study": self.study, "n": self.number}

    @property
    def opens(self) -> time:
        """Its own hours, where a what-if has set them otherwise than the study."""
        return time.fromisoformat(self.changes["opens"]) if "opens" in self.changes else self.study.opens

    @property
    def closes(self) -> time:
        return time.fromisoformat(self.changes["closes"]) if "closes" in self.changes else self.study.closes

    @property
    def hours(self) -> str:
        return rules.span(self.opens, self.closes)

    @property
    def turns(self) -> int:
        """Turns in which its staff works through the day."""
        return len(rules.turns(self.opens, self.closes, 1).splitlines())

    @property
    def posts(self) -> int:
        """Posts to be filled in all turns; `staff` are there at once."""
        return self.staff * self.turns

    @property
    def is_running(self) -> bool:
        return self.state == OptionState.RUNNING

    @property
    def percent(self) -> int:
        return min(99, round(100 * self.seconds / max(self.limit, 0.1)))

    @property
    def gap_percent(self) -> str:
        return "" if self.gap is None else f"{max(self.gap * 100, 0):.2f}"

    @property
    def gap_so_far(self) -> str:
        """While it is worked out: from the value and the bound that the task has told last."""
        return f"{max(0.0, 100 * (self.value - self.least) / self.value):.2f}" if self.value and self.least else ""

    @property
    def faults(self) -> list[str]:
        return [one.get(lang(), one["zh"]) for one in self.why]

    def brief(self) -> Brief:
        """The points for a campaign, and the places to be manned, with the option this one replaces."""
        outcome = Outcome.objects.filter(option=self).first()
        rows, homes = (outcome.shown["points"], outcome.shown["units"]) if outcome else ([], [])
        units = briefs.units(self.unit)
        called = briefs.called(rows)
        spots = tuple(briefs.spot(self, row, called[row["key"]], units.get(row.get("street", ""))) for row in rows)
        told = tuple(
            briefs.home(self.study, row, called, units.get(row.get("street") or row["name"] or row["key"]))
            for row in homes
            if row["persons"] and row["point"] in called
        )
        return Brief(self.study.name, self.hours, self.study.happened_on, spots, self.base, homes=told, why=self.reason)

    @property
    def due(self) -> date:
        return self.happened_on


class Outcome(models.Model):
    """The plan, whole (`tongzhou.planning.keeping`), and what is shown of it.

    days  how many were played through for the forecast; 0: there is none yet
    """

    option = models.OneToOneField(Option, models.CASCADE, primary_key=True, related_name="outcome")
    plan = models.TextField()  # JSON as the engine writes it, infinities and all
    shown = models.JSONField()
    days = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.option)
