"""What every page shows around its content: the menu, the inbox count, the responses."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from tongzhou.kernel import access, module
from tongzhou.kernel.models import Response
from tongzhou.web import demo


def house(request: HttpRequest) -> dict[str, Any]:
    person = getattr(request, "user", None)
    base = {"production": settings.PRODUCTION, "languages": settings.LANGUAGES}
    if person is None or not person.is_authenticated:
        at_door = request.resolver_match and request.resolver_match.url_name == "account_login"
        return base | {"demo": demo.accounts() if at_door else []}
    responses = list(access.responses(person)[:20])
    asked = request.resolver_match.kwargs.get("response") if request.resolver_match else None
    slug = asked or request.session.get("response")
    current = next((r for r in responses if r.slug == slug), responses[0] if responses else None)
    return base | {
        "responses": responses,
        "current": current,
        "menu": menu(person, current, request.path) if current else [],
        "has_board": bool(current and any(room.board for room in module.rooms())),
        "keeps_channels": bool(access.reach(person, "channels.manage")),
        "reads_people": bool(access.reach(person, "people.read")),
        "reads_ledger": bool(access.reach(person, "ledger.read")),
        "unread": person.notices.filter(read_at=None).count(),
    }


def menu(person: Any, response: Response, path: str) -> list[tuple[Any, list[tuple[Any, str, str]]]]:
    """Rooms by line of the response, as far as the person has anything to see in them; the further lists of the room one is in."""
    lines: dict[Any, list[tuple[Any, str, str]]] = {}
    for room in module.rooms():
        desks = [desk for desk in room.desks if desk.open_to(person)]
        inside = path.startswith(f"/{response.slug}/{room.name}/")
        for desk in desks if inside else desks[:1]:
            symbol, title = (room.icon, room.title) if desk is desks[0] else ("dot", desk.title)
            lines.setdefault(room.line.label, []).append((title, symbol, desk.url("list", response)))
    return list(lines.items())
