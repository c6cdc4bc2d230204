"""What a room keeps in a database of its own: not in the ordinary backup, and no foreign key leads in or out.

A model says `apart = "<alias>"`, the alias is in settings.DATABASES; everything else lives in the main database.
"""

from typing import Any

from django.apps import apps

MAIN = "default"


def homes() -> dict[str, list[str]]:
    """The databases beside the main one, each with the labels of the apps that keep something in it."""
    found: dict[str, set[str]] = {}
    for model in apps.get_models():
        if (home := _home(model)) != MAIN:
            found.setdefault(home, set()).add(model._meta.app_label)
    return {home: sorted(labels) for home, labels in found.items()}


class Router:
    """Named in settings.DATABASE_ROUTERS."""

    def db_for_read(self, model: type[Any], **hints: Any) -> str:
        return _home(model)

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return _home(type(one)) == _home(type(other))

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        """Each table in its model's home only; a migration's own SQL, and tables of models that are gone, in the main one."""
        try:
            model = apps.get_model(app_label, model_name) if model_name else None
        except LookupError:
            model = None
        return db == (_home(model) if model else MAIN)


def _home(model: type[Any]) -> str:
    home: str = getattr(model, "apart", MAIN)
    return home
