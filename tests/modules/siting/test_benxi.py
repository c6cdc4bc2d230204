"""The example's study: whole lists, marked as assumed, an option asked for, and nothing of it counted."""

from datetime import date

from tests.world import BENXI
from tongzhou.kernel import loading
from tongzhou.kernel.models import Response
from tongzhou.modules.siting import facts, queries
from tongzhou.modules.siting.models import Option, Study


def test_the_example_has_a_study_of_mingshan(benxi: Response) -> None:
    made = Study.objects.get(response=benxi)
    lists = {kind: (table.number, table.people) for kind, _label, table in queries.tables_of(made) if table}
    assert lists == {"demand": (1968, 378_936), "sites": (328, 0), "labs": (1, 0), "vans": (1, 0)}
    option = made.options.get()
    assert (made.happened_on, made.points, option.state, option.limit) == (date(2022, 9, 3), 100, "running", 5)
    assert "均为假设" in made.source
    assert queries.faults_of(made) == []
    assert facts.studies().count() == 0


def test_loading_again_changes_nothing(benxi: Response) -> None:
    before = {one.pk: one.version for one in [*Study.objects.all(), *Option.objects.all()]}
    list(loading.load(BENXI, loading.house()))
    assert {one.pk: one.version for one in [*Study.objects.all(), *Option.objects.all()]} == before
