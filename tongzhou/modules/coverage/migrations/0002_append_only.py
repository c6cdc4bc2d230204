"""Evidence is never changed or removed: a slip is undone by another row."""

from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER coverage_evidence_no_{verb} BEFORE {VERB} ON coverage_evidence
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
"""
POSTGRESQL = """
CREATE TRIGGER coverage_evidence_append_only BEFORE UPDATE OR DELETE ON coverage_evidence FOR EACH ROW EXECUTE FUNCTION tongzhou_append_only();
CREATE TRIGGER coverage_evidence_no_truncate BEFORE TRUNCATE ON coverage_evidence FOR EACH STATEMENT EXECUTE FUNCTION tongzhou_append_only();
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
            schema_editor.execute(f"DROP TRIGGER coverage_evidence_no_{verb}")
    else:
        for name in ("append_only", "no_truncate"):
            schema_editor.execute(f"DROP TRIGGER coverage_evidence_{name} ON coverage_evidence")


class Migration(migrations.Migration):
    dependencies = [("coverage", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [migrations.RunPython(forward, backward)]
