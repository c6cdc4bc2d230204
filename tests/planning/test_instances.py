"""Published instances, where their folder is named: TONGZHOU_INSTANCES=…/instances. They carry no licence, so they are no part of the project."""

import os
from pathlib import Path

import pytest

from benchmarks.planning.instances import known, question
from tongzhou.planning.siting.answering import answer
from tongzhou.planning.siting.problem import Effort

FOLDER = Path(os.environ.get("TONGZHOU_INSTANCES", "/nowhere"))
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="TONGZHOU_INSTANCES names no folder of instances")

NAMES = [
    "pmed1",
    "pmed5",
    "pmed7",
    "pmed15",
    "rl1304_p100",
    "u1432_p100",
    "fl1400_p100",
    "SJC1",
    "SJC2",
    "cpmp01",
    "cpmp11",
    "lin318_040",
    "u724_125",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_bound_is_never_above_the_best_known_value(name: str) -> None:
    asked, across, limited = question(FOLDER, name)
    best = known(FOLDER)["CPMP" if limited else "PMP", name]
    found = answer(asked, effort=Effort(6, 6), across=across)
    assert found.bound <= best * (1 + 1e-6)
    assert found.value >= best * (1 - 1e-6)
    assert found.value <= best * 1.1
