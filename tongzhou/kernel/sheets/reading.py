"""A grid of cells to a checked table: find the header, then read line by line."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from tongzhou.kernel.dates import When

from .cells import Cell, convert, tidy
from .files import Grid, Unreadable, grids
from .headers import Header, find_header
from .shapes import MAX_ROWS, NOTES, Column, Fault, Row, Sheet, area, essence, wordings

TOTALS = {"合计", "总计", "小计", "共计", "总数", "本页合计", "total", "grandtotal", "subtotal", "totals"}


def read(data: bytes, columns: Sequence[Column], limit: int = MAX_ROWS) -> Sheet:
    """Check an uploaded file (.xlsx, .xls, .ods, .csv) against `columns`.

    Columns may come in any order, below a title and under a two-level header. Lines without content are passed
    over; any other line becomes a row or has a fault. `digest` is the SHA-256 of the file, for importing it once.
    """
    sheet = Sheet(hashlib.sha256(data).hexdigest())
    try:
        all_grids = [grid for grid in grids(data) if not _empty(grid)]
    except Unreadable as reason:
        sheet.faults.append(Fault(0, "", str(reason)))
        return sheet
    candidates = [grid for grid in all_grids if essence(grid.title) not in wordings(NOTES)] or all_grids
    if not candidates:
        sheet.faults.append(Fault(0, "", _("表格是空的，请填写后再上传。")))
        return sheet
    headers = [find_header(grid, columns) for grid in candidates]
    best = max(range(len(candidates)), key=lambda index: headers[index].score)  # the first of equals
    _check_header(headers[best], columns, sheet)
    for grid in candidates[:best] + candidates[best + 1 :]:
        sheet.warnings.append(Fault(0, "", _("只读取了一张工作表，“%(title)s”没有读取。") % {"title": grid.title}))
    if not sheet.faults:
        _read_lines(candidates[best], headers[best], limit, sheet)
        if not (sheet.rows or sheet.faults):
            sheet.faults.append(Fault(0, "", _("没有填写任何内容，请在表头下面逐行填写。")))
    return sheet


def _check_header(header: Header, columns: Sequence[Column], sheet: Sheet) -> None:
    if not header.score:
        names = "、".join(str(column.label) for column in columns if column.required) or str(columns[0].label)
        message = _("前10行里没有找到表头；请下载模板，或让表头含有这些列：%(names)s。")
        sheet.faults.append(Fault(0, "", message % {"names": names}))
        return
    found = {column.name for column in header.columns.values()}
    for column in columns:
        if column.required and column.name not in found:
            sheet.faults.append(Fault(0, str(column.label), _("缺少这一列，请加上后再上传。")))
    for name, count in Counter(column.name for column in header.columns.values()).items():
        if count > 1:
            label = next(str(column.label) for column in columns if column.name == name)
            message = _("这个列名出现了%(count)s次，请只保留一列。") % {"count": count}
            sheet.faults.append(Fault(header.row + 1, label, message))
    for heading in header.unknown:
        sheet.warnings.append(Fault(header.row + 1, heading, _("不认识这一列，其中的内容没有读取。")))


def _read_lines(grid: Grid, header: Header, limit: int, sheet: Sheet) -> None:
    merged = _merged(grid, header)
    count = 0
    for index in range(header.row + 1, len(grid.rows)):
        line = grid.rows[index]
        hidden = {at for at in range(len(line)) if (index, at) in grid.marks.holes}
        filled = [at for at, cell in enumerate(line) if at not in header.ignored and (at in hidden or not _blank(cell))]
        if not filled and index not in merged:
            continue
        count += 1
        if count > limit:
            sheet.rows.clear()
            sheet.refused.clear()
            sheet.faults[:] = [Fault(0, "", _("超过%(limit)s行，请分成几个文件上传。") % {"limit": limit})]
            return
        if reason := _no_record(
            [line[at] for at in filled], [line[at] for at in filled if at in header.columns], header
        ):
            sheet.faults.append(Fault(index + 1, "", reason))
            continue
        row, faults = _read_line(grid, header, index, merged.get(index, {}))
        sheet.faults.extend(faults)
        (sheet.refused if faults else sheet.rows).append(row)


def _no_record(filled: list[Cell], known: list[Cell], header: Header) -> str:
    """Why a line is a total or a header printed again, or ""."""
    first = filled[0] if filled else ""
    if isinstance(first, str) and essence(first) in TOTALS:
        return _("这是“%(text)s”行，不是记录，请删除这一行。") % {"text": first.strip()}
    if known and all(isinstance(cell, str) and essence(cell) in header.names for cell in known):
        return _("这一行又是表头，不是记录，请删除这一行。")
    return ""


def _read_line(grid: Grid, header: Header, index: int, merged: dict[int, str]) -> tuple[Row, list[Fault]]:
    values, faults = {}, []
    for at, column in header.columns.items():
        try:
            if at in merged:
                message = _("属于合并单元格 %(area)s，请取消合并后逐行填写。")
                raise ValueError(message % {"area": merged[at]})
            if hole := grid.marks.holes.get((index, at)):
                raise ValueError(
                    _("公式没有计算结果，请改成实际内容，或用Excel、WPS打开并保存一次。")
                    if hole == "formula"
                    else _("公式出错，请改成实际内容。")
                )
            values[column.name] = convert(_at(grid, index, at), column)
        except ValueError as reason:
            values[column.name] = str(_at(grid, index, at))
            faults.append(Fault(index + 1, str(column.label), str(reason)))
    return Row(index + 1, values), faults


def _merged(grid: Grid, header: Header) -> dict[int, dict[int, str]]:
    """Which cells below the header belong to a merged area with content: row → column → name of the area.

    Only its first cell holds the value, so every other line would look empty there.
    """
    found: dict[int, dict[int, str]] = {}
    for (top, left), (bottom, right) in grid.merges:
        known = [at for at in header.columns if left <= at <= right]
        several = bottom > top or len(known) > 1
        if top <= header.row or top >= len(grid.rows) or not known or not several:
            continue
        if left >= len(grid.rows[top]) or _blank(grid.rows[top][left]):
            continue
        for row in range(top, min(bottom + 1, len(grid.rows))):
            found.setdefault(row, {}).update(dict.fromkeys(known, area(top, left, bottom, right)))
    return found


def _at(grid: Grid, row: int, column: int) -> Cell:
    """The cell; a date that the file shows as a month or a year is known no closer than that."""
    cell = grid.rows[row][column] if column < len(grid.rows[row]) else ""
    precision = grid.marks.coarse.get((row, column))
    if precision and isinstance(cell, date) and not isinstance(cell, datetime) and When(cell, precision).day == cell:
        return When(cell, precision)
    return cell


def _blank(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return False
    try:
        return not tidy(cell)
    except ValueError:
        return False


def _empty(grid: Grid) -> bool:
    return not grid.marks.holes and all(_blank(cell) for line in grid.rows for cell in line)
