"""The station's pure modules, run by Node's own test runner; and the codes that both languages read alike."""

import json
import shutil
import subprocess
from base64 import b64decode
from pathlib import Path

import pytest

from tongzhou.modules.testing import rules

HERE = Path(__file__).parent
CODES = json.loads((HERE / "cases" / "codes.json").read_text(encoding="utf-8"))
SEAL = 11  # letters at the end of a code


def test_the_stations_own_modules_hold_their_tests() -> None:
    node = shutil.which("node")
    assert node, "no node: see bin/setup"
    files = sorted(map(str, (HERE / "station").glob("*.test.mjs")))
    ran = subprocess.run([node, "--test", *files], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert "# fail 0" in ran.stdout


@pytest.mark.parametrize("case", CODES, ids=lambda case: case["name"])
def test_a_code_is_read_there_as_it_is_made_here(case: dict[str, str | dict[str, int]], cast: object) -> None:
    says = case["says"]
    assert isinstance(says, dict)
    made = rules.make_code(b64decode(str(says["person"])), says["expires"], says["zone"])
    assert made[:-SEAL] == str(case["text"])[:-SEAL]
