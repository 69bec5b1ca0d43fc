"""A page of a server on this machine, with everything else cut off."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route, WebError

JUPYTERS_OWN = "/static/lab/"
"""In the stack of an error of JupyterLab's: it has one where a theme follows another at once."""
PAINTED = """
window.painted = [];
document.addEventListener("backlight:painted", ({ detail }) => window.painted.push(detail.node));
"""


@contextlib.contextmanager
def cut_off(browser: Browser, url: str, patience: float) -> Iterator[Page]:
    """Open a page; nothing may be asked for elsewhere, and nothing go wrong.

    ``window.painted`` lists the nodes whose maps were painted.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(patience)
    wrong: list[str] = []

    def note(error: WebError) -> None:
        if not (error.error.stack and JUPYTERS_OWN in error.error.stack):
            wrong.append(str(error.error))

    context.on("weberror", note)

    def refuse(route: Route) -> None:
        wrong.append(route.request.url)
        route.abort()

    context.route(lambda address: urlsplit(address).hostname != "127.0.0.1", refuse)
    page = context.new_page()
    page.add_init_script(PAINTED)
    page.goto(url)
    yield page
    context.close()
    assert not wrong, wrong
