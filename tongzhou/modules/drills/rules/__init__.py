"""Rules of drills that need no database: lengths of time in words, timings against targets, the order of a script, head counts, due days."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tongzhou.kernel.lang import lang

SOON_DAYS = 7  # drills of the coming week stand on the board
WARNING_HOURS = 1  # before a drill starts everyone in it is told once more
MOST_SECONDS = 30 * 24 * 3600
MOST_PEOPLE = 100_000

_LENGTH = re.compile(
    r"(?:(?P<d>\d+)(?:天|日|d(?:ays?)?))?(?:(?P<h>\d+)(?:小时|时|h(?:ours?|rs?)?))?"
    r"(?:(?P<m>\d+)(?:分钟|分|m(?:in(?:ute)?s?)?|['′]))?(?:(?P<s>\d+)(?:秒钟|秒|s(?:ec(?:ond)?s?)?|[\"″]))?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:(?P<h>\d+):)?(?P<m>\d+):(?P<s>[0-5]\d)")
_HEADS = re.compile(r"(?P<name>.*?\S)[\s:：,，]*(?<!\d)(?P<n>\d+)\s*(?:人|名|people|persons?)?", re.IGNORECASE)


def seconds(text: str) -> int:
    """A length of time as people write it: 2小时、90分、20秒、1:30、90 (minutes). Raises ValueError with a sentence for the user."""
    plain = re.sub(r"\s", "", text).translate({0xFF1A: ":"})
    if re.fullmatch(r"\d{1,6}", plain, re.ASCII):
        total = int(plain) * 60
    else:
        found = _CLOCK.fullmatch(plain) or _LENGTH.fullmatch(plain)
        parts = {name: int(value) for name, value in found.groupdict().items() if value} if found else {}
        if not parts or any(value > MOST_SECONDS for value in parts.values()):
            raise ValueError(_("看不懂这个时长，请写成“10分钟”“1小时30分”或“20秒”。"))
        total = sum(parts.get(name, 0) * worth for name, worth in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)))
    if not 0 < total <= MOST_SECONDS:
        raise ValueError(_("时长须大于 0，且不超过 30 天。"))
    return total


def length(total: int) -> str:
    """A length of time in words: 1小时20分, 45秒, "1 h 20 min"."""
    hours, rest = divmod(abs(total), 3600)
    minutes, left = divmod(rest, 60)
    parts = [
        _("%(n)s小时") % {"n": hours} if hours else "",
        _("%(n)s分") % {"n": minutes} if minutes else "",
        _("%(n)s秒") % {"n": left} if left or not (hours or minutes) else "",
    ]
    return (" " if lang() == "en" else "").join(part for part in parts if part)


def clock(total: int) -> str:
    """The same as a clock shows it, in every language: 1:02:30, 12:30."""
    hours, rest = divmod(total, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


@dataclass(frozen=True)
class Timing:
    """What a target took, in seconds, against its limit; `used` is None when it was not measured."""

    used: int | None
    limit: int

    @property
    def met(self) -> bool | None:
        return None if self.used is None else self.used <= self.limit

    def words(self) -> str:
        if self.used is None:
            return _("未测")
        if self.used <= self.limit:
            return _("达标，用时%(used)s") % {"used": length(self.used)}
        return _("超时%(over)s，用时%(used)s") % {"over": length(self.used - self.limit), "used": length(self.used)}


def change(before: int | None, used: int | None) -> str:
    """How the time used compares with the drill before; "" where there is nothing to compare."""
    if before is None or used is None:
        return ""
    if before == used:
        return _("与上次持平")
    if used < before:
        return _("比上次快%(gap)s") % {"gap": length(before - used)}
    return _("比上次慢%(gap)s") % {"gap": length(used - before)}


def tally(timings: Sequence[Timing]) -> dict[str, int]:
    """How many targets were met, missed and not measured."""
    met = [timing.met for timing in timings]
    return {"met": met.count(True), "missed": met.count(False), "unmeasured": met.count(None)}


def heads(text: str) -> list[tuple[str, int]]:
    """ "桥头街道 12人", one a line or set apart by 、；: names with their head counts. Raises ValueError naming the line at fault."""
    found = []
    for line in filter(None, map(str.strip, re.split(r"[\n\r、；;]+", text))):
        read = _HEADS.fullmatch(line)
        if read is None or not 0 < int(read["n"][:9]) <= MOST_PEOPLE or len(read["n"]) > 6 or len(read["name"]) > 100:
            raise ValueError(_("“%(line)s”：请写明单位和人数，例如“桥头街道 12人”。") % {"line": line[:40]})
        found.append((read["name"], int(read["n"])))
    return found


def heads_text(rows: Sequence[tuple[str, int]]) -> str:
    """The same as it is typed."""
    return "\n".join(_("%(name)s %(n)s人") % {"name": name, "n": n} for name, n in rows)


def ordered(
    injects: Sequence[Mapping[str, Any]], targets: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A script in the order of its minutes, numbered from 1; targets follow their injects.

    Each inject has `place`, its number as typed; targets name injects by that. Raises ValueError for one that names none.
    """
    rows = sorted(injects, key=lambda row: row["minute"])  # stable: injects of one minute stay as typed
    number = {row["place"]: n for n, row in enumerate(rows, 1)}
    made = [{**row, "number": n} for n, row in enumerate(rows, 1)]
    for row in made:
        del row["place"]
    return made, [_following(n, row, number) for n, row in enumerate(targets, 1)]


def _following(number: int, target: Mapping[str, Any], numbers: Mapping[int, int]) -> dict[str, Any]:
    moved: dict[str, Any] = {**target, "number": number}
    for name in ("starts", "ends"):
        named = target.get(name)
        if named is not None and named not in numbers:
            said = {"target": target["name"], "n": named}
            raise ValueError(_("指标“%(target)s”所指的第 %(n)s 条注入不存在。") % said)
        moved[name] = None if named is None else numbers[named]
    if moved["starts"] and moved["ends"] and moved["ends"] < moved["starts"]:
        raise ValueError(_("指标“%(target)s”的终点在起点之前。") % {"target": target["name"]})
    return moved


def practise_by(last: date | None, days: int) -> date | None:
    """By when a scenario is to be practised again; None when it never was, so that it is due now."""
    return last + timedelta(days=days) if last else None


def overdue(due: date, today: date) -> int:
    """Days past the deadline, 0 while it holds. The day of the deadline is in time."""
    return max(0, (today - due).days)
