"""Columns known from a report, with as many issues as it says and no others."""

from typing import Any

from tongzhou.kernel import steps
from tongzhou.kernel.dates import parse_when
from tongzhou.kernel.loading import Loading
from tongzhou.modules.publications.models import Column, Issue
from tongzhou.modules.publications.workflow import ColumnState, IssueState


def load(data: dict[str, Any], loading: Loading) -> int:
    """Each [[column]]; `issues` is the number the report gives, one row that stands for them. Loading again changes nothing."""
    return sum(_column(row, loading) for row in data.get("column", []))


def _column(row: dict[str, Any], loading: Loading) -> int:
    when = parse_when(row["when"])
    common = {
        "response": loading.response, "unit": loading.units[row["unit"]], "source": row.get("source", loading.source),
        "happened_on": when.day, "happened_precision": when.precision,
    }  # fmt: skip
    texts = {name: row.get(name, "") for name in ("name", "name_en", "channel", "channel_en")}
    column = Column(pk=loading.key("column", row["key"]), state=ColumnState.RUNNING, **texts, **common)
    column, _new = steps.report(column, by=loading.by)
    issues = Issue(
        pk=loading.key("issues", row["key"]), state=IssueState.PUBLISHED, column=column, quantity=row["issues"],
        bound=row.get("bound", "exact"), **common,
    )  # fmt: skip
    steps.report(issues, by=loading.by)
    return 2
