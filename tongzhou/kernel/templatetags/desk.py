"""What the desk's templates need: addresses of a desk's pages and how a cell is shown."""

import json
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __

from tongzhou.kernel import dates
from tongzhou.kernel.charts import Chart
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.figures import Figure
from tongzhou.kernel.lang import lang
from tongzhou.kernel.maps import Map
from tongzhou.kernel.models import Record, Response
from tongzhou.kernel.rulebook import Edition, Rule

register = template.Library()


@register.simple_tag
def desk_url(desk: Desk, page: str, response: Response, *args: Any) -> str:
    return desk.url(page, response, *args)


@register.simple_tag
def cell(column: Column, record: Any, plain: bool = False) -> Any:
    """The value of a column, as its kind is shown; `plain` leaves out links (for paper)."""
    value = column.of(record)
    if column.kind == "state":
        return (
            record.state_label()
            if plain
            else template.Template("{% state record %}").render(template.Context({"record": record}))
        )
    if column.kind == "money":
        return yuan(value)
    if column.kind == "link" and not plain:
        mark = format_html(' <span class="summary-mark">{}</span>', summary(record)) if record.is_summary else ""
        return format_html('<a href="{}">{}</a>{}', record.get_absolute_url(), value, mark)
    if column.kind == "link" and record.is_summary:
        return format_html("{}（{}）", value, summary(record))
    return shown(value)


@register.simple_tag
def summary(record: Record) -> str:
    """That a row stands for many, and how many."""
    return __("汇总记录：代表 %(n)s 次，只知道总数") % {"n": record.stands_for.text(lang=lang())}


@register.filter
def as_json(drawing: Chart | Map) -> str:
    """What a script draws, for a data attribute of its element."""
    return json.dumps(drawing.as_data(), ensure_ascii=False)


@register.filter
def values_of(rule: Rule, edition: Edition) -> list[tuple[str, Any]]:
    return rule.called(edition)


@register.filter
def is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


@register.filter
def shown(value: Any) -> Any:
    """A value as a person reads it."""
    if value is None or value == "":
        return "—"
    if value is True or value is False:
        return __("是") if value else __("否")
    if isinstance(value, dates.When):
        return dates.show(value, lang())
    if isinstance(value, tuple) and value and isinstance(value[0], Figure):
        return value[0].text(value[1] if len(value) > 1 else "", lang())
    if isinstance(value, Figure):
        return value.text(lang=lang())
    return value


@register.filter
def yuan(fen: int | None) -> SafeString | str:
    """Integer fen as yuan with two decimals; nothing known is a dash."""
    if fen is None:
        return "—"
    return format_html("{}", f"¥{Decimal(fen) / 100:,.2f}")
