"""Addresses of all rooms: /<response>/<room>/…, from the manifests. A room's own urls.py adds odd pages before them."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from tongzhou.kernel import module
from tongzhou.kernel.desk import Desk, sheet_pages, views, writing

PAGES: list[tuple[str, str, Any]] = [
    ("list", "", views.list_page),
    ("print", "print/", views.print_page),
    ("export", "export.xlsx", views.export),
    ("new", "new/", writing.new),
    ("bulk", "bulk/", writing.bulk),
    ("import", "import/", sheet_pages.upload),
    ("template", "import/template.xlsx", sheet_pages.template),
    ("preview", "import/<uuid:key>/", sheet_pages.preview),
    ("detail", "<uuid:key>/", views.detail),
    ("slip", "<uuid:key>/print/", views.slip),
    ("edit", "<uuid:key>/edit/", writing.edit),
    ("move", "<uuid:key>/moves/<slug:move>/", writing.move),
]


def of_desk(desk: Desk) -> list[URLPattern]:
    label = desk.model._meta.label_lower
    return [path(address, view, {"desk": desk}, name=f"{label}.{name}") for name, address, view in PAGES]


def of_room(room: module.Module) -> list[URLPattern | URLResolver]:
    odd = f"tongzhou.modules.{room.name}.urls"
    found: list[URLPattern | URLResolver] = list(import_module(odd).urlpatterns) if find_spec(odd) else []
    found += [path(f"{desk.name}/", include(of_desk(desk))) for desk in room.desks[1:]]
    return found + list(of_desk(room.desks[0]))


urlpatterns = [path(f"{room.name}/", include(of_room(room))) for room in module.rooms()]
