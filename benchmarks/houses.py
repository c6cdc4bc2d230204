"""Data sets to measure on: rehearsals of two sizes, built once on SQLite and copied whole into a PostgreSQL of our own.

The folder is TONGZHOU_BENCH, by default one in the system's temporary folder. Building the large data set takes a while; a build
that was stopped goes on.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

BASE = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("TONGZHOU_BENCH") or Path(tempfile.gettempdir()) / "tongzhou-bench")
LEFT_OUT = {"django_migrations", "django_content_type", "auth_permission", "django_session", "cache", "sqlite_sequence"}


@dataclass(frozen=True)
class Size:
    units: int
    members: int
    records: int

    def times(self, factor: int) -> "Size":
        return Size(self.units * factor, self.members * factor, self.records * factor)

    def __str__(self) -> str:
        return f"{self.units}-{self.members}-{self.records}"


def built(size: Size) -> dict[str, str]:
    """The environment in which a house with this rehearsal runs on SQLite."""
    folder = FOLDER / str(size)
    folder.mkdir(parents=True, exist_ok=True)
    environment = {"TONGZHOU_DATA": str(folder), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "tongzhou.web.settings"}
    tongzhou(environment, "prepare")
    if not (folder / ".built").exists():
        numbers = {"--units": size.units, "--members": size.members, "--records": size.records}
        tongzhou(environment, "rehearse", *(str(part) for pair in numbers.items() for part in pair))
        (folder / ".built").touch()
    with closing(sqlite3.connect(folder / "tongzhou.sqlite3")) as database:
        database.execute("ANALYZE")
        database.commit()
    return environment


@contextmanager
def on_postgresql(houses: dict[str, dict[str, str]]) -> Iterator[dict[str, dict[str, str]]]:
    """The same houses by their names, with their rows in a PostgreSQL that is gone afterwards."""
    with _bin_test().cluster() as url:
        moved = {}
        for name, environment in houses.items():
            there = url.replace("/tongzhou?", f"/{name}?")
            with psycopg.connect(url.replace("/tongzhou?", "/postgres?"), autocommit=True) as server:
                for database in (name, f"{name}_hotline"):
                    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
            moved[name] = environment | {"DATABASE_URL": there}
            tongzhou(moved[name], "prepare")
            _copy(Path(environment["TONGZHOU_DATA"]) / "tongzhou.sqlite3", there)
        yield moved


def tongzhou(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "tongzhou", *arguments]
    subprocess.run(command, cwd=BASE, env=os.environ | environment, check=True, stdout=sys.stderr)


def _copy(file: Path, url: str) -> None:
    """Every row as it is, sealed texts and chains included; guards and foreign keys rest meanwhile."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source, psycopg.connect(url) as target:
        target.execute("SET session_replication_role = replica")
        target.execute("SET timezone = 'UTC'")
        for (table,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if table not in LEFT_OUT and not table.startswith("sqlite_"):
                _copy_table(source, target, table)
        target.commit()
        target.autocommit = True
        target.execute("ANALYZE")


def _copy_table(source: sqlite3.Connection, target: "psycopg.Connection[Any]", table: str) -> None:
    names = [row[1] for row in source.execute(f'PRAGMA table_info("{table}")')]
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
    with target.cursor() as cursor, cursor.copy(into) as copy:
        for row in source.execute(f'SELECT {", ".join(f"{chr(34)}{name}{chr(34)}" for name in names)} FROM "{table}"'):
            copy.write_row(row)
    sequence = target.execute("SELECT pg_get_serial_sequence(%s, 'id') WHERE %s", [table, "id" in names]).fetchone()
    if sequence and sequence[0]:
        last = sql.SQL("SELECT setval({}, COALESCE((SELECT MAX(id) FROM {}), 1))")
        target.execute(last.format(sql.Literal(sequence[0]), sql.Identifier(table)))


def _bin_test() -> Any:
    """bin/test knows how to start a PostgreSQL of its own."""
    loader = SourceFileLoader("bin_test", str(BASE / "bin" / "test"))
    spec = spec_from_loader("bin_test", loader)
    assert spec is not None
    found = module_from_spec(spec)
    sys.dont_write_bytecode = True
    loader.exec_module(found)
    return found
