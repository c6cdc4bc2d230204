from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongzhou.kernel import rulebook
from tongzhou.kernel.dates import show
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Record, Unit
from tongzhou.kernel.models.base import Brief
from tongzhou.modules.meetings.workflow import APPROVE, FOLLOW, READ, RECORD, MeetingState, meeting_workflow


class Meeting(Record):
    """`happened_on` is the day of `starts_at`; of a meeting known only from a report, the day or month that the report gives.

    `called_at` is when the notice went out: from then on it concerns those who are invited.
    """

    class Kind(models.TextChoices):
        COORDINATION = "coordination", _("调度会")
        ASSESSMENT = "assessment", _("研判会")
        DEPLOYMENT = "deployment", _("部署会")
        TOPIC = "topic", _("专题会")
        REGULAR = "regular", _("例会")
        VIDEO = "video", _("视频会")
        OTHER = "other", _("其他会议")

    workflow = meeting_workflow

    name = models.CharField(_("会议名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True, default="")
    kind = models.CharField(_("会议类型"), max_length=20, choices=Kind.choices, default=Kind.COORDINATION)
    starts_at = models.DateTimeField(_("开会时间"), null=True, blank=True)
    ends_at = models.DateTimeField(_("散会时间"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=100, blank=True, default="")
    link = models.URLField(_("视频会议链接"), max_length=300, blank=True, default="")
    chair = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主持人"))
    recorder = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("会议记录人")
    )
    words = models.TextField(_("会议要求"), blank=True, default="")
    internal = models.BooleanField(_("纪要只给到会人员看"), default=False)
    opening = models.TextField(_("会议概况"), blank=True, default="", editable=False)
    minutes_number = models.PositiveIntegerField(_("纪要编号"), null=True, editable=False)
    called_at = models.DateTimeField(_("通知时间"), null=True, editable=False)
    submitted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("纪要提交人"), editable=False
    )
    approved_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("纪要审定人"), editable=False
    )
    approved_at = models.DateTimeField(_("纪要审定时间"), null=True, editable=False)
    named = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("来源点名的人")
    )
    area = models.CharField(_("来源所说的地区"), max_length=60, blank=True, default="")
    area_en = models.CharField(_("地区的英文"), max_length=60, blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = pgettext_lazy("one", "会议")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(submitted_by__isnull=False) & ~Q(approved_by=F("submitted_by")),
                name="meetings_meeting_two_people",
                violation_error_message=_("提交纪要的人不能审定自己提交的纪要。"),
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="meetings_meeting_ends_later",
                violation_error_message=_("散会时间须晚于开会时间。"),
            ),
            models.UniqueConstraint(
                fields=["response", "unit", "minutes_number"], condition=Q(minutes_number__isnull=False),
                name="meetings_meeting_number_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name_en if self.name_en and lang() == "en" else self.name

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """Once the notice is out: chair, recorder, and whoever is on its list or stands in for one who is."""
        from tongzhou.modules.meetings.models.attendance import Attendance  # which leads here

        listed = Attendance.objects.filter(Q(person=person) | Q(proxy=person)).exclude(state="withdrawn")
        return Q(called_at__isnull=False) & (Q(pk__in=listed.values("meeting")) | Q(chair=person) | Q(recorder=person))

    def lets(self, person: Person) -> frozenset[str]:
        if self.called_at is None:
            return frozenset()
        as_chair = {READ, APPROVE, FOLLOW} if self.chair_id == person.pk else set()
        return frozenset(as_chair | ({READ, RECORD, FOLLOW} if self.recorder_id == person.pk else set()))

    @property
    def is_reported(self) -> bool:
        """Known only from a report: nobody was invited here, and no minutes are written."""
        return bool(self.source)

    @property
    def clock(self) -> str:
        """09:00–10:30, as far as it is set."""
        times = [timezone.localtime(time).strftime("%H:%M") for time in (self.starts_at, self.ends_at) if time]
        return "–".join(times)

    def time_text(self) -> str:
        """The day and the clock, in the reader's language."""
        return f"{show(self.when, lang())} {self.clock}".strip()

    @property
    def where(self) -> str:
        """Place, link, or both."""
        return __("；").join(part for part in (self.place, __("线上") if self.link else "") if part)

    @property
    def custom(self) -> rulebook.Edition:
        """The house's rules of signing in and reminding, as they hold on the day of the meeting."""
        return rulebook.in_force("meetings", "attendance", self.happened_on)

    @property
    def number_text(self) -> str:
        if self.minutes_number is None or self.approved_at is None:
            return ""
        year = timezone.localtime(self.approved_at).year  # GB/T 9704-2012, 7.2.5: year in 〔 〕, no leading zero, no 第
        return __("〔{year}〕{number}号").format(year=year, number=self.minutes_number)

    @property
    def place_named(self) -> str:
        """The area as a report names it, in the reader's language."""
        return self.area_en if self.area_en and lang() == "en" else self.area

    def brief(self) -> Brief:
        return Brief(str(self), self.words)

    def is_over(self) -> bool:
        return self.state in {MeetingState.HELD, MeetingState.SUBMITTED, MeetingState.APPROVED}

    def door_url(self, code: str) -> str:
        return reverse("meetings.sign", args=[self.response.slug, self.pk, code])

    def own_url(self) -> str:
        """Where each invited person finds their own part."""
        return reverse("meetings.mine", args=[self.response.slug, self.pk])

    def line_values(self) -> list[dict[str, Any]]:
        return [{"title": one.title, "speaker": one.speaker, "minutes": one.minutes} for one in self.items.all()]


class Item(models.Model):
    """One item of the agenda; `said` is what the minutes tell of it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("议题"), max_length=100)
    speaker = models.CharField(_("汇报人"), max_length=60, blank=True, default="")
    minutes = models.PositiveSmallIntegerField(_("时长（分钟）"), null=True, blank=True)
    said = models.TextField(_("纪要"), blank=True, default="")

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="meetings_item_place")]

    def __str__(self) -> str:
        return self.title


class Decision(models.Model):
    """One thing decided, as the minutes have it; with their approval it becomes a task."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(pgettext_lazy("one", "议定事项"), max_length=300)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("责任人"))
    owner_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("责任单位"))
    due_on = models.DateField(_("完成期限"))

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="meetings_decision_place")]

    def __str__(self) -> str:
        return self.text

    @property
    def who(self) -> str:
        return (
            __("{unit}（{person}）").format(unit=self.owner_unit, person=self.owner)
            if self.owner_unit
            else str(self.owner)
        )
