from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Attachment, Person, Record
from tongzhou.modules.publications.models.column import Issue
from tongzhou.modules.publications.rules import markup
from tongzhou.modules.publications.workflow import UNWRITTEN, WRITE, ArticleState, article_workflow

TEXTS = ("name", "digest", "body", "named")


def _somebody(label: Any) -> Any:
    return models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=label, editable=False)


class Article(Record):
    """`author` is empty for what the office puts down. A draft is its author's until it is sent; who is asked to agree may read it."""

    workflow = article_workflow

    name = models.CharField(_("标题"), max_length=100)
    digest = models.CharField(_("摘要"), max_length=200, blank=True, default="")
    body = models.TextField(_("正文"), blank=True, default="")
    contributor = models.CharField(_("供稿"), max_length=100, blank=True, default="")
    named = models.TextField(_("文中点名的人"), blank=True, default="")
    author = _somebody(_("作者"))
    editor = _somebody(_("编辑"))
    first_by = _somebody(_("初审"))
    second_by = _somebody(_("复审"))
    final_by = _somebody(_("终审"))
    issue = models.ForeignKey(
        Issue, models.PROTECT, null=True, related_name="articles", verbose_name=_("编入期次"), editable=False
    )
    place = models.PositiveSmallIntegerField(_("本期第几篇"), default=1, editable=False)
    published_at = models.DateTimeField(_("发布时间"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("稿件")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(final_by=None) | Q(author=None) | ~Q(final_by=F("author")),
                name="publications_article_two_people",
                violation_error_message=_("作者不能终审自己的稿件。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def concerns(cls, person: Person) -> Q:
        asked = cls._default_manager.filter(consents__person=person)
        return Q(author=person) | Q(pk__in=asked.values("pk"))

    @classmethod
    def withheld(cls, person: Person) -> Q:
        return Q(state=ArticleState.DRAFT, author__isnull=False) & ~Q(author=person) & ~Q(filed_by=person)

    def lets(self, person: Person) -> frozenset[str]:
        """Anyone may write for their own unit, in a response in which it takes part; an author has the article until it is reviewed."""
        if not self._state.adding:
            mine = self.author_id == person.pk and self.state in (*UNWRITTEN, ArticleState.FIRST)
            return frozenset({WRITE} if mine else ())
        own = person.unit_id is not None and (person.unit_id, person.pk) == (self.unit_id, self.author_id)
        taking_part = own and any(person.unit and root.contains(person.unit) for root in self.response.roots.all())
        return frozenset({WRITE} if taking_part else ())

    @property
    def length(self) -> int:
        return markup.length(markup.plain(markup.parse(self.body, self.figures)))

    @property
    def figures(self) -> dict[int, str]:
        return {one.number: one.text for one in self.cited.all()}

    @property
    def declared(self) -> list[str]:
        """Names that the author put down, one a line."""
        return list(dict.fromkeys(filter(None, map(str.strip, self.named.splitlines()))))

    @property
    def held(self) -> dict[str, Any]:
        """Who holds which part of the work on it, by key."""
        return {
            "author": self.author_id, "editor": self.editor_id, "first": self.first_by_id, "second": self.second_by_id, "final": self.final_by_id,
        }  # fmt: skip

    @property
    def reviewers(self) -> list[Person]:
        return [one for one in (self.first_by, self.second_by, self.final_by) if one]


class Picture(models.Model):
    """A photograph of an article: [图number] in its text. `alt` says what it shows, for whoever does not see it."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="pictures")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    alt = models.CharField(_("图片说明"), max_length=200)
    caption = models.CharField(_("图注"), max_length=100, blank=True, default="")
    shows = models.TextField(_("图中可辨认的人"), blank=True, default="")

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="publications_picture_place"),
            models.CheckConstraint(condition=~Q(alt=""), name="publications_picture_described"),
        ]

    def __str__(self) -> str:
        return self.alt

    @property
    def people(self) -> list[str]:
        return list(dict.fromkeys(filter(None, map(str.strip, self.shows.splitlines()))))


class Source(models.Model):
    """A record that an article cites, by table and key; `by` is whose reach its figures are counted in."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="sources")
    table = models.CharField(max_length=60)
    record = models.UUIDField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["article", "table", "record"], name="publications_source_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.record}"


class Cited(models.Model):
    """A figure out of a cited record: [数number] in the text. `text` is what is read; `fact` and `part` are how it is counted again."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="cited")
    source = models.ForeignKey(Source, models.PROTECT, related_name="figures")
    number = models.PositiveSmallIntegerField()
    fact = models.CharField(max_length=100)
    part: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    label = models.CharField(max_length=200)
    text = models.CharField(max_length=60)

    class Meta:
        ordering = ["article", "number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="publications_cited_place")]

    def __str__(self) -> str:
        return self.text


class Correction(models.Model):
    """A change of what was published: the note that readers see, the new text, and the one before, which stays with us.

    The text before is shown to nobody outside: it may be what somebody wanted gone.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    told = models.CharField(_("更正说明"), max_length=300)
    after: "models.JSONField[Any, Any]" = models.JSONField()
    before: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)  # public since
    rejected = models.BooleanField(default=False)

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="publications_correction_place"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("by")),
                name="publications_correction_two_people",
                violation_error_message=_("提出更正的人不能自己终审，请由另一位有终审权限的人审。"),
            ),
        ]

    def __str__(self) -> str:
        return self.told
