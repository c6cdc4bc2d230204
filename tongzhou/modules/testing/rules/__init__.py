"""Pure rules of testing: what a device sends, what a code holds, which clock is believed, what a station says to a person."""

from tongzhou.modules.testing.rules.account import Account, forecast_end, missing_tables
from tongzhou.modules.testing.rules.clock import believed, now
from tongzhou.modules.testing.rules.codes import Code, Known, make_code, person_key, read_code, result_key
from tongzhou.modules.testing.rules.documents import drawn_number, is_id_number, is_number, plain_number, tail
from tongzhou.modules.testing.rules.protocol import (
    ACK,
    BATCH,
    MOST_ITEMS,
    Ack,
    Answer,
    Fact,
    Item,
    Kind,
    Status,
    Typed,
    Unreadable,
    items_of,
    read_fact,
    tidy,
    who,
)  # fmt: skip
from tongzhou.modules.testing.rules.slots import QUARTER, Call, called, place_mark, room, shares
from tongzhou.modules.testing.rules.verdicts import Counted, Seen, Station, TubeNow, Verdict, judge

__all__ = [
    "ACK", "BATCH", "MOST_ITEMS", "QUARTER", "Account", "Ack", "Answer", "Call", "Code", "Counted", "Fact", "Item", "Kind", "Known", "Seen", "Station",
    "Status", "TubeNow", "Typed", "Unreadable", "Verdict", "believed", "called", "drawn_number", "forecast_end", "is_id_number", "is_number", "items_of",
    "judge", "make_code", "missing_tables", "now", "person_key", "place_mark", "plain_number", "read_code", "read_fact", "result_key", "room", "shares",
    "tail", "tidy", "who",
]  # fmt: skip
