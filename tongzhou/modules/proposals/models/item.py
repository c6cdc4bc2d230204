from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Brief, Person, Record, Response
from tongzhou.modules.proposals import rules
from tongzhou.modules.proposals.workflow import SECRET, WRITE, ItemState, item_workflow

TEXTS = ("name", "situation", "analysis", "suggestions")


class Item(Record):
    """One matter. `author` is empty for what a unit brings as a body (集体); `coauthors` share the points.

    A draft is its author's until it is sent. What is confidential is its authors' and theirs who are trusted with it.
    """

    workflow = item_workflow

    class Kind(models.TextChoices):
        OPINION = "opinion", _("社情民意信息")
        PROPOSAL = "proposal", _("提案")

    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, default=Kind.OPINION)
    name = models.CharField(_("标题（案由）"), max_length=100)
    name_en = models.CharField(_("英文标题"), max_length=300, blank=True, default="", editable=False)
    situation = models.TextField(_("情况反映（案据）"))
    analysis = models.TextField(_("问题分析"), blank=True, default="")
    suggestions = models.TextField(_("建议"))
    suggestions_en = models.TextField(_("英文建议"), blank=True, default="", editable=False)
    is_confidential = models.BooleanField(_("涉密、不公开"), default=False)
    is_commissioned = models.BooleanField(_("约稿"), default=False)
    author = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("作者"))
    coauthors = models.ManyToManyField(Person, related_name="+", verbose_name=_("合作者"), blank=True)
    signed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("签发人"), editable=False
    )
    gram_count = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("建言")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(signed_by=None) | Q(author=None) | ~Q(signed_by=F("author")),
                name="proposals_item_two_people",
                violation_error_message=_("作者不能签发自己的建言。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and lang() == "en" else self.name

    @classmethod
    def concerns(cls, person: Person) -> Q:
        return cls._own(person)

    @classmethod
    def withheld(cls, person: Person) -> Q:
        secret = Q(is_confidential=True) & ~access.within(access.reach(person, SECRET))
        private = Q(state=ItemState.DRAFT, author__isnull=False)
        return (secret & ~cls._own(person)) | (private & ~cls._own(person) & ~Q(filed_by=person))

    @classmethod
    def _own(cls, person: Person) -> Q:
        """The author's and the coauthors'; what has no author is his who put it down."""
        shared = Item.coauthors.through.objects.filter(person=person)
        return Q(author=person) | Q(author=None, filed_by=person) | Q(pk__in=shared.values("item"))

    def lets(self, person: Person) -> frozenset[str]:
        """Anyone may write for their own unit, in a response in which it takes part; an author has the item until it is reviewed."""
        if not self._state.adding:
            mine = self.author_id == person.pk and self.state in (ItemState.DRAFT, ItemState.REVIEW, ItemState.RETURNED)
            return frozenset({WRITE} if mine else ())
        own = person.unit_id is not None and (person.unit_id, person.pk) == (self.unit_id, self.author_id)
        taking_part = own and any(person.unit and root.contains(person.unit) for root in self.response.roots.all())
        return frozenset({WRITE} if taking_part else ())

    def brief(self) -> Brief:
        return Brief(self.name, f"{self.situation}\n{self.suggestions}")

    @property
    def is_proposal(self) -> bool:
        return self.kind == self.Kind.PROPOSAL

    @property
    def length(self) -> int:
        """字数 of the body; the title is not counted."""
        return rules.count(self.situation, self.analysis, self.suggestions)

    @property
    def authors(self) -> list[Person]:
        return [*([self.author] if self.author else []), *self.coauthors.all()]

    @property
    def byline(self) -> str:
        return __("、").join(map(str, self.authors)) or __("%(unit)s（集体）") % {"unit": self.unit}

    @property
    def suggestions_shown(self) -> str:
        return self.suggestions_en if self.suggestions_en and lang() == "en" else self.suggestions

    @property
    def heads(self) -> tuple[Any, Any]:
        """What the parts of the text are called in this kind."""
        return (_("案据"), _("建议")) if self.is_proposal else (_("情况反映"), _("意见建议"))


class Version(models.Model):
    """The text as it left somebody's hands: when it was sent, and after each later change. Never rewritten."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    situation = models.TextField()
    analysis = models.TextField()
    suggestions = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["item", "number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="proposals_version_place")]

    def __str__(self) -> str:
        return __("第%(n)d稿") % {"n": self.number}


class Gram(models.Model):
    """One pair of neighbouring characters of an item's title and situation: by these, items that speak of the same are found."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="grams")
    text = models.CharField(max_length=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "item"], name="proposals_gram_place")]

    def __str__(self) -> str:
        return self.text


class Jotting(models.Model):
    """What somebody has written and not yet saved, as their device sent it: theirs alone, gone once it is saved. No record."""

    key = models.UUIDField(primary_key=True, default=uuid4)
    item = models.UUIDField()  # the key the item has or will have
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    response = models.ForeignKey(Response, models.CASCADE, related_name="+")
    fields = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["person", "item"], name="proposals_jotting_place")]

    def __str__(self) -> str:
        return str(self.fields.get("name") or __("（还没有标题）"))
