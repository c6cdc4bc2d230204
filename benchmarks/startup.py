"""How long `make demo` takes until it answers: the first time in an empty data folder, and when everything is set up. Prints Markdown."""

import os
import signal
import socket
import statistics
import subprocess
import tempfile
import time
from urllib.error import URLError
from urllib.request import urlopen

from houses import BASE

AGAIN = 5
LONGEST = 300  # seconds


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="tz-startup-") as folder:
        first = started(folder)
        again = [started(folder) for _one in range(AGAIN)]
    print("\n| `make demo` | seconds until it answers |\n|---|--:|")
    print(f"| first, in an empty data folder (programs installed) | {first:.1f} |")
    print(f"| again, median of {AGAIN} | {statistics.median(again):.1f} |")
    print(f"| again, slowest | {max(again):.1f} |")


def started(folder: str) -> float:
    """Seconds from the command to the first answer of /health/; the server is stopped afterwards as by Ctrl+C."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"TONGZHOU_DATA": folder, "PORT": str(port), "DATABASE_URL": ""}
    begun = time.perf_counter()
    demo = subprocess.Popen(
        ["make", "--no-print-directory", "demo"],
        cwd=BASE,
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not _answers(port):
            assert demo.poll() is None, "make demo ended by itself"
            assert time.perf_counter() - begun < LONGEST, "no answer"
            time.sleep(0.02)
        return time.perf_counter() - begun
    finally:
        os.killpg(demo.pid, signal.SIGINT)
        demo.wait(60)


def _answers(port: int) -> bool:
    try:
        urlopen(f"http://127.0.0.1:{port}/health/", timeout=5).close()
    except (URLError, OSError):
        return False
    return True


if __name__ == "__main__":
    main()
