"""A file of which a door refuses one line after it was checked: all lines or none, and the line is named."""

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from tests.world import World
from tongzhou.kernel import sheets
from tongzhou.kernel.desk import inflow
from tongzhou.kernel.models import Unit, Upload

WHAT = sheets.Column("what", "事项")


def unit(code: str) -> Unit:
    return Unit.objects.create(code=code, name=code, kind="branch", path=f"/{code}/")


def refuse(fault: Exception) -> Any:
    raise fault


def test_the_line_a_door_refuses_is_named_and_nothing_is_written(cast: World) -> None:
    kept = Upload.objects.create(place="x", digest="x", name="x.csv", content=b"x", by=cast.people.wang)
    into = inflow.Inflow("事项", "x", [WHAT], lambda values, key: (None, {}), "/", "/", "/", str)
    for fault, said in (
        (ValidationError({"what": "已有一条"}), [sheets.Fault(3, "事项", "已有一条")]),
        (ValidationError("没有额度"), [sheets.Fault(3, "", "没有额度")]),
        (PermissionDenied("不归您管"), [sheets.Fault(3, "", "不归您管")]),
    ):
        ready: inflow.Ready = [(2, partial(unit, "first")), (3, partial(refuse, fault)), (4, partial(unit, "third"))]
        assert inflow._commit(kept, ready, into) == (0, said)
        assert not Unit.objects.filter(code="first").exists()
    assert Upload.objects.get().committed_at is None
    assert inflow._commit(kept, [(2, partial(unit, "first"))], into) == (1, [])
    assert inflow._commit(kept, [(2, partial(unit, "again"))], into) == (0, []), "it comes in once"
    assert not Unit.objects.filter(code="again").exists()
