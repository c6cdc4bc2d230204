from django.db.models import TextChoices

from tongzhou.kernel.workflow import Move, Workflow


class State(TextChoices):
    ASKED = "asked", "待接"
    TAKEN = "taken", "已接"
    DONE = "done", "办完"
    DROPPED = "dropped", "作罢"


S = State
workflow = Workflow(
    S,
    start=S.ASKED,
    files="errands.ask",
    filed="{by}登记了跑腿",
    amends=("errands.ask", [S.ASKED, S.TAKEN]),
    moves=[
        Move("take", [S.ASKED], S.TAKEN, "接单", needs="errands.run", said="{by}接单"),
        Move("finish", [S.TAKEN], S.DONE, "办完", needs="errands.run", said="{by}办完", bulk=True),
        Move(
            "drop", [S.ASKED, S.TAKEN], S.DROPPED, "作罢", "errands.drop", said="{by}作罢", reason=True, tone="danger"
        ),
        Move("reopen", [S.DROPPED], S.ASKED, "重开", needs="errands.drop", said="{by}重开"),
    ],
    tones={S.ASKED: "todo", S.TAKEN: "doing", S.DONE: "done", S.DROPPED: "off"},
)
