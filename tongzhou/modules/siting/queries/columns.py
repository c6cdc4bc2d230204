"""What the lists look like in a spreadsheet, and how their rows become the engine's."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import sheets
from tongzhou.modules.siting.models import Table
from tongzhou.modules.siting.queries.crews import SWABS

Kind = Table.Kind
LON = sheets.Column("lon", _("经度"), kind="decimal", required=True, example="123.7941")
LAT = sheets.Column("lat", _("纬度"), kind="decimal", required=True, example="41.3167")

COLUMNS: dict[str, list[sheets.Column]] = {
    Kind.DEMAND: [
        sheets.Column("key", _("编号"), required=True, example="12-3"),
        sheets.Column("name", _("楼栋或社区"), required=True, example="12号楼3单元"),
        sheets.Column("persons", _("人数"), kind="integer", help=_("不知道的留空，并在测算里填写总人数：由各行均摊，标为假设。")),
        sheets.Column("street", _("街道（社区）"), help=_("名称或代码；居民只选了社区、没选楼栋时按它告知去处。")),
        LON,
        LAT,
        sheets.Column("impaired", _("行动不便人数"), kind="integer"),
        sheets.Column("households", _("户数"), kind="integer", help=_("不填按每户2.6人推算。")),
    ],
    Kind.SITES: [
        sheets.Column("key", _("编号"), required=True, example="P01"),
        sheets.Column("name", _("候选点"), required=True, example="实验小学操场"),
        sheets.Column("place", _("位置"), help=_("居民怎么找到，如“北门进南门出”。")),
        sheets.Column("street", _("街道（社区）"), help=_("名称或代码；采样点归它管理。")),
        LON,
        LAT,
        sheets.Column("tables", _("可设采样台"), kind="integer", required=True, example="4"),
        sheets.Column("power", _("有电源"), kind="boolean", help=_("填“否”的不能设点。不填即有。")),
        sheets.Column("kept", _("必须设点"), kind="boolean"),
        sheets.Column("banned", _("不得设点"), kind="boolean"),
    ],
    Kind.STAFF: [
        sheets.Column("key", _("人员编号"), required=True, help=_("只填编号，不填姓名。"), example="H001"),
        sheets.Column("skill", _("技能"), help=_("每台须有一名“采样”；其他岗位不论技能。不填即“采样”。"), example="采样"),
        sheets.Column("lon", _("经度"), kind="decimal", help=_("出发的单位，不是住处。")),
        sheets.Column("lat", _("纬度"), kind="decimal"),
    ],
    Kind.LABS: [
        sheets.Column("key", _("实验室"), required=True, example="区疾控中心"),
        sheets.Column("lanes", _("检测线（条）"), kind="integer", required=True, example="4"),
        LON,
        LAT,
        sheets.Column("opens", _("几点开始"), kind="decimal", help=_("小时，如 8 或 8.5；不填即昼夜不停。")),
        sheets.Column("closes", _("几点停止"), kind="decimal", help=_("小时；过夜的填 24 以上。")),
    ],
    Kind.WALKS: [
        sheets.Column("home", _("从（楼栋或社区编号）"), required=True, example="12-3"),
        sheets.Column("site", _("到（候选点编号）"), required=True, example="P01"),
        sheets.Column("metres", _("步行（米）"), kind="integer", required=True, help=_("没有给的按直线乘以步行系数估算。"), example="320"),
    ],
    Kind.VANS: [
        sheets.Column("key", _("车辆或车队"), required=True, example="一队"),
        sheets.Column("number", _("车辆数"), kind="integer", required=True, example="2"),
        sheets.Column("tubes", _("每车管数"), kind="integer", example="1500"),
        sheets.Column("minutes", _("每轮几分钟"), kind="integer", example="90"),
    ],
}  # fmt: skip


def titles(kind: str) -> dict[str, sheets.Column]:
    """The columns of a list, by the names the engine has for them."""
    return {{"lon": "x", "lat": "y"}.get(column.name, column.name): column for column in COLUMNS.get(kind, ())}


def engine_row(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """The row as `tongzhou.planning.Case` takes it; what is blank stays out, so that the engine's own default holds."""
    given = {name: value for name, value in row.items() if value is not None}
    made = {
        name: given[name]
        for name in (
            "key",
            "name",
            "persons",
            "households",
            "tables",
            "skill",
            "lanes",
            "opens",
            "closes",
            "number",
            "minutes",
        )
        if name in given
    }
    if kind == Kind.STAFF:
        made["skill"] = given.get("skill") or SWABS
    if kind == Kind.VANS and "tubes" in given:
        made["tubes"] = given["tubes"]
    if "lon" in given and "lat" in given:
        made |= {"x": given["lon"], "y": given["lat"]}
    if kind == Kind.DEMAND and given.get("impaired"):
        made["impaired"] = min(1.0, given["impaired"] / max(given.get("persons", 0), 1))
    if kind == Kind.SITES:
        made |= {
            "kept": int(bool(given.get("kept"))),
            "banned": int(bool(given.get("banned")) or given.get("power") is False),
        }
    return made
