"""A call known from a report, in the example: what is told of it, and what it does not claim."""

import pytest
from django.core.exceptions import ValidationError

from tests.modules.calls.test_facts import counted, told
from tests.world import BENXI
from tongzhou.kernel import asks, ledger, loading
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.calls import actions
from tongzhou.modules.calls.models import Call, Reply

pytestmark = pytest.mark.any_engine  # the chronicle loads the example on both

ASKED = (
    "根据中共本溪市委统战部《关于发挥统一战线法宝作用做好新冠肺炎疫情防控工作的通知》，九三学社本溪市委员会发出“向全市各级组织和社员发出的抗疫倡议”，"
    "提出要求4项：一要提高政治站位，听从指挥；二要积极建言献策，助力抗疫；三要依托载体活动，倾力奉献；四要立足岗位实际，履职尽责。"
)


def test_the_call_of_the_report_is_loaded_once(benxi: Response) -> None:
    list(loading.load(BENXI, loading.house()))
    call = Call.objects.get(response=benxi)
    assert (Call.objects.count(), call.requirements.count(), Reply.objects.count()) == (1, 4, 9)
    assert [sum(len(r.ask_lines()) for r in call.requirements.all()), call.answer_by] == [13, None]
    assert {(reply.state, reply.source) for reply in Reply.objects.all()} == {("answered", call.source)}
    assert list(ledger.broken()) == []


def test_a_reported_call_claims_no_reach(benxi: Response) -> None:
    by, scope = loading.house(), Scope(benxi)
    assert counted(scope, by) == ["发出倡议1份", "提出要求4项"]
    assert told(scope, by) == [
        ASKED,
        "响应“积极建言献策，助力抗疫”的有：孙玉芝、薛云志。",
        "响应“依托载体活动，倾力奉献”的有：九三学社明山区委员会、九三学社平山支社、九三学社高新区支社、杨扬、吴颖新。",
        "响应“立足岗位实际，履职尽责”的有：周晓婕、匡红。",
    ]


def test_nobody_is_asked_or_reminded_for_a_reported_call(benxi: Response) -> None:
    call = Call.objects.get(response=benxi)
    for name in ("office", "leader", "secretary"):
        person = Person.objects.get(username=name)
        found = asks.awaiting(person, call.happened_on)
        assert [one.ask.name for one in found if one.room.name == "calls"] == []
    with pytest.raises(ValidationError, match="按报道补录"):
        actions.chase(call, by=Person.objects.get(username="office"))
