"""Papers: the notice to rectify (整改通知书) of one visit, and the four lists (四张清单) of a round."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as __

from tongzhou.kernel import paper
from tongzhou.kernel.lang import lang
from tongzhou.modules.inspections.models import Finding, Round


def notice(findings: Sequence[Finding], address: str) -> paper.Paper:
    """One notice for what one visit found: the problems with what to do and by when, in the layout of a 卫生监督意见书."""
    first = findings[0]
    place, visit = first.place, first.visit
    rows = tuple(
        (str(n), one.text, one.task, str(one.get_severity_display()), str(one.due_on or ""))
        for n, one in enumerate(findings, 1)
    )
    header = (__("序号"), __("存在问题"), __("整改要求"), __("轻重"), __("整改期限"))
    opening = __("{place}：").format(place=place)
    found = __(
        "{day}，{unit}对你单位进行了疫情防控检查，发现下列问题。请按要求整改，并在期限内报送整改情况和照片。"
    ).format(day=paper.dated(visit.happened_on, lang()), unit=first.unit)
    blocks = (
        paper.prose(opening),
        paper.prose(found),
        paper.Table(header, rows, widths=(1, 5, 5, 2, 3)),
        paper.prose(__("经营地址：{address}").format(address=place.address or "—")),
        paper.prose(__("逾期不改或拒不整改的，移送主管部门依法处理。")),
        paper.Signatures((__("检查单位（章）"), __("检查人"), __("场所负责人（职务）"), __("签收日期"))),
        paper.QR(address, __("扫码查看并报送整改情况")),
    )
    return paper.Paper(
        title=__("疫情防控检查整改通知书"), number=first.number, issuer=str(first.unit), date_text=paper.dated(first.issued_on or visit.happened_on, lang()),
        lang=lang(), blocks=blocks, source_note=__("本通知书一式两份，检查单位、场所各存一份。"),
    )  # fmt: skip


def four_lists(round: Round, findings: Sequence[Finding]) -> paper.Paper:
    blocks = [block for title, header, widths, rows in lists(findings) for block in _part(title, header, widths, rows)]
    return paper.Paper(
        title=__("{round}四张清单").format(round=round),
        issuer=str(round.unit),
        lang=lang(),
        blocks=paper.numbered(blocks, lang()),
    )


def lists(findings: Sequence[Finding]) -> list[tuple[str, tuple[str, ...], tuple[int, ...], list[tuple[str, ...]]]]:
    """(title, header, widths, rows) of the lists of problems, tasks, responsibilities and deadlines; one number runs through all four."""
    numbered = [(str(n), one) for n, one in enumerate(findings, 1)]
    return [
        (
            __("问题清单"), (__("序号"), __("街道（社区）"), __("场所"), __("问题"), __("轻重")), (1, 3, 4, 6, 2),
            [(n, str(f.place.unit), str(f.place), f.text, str(f.get_severity_display())) for n, f in numbered],
        ),
        (
            __("任务清单"), (__("序号"), __("场所"), __("整改要求"), __("整改情况")), (1, 4, 6, 5),
            [(n, str(f.place), f.task or "—", f.measure or "—") for n, f in numbered],
        ),
        (
            __("责任清单"), (__("序号"), __("场所"), __("整改责任"), __("属地责任"), __("督办责任"), __("复查人")), (1, 4, 4, 3, 3, 2),
            [(n, str(f.place), _responsible(f), str(f.place.unit), str(f.unit), str(f.rechecked_by or "—")) for n, f in numbered],
        ),
        (
            __("时限清单"), (__("序号"), __("场所"), __("发现日期"), __("整改期限"), __("状态")), (1, 4, 3, 3, 4),
            [(n, str(f.place), str(f.happened_on), str(f.due_on or "—"), _state(f)) for n, f in numbered],
        ),
    ]  # fmt: skip


def _responsible(finding: Finding) -> str:
    post = finding.visit.met_post
    return __("{place}（{post}）").format(place=finding.place, post=post) if post else str(finding.place)


def _state(finding: Finding) -> str:
    return f"{finding.state_label()}（{__('逾期')}）" if finding.is_overdue else str(finding.state_label())


def _part(title: str, header: tuple[str, ...], widths: tuple[int, ...], rows: list[tuple[str, ...]]) -> tuple[Any, ...]:
    return paper.Heading(title), paper.Table(header, tuple(rows), widths=widths) if rows else paper.prose(__("没有。"))
