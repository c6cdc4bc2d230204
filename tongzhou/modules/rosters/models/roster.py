from typing import Any, ClassVar
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Person, Record
from tongzhou.modules.rosters.models.post import Post
from tongzhou.modules.rosters.workflow import RosterState, roster_workflow

LONGEST = 62  # days


class Roster(Record):
    """A period and posts, staffed by the crew of `unit` and of the units below it. `edition` is the edition of the rules of rest."""

    workflow = roster_workflow

    name = models.CharField(_("名称"), max_length=100)
    first_on = models.DateField(_("从"))
    last_on = models.DateField(_("到"))
    wishes_by = models.DateField(_("意愿填报截止"), null=True, blank=True)
    posts = models.ManyToManyField(Post, related_name="rosters", verbose_name=_("岗位"))
    edition = models.CharField(_("休息规则版本"), max_length=40, blank=True, default="", editable=False)

    class Meta(Record.Meta):
        verbose_name = _("排班")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="rosters_roster_ends",
                violation_error_message=_("结束日期早于开始日期。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.first_on and self.last_on and (self.last_on - self.first_on).days >= LONGEST:
            raise ValidationError({"last_on": __("一份排班最多 %(n)d 天。") % {"n": LONGEST}})

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """Once published: everyone who stands duty in it."""
        from tongzhou.modules.rosters.models.duty import Duty  # they point at rosters

        mine = Duty.objects.filter(person=person).values("roster")
        return Q(state__in=(RosterState.PUBLISHED, RosterState.CLOSED), pk__in=mine)

    @property
    def is_open(self) -> bool:
        """Whether people may still be put on its shifts."""
        return self.state in {RosterState.PROPOSED, RosterState.PUBLISHED}


class Proposal(models.Model):
    """One run of the solver for a roster: how far it is, and what it found. The row is the job: a task that is run twice finds it taken."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待计算")
        RUNNING = "running", _("正在计算")
        DONE = "done", _("已有方案")
        FAILED = "failed", _("没有算成")
        ADOPTED = "adopted", _("已采用")
        DROPPED = "dropped", _("未采用")

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    roster = models.ForeignKey(Roster, models.CASCADE, related_name="proposals")
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    limit = models.PositiveSmallIntegerField(_("最多计算（秒）"), default=60)
    stop = models.BooleanField(default=False)
    beat_at = models.DateTimeField(null=True)  # the worker is alive
    seconds = models.FloatField(default=0)
    value = models.BigIntegerField(null=True)
    bound = models.BigIntegerField(default=0)
    result = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.roster} {self.get_state_display()}"

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}

    @property
    def percent(self) -> int:
        return min(99, round(100 * self.seconds / self.limit))
