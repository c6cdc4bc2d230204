"""What was published stays as it was, whoever asks the database."""

from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER chronicle_frozen BEFORE UPDATE OF frozen ON chronicle_chronicle
WHEN OLD.frozen IS NOT NULL AND NEW.frozen IS NOT OLD.frozen
BEGIN SELECT RAISE(ABORT, 'a published chronicle never changes'); END;
"""
POSTGRESQL = """
CREATE OR REPLACE FUNCTION tongzhou_chronicle_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a published chronicle never changes' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER chronicle_frozen BEFORE UPDATE OF frozen ON chronicle_chronicle FOR EACH ROW
WHEN (OLD.frozen IS NOT NULL AND NEW.frozen IS DISTINCT FROM OLD.frozen) EXECUTE FUNCTION tongzhou_chronicle_frozen();
"""


def forward(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def backward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER chronicle_frozen")
    else:
        schema_editor.execute(
            "DROP TRIGGER chronicle_frozen ON chronicle_chronicle; DROP FUNCTION tongzhou_chronicle_frozen()"
        )


class Migration(migrations.Migration):
    dependencies = [("chronicle", "0001_initial")]
    operations = [migrations.RunPython(forward, backward)]
