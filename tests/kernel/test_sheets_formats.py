"""Excel in: what Excel, WPS, LibreOffice and older programs save."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import xlsxwriter
import xlwt

from tongzhou.kernel.dates import When
from tongzhou.kernel.sheets import Column, Row, read

NAME = Column("name", "姓名", required=True)
PHONE = Column("phone", "手机", "phone")
DAY = Column("day", "日期", "date")
COLUMNS = (NAME, PHONE, DAY)
MARCH = When(date(2022, 3, 5))
ONE = [Row(2, {"name": "张某", "phone": "13800138000", "day": MARCH})]


def saved(book):
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def packed(**parts):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def wps(rows, strings="", styles=""):
    """As WPS saves: its own properties, no dimension; `rows` and `strings` are XML."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return packed(
        **{
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "docProps/app.xml": "<Properties><Application>WPS 表格</Application></Properties>",
            "xl/workbook.xml": f'<workbook {main} xmlns:r="{office}"><sheets><sheet name="Sheet1" sheetId="1" '
            'r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
            f'<Relationship Id="rId3" Type="{office}/styles" Target="styles.xml"/></Relationships>',
            "xl/sharedStrings.xml": f"<sst {main}>{strings}</sst>",
            "xl/styles.xml": f"<styleSheet {main}>{styles}</styleSheet>",
            "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>",
        }
    )


def ods(rows):
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    return packed(
        **{
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content {namespaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="表1">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def ods_line(*cells, repeat=1):
    texts = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeat}">{texts}</table:table-row>'


def test_read_takes_the_cached_result_of_a_formula():
    rows = (
        '<row><c t="inlineStr"><is><t>姓名</t></is></c><c t="inlineStr"><is><t>手机</t></is></c></row>'
        '<row><c t="str"><f>"张"&amp;"某"</f><v>张某</v></c><c t="str"><f>""</f><v></v></c></row>'
    )
    assert read(wps(rows), COLUMNS).rows == [Row(2, {"name": "张某", "phone": ""})]


def test_read_keeps_a_month_a_month():
    book = openpyxl.Workbook()
    book.active.append(["姓名", "日期"])
    for code in ('yyyy"年"m"月"', "mmm-yy", "yyyy", 'yyyy"年"m"月"d"日"', "[$-804]yyyy/m;@"):
        book.active.append([code, datetime(2022, 3, 1) if code != "yyyy" else datetime(2022, 1, 1)])
        book.active.cell(book.active.max_row, 2).number_format = code
    kinds = [row.values["day"].precision for row in read(saved(book), COLUMNS).rows]
    assert kinds == ["month", "month", "year", "day", "month"]


def test_read_knows_the_date_formats_of_a_chinese_excel():
    styles = "<cellXfs>" + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 31, 57)) + "</cellXfs>"
    rows = (
        '<row><c t="inlineStr"><is><t>姓名</t></is></c><c t="inlineStr"><is><t>日期</t></is></c></row>'
        '<row><c t="inlineStr"><is><t>张某</t></is></c><c s="1"><v>44625</v></c></row>'
        '<row><c t="inlineStr"><is><t>李某</t></is></c><c s="2"><v>44621</v></c></row>'
    )
    days = [row.values["day"] for row in read(wps(rows, styles=styles), COLUMNS).rows]
    assert days == [MARCH, When(date(2022, 3, 1), "month")]


def test_read_takes_wps_files_with_rich_and_phonetic_strings():
    strings = (
        "<si><t>姓名</t><rPh sb='0' eb='1'><t>xìng míng</t></rPh></si>"
        "<si><r><t>张</t></r><r><rPr><b/></rPr><t>某</t></r></si>"
    )
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="3"><c r="A3" t="s"><v>1</v></c></row>'
    assert read(wps(rows, strings), COLUMNS).rows == [Row(3, {"name": "张某"})]


def test_read_takes_dates_counted_from_1904():
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "日期"])
        sheet.write(1, 0, "张某")
        sheet.write_datetime(1, 1, datetime(2022, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
    assert read(data.getvalue(), COLUMNS).rows[0].values["day"] == MARCH


def test_read_takes_xls():
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    for column, value in enumerate(["名单", None]):
        sheet.write(1, column + 1, value)
    for column, value in enumerate(["姓名", "手机", "日期"]):
        sheet.write(2, column + 1, value)
    sheet.write(3, 1, "张某")
    sheet.write(3, 2, 13800138000)
    sheet.write(3, 3, date(2022, 3, 5), xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    sheet.write_merge(4, 5, 1, 1, "李某")
    sheet.write(5, 2, "13900139000")
    answer = read(saved(book), COLUMNS)
    assert answer.rows == [Row(4, ONE[0].values)]
    assert [fault.row for fault in answer.faults] == [5, 6]


def test_read_takes_ods_and_its_repeated_lines():
    data = ods(
        ods_line("", "姓名") + ods_line("", "张某", repeat=2) + '<table:table-row table:number-rows-repeated="9"/>'
    )
    assert [(row.number, row.values) for row in read(data, COLUMNS).rows] == [
        (2, {"name": "张某"}),
        (3, {"name": "张某"}),
    ]


def test_read_takes_csv_of_excel_and_wps():
    text = '姓名,手机,日期\r\n"张某",13800138000,2022/3/5\r\n'
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert read(text.encode(encoding), COLUMNS).rows == ONE
    assert read(text.replace(",", "\t").encode(), COLUMNS).rows == ONE
