"""The ledger takes no change and no removal, whoever asks the database."""

from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER kernel_entry_no_{verb} BEFORE {VERB} ON kernel_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
"""
POSTGRESQL = """
CREATE OR REPLACE FUNCTION tongzhou_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER kernel_entry_append_only BEFORE UPDATE OR DELETE ON kernel_entry FOR EACH ROW EXECUTE FUNCTION tongzhou_append_only();
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
            schema_editor.execute(f"DROP TRIGGER kernel_entry_no_{verb}")
    else:
        schema_editor.execute("DROP TRIGGER kernel_entry_append_only ON kernel_entry; DROP FUNCTION tongzhou_append_only()")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunPython(forward, backward)]
