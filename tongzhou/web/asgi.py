"""What `tongzhou serve` runs: the pages by WSGI in a few threads, as before, and beside them the streams of kernel/live.py."""

from typing import Any, cast

from a2wsgi import WSGIMiddleware

from tongzhou.kernel.live import Live
from tongzhou.web.wsgi import application as pages

THREADS = 4  # pages rendered at once in one process; each may hold a connection to the database
application = Live(cast(Any, WSGIMiddleware(cast(Any, pages), workers=THREADS)))
