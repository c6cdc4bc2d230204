from tests.errands.models import Errand, Item
from tests.errands.workflow import State
from tongzhou.kernel.facts import Fact

FACTS = (
    Fact("asked", "登记跑腿{value}", Errand.objects.all, measure="次"),
    Fact("done", "办完跑腿{value}", lambda: Errand.objects.filter(state=State.DONE), measure="次"),
    Fact("weight", "搬运{value}", Errand.objects.all, value="weight", measure="公斤"),
    Fact("households", "涉及{value}", Errand.objects.all, value="", measure="户"),
    Fact(
        "items",
        "代买{name}{value}",
        Item.objects.all,
        value="count",
        measure="{measure}",
        each=("name", "measure"),
        via="errand",
    ),
)
