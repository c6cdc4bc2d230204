from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook
from tongzhou.kernel.dates import show
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Record
from tongzhou.modules.volunteering import rules
from tongzhou.modules.volunteering.models.team import Team
from tongzhou.modules.volunteering.workflow import RUN, ActivityState, activity_workflow


class Activity(Record):
    """Work at a time and a place that people offer themselves for; `happened_on` is the local day on which it starts.

    Known only from a source it has no times. `unnumbered` is an act of which the source says no number: told by name, counted nowhere.
    """

    class Field(models.TextChoices):
        TESTING = "testing", _("核酸检测协助")
        ORDER = "order", _("秩序引导")
        DELIVERY = "delivery", _("物资配送")
        CARE = "care", _("关爱帮扶")
        TEACHING = "teaching", _("知识宣传")
        SUPPORT = "support", _("心理疏导")
        SCIENCE = "science", _("科技服务")
        OTHER = "other", _("其他")

    class Whom(models.TextChoices):
        ALL = "all", _("面向全体成员")
        UNIT = "unit", _("只面向本单位及下级")

    workflow = activity_workflow

    name = models.CharField(_("活动名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True, default="")
    field = models.CharField(_("服务类别"), max_length=10, choices=Field.choices, default=Field.OTHER)
    teams = models.ManyToManyField(Team, blank=True, related_name="activities", verbose_name=_("参与队伍"))
    organiser = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("现场负责人")
    )
    starts_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    ends_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    place = models.CharField(_("集合地点"), max_length=100, blank=True, default="")
    served_whom = models.CharField(_("服务对象"), max_length=100, blank=True, default="")
    content = models.TextField(_("服务内容"), blank=True, default="")
    whom = models.CharField(_("招募范围"), max_length=10, choices=Whom.choices, default=Whom.ALL)
    risks = models.TextField(
        _("风险告知"), blank=True, default="", help_text=_("可能遇到什么风险，怎样防护。报名的人会先看到。")
    )
    hazardous = models.BooleanField(_("可能发生人身危险"), default=False, help_text=_("须先购买人身意外伤害保险。"))
    insurance = models.CharField(
        _("保险"), max_length=200, blank=True, default="", help_text=_("保险公司、险种、保单号")
    )
    training = models.CharField(
        _("上岗前培训"), max_length=200, blank=True, default="", help_text=_("填写后，未登记培训的人不能签到。")
    )
    outdoor = models.BooleanField(_("户外"), default=False)
    high = models.SmallIntegerField(_("预报最高气温（℃）"), null=True, blank=True)
    low = models.SmallIntegerField(_("预报最低气温（℃）"), null=True, blank=True)
    served = models.PositiveIntegerField(_("服务人次"), null=True, editable=False)
    unnumbered = models.BooleanField(_("来源未说次数"), default=False, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("志愿服务活动")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(source="") | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="volunteering_activity_has_times",
                violation_error_message=_("结束时间须晚于开始时间。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(hazardous=False) | ~Q(insurance="") | ~Q(source=""),
                name="volunteering_activity_insured",
                violation_error_message=_("可能发生人身危险的活动，须先写明保险再招募（《志愿服务条例》第十七条）。"),
            ),
            models.CheckConstraint(
                condition=Q(unnumbered=False) | ~Q(source=""), name="volunteering_activity_act_has_source"
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and lang() == "en" else self.name

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """Whoever is asked for, whoever signed up, and who leads it at the place."""
        path = person.unit.path if person.unit else ""
        above = [path[: i + 1] for i, letter in enumerate(path) if letter == "/"]
        asked = Q(whom=cls.Whom.ALL) | Q(unit__path__in=above)
        known = ~Q(state=ActivityState.DRAFT) & (Q(signups__person=person) | Q(organiser=person))
        own = cls._default_manager.filter(known).values("pk")
        return Q(state=ActivityState.OPEN) & asked | Q(pk__in=own)

    def lets(self, person: Person) -> frozenset[str]:
        leads = person.pk == self.organiser_id and self.state != ActivityState.DRAFT
        return frozenset({RUN} if leads else ())

    @property
    def is_reported(self) -> bool:
        return bool(self.source)

    @property
    def span(self) -> rules.Span:
        assert self.starts_at is not None
        assert self.ends_at is not None
        return rules.Span(timezone.localtime(self.starts_at), timezone.localtime(self.ends_at))

    @property
    def clock(self) -> str:
        return rules.clock(self.span) if self.starts_at and self.ends_at else ""

    @property
    def time_text(self) -> str:
        return f"{show(self.when, lang())} {self.clock}".strip()

    @property
    def due(self) -> datetime | date:
        return self.starts_at or self.happened_on

    @property
    def team_names(self) -> str:
        """In the order in which they were put down."""
        return __("、").join(str(team) for team in sorted(self.teams.all(), key=lambda team: team.filed_at))

    @property
    def places(self) -> str:
        """7 / 10: how many places are taken, of how many."""
        posts = list(self.posts.all())
        return f"{sum(post.taken for post in posts)} / {sum(post.people for post in posts)}" if posts else ""

    @property
    def short(self) -> int:
        return sum(post.left for post in self.posts.all())

    @property
    def custom(self) -> rulebook.Edition:
        return rulebook.in_force("volunteering", "service", self.happened_on)

    def line_values(self) -> list[dict[str, Any]]:
        return [{"work": post.name, "people": post.people, "skill": post.skill} for post in self.posts.all()]

    def url(self, page: str, *args: Any) -> str:
        return reverse(f"volunteering.{page}", args=[self.response.slug, self.pk, *args])


class Post(models.Model):
    """One kind of work at an activity. `taken` never exceeds `people`; `waited` numbers the waiting list."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="posts")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("岗位"), max_length=60)
    people = models.PositiveSmallIntegerField(_("名额"))
    skill = models.CharField(_("需要的技能"), max_length=60, blank=True, default="")
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    waited = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["activity", "number"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "number"], name="volunteering_post_number"),
            models.CheckConstraint(condition=Q(taken__lte=F("people")), name="volunteering_post_not_overfull"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def left(self) -> int:
        return self.people - self.taken
