"""The ledger takes no change and no removal, whoever asks the database."""

from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER kernel_entry_no_{verb} BEFORE {VERB} ON kernel_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
"""
POSTGRESQL = """
CREATE OR REPLACE FUNCTION tongzhou_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE filled boolean;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO filled;
        IF NOT filled THEN RETURN NULL; END IF;
    END IF;
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER kernel_entry_append_only BEFORE UPDATE OR DELETE ON kernel_entry FOR EACH ROW EXECUTE FUNCTION tongzhou_append_only();
CREATE TRIGGER kernel_entry_no_truncate BEFORE TRUNCATE ON kernel_entry FOR EACH STATEMENT EXECUTE FUNCTION tongzhou_append_only();
"""


def forward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("update", "delete"):
            schema_editor.execute(SQLITE.format(verb=verb, VERB=verb.upper()))
    else:
        schema_editor.execute(POSTGRESQL, params=None)  # its %I are not placeholders


def backward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER kernel_entry_no_{verb}")
    else:
        for name in ("append_only", "no_truncate"):
            schema_editor.execute(f"DROP TRIGGER kernel_entry_{name} ON kernel_entry")
        schema_editor.execute("DROP FUNCTION tongzhou_append_only()")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunPython(forward, backward)]
