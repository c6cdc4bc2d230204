from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.models import Person, Record, Unit
from tongzhou.modules.drills import rules
from tongzhou.modules.drills.rules import library
from tongzhou.modules.drills.workflow import READ, RUN, DrillState, drill_workflow


class Drill(Record):
    """`unit` holds it. `happened_on` is the day planned, and from its start on the day it was held.

    What was held elsewhere, or is told of in a report, has a `source`, and no script, times or people of its own.
    """

    class Kind(models.TextChoices):
        UNKNOWN = "", _("未注明")
        TABLETOP = "tabletop", _("桌面推演")
        FUNCTIONAL = "functional", _("功能演练")
        FULL = "full", _("实战演练")

    workflow = drill_workflow

    name = models.CharField(_("演练名称"), max_length=100, blank=True, default="")
    series = models.UUIDField(default=uuid4, editable=False)  # the same drill over time
    scenario = models.CharField(_("情景"), max_length=40, blank=True, default="", choices=library.choices)
    kind = models.CharField(_("形式"), max_length=12, blank=True, default="", choices=Kind.choices)
    place = models.CharField(_("地点"), max_length=100, blank=True, default="")
    begins_at = models.TimeField(_("开始时刻"), null=True, blank=True)
    lead = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("演练负责人")
    )
    evaluators = models.ManyToManyField(Person, related_name="+", verbose_name=_("评估人"))
    people = models.ManyToManyField(Person, related_name="+", verbose_name=_("参演人员（点名）"))
    setting = models.TextField(_("初始情景"), blank=True, default="")
    plan = models.CharField(_("检验的预案"), max_length=200, blank=True, default="")
    begun_at = models.DateTimeField(_("实际开始"), null=True, editable=False)
    ended_at = models.DateTimeField(_("实际结束"), null=True, editable=False)
    evaluation = models.TextField(_("评估意见"), blank=True, default="", editable=False)
    evaluated_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("评估提交人"), editable=False
    )

    class Meta(Record.Meta):
        verbose_name = _("演练")
        indexes: ClassVar[list[Any]] = [
            *Record.Meta.indexes,
            models.Index(fields=["series"], name="drills_drill_series"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(evaluated_by=None) | ~Q(evaluated_by=F("lead")),
                name="drills_drill_two_people",
                violation_error_message=_("演练负责人不能评估自己负责的演练。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(begun_at__isnull=False, ended_at__gte=F("begun_at")),
                name="drills_drill_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name or (str(self.get_scenario_display()) if self.scenario else __("演练"))

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """Whoever leads, evaluates or takes part, also as head of a unit that does; and who has a finding to put right."""
        through = [cls.evaluators.through, cls.people.through]
        named = [Q(pk__in=table._default_manager.filter(person=person).values("drill")) for table in through]
        units = Participant.objects.filter(access.within(access.reach(person, READ))).values("drill")
        called = Q(pk__in=units) & ~Q(state=DrillState.DRAFT)
        owned = Q(pk__in=cls._default_manager.filter(findings__owner=person).values("pk"))
        return Q(lead=person) | named[0] | named[1] | called | owned

    def lets(self, person: Person) -> frozenset[str]:
        """The lead and the evaluators run it together, whatever roles they hold."""
        runs = person.pk == self.lead_id or self.evaluators.filter(pk=person.pk).exists()
        return frozenset({RUN} if runs else ())

    @property
    def is_reported(self) -> bool:
        """Known only from a source: held, but not with this house's script and clock."""
        return bool(self.source) and self.begun_at is None

    @property
    def starts_at(self) -> datetime | None:
        """When it is to begin, in the house's time zone."""
        if self.begins_at is None or self.happened_precision != "day":
            return None
        return timezone.make_aware(datetime.combine(self.happened_on, self.begins_at))

    @property
    def begins(self) -> str:
        return self.begins_at.strftime("%H:%M") if self.begins_at else ""

    @property
    def lasted(self) -> str:
        return (
            rules.length(int((self.ended_at - self.begun_at).total_seconds()))
            if self.ended_at and self.begun_at
            else ""
        )

    def scenario_label(self) -> str:
        return str(self.get_scenario_display()) if self.scenario else __("未注明")

    def kind_label(self) -> str:
        return str(self.get_kind_display()) if self.kind else __("未注明")

    def heads(self) -> int | None:
        """How many took part, all units together; None when nobody was counted."""
        counts = [one.people for one in self.participants.all()]
        return sum(counts) if counts else None

    def timings(self) -> list[rules.Timing]:
        return [target.timing for target in self.targets.all()]

    def page(self, name: str) -> str:
        return reverse(f"drills.{name}", args=[self.response.slug, self.pk])


class Participant(models.Model):
    """A unit that takes part, with how many of its people. `unit` where the house knows it by that name."""

    drill = models.ForeignKey(Drill, models.CASCADE, related_name="participants")
    number = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("参演单位"), max_length=100)
    people = models.PositiveIntegerField(_("人数"))

    class Meta:
        ordering = ["drill", "number"]
        constraints = [models.UniqueConstraint(fields=["drill", "number"], name="drills_participant_place")]

    def __str__(self) -> str:
        return f"{self.unit or self.name} {self.people}"


class Inject(models.Model):
    """What is announced at minute `minute`, to whom, and the reaction expected; then when it was sent and what was seen."""

    class Outcome(models.TextChoices):
        NONE = "", _("未观察")
        EXPECTED = "expected", _("按预期反应")
        DIFFERED = "differed", _("未按预期")

    drill = models.ForeignKey(Drill, models.CASCADE, related_name="injects")
    number = models.PositiveSmallIntegerField()
    minute = models.PositiveSmallIntegerField(_("第几分钟"))
    to = models.CharField(_("发给"), max_length=100)
    text = models.CharField(_("内容"), max_length=500)
    expected = models.CharField(_("预期反应"), max_length=500, blank=True, default="")
    released_at = models.DateTimeField(_("发出时间"), null=True)
    released_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    observed_at = models.DateTimeField(_("反应时间"), null=True)
    observed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(_("观察结果"), max_length=10, blank=True, default="", choices=Outcome.choices)
    seen = models.CharField(_("实际反应"), max_length=500, blank=True, default="")

    class Meta:
        ordering = ["drill", "number"]
        constraints = [
            models.UniqueConstraint(fields=["drill", "number"], name="drills_inject_place"),
            models.CheckConstraint(
                condition=Q(observed_at=None) | Q(released_at__isnull=False), name="drills_inject_sent_before_seen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class Target(models.Model):
    """A limit in seconds and what was used. `starts` and `ends` are numbers of injects: sent, reaction seen; empty means by hand.

    `code` is the same in every drill of a series, so that they compare. `stated` is what someone put in with a reason.
    """

    drill = models.ForeignKey(Drill, models.CASCADE, related_name="targets")
    number = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=40)
    name = models.CharField(_("指标"), max_length=100)
    limit = models.PositiveIntegerField(_("时限"))
    basis = models.CharField(_("依据"), max_length=300, blank=True, default="")
    starts = models.PositiveSmallIntegerField(null=True, blank=True)
    ends = models.PositiveSmallIntegerField(null=True, blank=True)
    started_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stated = models.PositiveIntegerField(_("更正用时"), null=True)
    score = models.PositiveSmallIntegerField(_("评分"), null=True)
    remark = models.CharField(_("评语"), max_length=300, blank=True, default="")

    class Meta:
        ordering = ["drill", "number"]
        constraints = [
            models.UniqueConstraint(fields=["drill", "code"], name="drills_target_once"),
            models.CheckConstraint(condition=Q(limit__gt=0), name="drills_target_has_a_limit"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__lte=100), name="drills_target_score"),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(started_at__isnull=False, stopped_at__gte=F("started_at")),
                name="drills_target_stops_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def used(self) -> int | None:
        if self.stated is not None:
            return self.stated
        return int((self.stopped_at - self.started_at).total_seconds()) if self.stopped_at and self.started_at else None

    @property
    def timing(self) -> rules.Timing:
        return rules.Timing(self.used, self.limit)

    def limit_words(self) -> str:
        return rules.length(self.limit)
