"""Bytes to grids of cells. Everything hostile or broken about a file ends here, as `Unreadable` with one sentence."""

import csv
import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from django.utils.translation import gettext as _

from . import parts, reader
from .cells import Cell
from .shapes import MAX_BYTES, letters

MAX_UNPACKED = 200 * 1024 * 1024
MAX_CELLS = 4_000_000  # the rectangle from A1 to the last cell: that is what reading it costs in memory

type Area = tuple[tuple[int, int], tuple[int, int]]  # (first row, first column), (last row, last column), from 0


class Unreadable(Exception):
    """The file as a whole cannot be read; the text says what to do."""


@dataclass(frozen=True)
class Grid:
    """One visible worksheet. `rows[0][0]` is A1 whatever is empty around it."""

    title: str
    rows: list[list[Cell]]
    merges: list[Area] = field(default_factory=list)
    marks: parts.Marks = field(default_factory=parts.Marks)


def grids(data: bytes) -> list[Grid]:
    """The worksheets with content, in their order. Raises Unreadable."""
    if not data.strip():
        raise Unreadable(_("文件是空的，请选择填好的表格。"))
    if len(data) > MAX_BYTES:
        raise Unreadable(_("文件超过 %(limit)s MB，请分成几个文件上传。") % {"limit": MAX_BYTES // 1024**2})
    if data.startswith(b"PK"):
        return _guarded(lambda: _zipped(data))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Unreadable(_locked())
        return _guarded(lambda: _workbook(data, {}))
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise Unreadable(_("这是网页或XML文件，只是用了表格的扩展名；请用Excel或WPS打开，另存为 .xlsx 后再上传。"))
    return [_csv(data)]


def _guarded(reading: Callable[[], list[Grid]]) -> list[Grid]:
    """Run `reading`; whatever a broken file makes the parsers throw becomes one sentence."""
    try:
        return reading()
    except (zipfile.BadZipFile, zlib.error, ExpatError, ParseError, parts.Damaged, subprocess.TimeoutExpired):
        raise Unreadable(_damaged()) from None
    except (ValueError, TypeError, LookupError, EOFError, OSError, NotImplementedError, RuntimeError, OverflowError):
        raise Unreadable(_damaged()) from None


def _zipped(data: bytes) -> list[Grid]:
    package = _unpack(data)
    names = {name.lower() for name in package}
    if "content.xml" in names:
        if b"encryption-data" in package.get("META-INF/manifest.xml", b""):
            raise Unreadable(_locked())
        marks = parts.scan_ods(package)
    elif any(name.startswith("xl/") for name in names):
        if any(name.endswith(".bin") for name in names):
            raise Unreadable(_("请用Excel或WPS打开，另存为 .xlsx 后再上传（.xlsb 不能读取）。"))
        marks = parts.scan_xlsx(package)
    else:
        raise Unreadable(_strange())
    _check_extents([sheet.extent for sheet in marks.values()])
    return _workbook(_repack(package), marks)


def _unpack(data: bytes) -> dict[str, bytes]:
    """The XML parts, measured while they unfold: the sizes a zip declares cannot be believed.

    Pictures and macros are left behind. Names of .bin parts are kept, empty, to know an .xlsb by.
    """
    package: dict[str, bytes] = {}
    room = MAX_UNPACKED
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
            raise Unreadable(_bomb())
        for info in archive.infolist():
            if info.flag_bits & 1:
                raise Unreadable(_locked())
            name = info.filename.replace("\\", "/")
            if name.lower().startswith("xl/worksheets/") and name.lower().endswith(".bin"):
                package[name] = b""
            if not name.lower().endswith((".xml", ".rels", "mimetype")):
                continue
            with archive.open(info) as member:
                package[name] = member.read(room + 1)
            room -= len(package[name])
            if room < 0:
                raise Unreadable(_bomb())
    return package


def _repack(package: dict[str, bytes]) -> bytes:
    """What was measured, uncompressed, so that the reader unfolds nothing else."""
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        for name, content in package.items():
            archive.writestr(name, content)
    return plain.getvalue()


def _workbook(data: bytes, marks: dict[str, parts.Marks]) -> list[Grid]:
    """What the reader, in a process of its own, finds in a file; nothing at all when the file ends that process."""
    command = [sys.executable, "-I", reader.__file__, str(MAX_CELLS)]
    run = subprocess.run(command, input=data, capture_output=True, timeout=2 * reader.SECONDS, check=False)  # noqa: S603 -- our own program
    if run.returncode:
        raise parts.Damaged
    answer = json.loads(run.stdout, object_hook=reader.unspell)
    if "locked" in answer:
        raise Unreadable(_locked())
    if "end" in answer:
        _check_extents([(answer["end"][0], answer["end"][1])], 0)
    found = []
    for name, rows, merges in answer["sheets"]:
        seen = marks.get(name, parts.Marks())
        for row, column in seen.holes:  # the reader stops at the last cell with a value
            rows.extend([] for _missing in range(row + 1 - len(rows)))
            rows[row].extend([""] * (column + 1 - len(rows[row])))
        found.append(Grid(name, rows, merges, seen))
    return found


def _check_extents(ends: list[tuple[int, int]], limit: int = MAX_CELLS) -> None:
    """Of all worksheets together, since all are held at once."""
    if sum((row + 1) * (column + 1) for row, column in ends) > limit:
        row, column = max(ends, key=lambda end: (end[0] + 1) * (end[1] + 1))
        where = f"{letters(column)}{row + 1}"
        raise Unreadable(_("表格一直延伸到 %(cell)s，范围太大；请删去远处多余的内容后再上传。") % {"cell": where})


def _csv(data: bytes) -> Grid:
    """Text as Excel and WPS save it: UTF-8, UTF-16 with a mark, or GB 18030; comma, tab or semicolon."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data or data.startswith(b"%PDF"):
        raise Unreadable(_strange())
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable(_strange())
    delimiter = max(",\t;", key=text[:10_000].count)
    try:
        rows: list[list[Cell]] = [list(line) for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error:
        raise Unreadable(_strange()) from None
    return Grid("CSV", rows)


def _locked() -> str:
    return _("文件有密码保护，请去掉密码后再上传。")


def _damaged() -> str:
    return _("文件已损坏或不是真正的Excel文件；请用Excel或WPS打开，另存为 .xlsx 后再上传。")


def _strange() -> str:
    return _("这不是表格文件，请上传 .xlsx、.xls、.ods 或 .csv 文件。")


def _bomb() -> str:
    return _("文件解压后太大，不能读取；请把要导入的内容复制到新的表格中再上传。")
