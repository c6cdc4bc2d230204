"""A check-in and a result are never changed or removed, whoever asks the database."""

from typing import Any

from django.db import migrations

TABLES = {"testing_checkin": "check-ins are append-only", "testing_result": "results are append-only"}
SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{words}'); END;
"""
POSTGRESQL = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION tongzhou_append_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION tongzhou_append_only();
"""


def forward(apps: Any, schema_editor: Any) -> None:
    for table, words in TABLES.items():
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("update", "delete"):
                schema_editor.execute(SQLITE.format(table=table, words=words, verb=verb, VERB=verb.upper()))
        else:
            schema_editor.execute(POSTGRESQL.format(table=table))


def backward(apps: Any, schema_editor: Any) -> None:
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}")
        else:
            for name in ("append_only", "no_truncate"):
                schema_editor.execute(f"DROP TRIGGER {table}_{name} ON {table}")


class Migration(migrations.Migration):
    dependencies = [("testing", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [migrations.RunPython(forward, backward)]
