import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import Any
from urllib.request import urlopen

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from tongzhou.kernel import module, server
from tongzhou.kernel.reaper import reap, sound_alarms

ALARMS_EVERY = 60.0  # seconds: how late an alarm may be told
REAP_EVERY = 5.0  # seconds; also how late a message that waits for its turn may be
GRACE = 15.0  # seconds for requests and a task under way to end
SOON = 5.0  # a process that lived shorter than this failed to start
MOST_FAILED_STARTS = 5
BEHIND = 5  # niceness of background tasks: where the processor is short, pages and devices go first


class Command(BaseCommand):
    help = (
        "启动服务：网页、静态文件、后台任务，全部由这一条命令照管；Ctrl+C 停止。 | "
        "Serve: pages, static files and background tasks, all minded by this one command. Ctrl+C stops it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_address(parser)

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        sys.exit(run(host, port, workers, ready=lambda: self.stdout.write(f"http://{host}:{port}/")))


def add_address(parser: CommandParser) -> None:
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="监听地址，默认只限本机。 | Address to listen on; default: this machine only.",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=int(os.environ.get("PORT") or 8000),
        help="端口，默认 PORT 或 8000。 | Default: PORT or 8000.",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=min(os.cpu_count() or 1, 4),
        help="网页进程数，默认为处理器数，至多 4。 | Web processes; default: one for each processor, up to 4.",
    )


def run(host: str, port: int, workers: int, ready: Callable[[], Any]) -> int:
    """Serve until told to stop; returns the exit code. Calls `ready` once the first page answers."""
    _must_be_free(host, port)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a line for each telephone: the usual 1,024 are soon full
    house = House()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, house.stop)
    house.start("web", lambda: server.command(host, port, workers))
    house.start(
        "tasks", lambda: ["tongzhou", "db_worker", "--queue-name=*", "--verbosity=0", f"--worker-id={house.worker()}"]
    )
    threading.Thread(target=_wait_for_answer, args=(house, host, port, ready), daemon=True).start()
    for command in [one for room in module.rooms() for one in room.beside]:
        house.aside("tongzhou", *command)
    return house.mind()


@dataclass
class House:
    """The processes under one roof: each is started again when it dies, all are ended together."""

    commands: dict[str, Callable[[], list[str]]] = field(default_factory=dict)
    running: dict[str, tuple[subprocess.Popen[bytes], float]] = field(default_factory=dict)
    asides: list[subprocess.Popen[bytes]] = field(default_factory=list)
    failed_starts: dict[str, int] = field(default_factory=dict)
    worker_id: str = ""
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self, name: str, command: Callable[[], list[str]]) -> None:
        # in a session of its own: Ctrl+C reaches only this process, which then ends the others in order
        self.commands[name] = command
        child = subprocess.Popen([sys.executable, "-m", *command()], cwd=settings.BASE, start_new_session=True)
        if name == "tasks":
            os.setpriority(os.PRIO_PROCESS, child.pid, os.getpriority(os.PRIO_PROCESS, 0) + BEHIND)
        self.running[name] = child, time.monotonic()

    def aside(self, *command: str) -> None:
        """A process that ends of itself and is not started again; it is nobody's loss if it fails."""
        line = [sys.executable, "-m", *command]
        quiet = subprocess.DEVNULL
        self.asides.append(
            subprocess.Popen(line, cwd=settings.BASE, start_new_session=True, stdout=quiet, stderr=quiet)
        )

    def worker(self) -> str:
        """A new name for each worker, by which its tasks are found when it dies."""
        self.worker_id = f"tongzhou-{get_random_string(12)}"
        return self.worker_id

    def stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def mind(self) -> int:
        code, reaped, sounded = 0, 0.0, 0.0
        while not code and not self.stopping.wait(0.5):
            self.asides = [child for child in self.asides if child.poll() is None]
            dead = [name for name, (child, _since) in self.running.items() if child.poll() is not None]
            died, reaped_long_ago = "tasks" in dead, time.monotonic() - reaped > REAP_EVERY
            if died or reaped_long_ago:
                _quietly(partial(reap, dead=self.worker_id if died else ""))
                reaped = time.monotonic()
            if time.monotonic() - sounded > ALARMS_EVERY:
                _quietly(sound_alarms)
                sounded = time.monotonic()
            code = next(filter(None, (self._again(name) for name in dead)), 0)
        self._end_all()
        return code

    def _again(self, name: str) -> int:
        child, since = self.running[name]
        soon = time.monotonic() - since < SOON
        self.failed_starts[name] = self.failed_starts.get(name, 0) + 1 if soon else 0
        if self.failed_starts[name] >= MOST_FAILED_STARTS:
            print(_("{name} 进程反复启动失败，服务停止；原因见上面的输出。").format(name=name), file=sys.stderr)  # noqa: T201 -- for whoever started it
            return abs(child.returncode) or 1
        self.start(name, self.commands[name])
        return 0

    def _end_all(self) -> None:
        until = time.monotonic() + GRACE
        for child in self.asides:
            child.kill()
        for child, _since in self.running.values():
            child.terminate()
        for child, _since in self.running.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def _must_be_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError as fault:
            raise CommandError(_("端口应在 1 到 65535 之间。")) from fault
        except OSError as fault:
            message = _("无法使用 {host}:{port}（{reason}）。请换一个端口，例如 PORT={other}，或停下占用它的程序。")
            raise CommandError(
                message.format(host=host, port=port, reason=fault.strerror, other=port % 65535 + 1)
            ) from fault


def _wait_for_answer(house: House, host: str, port: int, ready: Callable[[], Any]) -> None:
    place = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 -- compared, not bound
    while not house.stopping.wait(0.1):
        try:
            urlopen(f"http://{place}:{port}/health/", timeout=5).close()
        except OSError as fault:
            if getattr(fault, "code", None) is None:
                continue
        ready()  # any answer at all will do: what is wrong with it, the log says
        break


def _quietly(look: Callable[[], Any]) -> None:
    try:
        close_old_connections()
        look()
    except DatabaseError as fault:  # the database may be away for a while; the next round tries again
        print(fault, file=sys.stderr)  # noqa: T201 -- for whoever started it
