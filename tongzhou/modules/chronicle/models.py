from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Record, Unit
from tongzhou.kernel.module import Line
from tongzhou.kernel.scope import Scope
from tongzhou.modules.chronicle.workflow import State, workflow

INTRO = "intro"
# in the order told
LINES = [
    (INTRO, _("前言")),
    *((line.value, line.label) for line in Line if line is not Line.RECORD),
]


class Kind(models.TextChoices):
    BRIEF = "brief", _("日报")
    RETURN = "return", _("报表")
    DISCLOSURE = "disclosure", _("公示")
    CHRONICLE = "chronicle", _("纪实")


class Chronicle(Record):
    """`frozen` is what was published: scope, words in both languages, values, time (see queries.freezing). It never changes.

    `happened_on` is the date of the paper. `about` and the days are its scope; empty means all units, all days.
    """

    workflow = workflow

    kind = models.CharField(_("种类"), max_length=12, choices=Kind.choices, default=Kind.CHRONICLE)
    heading = models.CharField(_("标题"), max_length=120, blank=True, default="")
    heading_en = models.CharField(_("英文标题"), max_length=200, blank=True, default="")
    subtitle = models.CharField(_("副标题"), max_length=120, blank=True, default="")
    subtitle_en = models.CharField(_("英文副标题"), max_length=200, blank=True, default="")
    issuer = models.CharField(_("署名"), max_length=120, blank=True, default="")
    issuer_en = models.CharField(_("英文署名"), max_length=200, blank=True, default="")
    number = models.PositiveIntegerField(_("期号"), null=True, blank=True)
    about = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("统计单位"))
    first_on = models.DateField(_("起"), null=True, blank=True)
    last_on = models.DateField(_("止"), null=True, blank=True)
    wanted = models.JSONField(_("统计项目"), default=list, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="editions", verbose_name=_("更正")
    )
    frozen = models.JSONField(null=True, editable=False)

    class Meta(Record.Meta):
        abstract = False
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(first_on=None) | Q(last_on=None) | Q(first_on__lte=F("last_on")),
                name="chronicle_days_in_order", violation_error_message=_("起始日期不能晚于截止日期。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.PUBLISHED, State.REPLACED]) | Q(frozen__isnull=False), name="chronicle_published_is_frozen"
            ),
            models.UniqueConstraint(
                fields=["response", "unit", "kind", "number"], condition=Q(corrects=None) & ~Q(state=State.DROPPED),
                name="chronicle_number_once", violation_error_message=_("这个期号已经用过。"),
            ),
            models.UniqueConstraint(fields=["corrects"], condition=~Q(state=State.DROPPED), name="chronicle_one_new_edition"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.heading_en if self.heading_en and lang() == "en" else self.heading

    def clean(self) -> None:
        super().clean()
        if self.kind == Kind.BRIEF and not (self.first_on and self.last_on):
            raise ValidationError({"first_on": __("日报须写明起止日期；只报一天的，两处填同一天。")})

    @property
    def scope(self) -> Scope:
        return Scope(self.response, self.about, self.first_on, self.last_on)

    @property
    def is_open(self) -> bool:
        return self.frozen is None

    def scope_text(self) -> str:
        """全部单位，2022-03-01 至 2022-03-31"""
        days = [str(day) for day in (self.first_on, self.last_on) if day]
        if not days:
            shown = __("全部日期")
        elif self.first_on and self.last_on:
            shown = (
                days[0]
                if self.first_on == self.last_on
                else __("%(first)s 至 %(last)s") % {"first": days[0], "last": days[1]}
            )
        else:
            shown = (__("%(day)s 起") if self.first_on else __("截至 %(day)s")) % {"day": days[0]}
        return __("%(unit)s，%(days)s") % {"unit": self.about or __("全部单位"), "days": shown}


class Section(models.Model):
    """Prose of one line of the response. An empty text tells what the rooms tell, so it stays live in that language."""

    chronicle = models.ForeignKey(Chronicle, models.PROTECT, related_name="sections")
    line = models.CharField(_("部分"), max_length=12, choices=LINES)
    text = models.TextField(_("正文"), blank=True, default="")
    text_en = models.TextField(_("英文正文"), blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chronicle", "line"], name="section_once")]

    def __str__(self) -> str:
        return str(dict(LINES)[self.line])


class Citation(models.Model):
    """A record that the prose relies on: its fields are numbers that may be written."""

    chronicle = models.ForeignKey(Chronicle, models.PROTECT, related_name="citations")
    table = models.CharField(max_length=60)
    record = models.UUIDField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["chronicle", "table", "record"], name="cited_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.record}"

    def as_data(self) -> dict[str, Any]:
        return {"table": self.table, "key": str(self.record)}
