"""The situation of the example: who judged it, by name, and no figure, because the report gives none."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from tests.modules.situation.test_told import sentences
from tests.world import BENXI
from tongzhou.kernel import facts, loading, module
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.situation.models import Assessment, DayCount, Event, Zone

pytestmark = pytest.mark.any_engine  # the chronicle loads the example on both


def test_benxi_tells_who_judged_and_invents_no_figure(benxi: Response) -> None:
    told = Assessment.objects.get(response=benxi)
    assert (told.unit.code, told.is_reported, told.content) == ("benxi", True, {})
    assert [model.objects.count() for model in (DayCount, Zone, Event)] == [0, 0, 0]
    by = loading.house()
    assert sentences(Scope(benxi), by) == ["周晓婕在明山区研判疫情防控形势。"]
    with translation.override("en"):
        assert sentences(Scope(benxi), by) == ["Zhou Xiaojie assessed the epidemic situation in Mingshan District."]
    findings = facts.gather(Scope(benxi), by, [module.room("situation")])
    assert {found.figure.value for all_found in findings.values() for found in all_found} == {0}


def test_benxi_loaded_twice_is_the_same(benxi: Response) -> None:
    before = list(Assessment.objects.values())
    list(loading.load(BENXI, loading.house()))
    assert list(Assessment.objects.values()) == before


def test_benxi_shows_the_act_and_no_paper(benxi: Response, signed_in: Callable[[Person], Client]) -> None:
    told, client = Assessment.objects.get(), signed_in(loading.house())
    assert "来源没有给出数字" in client.get(told.get_absolute_url()).content.decode()
    assert [client.get(f"{told.get_absolute_url()}{page}").status_code for page in ("print/", "report.pdf")] == [
        200,
        404,
    ]
