"""What lies in the main database: nothing that was said, nobody who called."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Record
from tongzhou.kernel.models.base import Brief
from tongzhou.modules.hotline import rules
from tongzhou.modules.hotline.workflow import (
    ANSWER,
    SUPERVISE,
    FollowUpState,
    follow_up_workflow,
    line_workflow,
    return_workflow,
)


class Line(Record):
    """A line that people can turn to. Known only from a report, `words` tell the act; how many came nobody knows, so none is counted."""

    workflow = line_workflow

    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True, default="")
    number = models.CharField(_("热线号码"), max_length=40, blank=True, default="")
    hours = models.CharField(_("服务时间"), max_length=100, blank=True, default="")
    hours_en = models.CharField(_("服务时间（英文）"), max_length=150, blank=True, default="")
    audience = models.CharField(_("服务对象"), max_length=100, blank=True, default="")
    place = models.CharField(_("面谈地点"), max_length=100, blank=True, default="")
    seats = models.PositiveSmallIntegerField(_("席位"), default=2)
    by_text = models.BooleanField(_("可在网页上文字交谈"), default=True)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("负责人")
    )
    words = models.CharField(_("事迹（没有数字时）"), max_length=200, blank=True, default="", editable=False)
    words_en = models.CharField(_("事迹的英文说法"), max_length=300, blank=True, default="", editable=False)

    class Meta(Record.Meta):
        verbose_name = _("热线")

    def __str__(self) -> str:
        return self.name_en if self.name_en and lang() == "en" else self.name

    def brief(self) -> Brief:
        """As rosters are asked for duty: a week of seats."""
        text = __("席位 %(n)d 个，%(hours)s") % {"n": self.seats, "hours": self.hours}
        return Brief(__("%(line)s值守") % {"line": self.name}, text, timezone.localdate() + timedelta(days=6))

    @property
    def told_as(self) -> str:
        return self.words_en if self.words_en and lang() == "en" else self.words

    @property
    def hours_shown(self) -> str:
        return self.hours_en if self.hours_en and lang() == "en" else self.hours


class FollowUp(Record):
    """Something that must be done about a case by a moment: who, when and for which case, nothing of why.

    Only whoever must do it and the supervisors see it: that there is one says something about somebody.
    """

    workflow = follow_up_workflow

    class Kind(models.TextChoices):
        RESPOND = "respond", _("督导处置")
        CONTACT = "contact", _("回访")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("已联系上")
        UNREACHED = "unreached", _("未联系上")
        SAFE = "safe", _("确认安全")
        REFERRED = "referred", _("已转介")

    line = models.ForeignKey(Line, models.PROTECT, related_name="follow_ups", verbose_name=_("热线"))
    case = models.UUIDField(_("个案"))
    kind = models.CharField(_("要办的事"), max_length=10, choices=Kind.choices)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("由谁办")
    )
    due_at = models.DateTimeField(_("期限"))
    outcome = models.CharField(
        _("结果"), max_length=10, choices=Outcome.choices, blank=True, default="", editable=False
    )

    class Meta(Record.Meta):
        verbose_name = _("处置与回访")
        indexes: ClassVar[list[Any]] = [
            *Record.Meta.indexes,
            models.Index(fields=["case"], name="hotline_followup_case"),
            models.Index(fields=["state", "due_at"], name="hotline_followup_due"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {rules.code(self.case)}"

    def get_absolute_url(self) -> str:
        return reverse("hotline.case", args=[self.response.slug, self.case])

    @classmethod
    def withheld(cls, person: Person) -> Q:
        return ~(Q(person=person) | access.within(access.reach(person, SUPERVISE)))

    def lets(self, person: Person) -> frozenset[str]:
        return frozenset({ANSWER} if self.person_id == person.pk else ())

    @property
    def is_open(self) -> bool:
        return self.state == FollowUpState.DUE


class Return(Record):
    """A week's counts as they may leave the room: one that is too small is not here at all. `happened_on` is the week's Monday.

    Whole weeks only, so that two returns never differ by a day.
    """

    workflow = return_workflow

    line = models.ForeignKey(Line, models.PROTECT, related_name="returns", verbose_name=_("热线"))
    least = models.PositiveSmallIntegerField(default=5, editable=False)
    came = models.PositiveIntegerField(_("求助人次"), null=True, editable=False)
    answered = models.PositiveIntegerField(_("接待人次"), null=True, editable=False)
    by_text = models.PositiveIntegerField(_("文字"), null=True, editable=False)
    by_voice = models.PositiveIntegerField(_("电话"), null=True, editable=False)
    face_to_face = models.PositiveIntegerField(_("面谈"), null=True, editable=False)
    high = models.PositiveIntegerField(_("高度风险"), null=True, editable=False)
    referred = models.PositiveIntegerField(_("转介"), null=True, editable=False)
    followed = models.PositiveIntegerField(_("回访"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("周汇总")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["line", "happened_on"],
                name="hotline_return_once",
                violation_error_message=_("这条热线的这一周已有汇总。"),
            ),
        ]

    COUNTS: ClassVar[tuple[str, ...]] = (
        "came", "answered", "by_text", "by_voice", "face_to_face", "high", "referred", "followed",
    )  # fmt: skip

    def __str__(self) -> str:
        return __("%(line)s · %(day)s 起一周") % {"line": self.line, "day": self.happened_on}

    def counts(self) -> list[tuple[str, int | None]]:
        return [(str(self._meta.get_field(name).verbose_name), getattr(self, name)) for name in self.COUNTS]  # type: ignore[union-attr]  # fields of this model

    @property
    def answer_rate(self) -> str:
        """接通率: of those who came, how many were answered; only where both may be shown."""
        return f"{100 * self.answered // self.came}%" if self.came and self.answered else ""
