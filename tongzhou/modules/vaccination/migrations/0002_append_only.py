"""Movements, counts and readings are never changed or removed: a mistake is set right by another one."""

from typing import Any

from django.db import migrations

TABLES = ("movement", "tally", "reading")
SQLITE = """
CREATE TRIGGER vaccination_{table}_no_{verb} BEFORE {VERB} ON vaccination_{table}
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
"""
POSTGRESQL = """
CREATE TRIGGER vaccination_{table}_append_only BEFORE UPDATE OR DELETE ON vaccination_{table} FOR EACH ROW EXECUTE FUNCTION tongzhou_append_only();
CREATE TRIGGER vaccination_{table}_no_truncate BEFORE TRUNCATE ON vaccination_{table} FOR EACH STATEMENT EXECUTE FUNCTION tongzhou_append_only();
"""


def forward(apps: Any, schema_editor: Any) -> None:
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("update", "delete"):
                schema_editor.execute(SQLITE.format(table=table, verb=verb, VERB=verb.upper()))
        else:
            schema_editor.execute(POSTGRESQL.format(table=table))


def backward(apps: Any, schema_editor: Any) -> None:
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER vaccination_{table}_no_{verb}")
        else:
            for name in ("append_only", "no_truncate"):
                schema_editor.execute(f"DROP TRIGGER vaccination_{table}_{name} ON vaccination_{table}")


class Migration(migrations.Migration):
    dependencies = [("vaccination", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [migrations.RunPython(forward, backward)]
