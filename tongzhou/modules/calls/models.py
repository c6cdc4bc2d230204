from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Brief, Person, Record, Unit
from tongzhou.modules.calls import rules
from tongzhou.modules.calls.workflow import (
    ANSWER,
    OPEN,
    READ,
    CallState,
    ReplyState,
    call_workflow,
    reply_workflow,
)


class Call(Record):
    """`unit` issues it to the units in `addressed` and all below them; none named means to everyone below `unit`.

    `happened_on` is the day of issue, and until then the day of the draft.
    """

    workflow = call_workflow

    name = models.CharField(_("标题"), max_length=100)
    name_en = models.CharField(_("英文标题"), max_length=200, blank=True, default="")
    preface = models.TextField(_("引言"), blank=True, default="")
    mandate_issuer = models.CharField(_("依据：发文单位"), max_length=100, blank=True, default="")
    mandate_title = models.CharField(_("依据：文件标题"), max_length=200, blank=True, default="")
    mandate_number = models.CharField(_("依据：文号"), max_length=60, blank=True, default="")
    mandate_on = models.DateField(_("依据：日期"), null=True, blank=True)
    mandate_en = models.CharField(_("依据的英文说法"), max_length=300, blank=True, default="")
    answer_by = models.DateField(_("答复期限"), null=True, blank=True)
    addressed = models.ManyToManyField(Unit, related_name="+", verbose_name=_("发至"))
    issued_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("签发人"), editable=False
    )

    class Meta(Record.Meta):
        verbose_name = _("倡议")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(issued_by=None) | ~Q(issued_by=models.F("filed_by")),
                name="calls_call_two_people",
                violation_error_message=_("起草人不能签发自己起草的倡议。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and lang() == "en" else self.name

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """Once issued: whoever is addressed, and whoever follows a unit that is."""
        own = Q(person=person) | access.within(access.reach(person, READ))
        replies = Reply.objects.filter(own)
        return Q(state__in=(CallState.ISSUED, CallState.CLOSED), pk__in=replies.values("call"))

    @property
    def is_reported(self) -> bool:
        """Known only from a report: nobody is asked to answer it, and what it reached was not counted here."""
        return bool(self.source)

    @property
    def is_open(self) -> bool:
        """Whether its addressees may answer."""
        return self.state == CallState.ISSUED and not self.is_reported

    @property
    def mandate(self) -> str:
        """The notice it implements, as papers cite it: 发文单位《标题》（文号，日期）."""
        if self.mandate_en and lang() == "en":
            return self.mandate_en
        title = __("《%(title)s》") % {"title": self.mandate_title} if self.mandate_title else ""
        marks = __("，").join(part for part in (self.mandate_number, str(self.mandate_on or "")) if part)
        return f"{self.mandate_issuer}{title}" + (__("（%(marks)s）") % {"marks": marks} if marks else "")

    def line_values(self) -> list[dict[str, Any]]:
        return [one.as_form() for one in self.requirements.all()]


class Requirement(models.Model):
    """One thing a call asks. `name` is what answers refer to, the same in every answer of the call."""

    class FollowUp(models.TextChoices):
        NONE = "", _("无")
        PLEDGE = "pledge", _("登记捐赠意向")
        VOLUNTEER = "volunteer", _("登记为志愿者")

    call = models.ForeignKey(Call, models.CASCADE, related_name="requirements")
    number = models.PositiveSmallIntegerField()
    name = models.SlugField(max_length=30)
    title = models.CharField(_("要求"), max_length=100)
    title_en = models.CharField(_("英文"), max_length=200, blank=True, default="")
    asks = models.TextField(_("具体事项"), blank=True, default="")  # one a line
    follow_up = models.CharField(_("后续"), max_length=20, choices=FollowUp.choices, blank=True, default=FollowUp.NONE)

    class Meta:
        ordering = ["call", "number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="calls_requirement_place"),
            models.UniqueConstraint(fields=["call", "name"], name="calls_requirement_name"),
        ]

    def __str__(self) -> str:
        return self.title_en if self.title_en and lang() == "en" else self.title

    def ask_lines(self) -> list[str]:
        return rules.asks(self.asks)

    def as_form(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("title", "title_en", "asks", "follow_up")}


class Reply(Record):
    """One addressee of a call: a member (`person`), or a unit where `person` is empty.

    `unit` is the member's unit when the call was issued. `happened_on` is the call's day of issue: figures tell how the
    calls of a period stand.
    """

    workflow = reply_workflow

    call = models.ForeignKey(Call, models.PROTECT, related_name="replies", verbose_name=_("倡议"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("答复人")
    )
    delivered_at = models.DateTimeField(_("送达时间"), null=True, editable=False)
    read_at = models.DateTimeField(_("阅读时间"), null=True, editable=False)
    answered_at = models.DateTimeField(_("答复时间"), null=True, editable=False)
    known = models.CharField(_("代为登记：如何得知"), max_length=100, blank=True, default="", editable=False)

    class Meta(Record.Meta):
        verbose_name = _("答复")
        indexes: ClassVar[list[Any]] = [
            *Record.Meta.indexes,
            models.Index(fields=["person", "state"], name="calls_reply_mine"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["call", "person"], condition=~Q(person=None), name="calls_reply_once_a_person"
            ),
            models.UniqueConstraint(fields=["call", "unit"], condition=Q(person=None), name="calls_reply_once_a_unit"),
            models.CheckConstraint(
                condition=~Q(state=ReplyState.SETTLED) | Q(person=None), name="calls_reply_units_settle"
            ),
            models.CheckConstraint(
                condition=~Q(state=ReplyState.EXCUSED) | Q(person__isnull=False), name="calls_reply_members_excused"
            ),
        ]

    def __str__(self) -> str:
        return __("%(call)s（%(addressee)s）") % {"call": self.call, "addressee": self.addressee}

    @classmethod
    def concerns(cls, person: Person) -> Q:
        return Q(person=person)

    def lets(self, person: Person) -> frozenset[str]:
        return frozenset({ANSWER} if self.is_own(person) else ())

    def is_own(self, person: Person) -> bool:
        """A member answers for themselves; for a unit, whoever holds a role at that very unit."""
        return self.person_id == person.pk if self.person_id else self.unit.path in access.reach(person, ANSWER)

    @property
    def addressee(self) -> str:
        return str(self.person or self.unit)

    @property
    def is_unit(self) -> bool:
        return self.person_id is None

    @property
    def due(self) -> date | None:
        return self.call.answer_by

    @property
    def is_missing(self) -> bool:
        return self.state in OPEN

    @property
    def is_overdue(self) -> bool:
        return self.call.is_open and self.is_missing and rules.overdue(self.due, timezone.localdate())

    def said(self) -> str:
        """Its answers in words: 提高政治站位，听从指挥：已做到；…"""
        return __("；").join(answer.words() for answer in self.answers.all())

    def brief(self) -> Brief:
        """For whoever takes the member's offer over: the call, and what they said they can do."""
        told = (one.text for one in self.answers.all() if one.promises(Requirement.FollowUp.VOLUNTEER))
        return Brief(str(self.call), "；".join(text for text in told if text))

    def answer_url(self) -> str:
        return reverse("calls.answer", args=[self.response.slug, self.pk])


class Answer(models.Model):
    """What one addressee says to one requirement."""

    class Stance(models.TextChoices):
        COMMITTED = "committed", _("承诺")
        DONE = "done", _("已做到")
        CANNOT = "cannot", _("做不到")

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="answers")
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="answers")
    stance = models.CharField(_("表态"), max_length=10, choices=Stance.choices)
    text = models.CharField(_("做了什么"), max_length=300, blank=True, default="")
    reason = models.CharField(_("原因"), max_length=300, blank=True, default="")

    class Meta:
        ordering = ["reply", "requirement__number"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "requirement"], name="calls_answer_once"),
            models.CheckConstraint(
                condition=~Q(stance="cannot") | ~Q(reason=""),
                name="calls_answer_cannot_says_why",
                violation_error_message=_("做不到的，请写明原因。"),
            ),
        ]

    def __str__(self) -> str:
        return self.words()

    def promises(self, kind: str) -> bool:
        return self.requirement.follow_up == kind and self.stance != Answer.Stance.CANNOT

    def words(self) -> str:
        more = self.reason or self.text
        said = f"{self.get_stance_display()}" + (__("（%(more)s）") % {"more": more} if more else "")
        return __("%(requirement)s：%(said)s") % {"requirement": self.requirement, "said": said}


class Chase(models.Model):
    """That one addressee was reminded on one day. At most once a day, whoever presses the button."""

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="chases")
    on = models.DateField(_("日期"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("催办人"))

    class Meta:
        ordering = ["reply", "-on"]
        constraints = [models.UniqueConstraint(fields=["reply", "on"], name="calls_chased_once_a_day")]

    def __str__(self) -> str:
        return f"{self.reply_id} {self.on}"
