from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Record
from tongzhou.modules.volunteering import rules
from tongzhou.modules.volunteering.workflow import JOIN, team_workflow, volunteer_workflow


class Team(Record):
    """A volunteer team of the house, or of a partner it works with."""

    class Kind(models.TextChoices):
        OWN = "own", _("本单位队伍")
        PARTNER = "partner", _("合作队伍")

    workflow = team_workflow

    name = models.CharField(_("队伍名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True, default="")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, default=Kind.OWN)
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("队长或联系人")
    )
    work = models.CharField(_("服务方向"), max_length=200, blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("志愿服务队")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["response", "name"],
                name="volunteering_team_name",
                violation_error_message=_("已有同名的志愿服务队。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and lang() == "en" else self.name


class Volunteer(Record):
    """One member who offers skills or expertise, in their own words. `unit` is the member's."""

    workflow = volunteer_workflow

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("志愿者"))
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="volunteers", verbose_name=_("所在队伍")
    )
    skills = models.CharField(
        _("技能"), max_length=200, blank=True, default="", help_text=_("用顿号隔开，例如：医护、采样、驾驶、外语")
    )
    expertise = models.CharField(
        _("专业特长"), max_length=300, blank=True, default="", help_text=_("科技人才请写专业方向和能做什么。")
    )
    free = models.CharField(
        _("可服务的时间"), max_length=100, blank=True, default="", help_text=_("例如：周末、工作日晚上")
    )

    class Meta(Record.Meta):
        verbose_name = _("志愿者")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["response", "person"],
                name="volunteering_volunteer_once",
                violation_error_message=_("此人已登记为志愿者。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @classmethod
    def concerns(cls, person: Person) -> Q:
        return Q(person=person)

    def lets(self, person: Person) -> frozenset[str]:
        return frozenset({JOIN} if person.pk == self.person_id else ())

    @property
    def skill_names(self) -> list[str]:
        return rules.skills(self.skills)
