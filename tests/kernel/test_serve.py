"""Serving as a person does it: real processes on a free port, a house of their own."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

import tongzhou

BASE = Path(tongzhou.__file__).parents[1]
pytestmark = pytest.mark.own_house


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("house")
    names = {"TONGZHOU_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "tongzhou.web.settings", "DATABASE_URL": ""}
    environment = dict(os.environ) | names
    environment.pop("TONGZHOU_KEYS", None)
    return environment


def command(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    line = [sys.executable, "-m", "tongzhou", *arguments]
    return subprocess.run(line, cwd=BASE, env=environment, capture_output=True, text=True, timeout=120)


def children(pid: int) -> dict[str, int]:
    """{"web" or "tasks": process id}; what only compiles ahead is not counted, neither while it runs nor when it has ended"""
    answer = subprocess.run(["ps", "--ppid", str(pid), "-o", "pid=,args="], capture_output=True, text=True).stdout
    rows = (line.split(None, 1) for line in answer.splitlines())
    kinds = {"db_worker": "tasks", "uvicorn": "web"}
    return {kind: int(number) for number, words in rows for word, kind in kinds.items() if word in words}


def eventually[T](find: Callable[[], T], seconds: float = 40) -> T:
    until = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < until
        time.sleep(0.1)
    return found


def test_prepare_does_everything_once(environment: dict[str, str]) -> None:
    first, again = command(environment, "prepare"), command(environment, "prepare")
    assert (first.returncode, len(first.stdout.splitlines()), first.stderr) == (0, 3, "")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    folder = Path(environment["TONGZHOU_DATA"])
    assert (folder / "keys.json").stat().st_mode & 0o777 == 0o400
    with closing(sqlite3.connect(folder / "tongzhou.sqlite3")) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("SELECT count(*) FROM cache").fetchone() == (0,)


def test_serve_names_a_busy_port_in_one_line(environment: dict[str, str]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        done = command(environment, "serve", "--port", str(port))
    assert done.returncode == 1
    reason = f"CommandError: 无法使用 127.0.0.1:{port}（Address already in use）。"
    assert done.stderr == reason + f"请换一个端口，例如 PORT={port + 1}，或停下占用它的程序。\n"


def test_serve_answers_starts_a_killed_worker_again_and_ends_all_together(environment: dict[str, str]) -> None:
    command(environment, "prepare")
    ticket = (
        "from tongzhou.kernel import live; print(live.address(['hotline/queue/00000000-0000-0000-0000-000000000001']))"
    )
    stream = command(environment, "shell", "--no-imports", "-c", ticket).stdout.strip()
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    line = [sys.executable, "-m", "tongzhou", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(line, cwd=BASE, env=environment, stdout=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stdout is not None
            assert serving.stdout.readline() == f"http://127.0.0.1:{port}/\n"
            with urlopen(f"http://127.0.0.1:{port}/health/") as answer:
                assert answer.read() == b"ok"
            before = eventually(lambda: found if len(found := children(serving.pid)) == 2 else {})
            os.kill(before["tasks"], signal.SIGKILL)
            after = eventually(
                lambda: (
                    found if (found := children(serving.pid)).get("tasks", before["tasks"]) != before["tasks"] else {}
                )
            )
            assert after["web"] == before["web"]
            web, tasks = (os.getpriority(os.PRIO_PROCESS, after[name]) for name in ("web", "tasks"))
            assert web < tasks  # where the processor is short, pages go first; also after a worker was killed
            with urlopen(f"http://127.0.0.1:{port}{stream}", timeout=20) as open_page:
                assert (open_page.headers["Content-Type"], open_page.headers["X-Accel-Buffering"]) == (
                    "text/event-stream",
                    "no",
                )
                assert open_page.readline() == b"retry: 3000\n"
                serving.send_signal(signal.SIGTERM)
                assert serving.wait(30) == 0  # a page that listens does not hold the house up
        finally:
            serving.kill()
    for number in after.values():
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


def test_serve_answers_again_when_the_web_server_is_killed_with_its_processes_left_behind(
    environment: dict[str, str],
) -> None:
    command(environment, "prepare")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    line = [sys.executable, "-m", "tongzhou", "serve", "--port", str(port), "--workers", "2"]
    with subprocess.Popen(line, cwd=BASE, env=environment, stdout=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stdout is not None
            assert serving.stdout.readline() == f"http://127.0.0.1:{port}/\n"
            before = children(serving.pid)["web"]
            told = subprocess.run(["ps", "--ppid", str(before), "-o", "pid="], capture_output=True, text=True).stdout
            below = [int(number) for number in told.split()]
            os.kill(before, signal.SIGKILL)
            eventually(lambda: not any(Path(f"/proc/{number}").exists() for number in below))
            eventually(lambda: children(serving.pid).get("web", before) != before)
            assert eventually(lambda: _answers(port))
            assert len(below) >= 2
            serving.send_signal(signal.SIGTERM)
            assert serving.wait(30) == 0
        finally:
            serving.kill()


def _answers(port: int) -> bool:
    try:
        urlopen(f"http://127.0.0.1:{port}/health/", timeout=5).close()
    except OSError:
        return False
    return True
