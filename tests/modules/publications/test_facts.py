"""What is counted and told, in both languages."""

from django.utils import translation

from tests.modules.publications import factory
from tests.modules.publications.writing import written
from tests.world import World
from tongzhou.kernel import facts, module
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.publications.facts import tell

ROOM = [module.room("publications")]


def counted(scope: Scope, by: Person) -> dict[str, str]:
    found = facts.gather(scope, by, ROOM)
    return {name: one.text() for name, all_ in found.items() for one in facts.nonzero(all_)}


def told(scope: Scope, by: Person) -> list[str]:
    return [sentence.words() for sentence in tell(scope, by, facts.gather(scope, by, ROOM))]


def test_published_issues_and_articles_count_by_column(cast: World) -> None:
    wang, scope = cast.people.wang, Scope(cast.response)
    assert (counted(scope, wang), told(scope, wang)) == ({}, [])
    column = factory.column(
        cast,
        cast.units.org,
        name="防控日记",
        name_en="Diary",
        channel="“测试”微信平台",
        channel_en="the account “Test”",
    )
    for number in (1, 2):
        factory.published(cast, written(cast, name=f"第{number}篇"), column=column, number=number)
    factory.issue(cast, column=column, number=3)
    assert counted(scope, wang) == {
        "publications.issues": "2期", "publications.articles": "2篇", "publications.issues_of": "2期", "publications.articles_of": "2篇",
    }  # fmt: skip
    assert told(scope, wang) == ["在“测试”微信平台开设专栏《防控日记》，刊发2期、稿件2篇。"]
    with translation.override("en"):
        assert told(scope, wang) == ["The column “Diary” on the account “Test” published 2 issues and 2 articles."]


def test_what_was_taken_down_counts_no_more(cast: World) -> None:
    made = factory.published(cast, written(cast))
    module.perform(made, "take_down", by=cast.people.wang, note="待核")
    assert counted(Scope(cast.response), cast.people.wang) == {
        "publications.issues": "1期",
        "publications.issues_of": "1期",
    }


def test_a_column_without_a_channel_is_told_without_one(cast: World) -> None:
    column = factory.column(cast, name="防控日记", channel="")
    factory.published(cast, written(cast), column=column)
    assert told(Scope(cast.response), cast.people.wang) == ["开设专栏《防控日记》，刊发1期、稿件1篇。"]


def test_a_user_who_reaches_none_of_it_is_told_nothing(cast: World) -> None:
    factory.published(cast, written(cast))
    assert (counted(Scope(cast.response), cast.people.feng), told(Scope(cast.response), cast.people.feng)) == ({}, [])
