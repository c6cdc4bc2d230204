from typing import Any, ClassVar
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongzhou.kernel.models import Person, Unit
from tongzhou.kernel.seal import SealedField
from tongzhou.modules.plans.models.plan import Plan


class Part(models.Model):
    """A piece of a plan, in order. Written together with its fellows by `actions.set_part`, which makes the plan's entry."""

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["plan", "number"]


class Section(Part):
    """A heading of level 1 (一、) or 2 (（一）) with the paragraphs below it. A text before all headings has no title."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sections")
    depth = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(_("标题"), max_length=200, blank=True, default="")
    text = models.TextField(_("正文"), blank=True, default="")  # one paragraph a line

    def __str__(self) -> str:
        return self.title


class Level(Part):
    """`rank` 1 is the gravest. `threshold` is what `figure` is held against when somebody decides; it decides nothing itself."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="levels")
    rank = models.PositiveSmallIntegerField(_("等级"))
    name = models.CharField(_("名称"), max_length=40)
    trigger = models.TextField(_("启动条件"), blank=True, default="")
    figure = models.CharField(_("对照的数字"), max_length=60, blank=True, default="")
    threshold = models.PositiveIntegerField(_("达到"), null=True, blank=True)
    measure = models.CharField(_("计量单位"), max_length=10, blank=True, default="")

    class Meta(Part.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "rank"], name="plans_level_once", violation_error_message=_("同一级别只能写一次。")
            )
        ]

    def __str__(self) -> str:
        return self.name

    def threshold_words(self) -> str:
        """每日新增感染者达到10例, or nothing."""
        if self.threshold is None:
            return ""
        told = {"figure": self.figure, "n": self.threshold, "measure": self.measure}
        return __("%(figure)s达到%(n)d%(measure)s") % told

    def words(self) -> str:
        return __("；").join(filter(None, [self.trigger, self.threshold_words()]))


class Post(Part):
    """A post with whoever holds it. `caller` is the post that calls this one when the plan is activated."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="posts")
    name = models.CharField(_("岗位"), max_length=60)
    at = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所在单位"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("岗位负责人")
    )
    deputy = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("替补人")
    )
    phone = SealedField(_("电话"), mask="phone", purpose=_("启动预案时按通讯录逐级通知"), blank=True, default="")
    caller = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="called", verbose_name=_("由谁通知")
    )

    class Meta(Part.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "name"], name="plans_post_once", violation_error_message=_("岗位名称不能重复。")
            )
        ]

    def __str__(self) -> str:
        return self.name

    def words(self) -> str:
        """Without the telephone number, which is nobody's to read in passing."""
        held = [
            str(self.at or ""),
            str(self.person or ""),
            __("替补：%(name)s") % {"name": self.deputy} if self.deputy else "",
            __("由“%(post)s”通知") % {"post": self.caller} if self.caller else "",
        ]
        said = __("，").join(filter(None, held))
        return f"{self.name}" + (__("：%(said)s") % {"said": said} if said else "")


class Resource(Part):
    class Kind(models.TextChoices):
        GOODS = "goods", _("物资")
        TEAM = "team", _("队伍")
        PLACE = "place", pgettext_lazy("kind", "场所")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="resources")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=80)
    quantity = models.PositiveIntegerField(_("数量"), null=True, blank=True)
    measure = models.CharField(_("计量单位"), max_length=10, blank=True, default="")
    place = models.CharField(_("存放或所在地点"), max_length=120, blank=True, default="")

    def __str__(self) -> str:
        return self.name

    def amount(self) -> str:
        return "" if self.quantity is None else f"{self.quantity}{self.measure}"

    def words(self) -> str:
        return __("，").join(filter(None, [f"{self.get_kind_display()} {self.name}", self.amount(), self.place]))


class PlannedTask(Part):
    """What the level of this rank orders: a kind that another room takes, or plain words."""

    class Kind(models.TextChoices):
        PLAIN = "", _("一般任务")
        DUTY = "duty", _("值守排班")
        CALL = "call", _("发出倡议")
        ROUND = "round", pgettext_lazy("kind", "督导检查")
        DRILL = "drill", pgettext_lazy("kind", "演练")
        MEETING = "meeting", pgettext_lazy("kind", "会议")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="planned")
    rank = models.PositiveSmallIntegerField(_("等级"))
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, blank=True, default="")
    name = models.CharField(_("任务"), max_length=100)
    text = models.TextField(_("要求"), blank=True, default="")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("承办单位"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办理人")
    )
    hours = models.DecimalField(_("几小时内办结"), max_digits=6, decimal_places=1)

    class Meta(Part.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not self.plan.unit.contains(self.unit):
            told = {"unit": self.unit, "plan": self.plan.unit}
            raise ValidationError(__("%(unit)s不在%(plan)s之内，不能承办这份预案的任务。") % told)

    def hours_words(self) -> str:
        return __("%(n)s小时内") % {"n": f"{self.hours.normalize():f}"}

    def words(self) -> str:
        owner = __("，").join(filter(None, [str(self.unit), str(self.person or "")]))
        return __("；").join(filter(None, [self.name, owner, self.hours_words(), self.text]))


PARTS: dict[str, tuple[type[Any], str]] = {
    "text": (Section, "sections"), "levels": (Level, "levels"), "posts": (Post, "posts"), "resources": (Resource, "resources"),
    "tasks": (PlannedTask, "planned"),
}  # fmt: skip
