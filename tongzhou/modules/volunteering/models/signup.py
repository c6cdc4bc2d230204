from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Record
from tongzhou.modules.volunteering import rules
from tongzhou.modules.volunteering.models.activity import Activity, Post
from tongzhou.modules.volunteering.workflow import (
    JOIN,
    RUN,
    CertificateState,
    certificate_workflow,
    signup_workflow,
)

LOST = ("withdrawn", "lapsed")  # states in which one may sign up again


class Signup(Record):
    """One person at one activity, who offered to come: filed by themselves, or with `on_word` saying how they offered.

    `minutes` are those of service, without the way there (民政部令第67号); proposed by the clock, they count once another person has
    confirmed them. A source that says only how many came is one row without a person that stands for them all.
    """

    class Rating(models.TextChoices):
        GOOD = "good", _("优秀")
        FAIR = "fair", _("良好")
        DONE = "done", _("完成")

    workflow = signup_workflow

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="signups", verbose_name=_("活动"))
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="signups", verbose_name=_("岗位")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("志愿者")
    )
    on_word = models.CharField(_("本人如何表示自愿"), max_length=100, blank=True, default="")
    queue = models.PositiveSmallIntegerField(_("候补序号"), null=True, editable=False)
    trained_at = models.DateTimeField(_("培训登记"), null=True, editable=False)
    checked_in_at = models.DateTimeField(_("签到时间"), null=True, editable=False)
    checked_out_at = models.DateTimeField(_("签退时间"), null=True, editable=False)
    by_hand = models.BooleanField(_("代为登记"), default=False, editable=False)
    minutes = models.PositiveIntegerField(_("服务时长（分钟）"), null=True, editable=False)
    rating = models.CharField(_("服务评价"), max_length=10, choices=Rating.choices, blank=True, default="")
    confirmed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("确认人"), editable=False
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, editable=False)
    asked_minutes = models.PositiveIntegerField(_("申请更正为（分钟）"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("报名")
        indexes: ClassVar[list[Any]] = [
            *Record.Meta.indexes,
            models.Index(fields=["person", "state"], name="volunteering_signup_mine"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["activity", "person"],
                condition=~Q(state__in=LOST),
                name="volunteering_signup_once",
                violation_error_message=_("已经报过名。"),
            ),
            models.CheckConstraint(
                condition=Q(filed_by=F("person")) | ~Q(on_word="") | ~Q(source=""),
                name="volunteering_signup_offered",
                violation_error_message=_("志愿服务出于自愿：由本人报名，或写明本人如何表示自愿。"),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(source=""), name="volunteering_signup_of_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(source="") | Q(minutes__gt=0, confirmed_by__isnull=False),
                name="volunteering_signup_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(person=None) | ~Q(confirmed_by=F("person")),
                name="volunteering_signup_confirmed_by_another",
                violation_error_message=_("服务时长须由本人以外的人确认。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who} · {self.activity}"

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """The volunteer, and who leads the activity."""
        return Q(person=person) | Q(activity__organiser=person, source="")

    def lets(self, person: Person) -> frozenset[str]:
        own = {JOIN} if person.pk == self.person_id else set()
        return frozenset(own | ({RUN} if self.activity.organiser_id == person.pk else set()))

    @property
    def who(self) -> str:
        return str(self.person or __("志愿者（只知道人次）"))

    @property
    def from_unit(self) -> Any:
        return self.person.unit if self.person else None

    @property
    def hours(self) -> str:
        return rules.hours(self.minutes)

    @property
    def asked(self) -> str:
        return rules.hours(self.asked_minutes)

    @property
    def span_text(self) -> str:
        """08:02–11:58"""
        marks = [_clock(moment) for moment in (self.checked_in_at, self.checked_out_at)]
        return "–".join(marks) if any(marks) else ""

    @property
    def due(self) -> datetime | date:
        return self.activity.due


class Certificate(Record):
    """What was recorded of one person's service by one unit, as it stood when it was issued. `code` lets a stranger check it."""

    workflow = certificate_workflow

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("志愿者"))
    name = models.CharField(_("证明上的姓名"), max_length=60)
    code = models.CharField(_("验证码"), max_length=20, unique=True, editable=False)
    first_on = models.DateField(_("服务自"), editable=False)
    last_on = models.DateField(_("服务至"), editable=False)
    minutes = models.PositiveIntegerField(_("合计时长（分钟）"), editable=False)
    times = models.PositiveSmallIntegerField(_("服务次数"), editable=False)
    lines = models.JSONField(default=list, editable=False)  # see actions.certificates
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("志愿服务记录证明")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(minutes__gt=0, last_on__gte=F("first_on")), name="volunteering_certificate_says_something"
            ),
            models.CheckConstraint(
                condition=Q(state=CertificateState.VALID) | Q(withdrawn_at__isnull=False),
                name="volunteering_certificate_withdrawn_when",
            ),
        ]

    def __str__(self) -> str:
        return __("%(name)s的志愿服务记录证明") % {"name": self.person}

    @classmethod
    def concerns(cls, person: Person) -> Q:
        return Q(person=person)

    def lets(self, person: Person) -> frozenset[str]:
        return frozenset({JOIN} if person.pk == self.person_id else ())

    @property
    def is_valid(self) -> bool:
        return self.state == CertificateState.VALID

    @property
    def hours(self) -> str:
        return rules.hours(self.minutes)

    @property
    def shown(self) -> list[dict[str, str]]:
        """Its lines in the reader's language."""
        english = lang() == "en"
        return [
            {
                "day": line["day"], "place": line["place"], "whom": line["whom"], "contact": line["contact"], "hours": rules.hours(line["minutes"]),
                "named": ((english and line["name_en"]) or line["name"]) + (__("（%(post)s）") % {"post": line["post"]} if line["post"] else ""),
            }
            for line in self.lines
        ]  # fmt: skip

    @property
    def code_text(self) -> str:
        return rules.spaced(self.code)

    @property
    def check_url(self) -> str:
        return f"{reverse('volunteering.verify', args=[self.response.slug])}?code={self.code_text}"


def _clock(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""
