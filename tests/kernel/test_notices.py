"""Telling people: what is written, what is sent, and when something is in the way."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import transaction
from django.tasks import TaskResultStatus, default_task_backend
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from tests.kernel.receiver import Receiver, listening
from tests.world import World
from tongzhou.kernel import notices
from tongzhou.kernel.models import Channel, Dispatch, Notice, Unit
from tongzhou.kernel.reaper import MOST_RUNS, reap

State = Dispatch.State


@pytest.fixture(autouse=True)
def _no_tasks_yet() -> None:
    default_task_backend.clear()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with listening() as receiver:
        settings.TONGZHOU_ROBOT_HOSTS = [receiver.host]
        yield receiver


def channel(unit: Unit, url: str = "https://open.feishu.cn/hook", **fields: Any) -> Channel:
    made = Channel(unit=unit, kind=fields.pop("kind", "wecom"), name="工作群", url=url, **fields)
    made.save()
    return made


def later(dispatch: Dispatch) -> Dispatch:
    """As if the wait were over."""
    Dispatch.objects.filter(pk=dispatch.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    return Dispatch.objects.get(pk=dispatch.pk)


def test_tell_writes_one_line_for_each_person_in_their_language(cast: World) -> None:
    people = cast.people
    people.li.language = "en"
    people.chen.is_active = False
    told = notices.tell(
        [people.wang, people.li, people.wang, people.chen],
        _("无法读取"),
        response=cast.response,
        record=people.wang,
        url="/inbox/",
    )
    lines = Notice.objects.order_by("person__username").values_list(
        "person__username", "text", "url", "table", "record"
    )
    about = ("/inbox/", "kernel.person", people.wang.pk)
    assert list(lines) == [("li", "cannot be read", *about), ("wang", "无法读取", *about)]
    assert {n.pk for n in told} == set(Notice.objects.values_list("pk", flat=True))


def test_tell_mails_those_with_an_address_and_the_active_groups_of_the_units(cast: World) -> None:
    units = cast.units
    cast.people.wang.email = "wang@example.com"
    group, off, other = channel(units.branch1), channel(units.branch1, is_active=False), channel(units.branch2)
    notices.tell([cast.people.wang, cast.people.li], "有新倡议", units=[units.branch1])
    waiting = Dispatch.objects.values_list("notice__person__username", "channel", "text", "state")
    expected = {("wang", None, "有新倡议", State.WAITING), (None, group.pk, "有新倡议", State.WAITING)}
    assert set(waiting) == expected
    assert {off.pk, other.pk}.isdisjoint(Dispatch.objects.values_list("channel", flat=True))


def test_tell_asks_for_delivery_once_the_transaction_is_committed(
    cast: World, django_capture_on_commit_callbacks: Any
) -> None:
    cast.people.wang.email = "wang@example.com"
    with django_capture_on_commit_callbacks(execute=True):
        notices.tell([cast.people.wang], "你好")
        assert default_task_backend.results == []
    assert [result.task.func for result in default_task_backend.results] == [notices.deliver.func]


def test_tell_rolled_back_says_nothing(cast: World, django_capture_on_commit_callbacks: Any) -> None:
    cast.people.wang.email = "wang@example.com"
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        notices.tell([cast.people.wang], "你好", units=[cast.units.org])
        transaction.set_rollback(True)
    assert (Notice.objects.count(), Dispatch.objects.count(), default_task_backend.results) == (0, 0, [])


def test_inbox_lines_alone_ask_for_no_delivery(cast: World, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        notices.tell([cast.people.wang], "你好")
    assert (Notice.objects.count(), default_task_backend.results) == (1, [])


def test_mail_carries_its_key_and_a_link(cast: World, settings: Any) -> None:
    settings.PUBLIC_URL = "https://tongzhou.example.org"
    cast.people.wang.email, cast.people.wang.language = "wang@example.com", "en"
    cast.people.wang.save()
    notices.tell([cast.people.wang], "第一行\n第二行", url="/inbox/")
    assert notices.deliver.call() == 1
    (letter,), dispatch = mail.outbox, Dispatch.objects.get()
    assert (letter.to, letter.body) == (["wang@example.com"], "第一行\n第二行\nhttps://tongzhou.example.org/inbox/")
    assert letter.extra_headers == {
        "Message-ID": f"<{dispatch.pk}@tongzhou.example.org>",
        "Idempotency-Key": str(dispatch.pk),
    }
    assert (dispatch.state, dispatch.attempts, dispatch.claimed_until) == (State.SENT, 1, None)


def test_group_message_is_sent_once_however_often_delivery_runs(cast: World, receiver: Receiver) -> None:
    channel(cast.units.org, receiver.url)
    notices.tell([], "开会", units=[cast.units.org])
    assert [notices.deliver.call() for _again in range(3)] == [1, 0, 0]
    assert receiver.requests == [
        ("/send?key=abc", str(Dispatch.objects.get().pk), {"msgtype": "text", "text": {"content": "开会"}})
    ]


def test_message_that_met_an_error_goes_again_later_under_the_same_key(cast: World, receiver: Receiver) -> None:
    channel(cast.units.org, receiver.url)
    receiver.answers = [(500, "")]
    notices.tell([], "开会", units=[cast.units.org])
    assert notices.deliver.call() == 0
    first = Dispatch.objects.get()
    assert (first.state, first.attempts, first.claimed_until, first.fault) == (State.WAITING, 1, None, "HTTP 500")
    assert notices.WAITS[0] - timedelta(seconds=5) < first.due_at - timezone.now() <= notices.WAITS[0]
    assert notices.deliver.call() == 0
    later(first)
    assert notices.deliver.call() == 1
    assert [key for _path, key, _body in receiver.requests] == [str(first.pk)] * 2
    assert (later(first).state, later(first).fault) == (State.SENT, "")


def test_message_fails_for_good_after_the_last_wait_and_stays_visible(cast: World, receiver: Receiver) -> None:
    channel(cast.units.org, receiver.url)
    receiver.answers = [(200, '{"errcode": 93000, "errmsg": "invalid webhook url"}')] * 20
    notices.tell([], "开会", units=[cast.units.org])
    dispatch = Dispatch.objects.get()
    while later(dispatch).state == State.WAITING:
        assert notices.send(dispatch.pk) is False
    dispatch.refresh_from_db()
    assert (dispatch.state, dispatch.attempts) == (State.FAILED, len(notices.WAITS) + 1)
    assert dispatch.fault == "93000: invalid webhook url"
    assert reap()["failed"] == 1


def test_message_in_hand_is_left_alone_until_the_claim_runs_out(cast: World, receiver: Receiver) -> None:
    channel(cast.units.org, receiver.url)
    notices.tell([], "开会", units=[cast.units.org])
    dispatch = Dispatch.objects.get()
    Dispatch.objects.update(claimed_until=timezone.now() + notices.CLAIM)
    assert notices.send(dispatch.pk) is False
    Dispatch.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert notices.send(dispatch.pk) is True
    assert len(receiver.requests) == 1


def test_messages_of_one_robot_keep_their_distance(cast: World) -> None:
    one, other = channel(cast.units.org), channel(cast.units.branch1)
    for text in ("一", "二", "三"):
        notices.tell([], text, units=[cast.units.org, cast.units.branch1])
    for robot in (one, other):
        due = list(Dispatch.objects.filter(channel=robot).values_list("due_at", flat=True))
        gaps = [(b - a).total_seconds() for a, b in pairwise(due)]
        assert gaps == [notices.robots.SPACING] * 2


def running(workers: list[str], minutes: int = 1) -> DBTaskResult:
    now = timezone.now()
    return DBTaskResult.objects.create(
        id=uuid4(), status=TaskResultStatus.RUNNING, started_at=now - timedelta(minutes=minutes), run_after=now,
        args_kwargs={"args": [], "kwargs": {}}, task_path="tests.none", worker_ids=workers, backend_name="default",
        exception_class_path="", traceback="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("workers", "minutes", "dead", "status"),
    [
        (["a"], 1, "a", TaskResultStatus.READY),
        (["a"], 1, "b", TaskResultStatus.RUNNING),
        (["a", "b"], 1, "a", TaskResultStatus.RUNNING),
        (["a"], 1, "", TaskResultStatus.RUNNING),
        (["a"], 16, "", TaskResultStatus.READY),
        (["a"] * MOST_RUNS, 16, "", TaskResultStatus.FAILED),
    ],
)
def test_reap_sets_back_the_tasks_of_the_dead(
    db: None, workers: list[str], minutes: int, dead: str, status: TaskResultStatus
) -> None:
    task = running(workers, minutes)
    found = reap(dead=dead)
    task.refresh_from_db()
    assert task.status == status
    assert (found["revived"], found["given_up"]) == (status == "READY", status == "FAILED")


def test_reap_asks_for_delivery_of_what_is_due_unless_it_is_under_way(cast: World) -> None:
    channel(cast.units.org)
    notices.tell([], "开会", units=[cast.units.org])
    reap()
    assert [result.task.func for result in default_task_backend.results] == [notices.deliver.func]
    task = running(["a"])
    DBTaskResult.objects.filter(pk=task.pk).update(task_path=notices.deliver.module_path)
    reap()
    assert len(default_task_backend.results) == 1
