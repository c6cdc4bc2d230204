"""A database of its own for what a room keeps apart."""

from io import StringIO
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connections

from tongzhou.kernel import apart
from tongzhou.kernel.models import Person
from tongzhou.modules.hotline.models import Case, Line, Text

ROUTER = apart.Router()


def test_a_model_lives_where_it_says_and_all_others_in_the_main_database(db: None) -> None:
    assert [ROUTER.db_for_read(model) for model in (Case, Line, Person)] == ["hotline", "default", "default"]
    tables = {alias: set(connections[alias].introspection.table_names()) for alias in ("default", "hotline")}
    own = {model._meta.db_table for model in apps.get_models() if getattr(model, "apart", "") == "hotline"}
    assert (len(own) >= 7, own & tables["default"], own <= tables["hotline"]) == (True, set(), True)
    assert tables["hotline"] - own <= {"django_migrations", "sqlite_sequence"}


def test_migrations_make_each_table_in_its_home_only() -> None:
    asked = [
        ("default", "case"),
        ("hotline", "case"),
        ("default", "line"),
        ("hotline", "line"),
        ("hotline", None),
        ("hotline", "gone"),
    ]
    assert [ROUTER.allow_migrate(alias, "hotline", name) for alias, name in asked] == [
        False,
        True,
        True,
        False,
        False,
        False,
    ]
    assert apart.homes() == {"hotline": ["hotline"]}


def test_nothing_points_from_one_database_into_the_other() -> None:
    assert ROUTER.allow_relation(Case(), Text()) is True
    assert ROUTER.allow_relation(Case(), Line()) is False
    crossing = [
        field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model and not isinstance(field.related_model, str)
        and getattr(model, "apart", "default") != getattr(field.related_model, "apart", "default")
    ]  # fmt: skip
    assert crossing == []


def test_a_backup_takes_one_database(committed: None, tmp_path: Path) -> None:
    for name, alias in (("main", "default"), ("apart", "hotline")):
        call_command("backup", tmp_path / name, database=alias, stdout=StringIO())
    found = {name: (tmp_path / name).read_bytes() for name in ("main", "apart")}
    assert (b"kernel_person" in found["main"], b"hotline_case" in found["main"]) == (True, False)
    assert (b"kernel_person" in found["apart"], b"hotline_case" in found["apart"]) == (False, True)
