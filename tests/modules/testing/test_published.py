"""What is published of results: whose it is told to, what is told, and that the files are what they say."""

import asyncio
import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.tasks import default_task_backend
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.modules.testing import sampling
from tests.modules.testing.sampling import item, send, text
from tests.world import World
from tongzhou.kernel import module
from tongzhou.modules.testing import actions, api, queries, rules
from tongzhou.modules.testing.actions.results import Line
from tongzhou.modules.testing.models import Campaign, Pool
from tongzhou.modules.testing.queries import published
from tongzhou.modules.testing.rules.published import (
    Forged,
    Outcome,
    Value,
    checked,
    line_name,
    open_line,
    sealed_line,
    shard_of,
    shards_for,
)  # fmt: skip

CASES = json.loads((Path(__file__).parent / "cases" / "published.json").read_text(encoding="utf-8"))
times = st.integers(0, 2**32 - 1)


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16), st.sampled_from(Value), times, times)
def test_a_line_tells_its_own_person_and_nobody_else(
    key: bytes, other: bytes, value: Value, tested: int, sampled: int
) -> None:
    told, campaign = Outcome(value, 3, tested, sampled), bytes(16)
    line = sealed_line(key, campaign, told)
    assert open_line(key, campaign, line) == told
    assert line == sealed_line(key, campaign, told)
    if other != key:
        with pytest.raises(Forged):
            open_line(other, campaign, line)
        assert line_name(other, campaign) != line[:12]


@given(st.integers(0, 25_000_000))
def test_shards_are_a_power_of_two_with_few_lines_in_each(people: int) -> None:
    shards = shards_for(people)
    assert shards & (shards - 1) == 0
    assert shards == 65_536 or people <= shards * 512
    assert shards == 1 or people > shards * 256


@pytest.mark.parametrize("case", CASES["lines"], ids=lambda case: case["key"][:4])
def test_the_browser_reads_the_lines_made_here(case: dict[str, Any]) -> None:
    key, campaign = bytes.fromhex(case["key"]), bytes.fromhex(CASES["campaign"])
    told = Outcome(Value(case["value"]), case["laboratory"], case["tested"], case["sampled"])
    line = sealed_line(key, campaign, told)
    assert (line, shard_of(line, case["shards"])) == (urlsafe_b64decode(case["line"] + "=="), case["shard"])


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.DATA = tmp_path
    yield tmp_path / "results"
    api.files._kept.clear()


def begun(cast: World) -> Campaign:
    """Persons 1 to 3 in T1, person 4 alone in T2; the campaign goes on."""
    here = sampling.session(cast)
    send(here, *[item(n, text(n, tube="T1")) for n in (1, 2, 3)], item(4, text(4, tube="T2")))
    campaign = Campaign.objects.select_related("response", "unit").get(pk=here.campaign)
    return module.perform(campaign, "open", by=cast.people.house)  # type: ignore[return-value]  # what was given


def result(cast: World, campaign: Campaign, tube: str, value: str, look: int = 1) -> None:
    actions.results.take(campaign, Line(tube, value, timezone.now(), "市疾控", look), by=cast.people.house)


def told(cast: World, n: int) -> list[Value | None]:
    found = queries.results_of(cast.response.slug, rules.person_key("id", f"person {n}"))
    return [one.outcome.value if one.outcome else None for one in found]


def test_a_negative_tube_is_told_to_everyone_in_it(cast: World, folder: Path) -> None:
    campaign = begun(cast)
    result(cast, campaign, "T1", "negative")
    assert actions.publishing.publish(campaign) == 3
    assert [told(cast, n) for n in (1, 2, 3, 4, 99)] == [[Value.NEGATIVE]] * 3 + [[None]] * 2
    (one,) = queries.results_of(cast.response.slug, rules.person_key("id", "person 1"))
    assert (one.campaign, one.laboratory) == (campaign.name, "市疾控")


def test_a_pool_says_nothing_of_one_person_until_each_was_tested_alone(cast: World, folder: Path) -> None:
    campaign = begun(cast)
    result(cast, campaign, "T1", "positive")
    result(cast, campaign, "T2", "positive")
    actions.publishing.publish(campaign)
    assert [told(cast, n) for n in (1, 4)] == [[Value.RETEST], [Value.POSITIVE]]
    here = queries.session(7001)
    assert here is not None
    later = sampling.NOW + 3_600_000
    send(
        here,
        *[item(n + 10, text(n, tube=f"R{n}", at=later, retest=True)) for n in (1, 2)],
        sent_at=later,
        received=later,
    )
    result(cast, campaign, "R1", "negative")
    actions.publishing.publish(campaign)
    assert [told(cast, n) for n in (1, 2, 3)] == [[Value.NEGATIVE], [Value.RETEST], [Value.RETEST]]
    pool = Pool.objects.select_related("response", "unit", "campaign").get(tube="T1")
    module.perform(pool, "clear", by=cast.people.house, note="均为阴性")
    actions.publishing.publish(campaign)
    assert [told(cast, n) for n in (2, 3)] == [[Value.NEGATIVE]] * 2


def test_a_swab_that_was_taken_back_has_no_result(cast: World, folder: Path) -> None:
    campaign = begun(cast)
    here = queries.session(7001)
    assert here is not None
    send(here, item(5, text(kind="correct", tube="T1", of=3)))
    result(cast, campaign, "T1", "negative")
    assert actions.publishing.publish(campaign) == 2
    assert told(cast, 3) == [None]


def test_files_without_news_keep_their_names_and_old_ones_stay_for_those_who_read(cast: World, folder: Path) -> None:
    campaign = begun(cast)
    result(cast, campaign, "T1", "negative")
    actions.publishing.publish(campaign)
    before = {file: file.read_bytes() for file in folder.glob("*/*/*.txt")}
    actions.publishing.publish(campaign)
    assert {file: file.read_bytes() for file in folder.glob("*/*/*.txt")} == before
    result(cast, campaign, "T2", "negative")
    actions.publishing.publish(campaign)
    assert {file: file.read_bytes() for file in before} == before
    assert len(list(folder.glob("*/*/*.txt"))) == len(before) + 2  # a shard and a list
    actions.publishing.withdraw(cast.response)
    assert list(folder.glob("**/*.txt")) == []
    call_command("publish_results", cast.response.slug)
    assert told(cast, 4) == [Value.NEGATIVE]


def test_nobody_is_named_in_what_is_published(cast: World, folder: Path) -> None:
    campaign = begun(cast)
    result(cast, campaign, "T1", "negative")
    actions.publishing.publish(campaign)
    person = rules.person_key("id", "person 1")
    for file in folder.glob("**/*.txt"):
        content = checked(rules.codes.signer().public_key(), file.read_bytes())
        for secret in (person.hex(), str(UUID(bytes=person)), rules.published.letters(person), "person 1"):
            assert secret not in content


def test_a_file_that_was_changed_tells_nothing(cast: World, folder: Path) -> None:
    campaign = begun(cast)
    result(cast, campaign, "T1", "negative")
    actions.publishing.publish(campaign)
    for file in folder.glob("*/*/*.txt"):
        file.write_bytes(file.read_bytes() + b" ")
    assert told(cast, 1) == [None]
    (folder / cast.response.slug / "index.txt").write_bytes(b"")
    assert told(cast, 1) == []


def test_results_ask_for_a_publication_once(cast: World, django_capture_on_commit_callbacks: Any) -> None:
    cache.clear()
    before = len(default_task_backend.results)
    campaign = begun(cast)
    with django_capture_on_commit_callbacks(execute=True):
        result(cast, campaign, "T1", "negative")
        result(cast, campaign, "T2", "negative")
    asked = default_task_backend.results[before:]
    assert [
        one.args for one in asked if one.task == actions.publishing.publish_soon.using(run_after=one.task.run_after)
    ] == [[str(campaign.pk)]]


def fetched(address: str, method: str = "GET") -> tuple[int, bytes, bytes]:
    """Status, how long it may be kept, and content."""
    said: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    asyncio.run(api.published({"method": method, "path": address}, None, send))
    return said[0]["status"], dict(said[0]["headers"])[b"cache-control"], said[1]["body"]


def test_files_are_given_out_before_django_and_nothing_else_is(cast: World, folder: Path) -> None:
    campaign = begun(cast)
    result(cast, campaign, "T1", "negative")
    actions.publishing.publish(campaign)
    at = f"/testing/results/{cast.response.slug}"
    (named,) = published.index(cast.response.slug)
    status, keep, content = fetched(f"{at}/{campaign.pk.hex}/{named['list']}.txt")
    assert (status, b"immutable" in keep) == (200, True)
    assert content == (folder / cast.response.slug / campaign.pk.hex / f"{named['list']}.txt").read_bytes()
    status, keep, _content = fetched(f"{at}/index.txt")
    assert (status, b"immutable" in keep) == (200, False)
    (Path(settings.DATA) / "secret.txt").write_text("secret")
    for wrong in (
        f"{at}/../../secret.txt",
        f"{at}/.lock",
        f"{at}/{campaign.pk.hex}/{'0' * 16}.txt",
        "/testing/results/",
    ):
        assert fetched(wrong)[::2] == (404, b"")
    assert fetched(f"{at}/index.txt", "POST")[0] == 404
