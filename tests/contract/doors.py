"""Every address of the house by name, with what each needs to be opened: something in reach, something out of reach."""

import re
from http.cookies import SimpleCookie
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from tests.contract.rooms import DESKS, ROOMS, factory
from tests.world import World
from tongzhou.kernel.models import Attachment, Channel, Grant, Notice, Person, Unit, Upload

PEOPLE = ["nobody", "zhao", "sun", "wang", "zhou", "qian", "li", "feng", "han", "outsider", "house"]
PLACES = {"in": "branch1", "out": "branch3"}


def doors() -> dict[str, set[str]]:
    """{name: parameters} of all addresses; one without a name goes by its route."""
    found: dict[str, set[str]] = {}
    _walk(get_resolver(), "", found)
    return found


def _walk(resolver: URLResolver, prefix: str, found: dict[str, set[str]]) -> None:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            found.setdefault(pattern.name or f"/{route}", set(re.findall(r"<(?:\w+:)?(\w+)>", route)))
        else:
            _walk(pattern, route, found)


def address(name: str, params: set[str], place: str, cast: World) -> str:
    """Where the door is, for something of the unit that is in reach of a secretary, or of the one next to it."""
    if name.startswith("/"):
        return name
    unit: Unit = getattr(cast.units, PLACES[place])
    given: dict[str, Any] = {"response": cast.response.slug} if "response" in params else {}
    left = params - set(given)
    return reverse(name, kwargs=given | (_subject(name, left, unit, cast) if left else {}))


def _subject(name: str, params: set[str], unit: Unit, cast: World) -> dict[str, Any]:
    desk = next((d for d in DESKS if name.startswith(f"{d.model._meta.label_lower}.")), None)
    if name.endswith(".preview"):
        return {"key": _upload(desk, unit, cast)}
    if desk is not None:
        key, first = cast.made.get((desk.model, unit.pk)), desk.model.workflow.moves[0].name
        subject = {"key": key or factory(desk)(cast, unit=unit).pk, "move": first}
        return {name: value for name, value in subject.items() if name in params}
    if name.split(".", maxsplit=1)[0] in {room.name for room in ROOMS}:
        odd: Any = import_module(f"tests.modules.{name.split('.', maxsplit=1)[0]}.factory").ODD
        assert name in odd, (
            f"Say in ODD of tests/modules/{name.split('.', maxsplit=1)[0]}/factory.py what {name} opens."
        )
        found: dict[str, Any] = odd[name](cast, unit)
        return found
    return {param: _house_subject(name, param, unit, cast) for param in params}


def _house_subject(name: str, param: str, unit: Unit, cast: World) -> Any:
    """The front door's own pages: people, grants, notices, channels; words that fit nothing for the rest."""
    person = Person.objects.filter(unit=unit, username__isnull=False).order_by("username").first()
    assert person is not None
    if name == "notice":
        return Notice.objects.create(person=person, text="通知").pk
    if name == "attachment":
        return _attachment(unit, cast)
    if name.startswith("channel"):
        return Channel.objects.create(unit=unit, kind="wecom", name="群", url="https://qyapi.weixin.qq.com/x").pk
    if param == "grant":
        return Grant.objects.create(person=person, unit=unit, role="auditor").pk
    return person.pk if name.startswith("person") else {"pk": 1, "key": "x", "uidb36": "x"}.get(param, uuid4())


def _attachment(unit: Unit, cast: World) -> UUID:
    """A photograph of a record of this unit."""
    row = factory(DESKS[-1])(cast, unit=unit)
    given = {
        "kind": "picture",
        "name": "照片",
        "media": "image/jpeg",
        "content": b"x",
        "size": 1,
        "by": cast.people.wang,
    }
    return Attachment.objects.create(table=row._meta.label_lower, record=row.pk, **given).pk


def _upload(desk: Any, unit: Unit, cast: World) -> UUID:
    """Brought in by the secretary in reach; out of reach by the next one's."""
    by = cast.people.sun if unit == cast.units.branch1 else cast.people.wu
    place = f"{cast.response.slug}/{desk.model._meta.label_lower}" if desk else "people"
    return Upload.objects.create(place=place, digest=uuid4().hex, name="x.csv", content="姓名\n".encode(), by=by).pk


class Visitors:
    """Each person of the cast in the session that stands; every call starts from it, and leaves nothing behind."""

    def __init__(self, sessions: dict[str, str]) -> None:
        self.sessions, self.client = sessions, Client()

    def knock(self, who: str, method: str, at: str, **headers: str) -> int:
        status: int = self.send(who, method, at, headers, {}).status_code
        return status

    def send(self, who: str, method: str, at: str, headers: dict[str, str], body: dict[str, Any]) -> Any:
        cache.clear()  # what is counted there would limit how often one may knock
        self.client.cookies = SimpleCookie(
            {settings.SESSION_COOKIE_NAME: self.sessions[who]} if who in self.sessions else {}
        )
        with transaction.atomic():
            if method == "POST" and "content_type" not in body:
                answer = self.client.post(at, headers=headers, **body)
            else:
                answer = self.client.generic(method, at, headers=headers, **body)
            transaction.set_rollback(True)
        return answer
