"""A worker killed with SIGKILL loses no message; where the receiver remembers keys none comes twice. Real processes."""

import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import tongzhou
from tests import world
from tests.kernel.receiver import Receiver, listening

BASE = Path(tongzhou.__file__).parents[1]
pytestmark = [pytest.mark.own_house, pytest.mark.usefixtures("django_db_setup")]
WORDS = {"wecom": "一组请到东门", "dingtalk": "二组请到西门", "feishu": "三组请到南门"}
TELL = """
import django; django.setup()
from tongzhou.kernel import notices
from tongzhou.kernel.models import Channel, Unit
for kind, words in {words}.items():
    unit = Unit(code=kind, name=kind, kind="branch"); unit.place(); unit.save()
    Channel.objects.create(unit=unit, kind=kind, name=kind, url="http://{host}/send", secret="s")
    notices.tell([], words, units=[unit])
"""
HOURS_LATER = """
import django; django.setup()
from datetime import timedelta
from django.db.models import F
from django_tasks_db.models import DBTaskResult
from tongzhou.kernel.models import Dispatch
print(Dispatch.objects.exclude(claimed_until=None).count())
Dispatch.objects.update(claimed_until=F("claimed_until") - timedelta(hours=1), due_at=F("due_at") - timedelta(hours=1))
DBTaskResult.objects.update(started_at=F("started_at") - timedelta(hours=1))
"""
STATES = """
import django; django.setup()
from tongzhou.kernel.models import Dispatch
for row in Dispatch.objects.all(): print(row.pk, row.state, row.text)
"""
WORK = ["-m", "tongzhou", "db_worker", "--batch", "--queue-name=*", "--no-startup-delay", "--verbosity=0"]


class House:
    """A house of its own in a folder, worked by its own processes."""

    def __init__(self, folder: Path, host: str) -> None:
        names = {"TONGZHOU_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "tongzhou.web.settings", "DATABASE_URL": ""}
        self.environment = dict(os.environ) | names | {"TONGZHOU_ROBOT_HOSTS": host}
        self.environment.pop("TONGZHOU_KEYS", None)
        self.python("-m", "tongzhou", "keys", "init")
        world.lay_tables(folder / "tongzhou.sqlite3")
        self.python("-c", TELL.format(words=WORDS, host=host))

    def python(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=BASE, env=self.environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_worker(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, *WORK], cwd=BASE, env=self.environment)

    def recover(self) -> int:
        """Claims and patience run out, the reaper comes by, a new worker works. Returns how many were claimed."""
        claimed = self.python("-c", HOURS_LATER)
        self.python("-m", "tongzhou", "reap")
        self.python(*WORK)
        return int(claimed)

    def states(self) -> dict[str, tuple[str, str]]:
        lines = [line.split(" ", 2) for line in self.python("-c", STATES).splitlines()]
        return {key: (state, text) for key, state, text in lines}


def assert_all_arrived_once(house: House, receiver: Receiver) -> None:
    states = house.states()
    assert sorted(states.values()) == sorted(("sent", text) for text in WORDS.values())
    assert receiver.shown == {key: text for key, (_state, text) in states.items()}


def test_worker_killed_between_claim_and_sending_loses_nothing(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as deaf:  # takes the call and never answers
        port = deaf.getsockname()[1]
        house = House(tmp_path, f"127.0.0.1:{port}")
        worker = house.start_worker()
        deaf.settimeout(30)
        call, _address = deaf.accept()
        worker.kill()
        worker.wait()
        call.close()
    with listening(port) as receiver:
        assert house.recover() == 1
        assert_all_arrived_once(house, receiver)
        assert len(receiver.requests) == len(WORDS)


def test_worker_killed_between_sending_and_marking_repeats_the_key(tmp_path: Path) -> None:
    with listening() as receiver:
        house = House(tmp_path, receiver.host)
        receiver.go_on.clear()  # the first message is taken, the answer does not come back
        worker = house.start_worker()
        assert receiver.arrived.wait(30)
        worker.kill()
        worker.wait()
        receiver.go_on.set()
        assert house.recover() == 1
        assert_all_arrived_once(house, receiver)
        keys = [key for _path, key, _body in receiver.requests]
        assert (len(keys), len(set(keys)), keys.count(keys[0])) == (len(WORDS) + 1, len(WORDS), 2)
