"""Excel in: headers as people draw them, lines that are not records, files of every program."""

import hashlib
import io
from datetime import date

import openpyxl

from tongzhou.kernel.dates import When
from tongzhou.kernel.sheets import Column, Row, read

NAME = Column("name", "姓名", required=True)
PHONE = Column("phone", "手机", "phone")
DAY = Column("day", "日期", "date")
COLUMNS = (NAME, PHONE, DAY)
MARCH = When(date(2022, 3, 5))


def xlsx(*lines, merge=(), at=(0, 0), title="名单", more=()):
    """A workbook of openpyxl with `lines` starting at row and column `at`, `merge` as A1:B2 areas."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row, line in enumerate(lines, at[0] + 1):
        for column, value in enumerate(line, at[1] + 1):
            sheet.cell(row, column, value)
    for area in merge:
        sheet.merge_cells(area)
    for name, rows in more:
        other = book.create_sheet(name)
        for row in rows:
            other.append(row)
    return saved(book)


def saved(book):
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def said(faults):
    return [str(fault) for fault in faults]


ONE = [Row(2, {"name": "张某", "phone": "13800138000", "day": MARCH})]
LINES = (["姓名", "手机", "日期"], ["张某", 13800138000, date(2022, 3, 5)])


def test_read_gives_the_digest_of_the_file():
    data = xlsx(*LINES)
    sheet = read(data, COLUMNS)
    assert (sheet.rows, sheet.ok, sheet.digest) == (ONE, True, hashlib.sha256(data).hexdigest())


def test_read_does_not_shift_below_and_beside_empty_areas():
    sheet = read(xlsx(*LINES, at=(3, 2)), COLUMNS)
    assert (sheet.rows, sheet.faults, sheet.warnings) == ([Row(5, ONE[0].values)], [], [])


def test_read_takes_columns_in_any_order_and_headings_with_marks():
    sheet = read(xlsx(["日 期（必填）", "手\n机", "姓名*"], ["2022年3月5日", "138 0013 8000", "张某"]), COLUMNS)
    assert (sheet.rows, sheet.faults) == (ONE, [])


def test_read_looks_below_a_merged_title():
    sheet = read(xlsx(["名单"], ["填表：王某"], *LINES, merge=["A1:C1", "A2:C2"]), COLUMNS)
    assert (sheet.rows, sheet.faults) == ([Row(4, ONE[0].values)], [])


def test_read_finds_the_lower_level_of_a_two_level_header():
    data = xlsx(["姓名", "联系", None], [None, "手机", "日期"], LINES[1], merge=["A1:A2", "B1:C1"])
    assert read(data, COLUMNS).rows == [Row(3, ONE[0].values)]


def test_read_begins_below_the_lowest_level_of_the_header():
    data = xlsx(["姓名", "联系", None], [None, "手机", "日期"], LINES[1], merge=["A1:A2", "B1:C1"])
    sheet = read(data, (NAME,))
    assert (sheet.rows, sheet.faults) == ([Row(3, {"name": "张某"})], [])


def test_read_tells_equal_lower_headings_apart_by_the_upper_one():
    columns = (NAME, Column("own", "本人/手机", "phone"), Column("kin", "家属/手机", "phone"))
    data = xlsx(
        ["名单"], ["姓名", "本人", "家属"], [None, "手机", "手机"], ["张某", "13800138000", "13900139000"],
        merge=["A1:C1", "A2:A3"],
    )  # fmt: skip
    assert read(data, columns).rows == [Row(4, {"name": "张某", "own": "13800138000", "kin": "13900139000"})]


def test_read_names_missing_doubled_and_unknown_columns():
    needed = (NAME, Column("phone", "手机", "phone", required=True))
    assert said(read(xlsx(["姓名", "年龄"], ["张某", 3]), needed).faults) == ["“手机”：缺少这一列，请加上后再上传。"]
    doubled = read(xlsx(["姓名", "手机", "姓 名"], ["张某", None, "李某"]), COLUMNS)
    assert said(doubled.faults) == ["第1行“姓名”：这个列名出现了2次，请只保留一列。"]
    unknown = read(xlsx(["序号", "姓名", "年 龄", None], [1, "张某", 3, "备"]), COLUMNS)
    assert unknown.rows == [Row(2, {"name": "张某"})]
    assert said(unknown.warnings) == [
        "第1行“年 龄”：不认识这一列，其中的内容没有读取。",
        "第1行“D”：不认识这一列，其中的内容没有读取。",
    ]


def test_read_without_a_header_says_what_it_looks_for():
    assert said(read(xlsx(["张某", 3]), COLUMNS).faults) == [
        "前10行里没有找到表头；请下载模板，或让表头含有这些列：姓名。"
    ]


def test_read_passes_over_blank_lines_only():
    data = xlsx(LINES[0], ["张某"], [], [" \xa0\u200b"], [None, "13800138000"], ["李某"], ["合 计", 2])
    sheet = read(data, COLUMNS)
    assert [row.number for row in sheet.rows] == [2, 6]
    assert said(sheet.faults) == [
        "第5行“姓名”：这一格必填，请填写。",
        "第7行：这是“合 计”行，不是记录，请删除这一行。",
    ]


def test_read_refuses_a_header_printed_again():
    sheet = read(xlsx(LINES[0], LINES[1], ["姓名", "手机"], ["手机"]), COLUMNS[:1])
    assert said(sheet.faults) == ["第3行：这一行又是表头，不是记录，请删除这一行。"]
    assert [row.values["name"] for row in sheet.rows] == ["张某", "手机"]


def test_read_passes_over_lines_that_only_have_a_number():
    sheet = read(xlsx(["序号", "姓名"], [1, "张某"], [2, None], [3, None]), COLUMNS)
    assert ([row.number for row in sheet.rows], sheet.faults) == ([2], [])


def test_read_refuses_merged_cells_among_the_lines():
    lines = [LINES[0], ["张某", "13800138000"], [None, "13900139000"], [], ["李某"]]
    sheet = read(xlsx(*lines, merge=["A2:A4"]), COLUMNS)
    message = "“姓名”：属于合并单元格 A2:A4，请取消合并后逐行填写。"
    assert [row.number for row in sheet.rows] == [5]
    assert said(sheet.faults) == [f"第{number}行{message}" for number in (2, 3, 4)]


def test_read_refuses_formulas_without_a_result_and_errors():
    data = xlsx(LINES[0], ["=A1"], ["#N/A"], ["张某", None, "=TODAY()"])
    assert said(read(data, COLUMNS).faults) == [
        "第2行“姓名”：公式没有计算结果，请改成实际内容，或用Excel、WPS打开并保存一次。",
        "第3行“姓名”：公式出错，请改成实际内容。",
        "第4行“日期”：公式没有计算结果，请改成实际内容，或用Excel、WPS打开并保存一次。",
    ]


def test_read_takes_the_sheet_with_the_header_and_names_the_others():
    data = xlsx(["通知"], title="封面", more=[("名单", LINES), ("说明", [["姓名", "必填"]]), ("空", [])])
    sheet = read(data, COLUMNS)
    assert (sheet.rows, said(sheet.warnings)) == (ONE, ["只读取了一张工作表，“封面”没有读取。"])


def test_read_counts_lines_against_the_limit():
    data = xlsx(["姓名"], *[["张某"]] * 3)
    assert len(read(data, COLUMNS, limit=3).rows) == 3
    over = read(data, COLUMNS, limit=2)
    assert (over.rows, said(over.faults)) == ([], ["超过2行，请分成几个文件上传。"])
