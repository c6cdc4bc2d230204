"""What is counted of meetings and how it is told; what the example of a real response must say, and no more."""

import json
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation

from tests.modules.meetings import meeting as meetings
from tests.world import World
from tongzhou.kernel import board, facts, loading, module
from tongzhou.kernel.figures import Bound, Figure
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.meetings import actions
from tongzhou.modules.meetings.models import Attendance, Meeting, Task

FOLDER = settings.BASE / "examples" / "benxi-2022"


def counted(cast: World, by: Person) -> list[str]:
    found = facts.gather(Scope(cast.response), by, [module.room("meetings")])
    return [one.sentence() for some in found.values() for one in facts.nonzero(some)]


def told(cast: World, by: Person) -> list[str]:
    room, scope = module.room("meetings"), Scope(cast.response)
    assert room.tell is not None
    return [sentence.words() for sentence in facts.together(room.tell(scope, by, facts.gather(scope, by, [room])))]


def reported(cast: World, **more: Any) -> Meeting:
    given = {
        "quantity": 20,
        "bound": Bound.AT_LEAST,
        "source": "纪实",
        "named": cast.people.wu,
        "area": "溪湖区",
        "area_en": "Xihu District",
    }
    meeting = Meeting(response=cast.response, unit=cast.units.branch3, name="吴三社的会议", **given | more)
    return module.file(meeting, by=cast.people.wang)[0]


def test_meetings_count_when_held_and_decisions_when_approved(cast: World) -> None:
    meetings.called(cast)
    meetings.held(cast, came=[cast.people.qian])
    done = meetings.task_of(meetings.approved(cast))
    meetings.approved(cast)
    actions.tasks.report(done, by=cast.people.chen, done_text="办了")
    actions.tasks.close(done, by=cast.people.wang)
    assert counted(cast, cast.people.wang) == ["会议3次", "参会5人次", "议定事项2项", "办结议定事项1项"]
    assert told(cast, cast.people.wang) == ["召开会议3次，参会5人次，议定事项2项，办结议定事项1项。"]
    with translation.override("en"):
        assert told(cast, cast.people.wang) == ["3 meetings held, 5 attendances, 2 decisions, 1 decision done."]
    assert counted(cast, cast.people.sun) == []


def test_nothing_is_told_of_nothing(cast: World) -> None:
    meetings.called(cast)
    assert told(cast, cast.people.wang) == []


def test_total_of_a_report_is_told_as_it_says_and_claims_no_more(cast: World) -> None:
    reported(cast)
    assert counted(cast, cast.people.wang) == ["会议20余次"]
    assert told(cast, cast.people.wang) == ["吴三社在溪湖区记有会议20余次。"]
    with translation.override("en"):
        assert counted(cast, cast.people.wang) == ["more than 20 meetings"]
        assert told(cast, cast.people.wang) == ["吴三社 is on record with more than 20 meetings in Xihu District."]
    assert [told(cast, one) for one in (cast.people.sun, cast.people.zhao)] == [[], []]


def test_total_and_meetings_held_here_are_added_with_the_weakest_bound(cast: World) -> None:
    reported(cast, area="")
    meetings.held(cast)
    meetings.held(cast)
    assert told(cast, cast.people.wang) == [
        "吴三社记有会议20余次。",
        "连同上述，共有会议至少22次，参会4人次。",
    ]
    with translation.override("en"):
        said = told(cast, cast.people.wang)
    assert said == [
        "吴三社 is on record with more than 20 meetings.",
        "Together with the above, at least 22 meetings, 4 attendances.",
    ]


def test_number_present_of_a_report_counts_as_that_number(cast: World) -> None:
    meeting = Meeting(response=cast.response, unit=cast.units.org, name="动员会", source="简报第3期")
    module.file(meeting, by=cast.people.wang, present=Figure(30, Bound.AT_LEAST))
    assert counted(cast, cast.people.wang) == ["会议1次", "参会30余人次"]
    assert told(cast, cast.people.wang) == ["召开会议1次，参会30余人次。"]


def test_every_figure_opens_the_records_behind_it(cast: World, client: Client) -> None:
    meetings.approved(cast)
    client.force_login(cast.people.wang)
    found = facts.gather(Scope(cast.response), cast.people.wang, [module.room("meetings")])
    for one in [one for some in found.values() for one in facts.nonzero(some)]:
        listed = client.get(one.url()).context
        assert (listed["count"], listed["listing"].finding.text()) == (one.figure.value, one.text())


# -- the example


@pytest.fixture
def benxi(db: None) -> Response:
    list(loading.load(FOLDER, loading.house()))
    return Response.objects.get(slug="benxi-2022")


def section(lang: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("chronicle", "benxi-2022", "--format", "json", "--lang", lang, stdout=out)
    sections = {one["line"]: one for one in json.loads(out.getvalue())["sections"]}
    found: list[dict[str, Any]] = sections["frontline"]["sentences"]
    return [sentence for sentence in found if "/meetings/" in json.dumps(sentence)]


def test_benxi_shows_its_meetings_as_the_report_does_with_the_record_behind(benxi: Response, client: Client) -> None:
    (zh,), (en,) = section("zh"), section("en")
    assert (
        "在溪湖区记有会议20余次" in zh["text"],
        "is on record with more than 20 meetings in Xihu District" in en["text"],
    ) == (
        True,
        True,
    )
    (figure,), (english,) = ([one for one in said["figures"] if "/meetings/" in one["url"]] for said in (zh, en))
    assert (figure["text"], figure["value"], english["text"]) == (
        "20余次",
        20,
        "more than 20 meetings",
    )
    client.force_login(loading.house())
    (record,) = client.get(figure["url"]).context["records"]
    assert (str(record.pk), str(record.unit.code), record.attendances.count()) == (
        figure["records"][0],
        "xihu-committee",
        0,
    )


def test_benxi_loaded_again_is_the_same(benxi: Response) -> None:
    before = [list(model.objects.order_by("pk").values()) for model in (Meeting, Attendance, Task)]
    list(loading.load(FOLDER, loading.house()))
    assert [list(model.objects.order_by("pk").values()) for model in (Meeting, Attendance, Task)] == before
    assert Meeting.objects.count() == 1


# -- the board


def test_board_shows_the_next_meeting_of_the_day_and_what_is_overdue(cast: World) -> None:
    nine = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + meetings.AN_HOUR * 24
    meetings.called(cast, starts_at=nine, ends_at=nine + meetings.AN_HOUR)
    meetings.called(cast, starts_at=nine + 4 * meetings.AN_HOUR, ends_at=None, name="研判会")
    task = meetings.task_of(meetings.approved(cast))
    Task.objects.filter(pk=task.pk).update(due_on="2022-03-01")
    (tiles,) = [
        some
        for room, some in board.tiles(cast.response, cast.people.wang, nine - meetings.AN_HOUR)
        if room.name == "meetings"
    ]
    first, late = tiles
    assert (first.value, first.note, [(line.text, line.value) for line in first.lines]) == (
        "09:00", "抗疫调度会，三楼会议室", [("研判会", "13:00")],
    )  # fmt: skip
    assert (late.value, late.tone, [line.value for line in late.lines]) == (1, "bad", ["2022-03-01"])
    assert [
        room.name for room, _some in board.tiles(cast.response, cast.people.zhao, nine) if room.name == "meetings"
    ] == []
