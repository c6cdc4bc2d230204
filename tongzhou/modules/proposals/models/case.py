from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Person, Record
from tongzhou.modules.proposals.models.item import Item
from tongzhou.modules.proposals.models.submission import Level, channel_name
from tongzhou.modules.proposals.workflow import RATE, CaseState, case_workflow


class Case(Record):
    """One proposal before one consultative conference. `happened_on` is the day it was brought in."""

    workflow = case_workflow

    class Result(models.TextChoices):
        A = "a", _("A 已经解决或采纳")
        B = "b", _("B 正在解决或列入计划")
        C = "c", _("C 条件不具备，以后解决")
        D = "d", _("D 留作参考")

    class Satisfaction(models.TextChoices):
        FULL = "full", _("满意")
        FAIR = "fair", _("基本满意")
        NONE = "none", _("不满意")

    item = models.ForeignKey(Item, models.PROTECT, related_name="cases", verbose_name=_("提案"))
    channel = models.SlugField(_("渠道"), max_length=30)
    level = models.CharField(_("层级"), max_length=10, choices=Level.choices)
    number = models.CharField(_("提案号"), max_length=30, blank=True, default="", editable=False)
    into = models.CharField(_("并入"), max_length=30, blank=True, default="", editable=False)
    lead = models.CharField(_("主办单位"), max_length=100, blank=True, default="", editable=False)
    assigned_on = models.DateField(_("交办日期"), null=True, editable=False)
    return_by = models.DateField(_("退回期限"), null=True, editable=False)
    reply_by = models.DateField(_("办复期限"), null=True, editable=False)
    hard_by = models.DateField(_("最迟答复"), null=True, editable=False)
    result = models.CharField(
        _("办理结果"), max_length=1, choices=Result.choices, blank=True, default="", editable=False
    )
    answer = models.TextField(_("答复"), blank=True, default="", editable=False)
    answered_on = models.DateField(_("答复日期"), null=True, editable=False)
    satisfaction = models.CharField(
        _("作者评价"), max_length=10, choices=Satisfaction.choices, blank=True, default="", editable=False
    )
    rounds = models.PositiveSmallIntegerField(_("办理次数"), default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("提案办理")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["item", "channel"],
                name="proposals_case_once",
                violation_error_message=_("这件提案已经提交过。"),
            ),
        ]

    def __str__(self) -> str:
        number = __("第%(number)s号：") % {"number": self.number} if self.number else ""
        return f"{number}{self.item}"

    @classmethod
    def concerns(cls, person: Person) -> Q:
        return Q(item__in=Item.objects.filter(Item.concerns(person)))

    @classmethod
    def withheld(cls, person: Person) -> Q:
        return Q(item__in=Item.objects.filter(Item.withheld(person)))

    def lets(self, person: Person) -> frozenset[str]:
        return frozenset({RATE} if self.item.author_id == person.pk else ())

    @property
    def channel_label(self) -> str:
        return channel_name(self.channel, self.happened_on)

    def is_late(self, today: date) -> bool:
        return self.state == CaseState.ASSIGNED and self.reply_by is not None and self.reply_by < today


class Cohandler(models.Model):
    """A unit that gives the lead unit its opinion."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="cohandlers")
    name = models.CharField(max_length=100)
    due = models.DateField()
    opined_on = models.DateField(null=True)

    class Meta:
        ordering = ["case", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "name"], name="proposals_cohandler_once")]

    def __str__(self) -> str:
        return self.name
