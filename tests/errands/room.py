"""The manifest. Not called module.py, so that the room opens only for tests that ask for it (the `errands` fixture)."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from django.conf import settings

from tests.errands.asks import ASKS
from tests.errands.facts import FACTS
from tests.errands.views import errands
from tongzhou.kernel import access, module
from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module

ROOM = Module(
    name="errands",
    title="跑腿",
    line=Line.SERVICE,
    icon="bag",
    order=99,
    desks=[errands],
    capabilities=[
        Capability("errands.read", "查看跑腿", ("secretary", "office", "auditor", "leader")),
        Capability("errands.ask", "登记跑腿", ("secretary", "office")),
        Capability("errands.run", "接单办理", ("secretary", "office")),
        Capability("errands.drop", "作罢、重开", ("office", "leader")),
    ],
    facts=FACTS,
    asks=ASKS,
)


@contextmanager
def opened() -> Iterator[Module]:
    """The room, registered while the block runs; the house's own addresses are made first, without it."""
    import_module(settings.ROOT_URLCONF)
    before, known = dict(module._rooms), dict(access.CAPABILITIES)
    module.register(ROOM)
    try:
        yield module.room("errands")
    finally:
        module._rooms.clear()
        module._rooms.update(before)
        access.CAPABILITIES.clear()
        access.CAPABILITIES.update(known)
