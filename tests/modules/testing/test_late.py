"""What comes in after a result: nobody stays off a retest list, nothing stays unpublished, and a signed account says what came later."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.tasks import default_task_backend
from django.utils import timezone

from tests.modules.testing import sampling
from tests.modules.testing.sampling import item, send, text
from tests.world import World
from tongzhou.kernel import alarms, ledger, module
from tongzhou.kernel.models import Notice
from tongzhou.modules.testing import actions, api, queries, rules
from tongzhou.modules.testing.actions.results import Line
from tongzhou.modules.testing.models import Campaign, Conflict, Device, Pool
from tongzhou.modules.testing.queries import Session
from tongzhou.modules.testing.rules.published import Value


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.DATA = tmp_path
    cache.clear()
    yield tmp_path / "results"
    api.files._kept.clear()


@pytest.fixture
def here(cast: World, folder: Path) -> Session:
    """Two of a tube's three people came in; the campaign goes on."""
    made = sampling.session(cast)
    send(made, item(1, text(1, tube="T1")), item(2, text(2, tube="T1")))
    module.perform(Campaign.objects.get(pk=made.campaign), "open", by=cast.people.feng)
    return made


def result(cast: World, value: str, tube: str = "T1") -> Campaign:
    campaign = Campaign.objects.select_related("response", "unit").get()
    actions.results.take(campaign, Line(tube, value, timezone.now(), "市疾控"), by=cast.people.feng)
    return campaign


def pool() -> Pool:
    return Pool.objects.select_related("unit", "response", "campaign", "point").get()


def told(cast: World, n: int) -> list[Value | None]:
    found = queries.results_of(cast.response.slug, rules.person_key("id", f"person {n}"))
    return [one.outcome.value if one.outcome else None for one in found]


def looked(cast: World, callbacks: Any) -> list[str]:
    """The minute's look; which campaigns it asked to publish, and they are."""
    cache.clear()
    before = len(default_task_backend.results)
    with callbacks(execute=True):
        alarms.look.func()
    asked = [one for one in default_task_backend.results[before:] if "publish_soon" in one.task.module_path]
    for one in asked:
        actions.publishing.publish_soon.func(*one.args)
    return [str(one.args[0]) for one in asked]


def test_who_comes_late_into_a_positive_tube_is_resampled_too(
    cast: World, here: Session, django_capture_on_commit_callbacks: Any
) -> None:
    result(cast, "positive")
    send(here, item(11, text(1, tube="S1", retest=True)), item(12, text(2, tube="S2", retest=True)))
    module.perform(pool(), "resample", by=cast.people.feng)
    send(here, item(3, text(3, tube="T1")))
    Pool.objects.update(due_at=timezone.now() - timedelta(hours=1))
    looked(cast, django_capture_on_commit_callbacks)
    found = pool()
    assert (found.state, found.people, found.persons.count()) == ("reported", 3, 3)
    assert found.due_at > timezone.now()
    with pytest.raises(ValidationError, match="还有 1 人没有复采记录"):
        module.perform(found, "resample", by=cast.people.feng)
    assert ledger.sentence(ledger.entries(found).last()) == "系统并入后到的采样登记1份：管内共3人"  # type: ignore[arg-type]  # there is an entry
    notices = Notice.objects.filter(record=found.pk, person=cast.people.feng).values_list("text", flat=True)
    assert [one for one in notices if "后到采样登记1份" in one] != []
    n = notices.count()
    looked(cast, django_capture_on_commit_callbacks)  # and again: nothing new
    assert (pool().version, notices.count()) == (found.version, n)


def test_a_tube_found_clear_is_open_again_for_who_comes_late(
    cast: World, here: Session, django_capture_on_commit_callbacks: Any
) -> None:
    campaign = result(cast, "positive")
    module.perform(pool(), "clear", by=cast.people.feng, note="复采均为阴性")
    send(here, item(3, text(3, tube="T1")))
    actions.publishing.publish(campaign)
    assert [told(cast, n) for n in (1, 2, 3)] == [[Value.NEGATIVE], [Value.NEGATIVE], [Value.RETEST]]
    looked(cast, django_capture_on_commit_callbacks)
    assert pool().state == "reported"
    assert [told(cast, n) for n in (1, 2, 3)] == [[Value.RETEST]] * 3


def test_who_comes_late_into_a_negative_tube_reads_the_result(
    cast: World, here: Session, django_capture_on_commit_callbacks: Any
) -> None:
    campaign = result(cast, "negative")
    actions.publishing.publish(campaign)
    assert looked(cast, django_capture_on_commit_callbacks) == []
    send(here, item(3, text(3, tube="T1")))
    assert told(cast, 3) == [None]
    assert looked(cast, django_capture_on_commit_callbacks) == [str(campaign.pk)]
    assert told(cast, 3) == [Value.NEGATIVE]
    assert looked(cast, django_capture_on_commit_callbacks) == []


def test_one_in_anothers_place_is_seen_although_the_sum_is_the_same(
    cast: World, here: Session, django_capture_on_commit_callbacks: Any
) -> None:
    actions.publishing.publish(result(cast, "negative"))
    send(here, item(3, text(kind="correct", tube="T1", of=2)), item(4, text(4, tube="T1")))
    looked(cast, django_capture_on_commit_callbacks)
    assert [told(cast, n) for n in (1, 2, 4)] == [[Value.NEGATIVE], [None], [Value.NEGATIVE]]


def test_a_decided_conflict_is_published(cast: World, here: Session, django_capture_on_commit_callbacks: Any) -> None:
    send(here, item(1, text(8, tube="T1")))  # number 1 again, with another person: it waits for a decision
    actions.publishing.publish(result(cast, "negative"))
    assert told(cast, 8) == [None]
    (key,) = Conflict.objects.values_list("pk", flat=True)
    actions.conflicts.decide(Campaign.objects.get(), [key], by=cast.people.feng, decision="kept")
    assert len(looked(cast, django_capture_on_commit_callbacks)) == 1
    assert told(cast, 8) == [Value.NEGATIVE]


def test_a_signed_account_says_what_came_afterwards(
    committed: None, cast: World, here: Session, signed_in: Any
) -> None:
    """With real commits: a check-in bears the time of its transaction."""
    campaign = result(cast, "negative")
    module.perform(campaign, "close", by=cast.people.feng)
    page = signed_in(cast.people.feng)
    account = f"/{cast.response.slug}/testing/{campaign.pk}/account/"
    assert "没有交回的终端" in page.get(account).content.decode()
    module.perform(campaign, "reconcile", by=cast.people.feng, in_hand=1, differences="终端 1 没电，未交回")
    assert "对账后又到" not in page.get(account).content.decode()
    send(here, item(3, text(3, tube="T1")), item(4, text(1, tube="T1")))  # one more, and one swabbed before
    for at in (account, campaign.get_absolute_url()):
        assert "对账后又到 2 条记录" in page.get(at).content.decode()
    assert Campaign.objects.get().people == 2
    assert Device.objects.get().state == "active"
