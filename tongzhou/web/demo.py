"""The accounts of the example responses, shown at the door in demo mode only. All of them are synthetic."""

import tomllib
from functools import cache
from typing import Any

from django.conf import settings

from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person


def accounts() -> list[dict[str, str]]:
    """Those that are there: user name, password, and what each sees, in the active language."""
    if settings.PRODUCTION:
        return []
    written = _written()
    there = set(Person.objects.filter(username__in=written, synthetic=True).values_list("username", flat=True))
    return [one | {"sees": _words(one["sees"])} for name, one in written.items() if name in there]


@cache
def _written() -> dict[str, Any]:
    files = sorted((settings.BASE / "examples").glob("*/response.toml"))
    rows = [row for file in files for row in tomllib.loads(file.read_text(encoding="utf-8")).get("sign_in", [])]
    return {row["username"]: {"sees": ""} | row for row in rows}


def _words(text: str) -> str:
    """An example says it in both languages: "中文 / English"."""
    chinese, _slash, english = text.partition(" / ")
    return english if english and lang() == "en" else chinese
