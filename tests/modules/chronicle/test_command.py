import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.urls("tests.errands.urls")
Make = Callable[..., Any]


def said(*args: str) -> str:
    out = StringIO()
    call_command("chronicle", *args, stdout=out)
    return out.getvalue()


def test_command_composes_when_nothing_is_written(errand: Make) -> None:
    errand(weight=24000)
    assert "搬运[2.4万公斤](<http://127.0.0.1:8000/test-2022/errands/?fact=weight>)。" in said("test-2022")
    assert (
        json.loads(said("test-2022", "--format", "json", "--lang", "en"))["sections"][0]["sentences"][1]["figures"][0][
            "text"
        ]
        == "24,000 kg"
    )


def test_command_prefers_what_was_published(errand: Make, paper: Make, publish: Make) -> None:
    errand()
    publish(paper(heading="签发的"))
    paper(heading="后来的草稿")
    assert json.loads(said("test-2022", "--format", "json"))["title"] == "签发的"


def test_command_writes_files(errand: Make, tmp_path: Path) -> None:
    errand()
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("html", b"<!doctype html>")):
        said("test-2022", "--format", form, "-o", str(tmp_path / form))
        assert (tmp_path / form).read_bytes().startswith(begins)


def test_command_names_the_responses_there_are(cast: Any) -> None:
    with pytest.raises(CommandError, match=r"没有名为“nowhere”的响应。现有：.*test-2022"):
        said("nowhere")
