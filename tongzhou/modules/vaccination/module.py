from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.vaccination import actions, views
from tongzhou.modules.vaccination.alarms import alarms
from tongzhou.modules.vaccination.asks import ASKS
from tongzhou.modules.vaccination.board import board
from tongzhou.modules.vaccination.facts import FACTS, tell
from tongzhou.modules.vaccination.models import Batch, Demand, DeskChange, Excursion, Fridge, Session, Station
from tongzhou.modules.vaccination.rehearsal import rehearse
from tongzhou.modules.vaccination.workflow import PLAN, READ, WORK

places, stock, work, cold, decided = actions.stations, actions.batches, actions.sessions, actions.cold, actions.desks

register(
    Module(
        name="vaccination",
        title=_("疫苗接种"),
        line=Line.FRONTLINE,
        icon="shield-plus",
        desks=[views.stations, views.sessions, views.batches, views.fridges, views.excursions, views.demands, views.desks],
        capabilities=[
            Capability(READ, _("查看疫苗接种"), ("commander", "chief", "inspector", "secretary", "office", "leader", "auditor")),
            Capability(WORK, _("登记接种、疫苗和冷链"), ("commander", "chief")),
            Capability(PLAN, _("设立接种点、决定接种台、解除停用"), ("commander",)),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Station: {
                "file": places.file, "amend": places.amend, "open": places.open_, "desks": places.set_desks, "close": places.close,
            },
            Fridge: {"retire": places.retire},
            Excursion: {
                "handle": cold.handle, "settle": cold.settle, "back": cold.by_readings, "restore": cold.by_readings, "void": cold.by_readings,
            },
            Batch: {
                "file": stock.file, "accept": stock.accept, "transfer": stock.transfer, "waste": stock.waste, "send_back": stock.send_back,
                "correct": stock.correct, "hold": stock.hold, "release": stock.release, "discard": stock.discard, "recall": stock.recall,
                "finish": stock.finish,
            },
            Session: {
                "open": work.open_, "close": work.close, "report": work.report, "follow": work.follow, "follow_up": work.follow_up,
            },
            Demand: {"file": work.file_demand},
            DeskChange: {"file": decided.file, "amend": decided.amend, "decide": decided.decide},
        },
        load=actions.load,
        rehearse=rehearse,
        tell=tell,
        board=board,
        alarms=alarms,
        order=70,
    )
)  # fmt: skip
