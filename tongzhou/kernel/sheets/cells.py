"""One cell to one value, by the kind of its column. A wrong cell raises ValueError with what to do about it."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from tongzhou.kernel import figures
from tongzhou.kernel.dates import FIRST_YEAR, LAST_YEAR, When, parse_when
from tongzhou.kernel.documents import check_digit

from .shapes import Column, Words, essence, wordings

type Cell = str | int | float | bool | date | datetime | time | timedelta | When

EXACT = 10**15  # a spreadsheet keeps 15 digits of a number
TEXTUAL = frozenset({"text", "id", "phone", "choice"})


def convert(cell: Cell, column: Column) -> Any:
    """The Python value that `Column` promises for its kind. Raises ValueError for the user."""
    if isinstance(cell, str):
        cell = tidy(cell)
        if re.fullmatch(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)", cell):
            raise ValueError(_("公式出错，请改成实际内容。"))
    if cell == "":
        if column.required:
            raise ValueError(_("这一格必填，请填写。"))
        return "" if column.kind in TEXTUAL else None
    return _READERS[column.kind](cell, column)


def tidy(text: str) -> str:
    """Ordinary spaces, digits and letters, no invisible characters; Chinese punctuation and line breaks stay.

    Raises ValueError for control characters, which no keyboard makes and no database takes.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_PLAIN)
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", text):
        raise ValueError(_("含有看不见的控制字符，请删去这一格的内容，重新输入。"))
    return text.strip()


def identity_number(text: str) -> str:
    """An 18-character citizen identity number (GB 11643): area, birth date, sequence, ISO 7064 MOD 11-2 check."""
    number = re.sub(r"[\s'-]", "", text).upper()
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        raise ValueError(_("身份证号应为18位（前17位数字，末位数字或X），请核对。"))
    try:
        datetime.strptime(number[6:14], "%Y%m%d")  # noqa: DTZ007 -- a day, checked to exist
    except ValueError:
        raise ValueError(_("身份证号中的出生日期“%(text)s”不存在，请核对。") % {"text": number[6:14]}) from None
    if check_digit(number[:17]) != number[17]:
        raise ValueError(_("身份证号的校验码不对，可能抄错了一位，请核对。"))
    return number


def _text(cell: Cell, column: Column) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _plain(_number(cell))
    raise ValueError(_("表格软件把这一格当成了日期或时间，请将该列设为文本后重新填写。"))


def _integer(cell: Cell, column: Column) -> int:
    number = _number(cell)
    if number != number.to_integral_value():
        raise ValueError(_("“%(text)s”不是整数，请填写整数。") % {"text": _plain(number)})
    return int(number)


def _decimal(cell: Cell, column: Column) -> Decimal:
    return _number(cell)


def _money(cell: Cell, column: Column) -> int:
    if isinstance(cell, str):
        found = re.fullmatch(r"(?:[¥￥]|RMB|人民币)?(.*?)(万?)元?(?:整|正)?", re.sub(r"\s", "", cell))
        amount, unit = (found[1], found[2]) if found else (cell, "")
        try:
            yuan = _number(amount) * (10_000 if unit else 1)
        except ValueError:
            raise ValueError(_("“%(text)s”不是金额，请以元为单位填写数字，如 2400.50。") % {"text": cell}) from None
    else:
        yuan = _number(cell)
    fen = yuan * 100
    if fen != fen.to_integral_value():
        raise ValueError(_("金额“%(text)s”超过两位小数，请精确到分。") % {"text": _plain(yuan)})
    return int(fen)


def _when(cell: Cell, column: Column) -> When:
    if isinstance(cell, When):
        return cell
    if isinstance(cell, datetime):
        cell = cell.strftime("%Y-%m-%d %H:%M:%S") if cell.time() != time(0) else cell.date()
    if isinstance(cell, date):
        return parse_when(cell.isoformat())
    if isinstance(cell, str):
        whole = re.fullmatch(r"(.*?)[ T]+(\d{1,2}:\d{2}(?::\d{2})?)", cell)
        if whole and whole[2].strip("0:"):
            raise ValueError(_("这里只填日期，请去掉时刻“%(text)s”。") % {"text": whole[2]})
        return parse_when(whole[1] if whole else cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and cell == int(cell):
        if FIRST_YEAR <= cell <= LAST_YEAR or cell >= FIRST_YEAR * 10_000:
            return parse_when(str(int(cell)))
        raise ValueError(_("“%(text)s”是数字；如果是日期，请将这一格的格式改为“日期”。") % {"text": int(cell)})
    raise ValueError(_("“%(text)s”不是日期，请写成 2022-03-05。") % {"text": cell})


def _id(cell: Cell, column: Column) -> str:
    if not isinstance(cell, str) or _SCIENTIFIC.fullmatch(cell):
        raise ValueError(_("数字格式会丢失末尾数字，请将该列设为文本后重新填写。"))
    return identity_number(cell)


def _phone(cell: Cell, column: Column) -> str:
    number = re.sub(r"[\s()（）]", "", _text(cell, column))
    mobile = re.sub(r"-", "", re.sub(r"^(\+|00)86-?", "", number))
    if re.fullmatch(r"1[3-9]\d{9}", mobile, re.ASCII):
        return mobile
    if re.fullmatch(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?", number, re.ASCII):
        return number
    raise ValueError(
        _("“%(text)s”不是电话号码，请填写11位手机号，或带区号的座机号如 024-42812345。") % {"text": number}
    )


def _choice(cell: Cell, column: Column) -> str:
    value = _sayings(column.choices).get(essence(_text(cell, column)))
    if value is not None:
        return value
    labels = "、".join(str(label) for _value, label in column.choices[:12])
    if len(column.choices) > 12:
        labels += "……"
    raise ValueError(
        _("“%(text)s”不在可选范围内，请填写：%(choices)s。") % {"text": _text(cell, column), "choices": labels}
    )


@lru_cache(maxsize=256)
def _sayings(choices: tuple[tuple[str, Words], ...]) -> dict[str, str]:
    """What may be written for each value: the value itself or its label in either language; labels win."""
    said = {essence(value): value for value, _label in choices}
    return said | {wording: value for value, label in choices for wording in wordings(label)}


def _boolean(cell: Cell, column: Column) -> bool:
    said = essence(str(cell)) if not isinstance(cell, float) else _plain(_number(cell))
    if said in {"是", "yes", "y", "true", "1", "√", "✓"}:
        return True
    if said in {"否", "no", "n", "false", "0", "×", "✗"}:
        return False
    raise ValueError(_("“%(text)s”看不出是或否，请填写“是”或“否”。") % {"text": cell})


def _figure(cell: Cell, column: Column) -> tuple[figures.Figure, str]:
    if not isinstance(cell, str):
        return figures.Figure(_number(cell)), ""
    try:
        return figures.parse(cell)
    except ValueError:
        if re.search("[A-Za-z]", cell):
            return figures.parse(cell, "en")
        raise


def _moment(cell: Cell, column: Column) -> datetime:
    """A day with its time, as a logger writes it. Seconds are kept, a day alone is refused."""
    if isinstance(cell, datetime):
        return cell
    found = (
        re.fullmatch(r"(?P<day>.+?)[ T]+(?P<time>\d{1,2}:\d{2}(?::\d{2})?)", cell) if isinstance(cell, str) else None
    )
    try:
        day, at = (
            parse_when(found["day"] if found else ""),
            time.fromisoformat(_two_digits(found["time"] if found else "")),
        )
        if day.precision != "day":
            raise ValueError(cell)
    except ValueError:
        raise ValueError(_("“%(text)s”不是时间，请写成 2022-03-05 08:30。") % {"text": cell}) from None
    return datetime.combine(day.day, at)


def _two_digits(clock: str) -> str:
    """8:30 as 08:30."""
    return clock if clock[1:2] != ":" else f"0{clock}"


_READERS: dict[str, Callable[[Cell, Column], Any]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "money": _money,
    "date": _when,
    "id": _id,
    "phone": _phone,
    "choice": _choice,
    "boolean": _boolean,
    "figure": _figure,
    "moment": _moment,
}

_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)
_SPACES = (0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_INVISIBLE = (0xAD, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
_PLAIN: dict[int, str | None] = (
    {code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
    | dict.fromkeys(_SPACES, " ")
    | dict.fromkeys(_INVISIBLE, None)
    | {0x2028: "\n", 0x2029: "\n"}
)


def _number(cell: Cell) -> Decimal:
    """Exact decimal of a cell; a float is read to the 15 digits that Excel shows, so 0.1+0.2 is 0.3."""
    if isinstance(cell, str):
        if _SCIENTIFIC.fullmatch(cell):
            raise ValueError(_("数字格式会丢失末尾数字，请将该列设为文本后重新填写。"))
        plain = re.sub(r"\s", "", cell).translate({0xFF0E: ".", 0xFF0C: ",", 0xFF0B: "+", 0xFF0D: "-", 0x2212: "-"})
        if not re.fullmatch(r"[+-]?(\d{1,18}|\d{1,3}(,\d{3}){1,5})(\.\d{1,12})?", plain, re.ASCII):
            raise ValueError(_("“%(text)s”不是数字，请只填数字。") % {"text": cell})
        return Decimal(plain.replace(",", ""))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if abs(cell) >= EXACT:
            raise ValueError(_("数字格式会丢失末尾数字，请将该列设为文本后重新填写。"))
        return Decimal(format(cell, ".15g"))
    raise ValueError(_("“%(text)s”不是数字，请只填数字。") % {"text": cell})


def _plain(number: Decimal) -> str:
    """Digits without an exponent and without empty decimals."""
    digits = format(number, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
