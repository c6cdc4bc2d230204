"""Boxes as a device tells of them: sealed with what was counted, taken away by a courier, once, and never refused."""

from tests.modules.testing.sampling import item, send, session, statuses, text
from tests.world import World
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.models import Box, CheckIn, Conflict, Device
from tongzhou.modules.testing.queries import Session


def closed(at: Session) -> None:
    send(at, item(1, text(1)), item(2, text(kind="close")))


def box(code: str = "X0001", tubes: tuple[str, ...] = ("T0001",), in_hand: int = 1, **said: str) -> str:
    return text(kind="box", tube="", box=code, tubes=list(tubes), in_hand=in_hand, **said)


def courier(code: str = "X0001") -> str:
    return text(kind="courier", tube="", box=code, courier="老马")


def test_a_box_is_sealed_and_taken_away_in_the_name_of_who_enrolled_the_device(cast: World) -> None:
    at = session(cast)
    closed(at)
    batch = [item(3, box()), item(4, courier())]
    assert statuses(send(at, *batch)) == ["stored", "stored"]
    assert statuses(send(at, *batch)) == ["duplicate", "duplicate"]
    made = Box.objects.get()
    assert (made.state, made.tubes, made.in_hand, made.courier) == ("sent", ["T0001"], 1, "老马")
    assert made.filed_by == Device.objects.get(number=at.device).filed_by
    assert (CheckIn.objects.count(), queries.held(at), Conflict.objects.count()) == (4, (4, 4), 0)


def test_a_box_in_one_batch_with_its_tubes(cast: World) -> None:
    at = session(cast)
    assert (
        statuses(send(at, item(1, text(1)), item(2, text(kind="close")), item(3, box()), item(4, courier())))
        == ["stored"] * 4
    )
    assert Box.objects.get().state == "sent"


def test_a_difference_goes_with_its_explanation_and_without_one_to_the_supervisor(cast: World) -> None:
    at = session(cast)
    closed(at)
    assert statuses(send(at, item(3, box(in_hand=2, note="多一支空管")))) == ["stored"]
    assert Box.objects.get().difference == "多一支空管"
    (ack,) = send(at, item(4, box("X0002", ("T0002",), 3)))
    assert (ack.status, ack.reason) == ("conflict", "box")


def test_a_box_that_does_not_fit_is_kept_aside_and_holds_nobody_up(cast: World) -> None:
    at = session(cast)
    closed(at)
    send(at, item(3, box()))
    for _time in range(2):
        acks = send(
            at,
            item(4, box("X0002")),
            item(5, box("X0001", ("T9",))),
            item(6, courier("X0009")),
            item(7, text(7, tube="T7")),
        )
        assert [ack.reason for ack in acks] == ["box"] * 3 + [""]
    assert list(Conflict.objects.order_by("seq").values_list("seq", "kind", "stored")) == [
        (n, "box", False) for n in (4, 5, 6)
    ]
    assert (Box.objects.count(), queries.held(at)) == (1, (7, 7))


def test_what_is_no_box_is_said(cast: World) -> None:
    at = session(cast)
    texts = [
        box("箱"),
        box(tubes=()),
        box(tubes=("T 1",)),
        box(in_hand=-1),
        box(note="x" * 201),
        text(kind="courier", tube="", box="X1"),
    ]
    reasons = [ack.reason for ack in send(at, *[item(n, said) for n, said in enumerate(texts, 1)])]
    assert reasons == ["box", "tubes", "tubes", "in_hand", "note", "courier"]
