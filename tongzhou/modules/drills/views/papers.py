"""The script for the wall and the report of a drill, in official layout: Word and PDF."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_safe

from tongzhou.kernel import paper as papers
from tongzhou.kernel.dates import show
from tongzhou.kernel.desk.views import find
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person
from tongzhou.kernel.paper import Block, Heading, Paper, Table, prose
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.drills import queries, rules
from tongzhou.modules.drills.models import Drill, Finding, Inject
from tongzhou.modules.drills.views import drills
from tongzhou.modules.drills.workflow import HELD

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA = {"pdf": "application/pdf", "docx": DOCX}


@require_safe
def take(request: SignedIn, response: str, key: UUID, paper: str, form: str) -> HttpResponse:
    """`paper` is script or report, `form` pdf or docx."""
    drill: Drill = find(request, response, key, drills)
    made = {"script": script, "report": report}.get(paper)
    if made is None or form not in MEDIA or (paper == "report" and (drill.state not in HELD or drill.is_reported)):
        raise Http404
    return _printed(request, made(drill, request.user), form, f"drill-{paper}-{drill.happened_on}", drill)


def script(drill: Drill, by: Person) -> Paper:
    """What hangs on the wall of the control room: who, when, the injects minute by minute, the limits."""
    injects = tuple((f"T+{one.minute}", one.to, one.text, one.expected, "") for one in drill.injects.all())
    targets = tuple((one.name, one.limit_words(), one.basis) for one in drill.targets.all())
    blocks: list[Block] = [
        *_about(drill),
        Heading(__("注入")),
        Table((__("分钟"), __("发给"), __("内容"), __("预期反应"), __("实际时间")), injects, widths=(2, 3, 7, 7, 2))
        if injects
        else prose(__("还没有注入。")),
    ]
    if targets:
        blocks += [Heading(__("时限指标")), Table((__("指标"), __("时限"), __("时限依据")), targets, widths=(5, 2, 7))]
    return _paper(drill, __("%(drill)s脚本") % {"drill": drill}, blocks)


def report(drill: Drill, by: Person) -> Paper:
    """What was practised, how long it took, what was found and what became of it."""
    blocks = [
        *_about(drill),
        Heading(__("时限指标")),
        *_timings(drill),
        Heading(__("过程")),
        *_course(drill),
        Heading(__("评估意见")),
        *(prose(line) for line in (drill.evaluation or __("还没有评估。")).splitlines() if line.strip()),
        Heading(__("问题和整改")),
        _findings(queries.findings_of([drill], by)),
        papers.Signatures((__("演练负责人"), __("评估人"), __("日期"))),
    ]
    return _paper(drill, __("%(drill)s评估报告") % {"drill": drill}, blocks)


def _about(drill: Drill) -> list[Block]:
    people = __("、").join(
        f"{one.unit or one.name}{__('（%(n)d人）') % {'n': one.people}}" for one in drill.participants.all()
    )
    rows = [
        (__("时间"), f"{show(drill.when, lang())} {drill.begins}".strip()),
        (__("地点"), drill.place),
        (__("情景"), drill.scenario_label()),
        (__("形式"), drill.kind_label()),
        (__("检验的预案"), drill.plan),
        (__("演练负责人"), str(drill.lead or "")),
        (__("评估人"), __("、").join(map(str, drill.evaluators.all()))),
        (__("参演"), people),
        (__("初始情景"), drill.setting),
    ]
    return [
        Heading(__("基本情况")),
        Table((__("项目"), __("内容")), tuple((a, b or "—") for a, b in rows), widths=(2, 9)),
    ]


def _timings(drill: Drill) -> list[Block]:
    targets = list(drill.targets.all())
    if not targets:
        return [prose(__("没有设时限指标。"))]
    found = rules.tally([one.timing for one in targets])
    said = __("共%(n)d项：达标%(met)d项，超时%(missed)d项，未测%(unmeasured)d项。") % {"n": len(targets), **found}
    rows = tuple(
        (one.name, one.limit_words(), one.timing.words(), "" if one.score is None else str(one.score), one.remark)
        for one in targets
    )
    return [
        prose(said),
        Table((__("指标"), __("时限"), __("结果"), __("评分"), __("评语")), rows, widths=(5, 2, 5, 2, 4)),
    ]


def _course(drill: Drill) -> list[Block]:
    injects = list(drill.injects.all())
    rows = tuple((f"{one.number}", f"T+{one.minute}", one.text, _at(drill, one), _seen(drill, one)) for one in injects)
    header = (__("序号"), __("计划"), __("内容"), __("发出"), __("反应"))
    return [Table(header, rows, widths=(1.4, 2, 7, 2, 5))] if rows else [prose(__("没有注入。"))]


def _at(drill: Drill, inject: Inject) -> str:
    return _since(drill, inject.released_at) if inject.released_at else __("未发出")


def _seen(drill: Drill, inject: Inject) -> str:
    if not inject.observed_at:
        return inject.seen or __("未观察")
    told = f"{_since(drill, inject.observed_at)} {inject.get_outcome_display()}"
    return f"{told}　{inject.seen}" if inject.seen else told


def _since(drill: Drill, time: object) -> str:
    """T+ as a clock shows it."""
    return "T+" + rules.clock(max(0, int((time - drill.begun_at).total_seconds())))  # type: ignore[operator]  # nothing is observed before the drill has begun


def _findings(found: list[Finding]) -> Block:
    if not found:
        return prose(__("没有登记问题。"))
    rows = tuple(
        (
            one.what,
            str(one.get_severity_display()),
            f"{one.owner}（{one.unit}）",
            str(one.due_on),
            str(one.state_label()),
            one.done,
        )
        for one in found
    )
    header = (__("问题"), __("程度"), __("责任人"), __("期限"), __("状态"), __("整改情况"))
    return Table(header, rows, widths=(6, 2, 4, 3, 3, 5))


def _paper(drill: Drill, title: str, blocks: list[Block]) -> Paper:
    day = papers.dated(timezone.localdate(), lang())
    return Paper(
        title=title,
        subtitle=str(drill.response),
        issuer=str(drill.unit),
        date_text=day,
        lang=lang(),
        blocks=papers.numbered(blocks, lang()),
    )


def _printed(request: SignedIn, made: Paper, form: str, name: str, drill: Drill) -> HttpResponse:
    try:
        content = (papers.pdf if form == "pdf" else papers.docx)(made, base=settings.PUBLIC_URL)
    except papers.NoFont as fault:
        messages.error(request, str(fault))
        return redirect(drill.get_absolute_url())
    answer = HttpResponse(content, content_type=MEDIA[form])
    kind = "inline" if form == "pdf" else "attachment"
    answer["Content-Disposition"] = f'{kind}; filename="{name}.{form}"'
    return answer
