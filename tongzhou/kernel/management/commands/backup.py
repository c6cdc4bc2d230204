import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = (
        "把数据库备份到一个文件；服务不必停下。密钥文件不在其中，须另外保管。 | "
        "Copy the database into FILE while the service runs. The key file is not part of it: keep that elsewhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="不会覆盖已有文件。 | Never overwrites a file.")
        parser.add_argument(
            "--database",
            choices=sorted(connections),
            default="default",
            help="另存的数据库须单独备份。 | A database that is kept apart is copied apart.",
        )

    def handle(self, *args: Any, file: Path, database: str = "default", **options: Any) -> None:
        if file.exists():
            raise CommandError(_("{file} 已存在，未作改动。").format(file=file))
        if not file.parent.is_dir():
            raise CommandError(_("没有文件夹 {folder}。").format(folder=file.parent))
        part = file.with_name(f"{file.name}.part")
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        try:
            connection = connections[database]
            _from_sqlite(connection, part) if connection.vendor == "sqlite" else _from_postgresql(connection, part)
            part.rename(file)
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(_("已备份到 {file}（{size} 字节）。").format(file=file, size=file.stat().st_size))


def _from_sqlite(connection: BaseDatabaseWrapper, part: Path) -> None:
    """By SQLite's own backup: a copy of one moment, checked before it counts."""
    connection.ensure_connection()
    with closing(sqlite3.connect(part)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        (answer,) = copy.execute("PRAGMA integrity_check").fetchone()
    if answer != "ok":
        raise CommandError(answer)


def _from_postgresql(connection: BaseDatabaseWrapper, part: Path) -> None:
    if not shutil.which("pg_dump"):
        raise CommandError(_("没有找到 pg_dump：请安装 postgresql-client，版本不低于服务器。"))
    given, environment = connection.settings_dict, dict(os.environ)
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment |= {name: str(given[key]) for name, key in names.items() if given[key]}
    dump = subprocess.run(["pg_dump", "--format=custom", f"--file={part}"], env=environment, check=False)  # noqa: S607 -- the PATH's
    if dump.returncode:
        raise CommandError(_("pg_dump 未能完成，见上面的输出。"))
