"""A house that can be killed: its web server and, on PostgreSQL, a database of its own with every durability on."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

from tongzhou.kernel import server

BASE = Path(__file__).resolve().parents[1]
PLACES = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/local/bin"), Path("/usr/bin")]
DURABLE = [
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "listen_addresses=",
    "shared_buffers=512MB",
    "max_wal_size=4GB",
    "min_wal_size=2GB",
]
NICE = 15


def free_port() -> int:
    """Below the ports that the system hands to callers: nobody's call may sit on it while the server is down."""
    while True:
        port = SystemRandom().randrange(20_000, 30_000)
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port


@dataclass
class Postgres:
    """A cluster in a folder. Started as another user where we are root, since it refuses to run as root."""

    folder: Path
    process: "subprocess.Popen[bytes] | None" = None
    more: tuple[str, ...] = ()  # settings beside the durable ones

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/tongzhou?host={self.folder}"

    def make(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._run(
            "initdb",
            "--pgdata",
            f"{self.folder}/data",
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        )
        self.start()
        for name in ("tongzhou", "tongzhou_hotline"):
            self._run("createdb", "--host", str(self.folder), "--username=postgres", name)

    def start(self) -> None:
        """Again and again until it is up: after a kill, what is left of the old one has to go first."""
        options = [
            part for one in [*DURABLE, *self.more, f"unix_socket_directories={self.folder}"] for part in ("-c", one)
        ]
        command = [str(self._programs() / "postgres"), "-D", f"{self.folder}/data", *options]
        for _try in range(200):
            self.process = subprocess.Popen(
                command,
                cwd="/",
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                **self._user(),
            )
            ready = [str(self._programs() / "pg_isready"), "--quiet", "--host", str(self.folder)]
            while self.process.poll() is None:
                if subprocess.run(ready, check=False, cwd="/").returncode == 0:
                    return
                time.sleep(0.05)
            time.sleep(0.2)
        raise RuntimeError("PostgreSQL does not start")

    def kill(self) -> None:
        """All of it at once, as when the power goes for this machine's processes."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs() / program), *arguments],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            **self._user(),
        )

    def _programs(self) -> Path:
        return next(place for place in PLACES if (place / "initdb").exists())

    def _user(self) -> dict[str, Any]:
        return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}


@dataclass
class House:
    """The web server of a house, as `tongzhou serve` starts it."""

    folder: Path
    url: str = ""
    workers: int = 2
    nice: int = NICE  # where the speed is measured and nothing else runs: 0
    port: int = field(default_factory=free_port)
    used: int = 1  # the next number of its devices: one sent twice would be a repeat
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def environment(self) -> dict[str, str]:
        mine = {
            "TONGZHOU_DATA": str(self.folder),
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "tongzhou.web.settings",
        }
        return {name: value for name, value in os.environ.items() if not name.startswith("TONGZHOU_")} | mine

    def prepare(self, devices: int, codes: int) -> dict[str, Any]:
        """Tables and a campaign; returns what stations.py tells."""
        subprocess.run(
            [sys.executable, "-m", "tongzhou", "prepare"],
            cwd=BASE,
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        told = self.folder / "stations.json"
        command = [sys.executable, "benchmarks/stations.py", str(devices), str(codes), str(told)]
        subprocess.run(command, cwd=BASE, env=self.environment | {"PYTHONPATH": str(BASE)}, check=True)
        return dict(json.loads(told.read_text()))

    def start(self) -> None:
        command = [
            "nice",
            "-n",
            str(self.nice),
            sys.executable,
            "-m",
            *server.command("127.0.0.1", self.port, self.workers),
        ]
        self.process = subprocess.Popen(
            command, cwd=BASE, env=self.environment, start_new_session=True, stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def keep_up(self) -> None:
        """Start again what ended by itself, as `serve` does."""
        if self.process is not None and self.process.poll() is not None:
            self.kill()
            self.start()

    def kill_worker(self, chance: Random) -> bool:
        """One worker; the server starts another."""
        assert self.process is not None
        told = subprocess.run(
            ["ps", "-ww", "--ppid", str(self.process.pid), "-o", "pid=,args="],
            check=False,
            capture_output=True,
            text=True,
        ).stdout
        rows = [line.split()[0] for line in told.splitlines() if "spawn_main" in line]
        if not rows:
            return False
        try:
            os.kill(int(chance.choice(rows)), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def answers(self, seconds: float = 120) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as one:
                    one.sendall(b"GET /testing/device/session HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    if b"401" in one.recv(200):
                        return
            except OSError:
                pass
            time.sleep(0.1)
        raise RuntimeError("the server does not answer")


@contextmanager
def on_postgresql(nice: int = 0, more: tuple[str, ...] = ()) -> Iterator[House]:
    with on("postgresql", nice, more) as (house, _database):
        yield house


@contextmanager
def on(engine: str, nice: int = NICE, more: tuple[str, ...] = ()) -> Iterator[tuple[House, Postgres | None]]:
    """A house in a temporary folder, on SQLite or a PostgreSQL of its own; all of it is gone afterwards. Not started yet."""
    with tempfile.TemporaryDirectory(prefix="tz-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        for part in ("data", "pg"):
            (folder / part).mkdir()
        database = Postgres(folder / "pg", more=more) if engine == "postgresql" else None
        if database:
            database.make()
        house = House(folder / "data", database.url if database else "", nice=nice)
        try:
            yield house, database
        finally:
            if house.process is not None:
                house.kill()
            if database and database.process is not None and database.process.poll() is None:
                database.kill()
