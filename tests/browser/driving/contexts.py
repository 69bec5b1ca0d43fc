"""Browser contexts: the one whose cache is warm is lent to one visitor at a time.

Every other one compiles anew what Streamlit sends, a second of work. Who gets the warm one finds
no cookie and nothing stored, as in any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from scripts.chromium import chromium

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]
OF_A_PAGE = {"viewport", "color_scheme", "reduced_motion"}
"""Options of a context that a page can have for itself."""
STORES = "cookies,indexeddb,local_storage,service_workers"


class Contexts:
    """Lends contexts; what is lent is given back."""

    def __init__(self, browser: Browser, warm: BrowserContext) -> None:
        self.browser = browser
        self.warm = warm
        self.is_lent = False

    def lend(self, options: dict[str, Any]) -> BrowserContext:
        """Return a context in which nobody has been."""
        if self.is_lent or not options.keys() <= OF_A_PAGE:
            return self.browser.new_context(**options)
        self.is_lent = True
        return self.warm

    def new_page(self, context: BrowserContext, options: dict[str, Any]) -> Page:
        """Open a page with the options of its visitor."""
        page = context.new_page()
        if context is self.warm:
            page.set_viewport_size(options["viewport"])
            page.emulate_media(
                color_scheme=options.get("color_scheme", "light"),
                reduced_motion=options.get("reduced_motion", "no-preference"),
            )
        return page

    def give_back(self, context: BrowserContext, url: str) -> None:
        """Take back a context, and forget all that the server at ``url`` left in it."""
        if context is not self.warm:
            context.close()
            return
        last = context.new_page()  # the browser ends with its last page
        for page in context.pages:
            if page is not last:
                page.close()
        session = context.new_cdp_session(last)
        session.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": STORES})
        session.detach()
        self.is_lent = False


@contextmanager
def contexts_of(playwright: Playwright, browser: Browser) -> Iterator[Contexts]:
    """Keep a warm context beside a browser for as long as a `with` block lasts."""
    with TemporaryDirectory() as profile:
        warm = playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium(), args=ARGUMENTS
        )
        yield Contexts(browser, warm)
        warm.close()
