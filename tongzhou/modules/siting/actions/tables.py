"""A list of a study comes in whole, in place of the one before; or place by place, from the map."""

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from json import dumps
from math import inf
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, handoff, sheets, steps
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.siting import queries, rules
from tongzhou.modules.siting.models import Study, Table
from tongzhou.modules.siting.workflow import PLAN, StudyState

MOST_WAYS = 600_000  # pairs of building and site: they are kept with each option
TAKEN = _("{by}导入{kind}：{rows}行")
PLACED = _("{by}在地图上加了{kind}：{key}")
CHANGED = _("{by}改了{kind}：{key}")
REMOVED = _("{by}删去{kind}：{key}")
REGISTERED = _("{by}按居民登记取人数：{rows}处{people}人；{missing}处没有人登记")


@transaction.atomic
def take(study: Study, kind: str, rows: Sequence[sheets.Row], *, by: Person) -> Table:
    """Raises ValidationError naming each row and its remedy. People of whom only the total is known are spread and counted as assumed."""
    _drafted(study, by)
    faults = [
        __("第%(row)d行：编号“%(key)s”与第%(first)d行重复，请改为不同编号。")
        % {"row": line, "key": key, "first": first}
        for line, key, first in rules.twice((row.number, _keyed(kind, row.values)) for row in rows)
    ]
    faults += [text for row in rows for text in _outside(kind, row)]
    if kind == Table.Kind.WALKS and not faults:
        faults = _nowhere(study, rows)
    elif not faults:
        faults = queries.cases.refused(kind, rows)
    if faults:
        raise ValidationError(faults)
    values, assumed = _spread(study, kind, [plain(row.values) for row in rows])
    table = _kept(study, kind, values, assumed, by)
    steps.note(study, "tables", by=by, said=TAKEN, data={"kind": str(Table.Kind(kind).label), "rows": len(values)})
    return table


@transaction.atomic
def put(study: Study, kind: str, values: dict[str, Any], *, by: Person, was: str = "") -> Table:
    """One row placed on the map, or the row `was` changed and perhaps moved. Raises ValidationError."""
    table, rows = _held(study, kind, by)
    there = next((i for i, row in enumerate(rows) if row["key"] == was), None) if was else None
    if was and there is None:
        raise ValidationError(__("这一行已经不在了，请刷新再看。"))
    values = values | {"key": values.get("key") or was or rules.free(kind, rows)}
    if any(row["key"] == values["key"] for i, row in enumerate(rows) if i != there):
        raise ValidationError(__("已有编号“%(key)s”，请换一个编号。") % {"key": values["key"]})
    if faults := _outside(kind, sheets.Row(len(rows) + 2 if there is None else there + 2, values)):
        raise ValidationError(faults)
    if there is None:
        rows.append(values)
    else:
        counted = rows[there].get("persons") == values.get("persons")
        dropped = set() if counted else {"assumed", "listed"}
        rows[there] = {name: value for name, value in rows[there].items() if name not in dropped} | values
    said = CHANGED if was else PLACED
    return _redrawn(study, kind, rows, table, by, said, values["key"])


@transaction.atomic
def remove(study: Study, kind: str, key: str, *, by: Person) -> Table:
    table, rows = _held(study, kind, by)
    left = [row for row in rows if row["key"] != key]
    if len(left) == len(rows):
        raise ValidationError(__("这一行已经不在了，请刷新再看。"))
    return _redrawn(study, kind, left, table, by, REMOVED, key)


def _drafted(study: Study, by: Person) -> None:
    """Nobody else changes the study's lists until this is through, and it is still being drafted. Raises ValidationError."""
    access.require(by, PLAN, study)
    if not Study.objects.select_for_update().filter(pk=study.pk, state=StudyState.DRAFT).exists():
        raise ValidationError(__("这份测算已不在编制中，不能再换数据。"))


def _held(study: Study, kind: str, by: Person) -> tuple[Table | None, list[dict[str, Any]]]:
    """The list, nobody else's while this one changes it."""
    _drafted(study, by)
    table = study.sheets.filter(kind=kind).first()
    return table, list(table.rows) if table else []


def _redrawn(
    study: Study, kind: str, rows: list[dict[str, Any]], table: Table | None, by: Person, said: Any, key: str
) -> Table:
    made = _kept(
        study, kind, rows, sum(bool(row.get("assumed")) for row in rows), by, table.registered if table else {}
    )
    steps.note(study, "place", by=by, said=said, data={"kind": str(Table.Kind(kind).label), "key": key})
    return made


@transaction.atomic
def from_register(study: Study, *, by: Person) -> Table:
    """The people of each building or community as residents have registered, within what this person may read there. Raises ValidationError."""
    _drafted(study, by)
    table = study.sheets.filter(kind=Table.Kind.DEMAND).first()
    if table is None:
        raise ValidationError(__("请先导入居民表：登记里没有楼栋和社区的坐标。"))
    heads = handoff.answer("residents", study.response, by=by)
    if heads is None:
        raise ValidationError(__("这里没有登记居民的工作。"))
    named = dict(Unit.objects.filter(code__in=heads.units).values_list("name", "code"))
    units = heads.units | {name: heads.units[code] for name, code in named.items()}
    rows, missing = rules.registered(table.rows, study.unit.code, heads.homes, units)
    if len(missing) == len(rows):
        raise ValidationError(__("这些楼栋、社区都还没有人登记，人数没有改。"))
    taken = [row for row in rows if "listed" in row]
    told = {
        "on": str(heads.on),
        "rows": len(rows) - len(missing),
        "people": sum(row["persons"] for row in taken),
        "missing": missing,
    }
    table = _kept(study, Table.Kind.DEMAND, rows, sum(bool(row.get("assumed")) for row in rows), by, told)
    steps.note(
        study,
        "register",
        by=by,
        said=REGISTERED,
        data={"rows": told["rows"], "people": told["people"], "missing": len(missing)},
    )
    return table


def _kept(
    study: Study,
    kind: str,
    values: list[dict[str, Any]],
    assumed: int,
    by: Person,
    registered: dict[str, Any] | None = None,
) -> Table:
    people = sum(row["persons"] for row in values) if kind == Table.Kind.DEMAND else 0
    digest = sha256(dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    fields = {"rows": values, "number": len(values), "people": people, "assumed": assumed, "digest": digest, "by": by}
    return Table.objects.update_or_create(study=study, kind=kind, defaults=fields | {"registered": registered or {}})[0]


def _spread(study: Study, kind: str, rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    if kind != Table.Kind.DEMAND:
        return rows, 0
    try:
        return rules.spread(rows, study.people)
    except ValueError as fault:
        (number,) = fault.args
        if study.people is None:
            raise ValidationError(
                __("有%(n)d行没有人数：请补上，或在测算里填写总人数，由这些行均摊（标为假设）。") % {"n": number}
            ) from None
        raise ValidationError(
            __("各行人数之和比总人数%(total)d多出%(n)d人：请改正人数或总人数。") % {"total": study.people, "n": number}
        ) from None


def _keyed(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    return {"key": f"{values['home']} → {values['site']}"} if kind == Table.Kind.WALKS else values


def _nowhere(study: Study, rows: Sequence[sheets.Row]) -> list[str]:
    """Ways between what is not in the lists; and more of them than a plan can carry."""
    there = {
        table.kind: {row["key"] for row in table.rows} for table in study.sheets.filter(kind__in=("demand", "sites"))
    }
    if len(there) < 2:
        return [__("请先导入居民和候选点，再导入步行路程。")]
    if len(there["demand"]) * len(there["sites"]) > MOST_WAYS:
        return [__("楼栋和候选点太多，路程表放不下：请按街道分成几个测算。")]
    said = __("第%(row)d行：没有编号“%(key)s”，请改为居民表或候选点表里的编号。")
    return [
        said % {"row": row.number, "key": row.values[name]}
        for row in rows for name, kind in (("home", "demand"), ("site", "sites")) if row.values[name] not in there[kind]
    ]  # fmt: skip


def _outside(kind: str, row: sheets.Row) -> list[str]:
    """Numbers and hours that cannot be, texts too long, places off the map; columns by their titles."""
    titles = {column.name: str(column.label) for column in queries.COLUMNS[kind]}
    found = []
    for name, value in row.values.items():
        told = {"row": row.number, "column": titles.get(name, name), "most": rules.LENGTHS.get(name, 0)}
        if isinstance(value, str) and len(value) > rules.LENGTHS.get(name, len(value)):
            found.append(__("第%(row)d行：“%(column)s”最多%(most)d个字，请缩短。") % told)
        if isinstance(value, int | Decimal | float) and name not in ("lon", "lat") and value < 0:
            found.append(__("第%(row)d行：“%(column)s”不能小于0，请改正。") % told)
    if (row.values.get("impaired") or 0) > (row.values.get("persons") or inf):
        found.append(__("第%(row)d行：行动不便人数多于人数，请改正。") % {"row": row.number})
    lon, lat = row.values.get("lon"), row.values.get("lat")
    if (lon is not None and not -180 <= lon <= 180) or (lat is not None and not -85 <= lat <= 85):
        found.append(
            __("第%(row)d行：经度%(lon)s、纬度%(lat)s不在地图上，请检查是否填反。")
            % {"row": row.number, "lon": lon, "lat": lat}
        )
    return found


def plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: float(value) if isinstance(value, Decimal) else value
        for name, value in values.items()
        if value is not None
    }
