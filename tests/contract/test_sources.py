"""A file is a page, a function a paragraph, a room has its drawers and no others, and personal data is sealed."""

import ast
import re
import warnings
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

import tongzhou
from tongzhou.kernel.seal import BlindIndexField, SealedField

BASE = Path(tongzhou.__file__).parents[1]
CODE = sorted(
    file
    for folder in ("tongzhou", "tests", "benchmarks", "examples")
    for file in (BASE / folder).rglob("*")
    if file.suffix in {".py", ".js", ".html"} and not {"node_modules", "__pycache__", "migrations"} & set(file.parts)
)
ROOMS = sorted(file.parent for file in (BASE / "tongzhou" / "modules").glob("*/apps.py"))

LONGEST, PAGE, PARAGRAPH = 400, 250, 40

# A drawer is a file, or a package of the same name where one page does not hold it.
DRAWERS = {
    "__init__", "apps", "module", "workflow", "rules", "models", "queries", "actions", "facts", "asks", "forms", "views", "api", "urls",
    "rehearsal", "simulation", "board", "alarms",
}  # fmt: skip
FOLDERS = {"rulebook", "templates", "static", "locale", "migrations", "management", "templatetags"}

PERSONAL = re.compile(r"phone|mobile|id_?(number|card)|passport|address|contact|e?mail|birth|signer|bank|account")
# personal by their name, yet kept as plain text: why
PLAIN = {
    "kernel.Person.email": "shown to those who send to it; the address of an office account, not of a home",
    "inspections.Place.address": "where a business or public body is, not where anybody lives",
    "donations.Allocation.signer_post": "the post in which someone signed, not who",
}


def name(file: Path) -> str:
    return str(file.relative_to(BASE))


def test_there_is_something_to_hold() -> None:
    assert len(CODE) > 100
    assert len(ROOMS) >= 3


def test_a_file_is_a_page() -> None:
    lengths = {name(file): len(file.read_text(encoding="utf-8").splitlines()) for file in CODE}
    assert {file: n for file, n in lengths.items() if n > LONGEST} == {}
    long = {file: n for file, n in lengths.items() if n > PAGE}
    if long:
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            warnings.warn(f"longer than a page: {long}", stacklevel=1)


def test_a_function_is_a_paragraph() -> None:
    long = {}
    for file in (file for file in CODE if file.suffix == ".py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > PARAGRAPH:
                    long[f"{name(file)}:{node.name}"] = lines
    assert long == {}


def test_an_exception_to_a_linter_carries_its_reason() -> None:
    """On its line: `noqa: S311 -- why`, `type: ignore[arg-type]  # why`."""
    bare = re.compile(r"# (type: ignore(\[[^]]*\])?|noqa(: ?[A-Z0-9, ]+)?)\s*$")
    found = []
    for file in (file for file in CODE if file.suffix == ".py"):
        lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        found += [f"{name(file)}:{number}" for number, line in lines if bare.search(line)]
    assert found == []


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_has_its_drawers_and_no_others(room: Path) -> None:
    found = {path for path in room.iterdir() if path.name != "__pycache__"}
    other = [
        path.name
        for path in found
        if (path.stem not in DRAWERS if path.suffix == ".py" else path.name not in FOLDERS | DRAWERS)
    ]
    assert other == []
    assert {"__init__.py", "apps.py", "module.py"} <= {path.name for path in found}
    words = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))
    assert words is not None, "what the room is for, its words, who uses it"
    assert len(words) > 40


def test_what_looks_personal_is_sealed_or_says_why_not() -> None:
    plain = {}
    for model in apps.get_models():
        if not model.__module__.startswith("tongzhou."):
            continue
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, models.CharField | models.TextField) or isinstance(
                field, SealedField | BlindIndexField
            ):
                continue
            label = f"{model._meta.app_label}.{model.__name__}.{field.name}"
            if PERSONAL.search(field.name) and label not in PLAIN:
                plain[label] = field.verbose_name
    assert plain == {}


def test_the_reasons_for_plain_text_speak_of_fields_that_are_there() -> None:
    there = [
        label for label in PLAIN if apps.get_model(label.rpartition(".")[0])._meta.get_field(label.rpartition(".")[2])
    ]
    assert there == list(PLAIN)


def test_no_page_holds_script_or_style_of_its_own() -> None:
    """The Content-Security-Policy would stop it silently."""
    inside = re.compile(
        r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|https?://(?!www\.w3\.org)", re.IGNORECASE
    )
    found = {}
    for file in (file for file in CODE if file.suffix == ".html" and file.is_relative_to(BASE / "tongzhou")):
        text = re.sub(
            r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|\{%.*?%\}",
            "",
            file.read_text(encoding="utf-8"),
            flags=re.DOTALL,
        )
        if hits := inside.findall(text):
            found[name(file)] = hits
    assert found == {}
