"""The map on which buildings and sites are placed. Everything on it is in the datum of the list that is edited, so that a tap is a row's place."""

from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as __

from tongzhou.kernel import maps
from tongzhou.modules.siting.models import Study, Table

BESIDE = 0.02  # marks of the other list are small: they are for orientation
KINDS = (Table.Kind.SITES.value, Table.Kind.DEMAND.value)


def sketch(study: Study, kind: str, address: str, chosen: str = "") -> maps.Map:
    """The rows of this list, each leading to its form; those of the other and the border of the area for orientation. Three queries."""
    lists = {table.kind: table.rows for table in study.sheets.filter(kind__in=KINDS)}
    datum = datum_of(study, kind)
    places = []
    for name in sorted(lists, key=lambda name: name == kind):  # those of this list on top
        at = _shifted([[row["lon"], row["lat"]] for row in lists[name]], datum_of(study, name), datum)
        for row, (lat, lon) in zip(lists[name], at, strict=True):
            url = f"{address}?row={quote(str(row['key']))}" if name == kind else ""
            size = _size(row, lists[name]) if name == kind else BESIDE
            places.append(maps.Place(lat, lon, _label(row, name), _tone(row, name, kind, chosen), url, size=size))
    above = maps.at_or_above(study.unit)
    shapes = maps.outlines([above]) if above else []
    moved = [maps.Shape(_bent(one.geometry, datum), one.label, one.tone) for one in shapes]
    legend: list[tuple[maps.Tone, Any]] = [
        ("plain", Table.Kind(kind).label),
        ("off", __("另一张表")),
        ("bad", __("正在改的")),
    ]
    return maps.Map(__("在地图上布置"), moved, places, legend=legend)


def datum_of(study: Study, kind: str) -> str:
    return study.sites_datum if kind == Table.Kind.SITES else study.datum


def _label(row: dict[str, Any], kind: str) -> str:
    name = row.get("name") or row["key"]
    if kind == Table.Kind.SITES:
        return __("%(name)s：%(n)d台") % {"name": name, "n": row.get("tables", 0)}
    return __("%(name)s：%(n)d人") % {"name": name, "n": row.get("persons", 0)}


def _tone(row: dict[str, Any], kind: str, edited: str, chosen: str) -> maps.Tone:
    if kind != edited:
        return "off"
    return "bad" if chosen and row["key"] == chosen else "plain"


def _size(row: dict[str, Any], rows: list[dict[str, Any]]) -> float:
    name = "persons" if "persons" in row else "tables"
    most: float = max([1, *(one.get(name) or 0 for one in rows)])
    return float(row.get(name) or 0) / most


def _shifted(degrees: list[list[float]], given: str, wanted: str) -> list[tuple[float, float]]:
    """(lat, lon) in the datum wanted."""
    if not degrees or given == wanted:
        return [(lat, lon) for lon, lat in degrees]
    import numpy as np

    from tongzhou.planning.walking import to_gcj02, to_wgs84

    turn = to_gcj02 if wanted == "GCJ-02" else to_wgs84
    return [(round(lat, 6), round(lon, 6)) for lon, lat in turn(np.array(degrees, float)).tolist()]


def _bent(geometry: dict[str, Any], datum: str) -> dict[str, Any]:
    """A border, which is kept in WGS-84, in the datum of the map."""

    def bent(node: Any) -> Any:
        if node and isinstance(node[0], int | float):
            lat, lon = _shifted([node[:2]], "WGS-84", datum)[0]
            return [lon, lat]
        return [bent(one) for one in node]

    return geometry if datum == "WGS-84" else geometry | {"coordinates": bent(geometry["coordinates"])}
