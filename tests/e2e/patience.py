"""Nobody goes on before the page that their click led to has come. The browser does: a form is sent a moment after the click is done, and
on a busy machine the journey's next step fell upon the page that was about to go.

So every page notes that it is being left, and a click is over when no page that is being left is shown.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator

# whoever calls preventDefault may do so after this has run: it is asked for only when it is waited for
NOTE = """
addEventListener('submit', e => { if (!e.target.target && e.target.method !== 'dialog') window.leaving = e })
addEventListener('click', e => {
  const link = e.target.closest?.('a[href]')
  if (link && !link.target && !link.hasAttribute('download') && link.href.split('#')[0] !== location.href.split('#')[0]) window.leaving = e
})
addEventListener('pageshow', () => { window.leaving = null })
"""
HERE = "() => document.readyState === 'complete' && (!window.leaving || window.leaving.defaultPrevented)"
STAYS = "() => { window.leaving = null }"


def note_leaving(context: BrowserContext) -> None:
    """A file that is downloaded leaves its page where it is, and so does a request that the network failed."""
    context.add_init_script(NOTE)
    context.on("page", lambda page: page.on("download", lambda _file: page.evaluate(STAYS)))


@contextmanager
def clicks_wait() -> Iterator[None]:
    """And so do taps."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("click", "tap"):
            patch.setattr(Locator, name, waiting(getattr(Locator, name)))
        yield


def waiting(act: Callable[..., None]) -> Callable[..., None]:
    def and_wait(self: Locator, **options: Any) -> None:
        act(self, **options)
        if not self.page.is_closed():
            self.page.wait_for_function(HERE)

    return and_wait
