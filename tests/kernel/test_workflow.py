from tests.errands.workflow import State, workflow
from tongzhou.kernel.workflow import Move, Workflow


def test_a_move_is_found_by_name_or_not_at_all() -> None:
    assert workflow.move("take") == workflow.moves[0]
    assert [workflow.move(name) for name in ("fly", "", "TAKE")] == [None, None, None]


def test_moves_leave_the_states_they_name() -> None:
    leaving = {state.value: [move.name for move in workflow.leaving(state)] for state in State}
    assert leaving == {"asked": ["take", "drop"], "taken": ["finish", "drop"], "done": [], "dropped": ["reopen"]}
    assert workflow.leaving("nowhere") == []


def test_reachable_follows_the_moves_from_the_start() -> None:
    assert workflow.reachable() == {"asked", "taken", "done", "dropped"}
    apart = Workflow(
        State,
        start=State.DONE,
        files="x",
        amends=("x", []),
        moves=[Move("take", [State.ASKED], State.TAKEN, "", "x", "")],
    )
    assert apart.reachable() == {"done"}


def test_capabilities_are_all_that_the_table_asks_for() -> None:
    assert workflow.capabilities() == {"errands.ask", "errands.run", "errands.drop"}
