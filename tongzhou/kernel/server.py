"""How the web server is started, by `serve` and by whatever measures or kills it; what its lane and a room's gates hold to alike. Read without Django."""

LONGEST = 2 * 1024 * 1024  # bytes of a body that is posted to a lane or a gate
AGAIN = 2  # seconds after which whoever was refused is to come again


def command(host: str, port: int, workers: int) -> list[str]:
    """For `python -m`: processes that share one address, minded by the first of them (web/lane.py).

    Headers in which a server in front says who asks are left to Django, which trusts them only where the house says so.
    """
    return [
        *("uvicorn", "--host", host, "--port", str(port), "--workers", str(workers), "--loop", "uvloop", "--lifespan", "off"),
        *("--http", "tongzhou.web.lane:Protocol", "--ws", "none", "--no-proxy-headers", "--no-server-header", "--no-access-log"),
        *("--log-level", "warning", "--timeout-keep-alive", "75", "--timeout-graceful-shutdown", "5"),
        *("--timeout-worker-healthcheck", "60"),  # a busy process is not a dead one
        "tongzhou.web.lane:application",
    ]  # fmt: skip
