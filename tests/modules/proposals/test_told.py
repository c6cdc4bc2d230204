"""What our own items came to, counted and told."""

from django.utils import timezone, translation

from tests.modules.proposals.factory import case, sent, submitted
from tests.world import World
from tongzhou.kernel import facts, module
from tongzhou.kernel.scope import Scope
from tongzhou.modules.proposals.facts import tell


def told(cast: World) -> list[str]:
    scope, by = Scope(cast.response), cast.people.wang
    return [one.words() for one in tell(scope, by, facts.gather(scope, by, [module.room("proposals")]))]


def test_what_came_of_our_own_is_told_in_two_sentences(cast: World) -> None:
    wang, today = cast.people.wang, timezone.localdate()
    sent(cast)
    made = submitted(cast, "cppcc-city", "own-bulletin", "party-province")
    rows = {row.channel: row for row in made.submissions.select_related("item", "response", "unit")}
    module.perform(rows["own-bulletin"], "adopt", by=wang, how="merged", on=today)
    module.perform(rows["cppcc-city"], "adopt", by=wang, how="alone", on=today)
    module.perform(rows["cppcc-city"], "note", by=wang, level="city", on=today, told="请研究")
    module.perform(rows["party-province"], "decline", by=wang)
    module.perform(case(cast), "admit", by=wang, number="7")
    assert told(cast) == [
        "撰写社情民意信息2条，撰写提案1件，报送2条，其中被采用1条。",
        "本组织采用1次，市级采用1次，获领导批示1次，提案立案1件。",
    ]
    with translation.override("en"):
        assert told(cast) == [
            "2 opinion items written, 1 proposal written, 2 items submitted, 1 item adopted.",
            "adopted by the own bulletin 1 time, adopted by city bodies 1 time, noted by leaders 1 time, 1 proposal admitted.",
        ]
