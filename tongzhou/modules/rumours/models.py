from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Record, Unit
from tongzhou.modules.rumours import rules
from tongzhou.modules.rumours.workflow import REPORT, workflow


class Rumour(Record):
    """`unit` is the reporter's, who sees what becomes of it whatever their grants. Published, everyone in the response sees it."""

    workflow = workflow

    class Where(models.TextChoices):
        GROUP = "group", _("微信群、朋友圈")
        VIDEO = "video", _("短视频、网站")
        MOUTH = "mouth", _("口头")
        NOTICE = "notice", _("张贴、传单")
        OTHER = "other", _("其他")

    class Spread(models.TextChoices):
        ONE = "one", _("只见过一次")
        SOME = "some", _("几处见到")
        MANY = "many", _("到处在传")

    class Verdict(models.TextChoices):
        FALSE = "false", _("不实")
        PARTLY = "partly", _("部分不实")
        TRUE = "true", _("属实")
        OPEN = "open", _("尚不能确定")

    said = models.CharField(_("传言内容"), max_length=500)
    where = models.CharField(_("在哪里见到"), max_length=10, choices=Where.choices, default=Where.GROUP)
    spread = models.CharField(_("传播范围"), max_length=10, choices=Spread.choices, default=Spread.ONE)
    link = models.CharField(_("链接或出处"), max_length=500, blank=True, default="")
    taken_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("核实人"), editable=False
    )
    verdict = models.CharField(
        _("结论"), max_length=10, choices=Verdict.choices, blank=True, default="", editable=False
    )
    against = models.CharField(_("核实依据"), max_length=300, blank=True, default="", editable=False)
    answer = models.TextField(_("回应"), blank=True, default="", editable=False)
    answer_en = models.TextField(_("英文回应"), blank=True, default="", editable=False)
    judged_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("结论作出人"), editable=False
    )
    published_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("发布人"), editable=False
    )
    published_at = models.DateTimeField(_("公开时间"), null=True, editable=False)
    same_as = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="others", verbose_name=_("并入"), editable=False
    )
    addressed = models.ManyToManyField(Unit, related_name="+", verbose_name=_("告知"), editable=False)

    class Meta(Record.Meta):
        verbose_name = _("传言")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(published_by=None) | Q(judged_by=None) | ~Q(published_by=models.F("judged_by")),
                name="rumours_rumour_two_people",
                violation_error_message=_("作出结论的人不能自己发布，请由另一位有发布权限的人发布。"),
            ),
        ]

    def __str__(self) -> str:
        return self.said[:60] + ("…" if len(self.said) > 60 else "")

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """One's own, and whatever was answered in public in a response one takes part in."""
        return Q(filed_by=person) | Q(published_at__isnull=False)

    def lets(self, person: Person) -> frozenset[str]:
        """Anyone may report, for their own unit, in a response in which it takes part."""
        own = self._state.adding and person.unit_id is not None and person.unit_id == self.unit_id
        taking_part = own and any(person.unit and root.contains(person.unit) for root in self.response.roots.all())
        return frozenset({REPORT} if taking_part else ())

    @property
    def due(self) -> datetime:
        return rules.due(self.filed_at)

    @property
    def due_on(self) -> Any:
        return self.due.date()

    @property
    def took(self) -> timedelta | None:
        """From the report to the first public answer."""
        return self.published_at - self.filed_at if self.published_at else None

    @property
    def hours(self) -> int | None:
        """The same in whole hours, begun ones counted."""
        return -(-int(self.took.total_seconds()) // 3600) if self.took is not None else None

    @property
    def answer_shown(self) -> str:
        return self.answer_en if self.answer_en and lang() == "en" else self.answer

    @property
    def is_out(self) -> bool:
        return self.published_at is not None


class Answer(models.Model):
    """What was published, word for word; the last counts, the ones before show that they were corrected."""

    rumour = models.ForeignKey(Rumour, models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=10, choices=Rumour.Verdict.choices)
    against = models.CharField(max_length=300)
    text = models.TextField()
    text_en = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering = ["rumour", "-number"]
        constraints = [models.UniqueConstraint(fields=["rumour", "number"], name="rumours_answer_place")]

    def __str__(self) -> str:
        return self.text_en if self.text_en and lang() == "en" else self.text
