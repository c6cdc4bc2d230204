"""A laboratory's sheet: each line for itself; what cannot be is named with its row, given back, and can come again."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.modules.testing import sampling
from tests.modules.testing.sampling import item, send, text
from tests.world import World
from tongzhou.kernel import sheets
from tongzhou.kernel.models import Upload
from tongzhou.modules.testing import actions, queries
from tongzhou.modules.testing.actions import results
from tongzhou.modules.testing.actions.results import Line
from tongzhou.modules.testing.models import Campaign, Count, Device, Pool, Result
from tongzhou.modules.testing.rules import Counted
from tongzhou.modules.testing.views.results import COLUMNS

HEAD = "管码,结果,出结果时间,实验室,第几次检测\n"
WHEN = "2022-09-07 20:15"


@pytest.fixture
def campaign(cast: World) -> Campaign:
    """Tubes T1 to T4, one swab in each."""
    at = sampling.session(cast)
    send(at, *[item(n, text(n, tube=f"T{n}")) for n in range(1, 5)])
    return Device.objects.get(number=7001).campaign


@pytest.fixture
def laboratory(cast: World, campaign: Campaign, signed_in: Any) -> Client:
    client: Client = signed_in(cast.people.feng)
    return client


def brought(client: Client, campaign: Campaign, *lines: str) -> str:
    """The address of its preview."""
    file = SimpleUploadedFile("results.csv", (HEAD + "\n".join(lines)).encode())
    page = f"/{campaign.response.slug}/testing/{campaign.pk}/results/"
    answer = client.post(page, {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)  # type: ignore[attr-defined]  # a redirect has one


def line(tube: str, value: str = "阴性", when: str = WHEN, look: str = "") -> str:
    return f"{tube},{value},{when},市疾控,{look}"


def stored() -> dict[str, str]:
    return {f"{one.tube}/{one.look}": one.value for one in Result.objects.all()}


def refused(answer: Any) -> dict[int, tuple[str, str]]:
    return {row: (cells[0], why) for row, cells, why in answer.context["refused"]}


def test_good_lines_go_in_and_the_others_are_named_by_row_and_tube(laboratory: Client, campaign: Campaign) -> None:
    """The tube of a telephone that has not sent yet holds up nobody; the same file, sent again later, brings only what was missing."""
    sheet = [line("T1"), line("T9"), line("T2", "好的"), line("T3", "阳性"), line("T4", when="2001-01-01 8:00")]
    page = brought(laboratory, campaign, *sheet)
    shown = laboratory.get(page)
    assert shown.context["ready"] == 2
    assert "确认登记 2 条" in shown.content.decode()
    assert stored() == {}
    done = laboratory.post(page)
    assert stored() == {"T1/1": "negative", "T3/1": "positive"}
    assert Pool.objects.get().tube == "T3"
    said = refused(done)
    assert {row: tube for row, (tube, _why) in said.items()} == {3: "T9", 4: "T2", 6: "T4"}
    assert [key in said[row][1] for row, key in ((3, "还有终端没有上传"), (4, "结果"), (6, "早于采样时间"))] == [
        True
    ] * 3
    assert "已登记 2 条" in done.content.decode()
    send(queries.session(7001), item(9, text(9, tube="T9")))  # type: ignore[arg-type]  # it is there
    page = brought(laboratory, campaign, *sheet)
    assert laboratory.get(page).context["ready"] == 1
    laboratory.post(page)
    laboratory.post(page)
    assert stored() == {"T1/1": "negative", "T3/1": "positive", "T9/1": "negative"}
    assert sum(Count.objects.filter(verdict=Counted.RESULT).values_list("n", flat=True)) == 3


def test_the_refused_lines_come_back_as_a_file_that_can_be_put_right_and_sent_in(
    laboratory: Client, campaign: Campaign
) -> None:
    page = brought(laboratory, campaign, line("T1"), line("T2", "好的"), line("T9", "灰区"))
    laboratory.post(page)
    answer = laboratory.get(f"{page}?refused")
    given = sheets.read(answer.content, [sheets.Column(c.name, c.label) for c in COLUMNS])
    assert [(row.values["tube"], row.values["value"]) for row in given.rows] == [("T2", "好的"), ("T9", "灰区")]
    assert [str(one.column) for one in given.warnings if one.row] == ["未登记的原因"]
    right = brought(laboratory, campaign, line("T2", "单靶标阳性"))
    assert laboratory.post(right).status_code == 302
    assert stored() == {"T1/1": "negative", "T2/1": "single_target"}


def test_a_tube_told_twice_in_one_file_is_refused_where_it_is_told_again(
    laboratory: Client, campaign: Campaign
) -> None:
    """Another value is refused with its row, word for word the same is no second result, and a second look says that it is one."""
    page = brought(
        laboratory, campaign, line("T1"), line("T1", "阳性"), line("T2"), line("T2"), line("T3", "灰区"), line("T3", look="2")
    )  # fmt: skip
    shown = laboratory.get(page)
    assert shown.context["ready"] == 4
    assert list(refused(shown)) == [3]
    assert refused(shown)[3][0] == "T1"
    assert "已报“阴性”" in refused(shown)[3][1]
    laboratory.post(page)
    assert stored() == {"T1/1": "negative", "T2/1": "negative", "T3/1": "grey", "T3/2": "negative"}


def test_a_whole_file_is_done_with_and_comes_in_once(laboratory: Client, campaign: Campaign) -> None:
    page = brought(laboratory, campaign, line("T1"), line("T2"))
    assert laboratory.post(page).status_code == 302
    kept = Upload.objects.get()
    assert (bytes(kept.content), kept.rows, kept.committed_at is None) == (b"", 2, False)
    assert "不会重复登记" in laboratory.get(page).content.decode()
    other = brought(laboratory, campaign, line("T2"), line("T1"))
    assert "这个文件里的 2 行都已登记" in laboratory.get(other).content.decode()
    assert len(stored()) == 2


def test_what_a_door_refuses_after_the_check_is_named_with_its_row(
    laboratory: Client, campaign: Campaign, cast: World, monkeypatch: Any
) -> None:
    """Somebody else's import said otherwise after this one was looked at."""
    page = brought(laboratory, campaign, line("T1"), line("T2"))
    take = results.take

    def late(of: Campaign, one: Line, **by: Any) -> Any:
        if one.tube == "T1":
            take(of, Line("T1", "positive", timezone.now(), "二院"), by=cast.people.feng)
        return take(of, one, **by)

    monkeypatch.setattr(actions.results, "take", late)
    done = laboratory.post(page)
    assert list(refused(done)) == [2]
    assert "已报“阳性”" in refused(done)[2][1]
    assert stored() == {"T1/1": "positive", "T2/1": "negative"}


@pytest.mark.parametrize(("other", "said"), [("negative", "duplicate"), ("positive", "这一管第 1 次检测已报“阳性”")])
def test_two_hands_at_the_same_moment_store_one_result(
    cast: World, campaign: Campaign, monkeypatch: Any, other: str, said: str
) -> None:
    """The other's row comes between the look and the write; the second hand is answered as if it had come after."""
    check, now = results.check, timezone.now()

    def meanwhile(of: Campaign, one: Line) -> Any:
        made = check(of, one)
        if made is not None:
            fields = {"look": 1, "laboratory": "二院", "tested_at": now, "stored_at": now}
            Result.objects.create(campaign=of, tube=one.tube, value=other, **fields)
        return made

    monkeypatch.setattr(results, "check", meanwhile)
    (answer,) = results.take_all(campaign, [Line("T1", "negative", now, "市疾控")], by=cast.people.feng)
    assert answer.startswith(said)
    assert not Count.objects.filter(verdict=Counted.RESULT).exists()
