from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook
from tongzhou.kernel.models import Person, Record
from tongzhou.modules.proposals.models.item import Item
from tongzhou.modules.proposals.workflow import submission_workflow


class Level(models.TextChoices):
    OWN = "own", _("本组织")
    CITY = "city", _("市级")
    PROVINCE = "province", _("省级")
    NATIONAL = "national", _("全国")


class How(models.TextChoices):
    ALONE = "alone", _("单篇采用")
    MERGED = "merged", _("综合采用")


def channel_name(code: str, day: Any) -> str:
    """What a channel was called on a day, in the reader's language; its code if no edition knows it."""
    for one in rulebook.in_force("proposals", "channels", day)["channels"]:
        if one["code"] == code:
            return str(rulebook.spoken(one["name"]))
    return code


class Submission(Record):
    """One item at one channel. `happened_on` is the day it was sent; the level is the channel's on that day."""

    workflow = submission_workflow

    item = models.ForeignKey(Item, models.PROTECT, related_name="submissions", verbose_name=_("建言"))
    channel = models.SlugField(_("渠道"), max_length=30)
    level = models.CharField(_("层级"), max_length=10, choices=Level.choices)
    how = models.CharField(_("采用方式"), max_length=10, choices=How.choices, blank=True, default="", editable=False)

    class Meta(Record.Meta):
        verbose_name = _("报送")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["item", "channel"],
                name="proposals_submission_once",
                violation_error_message=_("这条建言已经报送过这个渠道。"),
            ),
        ]

    def __str__(self) -> str:
        return __("%(item)s → %(channel)s") % {"item": self.item, "channel": self.channel_label}

    @classmethod
    def concerns(cls, person: Person) -> Q:
        return Q(item__in=Item.objects.filter(Item.concerns(person)))

    @classmethod
    def withheld(cls, person: Person) -> Q:
        return Q(item__in=Item.objects.filter(Item.withheld(person)))

    @property
    def channel_label(self) -> str:
        return channel_name(self.channel, self.happened_on)

    @property
    def is_adopted(self) -> bool:
        return bool(self.how)

    @property
    def results(self) -> str:
        """What came of it, in few words: 单篇采用 · 领导批示."""
        labels = [str(one.get_kind_display()) for one in self.outcomes.all()]
        return " · ".join(dict.fromkeys(labels))


class Outcome(models.Model):
    """One thing a channel made of a submission. Points come from these, each by its kind and level."""

    class Kind(models.TextChoices):
        ALONE = "alone", _("单篇采用")
        MERGED = "merged", _("综合采用")
        NOTE = "note", _("领导批示")
        FORWARD = "forward", _("转送")
        REPLY = "reply", _("反馈")

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    level = models.CharField(max_length=10, choices=Level.choices)
    on = models.DateField()
    told = models.TextField()  # in which bulletin; whose note and what it says; to whom it was passed
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return self.told
