from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongzhou.kernel.models import Person, Record, Unit
from tongzhou.modules.meetings import rules
from tongzhou.modules.meetings.models.meeting import Meeting
from tongzhou.modules.meetings.workflow import ATTEND, RECORD, AttendanceState, attendance_workflow


class Attendance(Record):
    """One person expected at one meeting, from the invitation to the signature at the door.

    `unit` is the meeting's, `for_unit` the one that was invited as a whole; `signed_by` is who came, the person or the proxy.
    A report that says how many were there is one row without a person that stands for them all.
    """

    workflow = attendance_workflow

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="attendances", verbose_name=pgettext_lazy("one", "会议")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("参会人")
    )
    for_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("代表单位")
    )
    observer = models.BooleanField(_("列席"), default=False)
    proxy = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("代会人"), editable=False
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, editable=False)
    signed_at = models.DateTimeField(_("签到时间"), null=True, editable=False)
    signed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("到会人"), editable=False
    )
    by_hand = models.BooleanField(_("代为登记"), default=False, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("参会")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["meeting", "person"], condition=Q(person__isnull=False), name="meetings_attendance_once"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(source=""), name="meetings_attendance_of_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state="present") | ~Q(source="") | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="meetings_attendance_present_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person or __('到会人员（只知道人数）')} · {self.meeting}"

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """The person, who stands in for them, and who keeps the list."""
        own = Q(person=person) | Q(proxy=person) | Q(meeting__recorder=person) | Q(meeting__chair=person)
        return Q(meeting__called_at__isnull=False) & ~Q(state="withdrawn") & own

    def lets(self, person: Person) -> frozenset[str]:
        if self.meeting.called_at is None:
            return frozenset()
        own = {ATTEND} if person.pk in (self.person_id, self.proxy_id) else set()
        return frozenset(own | ({RECORD, ATTEND} if self.meeting.recorder_id == person.pk else set()))

    @property
    def who(self) -> str:
        return str(self.person or __("到会人员（只知道人数）"))

    @property
    def from_unit(self) -> Unit | None:
        """The unit as lists show it: the one invited, else the person's."""
        return self.for_unit or (self.person.unit if self.person else None)

    @property
    def came(self) -> str:
        """Who was there: the person, or somebody in their place."""
        if self.state != AttendanceState.PRESENT or self.signed_by is None:
            return ""
        return str(self.signed_by) if self.is_by_proxy else __("本人")

    @property
    def is_by_proxy(self) -> bool:
        return self.signed_by_id is not None and self.signed_by_id != self.person_id

    @property
    def late(self) -> int:
        """Minutes after the start, as the house counts them; 0 for whoever was in time or is not known to have come."""
        starts = self.meeting.starts_at
        if self.signed_at is None or starts is None:
            return 0
        return rules.minutes_late(starts, self.signed_at, self.meeting.custom["late_minutes"])

    @property
    def due(self) -> date:
        return self.meeting.happened_on

    @property
    def signed_clock(self) -> str:
        return timezone.localtime(self.signed_at).strftime("%H:%M") if self.signed_at else ""

    def answer_url(self) -> str:
        return reverse("meetings.answer", args=[self.response.slug, self.pk])
