"""Rows to an Excel file that shows what the page shows, and an empty one to fill."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from tongzhou.kernel.dates import When
from tongzhou.kernel.figures import Figure

from .cells import EXACT
from .shapes import MAX_ROWS, NOTES, Column

CELL = 32_767  # characters (UTF-16 units) that one cell holds
WIDTHS = {"integer": 10, "decimal": 12, "money": 14, "date": 14, "id": 22, "phone": 16, "choice": 12, "boolean": 8}
FORMATS = {"integer": "0", "decimal": "General", "money": "#,##0.00", "date": "yyyy-mm-dd"}
# Every cell is written by its type; these are the second fence, should a plain write() ever slip in.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def write(title: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], note: str = "") -> bytes:
    """An .xlsx whose first row is the header, so `read` takes it back.

    `rows` map column names to the values `Column` promises; what is missing stays empty. Title and `note`
    (who, when, which filter) stand on the second sheet. Text is never a formula, whatever it begins with.
    """
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        formats = [book.add_format({"num_format": FORMATS.get(column.kind, "@")}) for column in columns]
        number = 0
        for number, values in enumerate(rows, 1):
            for at, column in enumerate(columns):
                _put(sheet, number, at, _cell(values.get(column.name), column), formats[at])
        _dress(book, sheet, columns, formats, number)
        notes = book.add_worksheet(str(NOTES))
        notes.set_column(0, 0, 80)
        for at, line in enumerate([title, *note.splitlines()]):
            notes.write_string(at, 0, _clipped(line))
    return made.getvalue()


def template(title: str, columns: Sequence[Column]) -> bytes:
    """An empty .xlsx to fill: header, lists to choose from, and a sheet that explains each column.

    Dates are text cells here: a spreadsheet turns 2022年3月 into the first of March, and a day nobody knew.
    """
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        kinds = {**FORMATS, "date": "@"}
        formats = [book.add_format({"num_format": kinds.get(column.kind, "@")}) for column in columns]
        _dress(book, sheet, columns, formats, 0)
        _explain(book, columns)
        _offer(book, sheet, columns)
    return made.getvalue()


def shown(value: Any, column: Column) -> str:
    """The value as its cell would read, for a preview."""
    cell = _cell(value, column)
    if isinstance(cell, float):
        return f"{cell:,.2f}" if column.kind == "money" else f"{cell:.15g}"
    return cell.date().isoformat() if isinstance(cell, datetime) else cell or ""


def _sheet_name(title: str) -> str:
    """What Excel takes as a name: 31 characters, none of []:*?/\\, no apostrophe at either end."""
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip("' ")[:31].rstrip("' ") or _("表格")
    taken = {str(NOTES).casefold(), _("选项").casefold(), "history"}
    return f"{name}_" if name.casefold() in taken else name


def _dress(book: Any, sheet: Worksheet, columns: Sequence[Column], formats: Sequence[Any], last: int) -> None:
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F6", "text_wrap": True, "valign": "vcenter"})
    for at, column in enumerate(columns):
        label = str(column.label)
        sheet.set_column(at, at, column.width or max(WIDTHS.get(column.kind, 20), 2 * len(label) + 4), formats[at])
        sheet.write_string(0, at, label, bold)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _cell(value: Any, column: Column) -> str | float | datetime | None:
    """What stands in the cell. A str given for a kind that is no text stays the text it is."""
    if value is None or value == "":
        return None
    if column.kind == "choice":
        return str(next((label for known, label in column.choices if known == value), value))
    if column.kind == "boolean" and isinstance(value, bool):
        return _("是") if value else _("否")
    if column.kind == "figure":
        figure, measure = value if isinstance(value, tuple) else (value, "")
        return figure.text(measure) if isinstance(figure, Figure) else str(figure)
    if column.kind == "date" and isinstance(value, When | date):
        return _day(value)
    if column.kind in {"integer", "decimal", "money"} and isinstance(value, int | float | Decimal):
        return _numeric(Decimal(str(value)) / (100 if column.kind == "money" else 1))
    return str(value)


def _numeric(value: Decimal) -> float | str:
    """As text when a number cell would lose digits."""
    exact = len(value.normalize().as_tuple().digits) <= 15 and abs(value) < EXACT
    return float(value) if exact else format(value, "f")


def _day(value: When | date) -> datetime | str:
    """A real date when the day is known; Excel has none before March 1900 that can be trusted."""
    if isinstance(value, datetime) and is_aware(value):
        value = localtime(value)
    when = value if isinstance(value, When) else When(date(value.year, value.month, value.day))
    if when.precision == "day" and when.day >= date(1900, 3, 1):
        return datetime(when.day.year, when.day.month, when.day.day)  # noqa: DTZ001 -- a cell has no zone
    return when.day.isoformat()[: {"day": 10, "month": 7, "year": 4}[when.precision]]


def _put(sheet: Worksheet, row: int, at: int, cell: Any, style: Any) -> None:
    if isinstance(cell, str):
        answer = sheet.write_string(row, at, _clipped(cell), style)
    elif isinstance(cell, datetime):
        answer = sheet.write_datetime(row, at, cell, style)
    elif cell is None:
        answer = sheet.write_blank(row, at, None, style)
    else:
        answer = sheet.write_number(row, at, cell, style)
    if answer:
        raise ValueError(_("行数太多，一张Excel表放不下，请先筛选再导出。"))


def _clipped(text: str) -> str:
    """Whole, or cut with a visible mark: a longer text would be dropped without a word."""
    if len(text.encode("utf-16-le")) // 2 <= CELL:
        return text
    mark = _("……（原文过长，此处截断）")
    room = (CELL - len(mark)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + mark


def _explain(book: Any, columns: Sequence[Column]) -> None:
    said = {
        "text": _("文字"),
        "integer": _("整数"),
        "decimal": _("数字"),
        "money": _("金额，单位：元"),
        "date": _("日期，如 2022-03-05；只知道月份写 2022-03，只知道年份写 2022"),
        "id": _("18位身份证号"),
        "phone": _("手机号，或带区号的座机号"),
        "choice": _("从可选内容中选一项"),
        "boolean": _("是或否"),
        "figure": _("数字，可写“20余次”“近30万人次”"),
        "moment": _("日期和时间，如 2022-03-05 08:30"),
    }
    notes = book.add_worksheet(str(NOTES))
    notes.set_column(0, 4, 24, book.add_format({"text_wrap": True, "valign": "top"}))
    bold = book.add_format({"bold": True})
    for at, heading in enumerate([_("列名"), _("必填"), _("填写内容"), _("可选内容"), _("例子")]):
        notes.write_string(0, at, heading, bold)
    for row, column in enumerate(columns, 1):
        help_text = f"{said[column.kind]}\n{column.help}" if column.help else said[column.kind]
        chosen = "\n".join(str(label) for _value, label in column.choices)
        line = [str(column.label), _("必填") if column.required else "", help_text, chosen, str(column.example)]
        for at, text in enumerate(line):
            if text:
                notes.write_string(row, at, _clipped(text))


def _offer(book: Any, sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Drop-down lists. Their source is a hidden sheet, since a list written in place ends at 255 characters."""
    options = book.add_worksheet(_("选项"))
    options.hide()
    for at, column in enumerate(columns):
        labels = [str(label) for _value, label in column.choices]
        if column.kind == "boolean":
            labels = [_("是"), _("否")]
        for row, label in enumerate(labels):
            options.write_string(row, at, label)
        if labels:
            source = f"='{_('选项')}'!{xlsxwriter.utility.xl_range_abs(0, at, len(labels) - 1, at)}"
            rule = {
                "validate": "list",
                "source": source,
                "error_title": _("不在可选范围内"),
                "error_message": _("请从列表中选一项。"),
            }
            sheet.data_validation(1, at, MAX_ROWS, at, rule)
