"""What goes to the account on WeChat: the text with the style of each element in it, and the pictures with what they show.

The text is data on our pages, never markup of theirs: inline styles do not pass our own policy, and need not.
"""

import zipfile
from io import BytesIO
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as __
from django.views.decorators.http import require_safe

from tongzhou.kernel import access
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Attachment
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.publications import queries
from tongzhou.modules.publications.models import Article, Picture
from tongzhou.modules.publications.rules import markup, wechat
from tongzhou.modules.publications.views import EXPORTED
from tongzhou.modules.publications.workflow import READ

STAMP = (2022, 1, 1, 0, 0, 0)  # the same files make the same package


@require_safe
def page(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    article = _article(request, response, key)
    shown = {"article": article, "response": article.response, "html": exported(article), "pictures": used(article)}
    return render(request, "publications/wechat.html", shown)


@require_safe
def text(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """As a file to keep; a download, so that no browser shows it under our address."""
    article = _article(request, response, key)
    answer = HttpResponse(_file(article), content_type="text/html; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="article-{article.pk}.html"'
    return answer


@require_safe
def package(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    article, out = _article(request, response, key), BytesIO()
    pictures = used(article)
    content = dict(
        Attachment.objects.filter(pk__in=[one.attachment_id for one in pictures]).values_list("pk", "content")
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for one in pictures:
            made.writestr(zipfile.ZipInfo(file_name(one), STAMP), bytes(content[one.attachment_id]))
        made.writestr(zipfile.ZipInfo("图片说明.txt", STAMP), _list(pictures).encode("utf-8-sig"))
        made.writestr(zipfile.ZipInfo("正文.html", STAMP), _file(article).encode())
    answer = HttpResponse(out.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="pictures-{article.pk}.zip"'
    return answer


def exported(article: Article) -> str:
    """In Chinese, whoever exports it. A corrected article says so here too."""
    with translation.override("zh-hans"):
        places = {one.number: _place(one) for one in used(article)}
        blocks = markup.parse(article.body, article.figures)
        return str(wechat.export(blocks, places=places, end=list(filter(None, _end(article)))))


def used(article: Article) -> list[Picture]:
    """The pictures that the text shows and that may be shown, in its order."""
    found = [part.picture for part in queries.parts(article, public=True) if part.picture]
    return list(dict.fromkeys(found))


def file_name(picture: Picture) -> str:
    return f"{picture.number:02}.jpg"


def _place(picture: Picture) -> str:
    told = {"file": file_name(picture), "what": picture.caption or picture.alt}
    return __("【请在此处插入图片 %(file)s：%(what)s】") % told


def _end(article: Article) -> list[str]:
    editor = __("编辑：%(who)s") % {"who": article.editor.name} if article.editor else ""
    final = __("审核：%(who)s") % {"who": article.final_by.name} if article.final_by else ""
    by = __("供稿：%(who)s") % {"who": article.contributor} if article.contributor else ""
    corrected = [
        __("更正（%(day)s）：%(told)s") % {"day": timezone.localtime(one.at).strftime("%Y-%m-%d"), "told": one.told}
        for one in article.corrections.all()
        if one.at
    ]
    return [by, "　".join(filter(None, [editor, final])), *corrected]


def _list(pictures: list[Picture]) -> str:
    return "\r\n".join(f"{file_name(one)}\t{one.alt}\t{one.caption}" for one in pictures)


def _file(article: Article) -> str:
    return f'<!doctype html><meta charset="utf-8">\n{exported(article)}\n'


def _article(request: SignedIn, response: str, key: UUID) -> Article:
    """Past its third review; before, it goes nowhere."""
    rows = queries.whole(Article.objects.filter(response=response_or_404(request, response), state__in=EXPORTED))
    article: Article = access.find(rows, request.user, READ, pk=key)
    if not access.may(request.user, READ, article) and article.author_id != request.user.pk:
        raise Http404  # asked to agree to it: reads it, and takes nothing away
    return article
