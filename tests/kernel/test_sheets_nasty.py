"""Files that are broken, hostile or no tables: each is answered with a fault, none raises, none takes the machine."""

import io
import random
import struct
import zipfile

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from tongzhou.kernel.sheets import MAX_BYTES, Column, read, write

COLUMNS = (Column("name", "姓名", required=True), Column("count", "数量", "integer"))
LINES = [{"name": f"志愿者{number}", "count": number} for number in range(30)]

DAMAGED = "文件已损坏或不是真正的Excel文件；请用Excel或WPS打开，另存为 .xlsx 后再上传。"
LOCKED = "文件有密码保护，请去掉密码后再上传。"
STRANGE = "这不是表格文件，请上传 .xlsx、.xls、.ods 或 .csv 文件。"
EMPTY = "表格是空的，请填写后再上传。"
MARKUP = "这是网页或XML文件，只是用了表格的扩展名；请用Excel或WPS打开，另存为 .xlsx 后再上传。"
BOMB = "文件解压后太大，不能读取；请把要导入的内容复制到新的表格中再上传。"
HEADLESS = "前10行里没有找到表头；请下载模板，或让表头含有这些列：姓名。"


def good():
    return write("名单", COLUMNS, LINES)


def old():
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    for row, values in enumerate([{"name": "姓名", "count": "数量"}, *LINES]):
        sheet.write(row, 0, values["name"])
        sheet.write(row, 1, values["count"])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def greedy():
    """Its record of dimensions claims two thousand million rows; the reader asks for 170 GB."""
    mutable = bytearray(old())
    struct.pack_into("<I", mutable, mutable.index(b"\x00\x02\x0e\x00") + 8, 0x7FFFFFFF)
    return bytes(mutable)


def blank():
    data = io.BytesIO()
    openpyxl.Workbook().save(data)
    return data.getvalue()


def edited(change=None, drop=(), add=None, data=None):
    """The good file with parts changed by `change(name, bytes)`, dropped or added."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data or good())) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in drop:
                content = source.read(name)
                target.writestr(name, change(name, content) if change else content)
        for name, content in (add or {}).items():
            target.writestr(name, content)
    return made.getvalue()


def in_sheet(old_bytes, new_bytes):
    def change(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        assert old_bytes in content
        return content.replace(old_bytes, new_bytes, 1)

    return edited(change)


def flagged(data):
    """Every entry marked as encrypted, in the local headers and in the directory."""
    mutable = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = mutable.find(mark)
        while at >= 0:
            mutable[at + offset] |= 1
            at = mutable.find(mark, at + 4)
    return bytes(mutable)


def zeros(size, name="xl/worksheets/sheet1.xml"):
    return edited(drop=[name], add={name: b"<!--" + b"0" * size + b"-->"})


def lying(data):
    """Declares every part to be ten bytes long."""
    mutable = bytearray(data)
    at = mutable.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", mutable, at + 24, 10)
        at = mutable.find(b"PK\x01\x02", at + 4)
    return bytes(mutable)


def ods(table, manifest="<manifest/>"):
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
        archive.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
    return made.getvalue()


REPEATED = (
    '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576"><table:table-cell '
    'table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    "</table:table-row></table:table>"
)
LAUGHS = b'<!DOCTYPE a [<!ENTITY b "0000000000"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


def dtd(name, content):
    return content.replace(b"<worksheet", LAUGHS + b"<worksheet", 1) if name.endswith("sheet1.xml") else content


def cell(reference):
    return in_sheet(b"</sheetData>", b'<row r="99"><c r="%s"><v>1</v></c></row></sheetData>' % reference)


NASTY = {
    "nothing": (lambda: b"", "文件是空的，请选择填好的表格。"),
    "spaces": (lambda: b" \r\n ", "文件是空的，请选择填好的表格。"),
    "too large": (lambda: b"PK" + b"0" * MAX_BYTES, "文件超过 10 MB，请分成几个文件上传。"),
    "no cells": (blank, EMPTY),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", STRANGE),
    "pdf": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj", STRANGE),
    "noise": (lambda: random.Random(1).randbytes(5000), STRANGE),
    "not a text": (lambda: b"\xff\xff\xff\x80", STRANGE),
    "half a utf-16": (lambda: b"\xff\xfe\x00", STRANGE),
    "prose": ("请大家填写名单".encode, HEADLESS),
    "quotes never closed": (lambda: '姓名,数量\n"张某,1'.encode() + b"0" * 200_000, STRANGE),
    "control characters": ("姓名,数量\n张\x07某,1".encode, "第2行“姓名”：含有看不见的控制字符，请删去这一格的内容，重新输入。"),
    "web page named xls": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", MARKUP),
    "xml of 2003": (lambda: b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', MARKUP),
    "old binary": (lambda: b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\0" * 50, STRANGE),
    "zip cut short": (lambda: good()[:2000], DAMAGED),
    "zip without end": (lambda: good()[:-30], DAMAGED),
    "zip beginning only": (lambda: b"PK\x03\x04", DAMAGED),
    "zip without files": (lambda: b"PK\x05\x06" + b"\0" * 18, STRANGE),
    "zip of pictures": (lambda: edited(drop=zipfile.ZipFile(io.BytesIO(good())).namelist(), add={"a.png": b"1"}), STRANGE),
    "word document": (lambda: edited(drop=zipfile.ZipFile(io.BytesIO(good())).namelist(), add={"word/document.xml": b"<a/>"}), STRANGE),
    "checksum wrong": (lambda: good().replace(b"xl/worksheets", b"xl/worksheetz", 1), DAMAGED),
    "zip with password": (lambda: flagged(good()), LOCKED),
    "workbook with password": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), LOCKED),
    "ods with password": (lambda: ods("", "<manifest:encryption-data/>"), LOCKED),
    "bomb": (lambda: zeros(210 * 1024 * 1024), BOMB),
    "bomb beside the sheets": (lambda: edited(add={"xl/media/a.bin": b"0" * (210 * 1024 * 1024)}), BOMB),
    "sizes that lie": (lambda: lying(good()), DAMAGED),
    "xlsb": (lambda: edited(add={"xl/worksheets/sheet1.bin": b"1"}), "请用Excel或WPS打开，另存为 .xlsx 后再上传（.xlsb 不能读取）。"),
    "no workbook part": (lambda: edited(drop=["xl/workbook.xml"]), DAMAGED),
    "no links": (lambda: edited(drop=["xl/_rels/workbook.xml.rels"]), DAMAGED),
    "no sheet part": (lambda: edited(drop=["xl/worksheets/sheet1.xml"]), DAMAGED),
    "no shared strings": (lambda: edited(drop=["xl/sharedStrings.xml"]), DAMAGED),
    "no styles": (lambda: edited(drop=["xl/styles.xml"]), None),
    "no content types": (lambda: edited(drop=["[Content_Types].xml"]), None),
    "xml not closed": (lambda: in_sheet(b"</sheetData>", b""), DAMAGED),
    "entities": (lambda: edited(dtd), DAMAGED),
    "string out of range": (lambda: in_sheet(b"<v>0</v>", b"<v>99999</v>"), DAMAGED),
    "string that is no index": (lambda: in_sheet(b't="s"><v>7</v>', b't="s"><v>seven</v>'), DAMAGED),
    "number that is none": (lambda: in_sheet(b'<c r="B9" s="2"><v>7', b'<c r="B9" s="2"><v>seven'), DAMAGED),
    "number without end": (lambda: in_sheet(b'<c r="B9" s="2"><v>7', b'<c r="B9" s="2"><v>1e999'), DAMAGED),
    "last corner": (lambda: cell(b"XFD1048576"), "表格一直延伸到 XFD1048576，范围太大；请删去远处多余的内容后再上传。"),
    "beyond the last corner": (lambda: cell(b"ZZZ9999999"), "表格一直延伸到 ZZZ9999999，范围太大；请删去远处多余的内容后再上传。"),
    "row nought": (lambda: cell(b"A0"), DAMAGED),
    "reference without a row": (lambda: cell(b"A"), DAMAGED),
    "row that is no number": (lambda: in_sheet(b'<row r="2"', b'<row r="two"'), DAMAGED),
    "negative row": (lambda: in_sheet(b'<row r="2"', b'<row r="-2"'), DAMAGED),
    "ods repeated to the end": (lambda: ods(REPEATED), "表格一直延伸到 XFD1048576，范围太大；请删去远处多余的内容后再上传。"),
    "ods without a table": (lambda: ods(""), EMPTY),
    "ods with a count that is none": (lambda: ods(REPEATED.replace("16384", "many")), DAMAGED),
    "xls cut short": (lambda: old()[:3000], DAMAGED),
    "xls of noise": (lambda: old()[:512] + random.Random(2).randbytes(5000), DAMAGED),
    "xls that asks for all memory": (greedy, DAMAGED),
    "xls header only": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", DAMAGED),
}  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_read_answers_a_nasty_file_with_one_sentence(name):
    make, sentence = NASTY[name]
    sheet = read(make(), COLUMNS)
    assert [str(fault) for fault in sheet.faults] == ([sentence] if sentence else [])
    assert len(sheet.rows) == (0 if sentence else len(LINES))


GOOD, OLD = good(), old()


@settings(max_examples=80, deadline=None)
@given(st.sampled_from([GOOD, OLD]), st.integers(0, 2**32), st.integers(1, 20))
def test_read_never_raises_for_bytes_gone_wrong(data, seed, count):
    chance = random.Random(seed)
    broken = bytearray(data)
    for _change in range(count):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    sheet = read(bytes(broken), COLUMNS)
    assert sheet.rows or sheet.faults


PARTS = st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"])


@settings(max_examples=60, deadline=None)
@given(PARTS, st.integers(0, 2**32))
def test_read_never_raises_for_xml_gone_wrong(part, seed):
    chance = random.Random(seed)

    def change(name, content):
        if name != part:
            return content
        broken = bytearray(content)
        for _change in range(chance.randrange(1, 6)):
            broken[chance.randrange(len(broken))] = chance.choice(b'<>"/=0139AZ')
        return bytes(broken)

    sheet = read(edited(change, data=GOOD), COLUMNS)
    assert sheet.rows or sheet.faults


CELLS = st.one_of(st.none(), st.text(max_size=6), st.integers(), st.floats(-1e300, 1e300), st.booleans())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(CELLS.filter(lambda cell: not isinstance(cell, str) or cell.isprintable()), max_size=3), max_size=8
    )
)
def test_every_line_is_a_row_or_a_fault(lines):
    book = openpyxl.Workbook()
    book.active.append(["姓名", "数量", "别的"])
    for line in lines:
        book.active.append(line)
    data = io.BytesIO()
    book.save(data)
    sheet = read(data.getvalue(), COLUMNS)
    rows, faults = {row.number for row in sheet.rows}, {fault.row for fault in sheet.faults} - {0}
    filled = {number for number, line in enumerate(lines, 2) if any(c is not None and str(c).strip() for c in line)}
    assert (rows | faults, rows & faults) == (filled, set())


def test_read_takes_the_largest_file():
    data = write("名单", COLUMNS, [{"name": f"志愿者{number}", "count": number} for number in range(20_000)])
    assert len(read(data, COLUMNS).rows) == 20_000
