"""How the tables of a new room are made: all of one migration together.

Django draws every model that is linked to a new one anew, table by table; here everything is linked to people and units, so an empty
house would take a time that grows with the square of its tables.
"""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState


class Tables(migrations.Migration):
    """A first migration, which creates models and nothing else: the models are drawn once, then each table is made."""

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> Any:
        assert all(isinstance(operation, CreateModel) for operation in self.operations), self
        project_state.__dict__.pop("apps", None)  # what was drawn before; drawn again, whole, when the first table asks
        before = project_state.clone()
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        for operation in self.operations:
            operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state
