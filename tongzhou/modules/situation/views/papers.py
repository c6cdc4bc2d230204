"""The assessment as paper: PDF and Word."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as __
from django.views.decorators.http import require_safe

from tongzhou.kernel import access, paper
from tongzhou.kernel.dates import show
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.situation.models import Assessment
from tongzhou.modules.situation.views import assessment_context, assessments
from tongzhou.modules.situation.workflow import READ

FORMATS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_safe
def report(request: SignedIn, response: str, key: UUID, form: str) -> HttpResponse:
    rows = assessments.rows(response_or_404(request, response))
    found = access.find(rows, request.user, READ, pk=key)
    if form not in FORMATS or found.is_reported:
        raise Http404
    printed = on_paper(found, request.user)
    try:
        made = (
            paper.pdf(printed, base=settings.PUBLIC_URL)
            if form == "pdf"
            else paper.docx(printed, base=settings.PUBLIC_URL)
        )
    except paper.NoFont as fault:
        messages.error(request, str(fault))
        return redirect(found.get_absolute_url())
    answer = HttpResponse(made, content_type=FORMATS[form])
    answer["Content-Disposition"] = f'inline; filename="situation-{found.last_on}.{form}"'
    return answer


def on_paper(assessment: Assessment, by: Person) -> paper.Paper:
    """In the layout of GB/T 9704: the situation, what people concluded, who took part, what the figures cannot say."""
    told = assessment_context(assessment, by)
    prose = [paper.prose(*_runs(paragraph)) for paragraph in told["paragraphs"]]
    people = __("、").join(str(person) for person in told["people"])
    blocks: list[paper.Block] = [paper.Heading(__("疫情形势")), *(prose or [paper.prose(__("没有登记的数字。"))])]
    if assessment.view.strip():
        blocks += [
            paper.Heading(__("研判意见")),
            *(paper.prose(line) for line in assessment.view.splitlines() if line.strip()),
        ]
    if people:
        blocks += [paper.Heading(__("参加研判")), paper.prose(people)]
    blocks += [paper.Heading(__("说明")), paper.prose(told["limits"])]
    signed = __("签发：{name}").format(name=assessment.signed_by) if assessment.signed_by else __("草稿，未签发")
    return paper.Paper(
        title=str(assessment), issuer=str(assessment.unit), date_text=show(assessment.when, lang()), lang=lang(),
        blocks=paper.numbered(blocks, lang()),
        source_note=signed + (__("。内容摘要（SHA-256）{digest}").format(digest=assessment.digest) if assessment.digest else ""),
    )  # fmt: skip


def _runs(paragraph: list[dict[str, str]]) -> list[paper.Run]:
    runs = []
    for piece in paragraph:
        runs.append(paper.Run(piece["text"], piece.get("url", "")))
        if piece.get("now"):
            runs.append(paper.Run(__("（签发后更正，现为{now}）").format(now=piece["now"])))
    return runs
