from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.coverage import actions
from tongzhou.modules.coverage.alarms import alarms
from tongzhou.modules.coverage.asks import ASKS
from tongzhou.modules.coverage.board import board
from tongzhou.modules.coverage.facts import FACTS, tell
from tongzhou.modules.coverage.models import Declaration, Excuse, Release, Roll, Subject
from tongzhou.modules.coverage.rehearsal import rehearse
from tongzhou.modules.coverage.views import declarations, excuses, releases, rolls, subjects

HEADS = ("secretary", "office", "commander", "chief")
elsewhere = actions.elsewhere

register(
    Module(
        name="coverage",
        title=_("应查尽查"),
        line=Line.CALL,
        icon="person-check",
        desks=[declarations, subjects, rolls, excuses, releases],
        capabilities=[
            Capability("coverage.read", _("查看应查应检应管"), ("leader", "auditor", "registrar", *HEADS)),
            Capability("coverage.work", _("登记检测、联系、上门，代为申报"), HEADS),
            Capability("coverage.list", _("建立、收入、清除名单"), HEADS),
            Capability("coverage.accept", _("认可免检、外地、就医"), HEADS),
            Capability("coverage.ask", _("申请导出未脱敏的名单"), ("office", "commander")),
            Capability("coverage.approve", _("批准导出未脱敏的名单"), ("leader",)),
            Capability("coverage.reveal", _("查看未脱敏的对象信息"), ("registrar",), personal=True),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Roll: {
                "file": actions.rolls.file, "amend": actions.rolls.amend, "add": elsewhere, "close": actions.rolls.close, "erase": actions.expiry.erase,
            },
            Subject: {"file": actions.subjects.file, "amend": actions.subjects.amend, "erase": elsewhere},
            Declaration: {"replace": elsewhere, "withdraw": actions.declarations.withdraw},
            Excuse: {"file": actions.excuses.file, "accept": actions.excuses.accept, "hold": elsewhere, "end": actions.excuses.end},
            Release: {
                "file": actions.releases.file, "approve": actions.releases.approve, "refuse": actions.releases.refuse, "take": elsewhere,
            },
        },
        accepts={"cover": actions.rolls.accept},
        rehearse=rehearse,
        tell=tell,
        board=board,
        alarms=alarms,
        order=40,
    )
)  # fmt: skip
