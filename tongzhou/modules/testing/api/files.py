"""Published results over HTTP, for houses without a web server in front: files and nothing else. No database, no thread of the pages.

`results/` in the data folder may as well be given out by nginx, object storage or a network of caches under the same addresses.
"""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from tongzhou.modules.testing.api.shedding import LATER, LOOK_UPS, writer

ADDRESS = re.compile(r"/testing/results/([-A-Za-z0-9_]+)/(?:(index)|([0-9a-f]{32}/[0-9a-f]{16}))\.txt", re.ASCII)
FOREVER, BRIEFLY = b"public, max-age=31536000, immutable", b"public, max-age=20"
MOST_KEPT = 4096
_kept: dict[str, bytes] = {}


async def published(scope: dict[str, Any], receive: Any, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    if writer.waiting > LOOK_UPS:
        later = [(b"retry-after", str(LATER).encode()), (b"cache-control", b"no-store"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 503, "headers": later})
        await send({"type": "http.response.body", "body": b""})
        return
    match = ADDRESS.fullmatch(scope["path"]) if scope["method"] in ("GET", "HEAD") else None
    content = _content(f"{match[1]}/{match[2] or match[3]}.txt", lasts=bool(match[3])) if match else None
    lasts = match is not None and bool(match[3]) and content is not None
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-length", str(len(content or b"")).encode()),
        (b"cache-control", FOREVER if lasts else BRIEFLY),
    ]
    await send({"type": "http.response.start", "status": 404 if content is None else 200, "headers": headers})
    await send({"type": "http.response.body", "body": content if content and scope["method"] == "GET" else b""})


def _content(name: str, *, lasts: bool) -> bytes | None:
    """What never changes is kept in memory; the rest is a small file, and reading it costs less than handing it to a thread."""
    if name in _kept:
        return _kept[name]
    try:
        content = (Path(settings.DATA) / "results" / name).read_bytes()
    except OSError:
        return None
    if lasts:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[name] = content
    return content
