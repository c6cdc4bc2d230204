"""Calls at every stage, as plain functions. Wang drafts, Qian reviews and issues.

The secretary's journey: draft, have it issued, watch the tree, chase, close.
The member's: see it on the to-do page, open it on a phone, answer each requirement, change the answer.
The branch secretary's: see who is missing, chase, put down what was said by telephone, excuse, report the unit done.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.calls import actions
from tongzhou.modules.calls.models import Call, Reply

ASKED = [
    {"name": "obey", "title": "听从指挥", "asks": "配合核酸检测\n主动申报"},
    {"name": "serve", "title": "倾力奉献", "asks": "捐款捐物", "follow_up": "pledge"},
]


def draft(cast: World, unit: Unit | None = None, addressed: Any = (), lines: Any = ASKED, **fields: Any) -> Call:
    usual = {"pk": uuid4(), "response": cast.response, "unit": unit or cast.units.org, "name": "抗疫倡议"}
    day = {"answer_by": timezone.localdate() + timedelta(days=3)}
    return module.file(Call(**usual | day | fields), by=cast.people.wang, lines=lines, addressed=addressed)[0]


def issued(cast: World, unit: Unit | None = None, **fields: Any) -> Call:
    call = draft(cast, unit, **fields)
    actions.review(call, by=cast.people.qian)
    return actions.issue(call, by=cast.people.qian)


def of(call: Call, who: Person | Unit) -> Reply:
    by = {"person": who} if isinstance(who, Person) else {"unit": who, "person": None}
    return call.replies.select_related("call", "person", "unit", "response").get(**by)


def both(stance: str = "done", **more: str) -> list[dict[str, str]]:
    return [{"requirement": name, "stance": stance, **more} for name in ("obey", "serve")]


def answered(call: Call, person: Person, stance: str = "done") -> Reply:
    return actions.answer(of(call, person), by=person, answers=both(stance))


def offered(cast: World, person: Person, words: str) -> Reply:
    """A reply in which the person offers to serve; whoever cannot sign in said so by telephone."""
    lines = [{"name": "help", "title": "志愿服务", "asks": "", "follow_up": "volunteer"}]
    reply = of(issued(cast, lines=lines), person)
    said = [{"requirement": "help", "stance": "committed", "text": words}]
    if person.username is None:
        return actions.register(reply, by=cast.people.sun, answers=said, known="电话")
    return actions.answer(reply, by=person, answers=said)
