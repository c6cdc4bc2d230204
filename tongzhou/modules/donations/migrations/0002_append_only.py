"""A movement of stock is never changed or removed: a mistake is set right by another movement."""

from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER donations_movement_no_{verb} BEFORE {VERB} ON donations_movement
BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END;
"""
POSTGRESQL = """
CREATE TRIGGER donations_movement_append_only BEFORE UPDATE OR DELETE ON donations_movement FOR EACH ROW EXECUTE FUNCTION tongzhou_append_only();
CREATE TRIGGER donations_movement_no_truncate BEFORE TRUNCATE ON donations_movement FOR EACH STATEMENT EXECUTE FUNCTION tongzhou_append_only();
"""


def forward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("update", "delete"):
            schema_editor.execute(SQLITE.format(verb=verb, VERB=verb.upper()))
    else:
        schema_editor.execute(POSTGRESQL)


def backward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER donations_movement_no_{verb}")
    else:
        for name in ("append_only", "no_truncate"):
            schema_editor.execute(f"DROP TRIGGER donations_movement_{name} ON donations_movement")


class Migration(migrations.Migration):
    dependencies = [("donations", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [migrations.RunPython(forward, backward)]
