"""Run as a program of its own: a workbook on standard input, its visible worksheets as JSON on standard output.

A broken .xls can make the workbook reader ask for more memory than any machine has, which ends the process it runs
in. So it never runs in the server, and has a ceiling of memory and time. Imports nothing of the house, to start fast.
"""

import contextlib
import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

MEMORY = 1536 * 1024 * 1024
SECONDS = 60


def main(limit: int) -> dict[str, Any]:
    """`{"sheets": [[name, rows, merges], …]}`, or `{"locked": true}`, or `{"end": [row, column]}` when the
    worksheets together reach over more than `limit` cells. Whatever else is wrong ends the process."""
    found: list[list[Any]] = []
    cells = 0
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())) as book:
            for about in book.sheets_metadata:
                if about.visible != SheetVisibleEnum.Visible:
                    continue
                sheet = book.get_sheet_by_name(about.name)
                cells += (sheet.end[0] + 1) * (sheet.end[1] + 1) if sheet.end else 0
                if cells > limit:
                    return {"end": sheet.end}
                rows = sheet.to_python(skip_empty_area=False) if sheet.end else []
                found.append([about.name, rows, sheet.merged_cell_ranges or []])
    except PasswordError:
        return {"locked": True}
    return {"sheets": found}


def spell(value: object) -> dict[str, str | float]:
    """The cells JSON has no word for."""
    match value:
        case datetime():
            return {"datetime": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case timedelta():
            return {"seconds": value.total_seconds()}
    raise TypeError(type(value))


def unspell(spelt: dict[str, Any]) -> Any:
    """The other way round, for who reads the answer."""
    match spelt:
        case {"datetime": str(text)}:
            return datetime.fromisoformat(text)
        case {"date": str(text)}:
            return date.fromisoformat(text)
        case {"time": str(text)}:
            return time.fromisoformat(text)
        case {"seconds": float(seconds)}:
            return timedelta(seconds=seconds)
    return spelt


if __name__ == "__main__":
    with contextlib.suppress(ValueError, OSError):  # not every system can set them
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    json.dump(main(int(sys.argv[1])), sys.stdout, default=spell)
