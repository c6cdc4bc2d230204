"""Excel out, and the same back in."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.utils.translation import gettext_lazy, override
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from tongzhou.kernel.dates import When
from tongzhou.kernel.figures import Bound, Figure
from tongzhou.kernel.sheets import Column, Fault, read, shown, template, write
from tongzhou.kernel.sheets.cells import identity_number, tidy

STATES = (("pledged", "已承诺"), ("received", gettext_lazy("已收到")))
COLUMNS = (
    Column("name", "姓名", required=True, example="张某"),
    Column("number", "身份证号", "id", aliases=("身份证号码",)),
    Column("phone", "手机", "phone"),
    Column("count", "数量", "integer"),
    Column("weight", "重量", "decimal"),
    Column("amount", "金额", "money", help="不含运费"),
    Column("day", "日期", "date"),
    Column("state", "状态", "choice", choices=STATES),
    Column("present", "到场", "boolean"),
    Column("figure", "规模", "figure"),
)
NOTHING = "没有填写任何内容，请在表头下面逐行填写。"
SYNTHETIC_ID = "210599199001010016"  # area 210599 is assigned to nobody


def sheet_of(data, title=0):
    book = openpyxl.load_workbook(io.BytesIO(data))
    return book.worksheets[title]


def safe(text):
    try:
        return tidy(text)
    except ValueError:
        return None


def check_digit(head):
    return next(head + last for last in "0123456789X" if _valid(head + last))


def _valid(number):
    try:
        return bool(identity_number(number))
    except ValueError:
        return False


TEXTS = st.text(max_size=40).map(safe).filter(lambda text: text is not None and not text.startswith("#"))
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
NUMBERS = st.builds("210599{:%Y%m%d}{:03}".format, DAYS, st.integers(0, 999)).map(check_digit)
ROWS = st.fixed_dictionaries(
    {
        "name": TEXTS.filter(lambda text: bool(text) and text not in {"合计", "总计", "小计"}),
        "number": st.just("") | NUMBERS,
        "phone": st.sampled_from(["", "13800138000", "024-42812345"]),
        "count": st.none() | st.integers(-(10**17), 10**17),
        "weight": st.none() | st.decimals(-(10**9), 10**9, places=6, allow_nan=False),
        "amount": st.none() | st.integers(-(10**15), 10**15),
        "day": st.none() | st.builds(When, DAYS, st.sampled_from(["day", "month", "year"])),
        "state": st.sampled_from(["", "pledged", "received"]),
        "present": st.sampled_from([None, True, False]),
        "figure": st.none()
        | st.tuples(st.builds(Figure, st.integers(1, 10**9), st.sampled_from(Bound)), st.sampled_from(["人次", "套"])),
    }
)


@effort(max_examples=60, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=5))
def test_read_returns_what_write_wrote(rows):
    sheet = read(write("名单", COLUMNS, rows), COLUMNS)
    assert (sheet.faults, sheet.warnings, [row.values for row in sheet.rows]) == ([], [], rows)


def test_read_in_another_language_knows_the_headings():
    rows = [{"name": "张某", "state": "received", "present": True}]
    with override("en"):
        data = write("名单", COLUMNS, rows)
    values = read(data, COLUMNS).rows[0].values
    assert (values["name"], values["state"], values["present"]) == ("张某", "received", True)


def test_write_keeps_formulas_links_and_digits_as_text():
    texts = ["=1+1", "+86", "-1", "@SUM(A1)", "http://example.org", "007", "210599199001010016", "=cmd|' /C calc'!A0"]
    cells = [row[0] for row in sheet_of(write("表", COLUMNS[:1], [{"name": t} for t in texts])).iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type, cell.hyperlink, cell.number_format) for cell in cells] == [
        (text, "s", None, "@") for text in texts
    ]


def test_write_makes_real_dates_numbers_and_text_columns():
    row = {
        "name": "a",
        "number": SYNTHETIC_ID,
        "phone": "13800138000",
        "count": 3,
        "amount": 240050,
        "day": date(2022, 3, 5),
    }
    sheet = sheet_of(write("表", COLUMNS, [row]))
    shown = [(cell.value, cell.number_format) for cell in sheet[2]][1:7]
    assert shown == [
        (SYNTHETIC_ID, "@"),
        ("13800138000", "@"),
        (3, "0"),
        (None, "General"),
        (2400.5, "#,##0.00"),
        (datetime(2022, 3, 5), "yyyy-mm-dd"),
    ]


def test_write_freezes_and_filters_the_header_and_notes_who_made_it():
    data = write("名单[2022]/3:*?", COLUMNS, [{"name": "a"}, {"name": "b"}], note="王某 2022-03-05\n筛选：全部")
    sheet, notes = sheet_of(data), sheet_of(data, 1)
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("名单 2022  3", "A2", "A1:J3")
    assert (notes.title, [cell.value for cell in notes["A"]]) == (
        "说明",
        ["名单[2022]/3:*?", "王某 2022-03-05", "筛选：全部"],
    )


@pytest.mark.parametrize("title", ["", "'", "说明", "History", "选项", "很" * 40, "a\x00b", "[]"])
def test_write_and_template_take_any_title(title):
    assert read(write(title, COLUMNS, [{"name": "a"}]), COLUMNS).faults == []
    assert [str(fault) for fault in read(template(title, COLUMNS), COLUMNS).faults] == [NOTHING]


def test_write_cuts_an_overlong_text_visibly():
    text = read(write("表", COLUMNS, [{"name": "𠮷" * 20_000}]), COLUMNS).rows[0].values["name"]
    assert (text[:2], text[-12:], len(text)) == ("𠮷𠮷", "……（原文过长，此处截断）"[-12:], 16_377 + 13)


def test_template_explains_offers_choices_and_reads_back_empty():
    data = template("名单", COLUMNS)
    sheet, notes, options = (sheet_of(data, index) for index in range(3))
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules == {"H2:H20001": "'选项'!$H$1:$H$2", "I2:I20001": "'选项'!$I$1:$I$2"}
    assert [cell.value for cell in notes[2]] == ["姓名", "必填", "文字", None, "张某"]
    assert notes["C7"].value == "金额，单位：元\n不含运费"
    assert (options.sheet_state, [cell.value for cell in options["H"]]) == ("hidden", ["已承诺", "已收到"])
    assert [str(fault) for fault in read(data, COLUMNS).faults] == [NOTHING]


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("text", "Ａ１２３，\xa0好\u200b", "A123， 好"),
        ("text", "一\r\n二", "一\n二"),
        ("text", 12.0, "12"),
        ("text", 0.1, "0.1"),
        ("integer", "１,２３４", 1234),
        ("decimal", 0.1 + 0.2, Decimal("0.3")),
        ("money", "￥2,400.50元", 240050),
        ("money", "2.4万元", 2_400_000),
        ("money", 2400.5, 240050),
        ("date", "2022/3/5", When(date(2022, 3, 5))),
        ("date", "2022.3.5", When(date(2022, 3, 5))),
        ("date", "2022年3月5日", When(date(2022, 3, 5))),
        ("date", "2022-03-05 00:00:00", When(date(2022, 3, 5))),
        ("date", datetime(2022, 3, 5), When(date(2022, 3, 5))),
        ("date", 20220305, When(date(2022, 3, 5))),
        ("date", "2022年3月", When(date(2022, 3, 1), "month")),
        ("date", 2022, When(date(2022, 1, 1), "year")),
        ("id", "21059919900101001６", SYNTHETIC_ID),
        ("id", "110105 19491231 002x", "11010519491231002X"),  # the sample of GB 11643 itself
        ("phone", 1.3800138e10, "13800138000"),
        ("phone", "+86 138-0013-8000", "13800138000"),
        ("phone", "024-42812345", "024-42812345"),
        ("choice", " 已收到 ", "received"),
        ("choice", "PLEDGED", "pledged"),
        ("boolean", "√", True),
        ("boolean", 0, False),
        ("figure", "20余次", (Figure(20, Bound.AT_LEAST), "次")),
        ("figure", 100, (Figure(100), "")),
    ],
)
def test_read_accepts_what_people_write(kind, cell, value):
    assert read_one(kind, cell) == value


@pytest.mark.parametrize(
    ("kind", "cell", "message"),
    [
        ("id", 210599199001010016, "数字格式会丢失末尾数字，请将该列设为文本后重新填写。"),
        ("id", "2.10599E+17", "数字格式会丢失末尾数字，请将该列设为文本后重新填写。"),
        ("id", "21059919900101001", "身份证号应为18位（前17位数字，末位数字或X），请核对。"),
        ("id", "210599199013010018", "身份证号中的出生日期“19901301”不存在，请核对。"),
        ("id", "210599199001010017", "身份证号的校验码不对，可能抄错了一位，请核对。"),
        ("text", 123456789012345678, "数字格式会丢失末尾数字，请将该列设为文本后重新填写。"),
        ("text", datetime(2022, 3, 5), "表格软件把这一格当成了日期或时间，请将该列设为文本后重新填写。"),
        ("integer", 1.5, "“1.5”不是整数，请填写整数。"),
        ("integer", "三个", "“三个”不是数字，请只填数字。"),
        ("decimal", "1,2", "“1,2”不是数字，请只填数字。"),
        ("decimal", True, "“True”不是数字，请只填数字。"),
        ("money", "2.405", "金额“2.405”超过两位小数，请精确到分。"),
        ("money", "若干", "“若干”不是金额，请以元为单位填写数字，如 2400.50。"),
        ("date", "3月5日", "“3月5日”缺少年份，请写成 2022-03-05 或 2022年3月5日。"),
        ("date", 44625, "“44625”是数字；如果是日期，请将这一格的格式改为“日期”。"),
        ("date", datetime(2022, 3, 5, 14, 30), "这里只填日期，请去掉时刻“14:30:00”。"),
        ("phone", "1380013800", "“1380013800”不是电话号码，请填写11位手机号，或带区号的座机号如 024-42812345。"),
        ("choice", "也许", "“也许”不在可选范围内，请填写：已承诺、已收到。"),
        ("boolean", "大概", "“大概”看不出是或否，请填写“是”或“否”。"),
        ("text", "#REF!", "公式出错，请改成实际内容。"),
        ("text", " \xa0\u200b", "这一格必填，请填写。"),
    ],
)
def test_read_says_what_is_wrong_with_a_cell(kind, cell, message):
    assert read_one(kind, cell) == [Fault(2, "值", message)]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("money", 240050, "2,400.50"),
        ("money", 10**18, "10000000000000000"),
        ("integer", 1234567, "1234567"),
        ("decimal", 0.1, "0.1"),
        ("date", When(date(2022, 3, 5)), "2022-03-05"),
        ("date", When(date(2022, 3, 1), "month"), "2022-03"),
        ("date", datetime(2022, 3, 4, 23, tzinfo=UTC), "2022-03-05"),
        ("date", "不详", "不详"),
        ("choice", "received", "已收到"),
        ("choice", "gone", "gone"),
        ("boolean", False, "否"),
        ("figure", (Figure(20, Bound.AT_LEAST), "次"), "20余次"),
        ("integer", "若干", "若干"),
        ("text", None, ""),
    ],
)
def test_shown_reads_as_the_cell_would(kind, value, text, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    assert shown(value, Column("value", "值", kind, choices=STATES)) == text


def test_fault_reads_as_one_sentence():
    fault = read_one("id", 4.2e17)[0]
    assert str(fault) == "第2行“值”：数字格式会丢失末尾数字，请将该列设为文本后重新填写。"


def read_one(kind, cell):
    book = openpyxl.Workbook()
    book.active.append(["值", "别的"])
    book.active.append([None, "x"])
    book.active["A2"] = cell
    columns = [Column("value", "值", kind, required=True, choices=STATES), Column("other", "别的")]
    data = io.BytesIO()
    book.save(data)
    sheet = read(data.getvalue(), columns)
    return sheet.faults or sheet.rows[0].values["value"]
