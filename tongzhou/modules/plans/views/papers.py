"""A plan on paper, in the layout of GB/T 9704: its text, then its parts, the list of annexes, and who approved it."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import paper, seal
from tongzhou.kernel.dates import When, show
from tongzhou.kernel.lang import lang
from tongzhou.kernel.paper import Block, Heading, Paper, Table, prose
from tongzhou.modules.plans import queries
from tongzhou.modules.plans.models import Plan
from tongzhou.modules.plans.rules import Passage
from tongzhou.modules.plans.workflow import MADE


def plan_paper(plan: Plan) -> Paper:
    """Telephone numbers are masked: whoever must call opens them on the page, for a purpose, with an entry."""
    blocks = [*_text(queries.text(plan)), *_levels(plan), *_planned(plan), *_posts(plan), *_resources(plan)]
    made = plan.state in MADE
    day = show(When(timezone.localdate(plan.approved_at)), lang()) if plan.approved_at else ""
    return Paper(
        title=str(plan), number=plan.number, subtitle="" if made else __("（%(state)s）") % {"state": plan.state_label()},
        issuer=str(plan.unit), date_text=day or show(plan.when, lang()), lang=lang(),
        blocks=(*paper.numbered(blocks, lang()), *_annexes(plan), *_approval(plan)),
        source_note=__("版次：第%(n)d版") % {"n": plan.edition} + (__("；内容摘要（SHA-256）%(digest)s") % {"digest": plan.digest} if plan.digest else ""),
    )  # fmt: skip


def _text(found: Iterable[Passage]) -> Iterable[Block]:
    for one in found:
        if one.title:
            yield Heading(one.title, one.depth)
        yield from (prose(line) for line in one.lines)


def _levels(plan: Plan) -> Iterable[Block]:
    if levels := list(plan.levels.all()):
        yield Heading(__("响应级别"))
        rows = tuple((level.name, level.trigger or "—", level.threshold_words() or "—") for level in levels)
        yield Table((__("等级"), __("启动条件"), __("对照的数字")), rows, widths=(3, 8, 4))


def _planned(plan: Plan) -> Iterable[Block]:
    planned, levels = list(plan.planned.all()), list(plan.levels.all())
    if not planned:
        return
    yield Heading(__("各级任务"))
    for level in levels:
        rows = tuple(
            (
                f"{one.name}\n{one.text}" if one.text else one.name,
                str(one.unit),
                str(one.person or "—"),
                one.hours_words(),
            )
            for one in planned
            if one.rank == level.rank
        )
        if rows:
            yield Heading(level.name, 2)
            yield Table((__("任务"), __("承办单位"), __("办理人"), __("办结时限")), rows, widths=(7, 4, 3, 3))


def _posts(plan: Plan) -> Iterable[Block]:
    if tree := queries.call_tree(plan):
        yield Heading(__("岗位与呼叫树"))
        rows = tuple(
            (
                "　" * depth + post.name, str(post.at or "—"), str(post.person or "—"), str(post.deputy or "—"),
                seal.mask(post, "phone") or "—", post.caller.name if post.caller else __("最先通知"),
            )
            for node in tree
            for depth, post in node.flat()
        )  # fmt: skip
        header = (__("岗位"), __("单位"), __("岗位负责人"), __("替补人"), __("电话"), __("由谁通知"))
        yield Table(
            header, rows, widths=(4, 4, 3, 3, 4, 3), note=__("电话已脱敏；启动时由通知人在系统中查看，查看记入台账。")
        )


def _resources(plan: Plan) -> Iterable[Block]:
    if resources := list(plan.resources.all()):
        yield Heading(__("资源"))
        rows = tuple(
            (str(one.get_kind_display()), one.name, one.amount() or "—", one.place or "—") for one in resources
        )
        yield Table((__("类别"), __("名称"), __("数量"), __("地点")), rows, widths=(2, 5, 3, 6))


def _annexes(plan: Plan) -> Iterable[Block]:
    names = [one.name.rpartition(".")[0] or one.name for one in queries.annexes(plan)]
    if len(names) == 1:
        yield prose(__("附件：%(name)s") % {"name": names[0]})
    for number, name in enumerate(names, 1) if len(names) > 1 else ():
        yield prose((__("附件：") if number == 1 else "　　　") + f"{number}. {name}")


def _approval(plan: Plan) -> Iterable[Block]:
    if plan.approved_by and plan.approved_at:
        day = show(When(timezone.localdate(plan.approved_at)), lang())
        yield prose(__("批准：%(by)s　%(day)s") % {"by": plan.approved_by, "day": day})
    elif plan.state not in MADE:
        yield paper.Signatures((__("批准人"), __("日期")))
