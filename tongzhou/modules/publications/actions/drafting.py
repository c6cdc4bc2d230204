"""An article begins: from nothing, or from records with their figures in place; its pictures."""

from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, attachments, steps
from tongzhou.kernel.models import Person, Record, Response
from tongzhou.modules.publications import queries
from tongzhou.modules.publications.models import Article, Cited, Picture, Source
from tongzhou.modules.publications.workflow import EDIT, UNWRITTEN, WRITE, ArticleState

CITED = _("{by}引用记录“{record}”")
MOST_PICTURES = 30


def begin(key: UUID, response: Response, *, by: Person, name: str = "", source: Record | None = None) -> Article:
    """A draft of one's own unit. Begun again under its key, the one that is there comes back."""
    if by.unit is None:
        raise ValidationError(__("您还没有所属单位，请联系所在单位登记后再写稿。"))
    with translation.override("zh-hans"):  # what is published is Chinese, whoever begins it
        title = name or (source.brief().title if source else "")
    if not title:
        raise ValidationError({"name": __("请填写标题，或给出要引用的记录。")})
    article = Article(
        pk=key, response=response, unit=by.unit, author=by, name=title[:100], contributor=f"{by.unit.name} {by.name}"
    )
    with transaction.atomic():
        article, new = steps.file(article, by=by)
        if new and source is not None:
            cite(article, source, by=by)
    return article


def accept(source: Record, *, by: Person) -> Article:
    """A matter of another room as a draft: what it says of itself, and its figures."""
    return begin(uuid5(source.pk, "article"), source.response, by=by, source=source)


@transaction.atomic
def cite(article: Article, record: Record, *, by: Person) -> Article:
    """Put what the record says at the end of the text, its figures as cited ones. What is confidential is refused, whoever asks."""
    writes(article, by)
    if access.is_confidential(record):
        raise ValidationError({"at": __("这条记录涉密或未公开，不能写进公开发表的稿件。")})
    table = record._meta.label_lower
    if article.sources.filter(table=table, record=record.pk).exists():
        raise ValidationError({"at": __("这条记录已经引用过。")})
    source = Source.objects.create(article=article, table=table, record=record.pk, by=by)
    with translation.override("zh-hans"):
        brief = record.brief()
        text = "\n".join(filter(None, [article.body, brief.text, _figures(article, source, record)]))
    steps.note(article, "cite", by=by, said=CITED, data={"record": brief.title})
    return _put(article, text, by)


def add_picture(
    article: Article, sent: "UploadedFile[Any]", *, by: Person, alt: str, caption: str = "", shows: str = "", key: UUID
) -> Picture:
    """A photograph, encoded anew, described; it is put at the end of the text. The same key again gives what is there."""
    needs = writes(article, by)
    with transaction.atomic():
        kept = attachments.attach_picture(article, sent, by=by, needs=needs, purpose="picture", key=key)
        if there := Picture.objects.filter(attachment=kept).first():
            return there
        number = (article.pictures.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        if number > MOST_PICTURES:
            raise ValidationError(__("一篇稿件最多%(n)d张照片。") % {"n": MOST_PICTURES})
        made = Picture(article=article, attachment=kept, number=number, alt=alt.strip(), caption=caption, shows=shows)
        made.full_clean(exclude=["article", "attachment"])
        made.save()
        _put(article, f"{article.body}\n[图{number}]".strip(), by)
    return made


def writes(article: Article, by: Person) -> str:
    """The capability by which this person may change the text now. Raises PermissionDenied, OutOfStep."""
    if article.state in UNWRITTEN:
        needs = WRITE
    elif article.state == ArticleState.SECOND:
        needs = EDIT
    else:
        raise steps.OutOfStep
    access.require(by, needs, article)
    return needs


def may_write(article: Article, by: Person) -> bool:
    try:
        return bool(writes(article, by))
    except (PermissionDenied, steps.OutOfStep):
        return False


def _figures(article: Article, source: Source, record: Record) -> str:
    """One sentence with what may be counted of the record; its figures stand as marks that the records fill."""
    before, said = article.cited.count(), []
    for number, found in enumerate(queries.findings_of(record), start=before + 1):
        Cited.objects.create(
            article=article, source=source, number=number, fact=found.fact.name, part=list(found.part), label=found.label[:200],
            text=queries.in_chinese(found),
        )  # fmt: skip
        said.append(found.sentence(f"[数{number}]"))
    return "，".join(said) + "。" if said else ""


def _put(article: Article, text: str, by: Person) -> Article:
    """The text, by the door that its state has open."""
    if article.state in UNWRITTEN:
        return steps.amend(article, by=by, body=text)
    return steps.advance(article, "edit", by=by, data={"n": article.length}, body=text, editor=by)
