from typing import ClassVar

import pytest
from django.db import connection, migrations
from django.db.migrations.state import ProjectState
from django.db.models import AutoField, ForeignKey
from django.db.models.deletion import CASCADE

from tongzhou.kernel.migrating import Tables


class Two(Tables):
    """The first created refers to the second: whichever comes first, both are drawn before a table is made."""

    operations: ClassVar[list[migrations.CreateModel]] = [
        migrations.CreateModel(
            "Leaf", [("id", AutoField(primary_key=True)), ("tree", ForeignKey("orchard.Tree", CASCADE))]
        ),
        migrations.CreateModel("Tree", [("id", AutoField(primary_key=True))]),
    ]


class Mixed(Tables):
    operations: ClassVar[list[migrations.RunSQL]] = [migrations.RunSQL("SELECT 1")]


@pytest.mark.django_db(transaction=True)
def test_tables_of_a_migration_are_made_together() -> None:
    with connection.schema_editor() as editor:
        state = Two("0001", "orchard").apply(ProjectState(), editor)
    made = set(connection.introspection.table_names())
    with connection.schema_editor() as editor:
        for name in ("Leaf", "Tree"):
            editor.delete_model(state.apps.get_model("orchard", name))
    assert {"orchard_leaf", "orchard_tree"} <= made
    assert not {"orchard_leaf", "orchard_tree"} & set(connection.introspection.table_names())


def test_a_migration_that_does_more_is_refused() -> None:
    with pytest.raises(AssertionError):
        Mixed("0001", "orchard").apply(ProjectState(), connection.schema_editor(collect_sql=True))
