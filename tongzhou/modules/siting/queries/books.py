"""The lists that leave the house on paper and in Excel, each row with what its columns name."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import sheets

Shown = dict[str, Any]
Rows = list[dict[str, Any]]
TITLES = {
    "points": _("采样点表"), "slips": _("楼栋通知单"), "staff": _("人员名单"), "vans": _("转运路线"), "moves": _("改签名单"),
}  # fmt: skip


def names(shown: Shown) -> dict[str, str]:
    return {row["key"]: row["name"] or row["key"] for row in shown["points"]}


def points(shown: Shown) -> Rows:
    nobody = [None, None, None]
    return [
        row | {"p95": (row.get("wait") or nobody)[1], "longest_queue": (row.get("queue") or nobody)[1], "use": round(100 * row["use"])}
        for row in shown["points"]
    ]  # fmt: skip


def slips(shown: Shown) -> Rows:
    called = names(shown)
    return [unit | {"point_name": called.get(unit["point"], "")} for unit in shown["units"]]


def staff(shown: Shown) -> Rows:
    called = names(shown)
    return [
        row | {"turns": "、".join(str(turn + 1) for turn in row["shifts"]), "name": called.get(row["point"], ""), "way": _whole(row["way_m"])}
        for row in shown["staff"]
    ]  # fmt: skip


def _whole(metres: float | None) -> int | None:
    """None: it is not known where the person sets out."""
    return None if metres is None else round(metres)


def vans(shown: Shown) -> Rows:
    called = names(shown)
    return [tour | {"stops": " → ".join(called.get(key, key) for key in tour["points"])} for tour in shown["tours"]]


def moves(shown: Shown) -> Rows:
    called = names(shown)
    return [
        move | {"was": called.get(move["from"], move["from"]), "now": called.get(move["to"], move["to"])}
        for move in shown["moves"]
    ]


def _columns(**kinds: tuple[Any, sheets.Kind]) -> list[sheets.Column]:
    return [sheets.Column(name.rstrip("_"), label, kind=kind) for name, (label, kind) in kinds.items()]


BOOKS: dict[str, tuple[Callable[[Shown], Rows], list[sheets.Column]]] = {
    "points": (points, _columns(
        key=(_("编号"), "text"), name=(_("采样点"), "text"), place=(_("位置"), "text"), street=(_("街道（社区）"), "text"),
        persons=(_("人数"), "integer"), buildings=(_("楼栋"), "integer"), tables=(_("采样台数"), "integer"), staff=(_("同时在岗（人）"), "integer"),
        posts=(_("各班合计（人次）"), "integer"),
        use=(_("利用率（%）"), "integer"), first=(_("最早时段"), "text"), last=(_("最晚时段"), "text"),
        p95=(_("等候（分钟，95%的人不超过）"), "decimal"), longest_queue=(_("最长排队（人）"), "decimal"), tubes=(_("采样管"), "integer"),
        walk=(_("平均步行（米）"), "integer"), longest=(_("最远步行（米）"), "integer"), lon=(_("经度（WGS-84）"), "decimal"),
        lat=(_("纬度（WGS-84）"), "decimal"),
    )),
    "slips": (slips, _columns(
        key=(_("编号"), "text"), name=(_("楼栋或社区"), "text"), persons=(_("人数"), "integer"), point=(_("采样点编号"), "text"),
        point_name=(_("采样点"), "text"), from_=(_("从"), "text"), to=(_("到"), "text"), walk=(_("步行（米）"), "integer"),
    )),
    "staff": (staff, _columns(
        person=(_("人员编号"), "text"), skill=(_("技能"), "text"), point=(_("采样点编号"), "text"), name=(_("采样点"), "text"),
        turns=(_("第几班"), "text"), way=(_("路程（米）"), "integer"),
    )),
    "vans": (vans, _columns(
        van=(_("车辆或车队"), "text"), stops=(_("依次停靠"), "text"), tubes=(_("采样管"), "integer"), minutes=(_("用时（分钟）"), "integer"),
        km=(_("公里"), "decimal"),
    )),
    "moves": (moves, _columns(
        key=(_("编号"), "text"), persons=(_("人数"), "integer"), was=(_("原采样点"), "text"), now=(_("新采样点"), "text"),
        before=(_("原步行（米）"), "integer"), after=(_("新步行（米）"), "integer"),
    )),
}  # fmt: skip
