"""Pages that load the modules of viz/front/ by address, as a browser does, without a server."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route

from viz.front_code import words_file

FRONT = Path(__file__).parents[2] / "viz" / "front"
ORIGIN = "http://backlight.test"
CODE = "/code/"
"""Below it stand the words and what ``FRONT`` holds, so ``import("/code/maps/maps.js")`` works."""


@contextmanager
def front_page(browser: Browser, html: str, **options: Any) -> Iterator[Page]:
    """Open a page at ``ORIGIN``; ``options`` are Playwright's. No script may fail on it."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif path == f"{CODE}words/en.json":
            route.fulfill(body=words_file("en"), content_type="application/json")
        elif path.startswith(CODE) and (FRONT / path.removeprefix(CODE)).is_file():
            kind, _ = mimetypes.guess_type(path)
            route.fulfill(path=FRONT / path.removeprefix(CODE), content_type=kind)
        else:
            route.fulfill(status=404)

    tab = browser.new_page(**options)
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.route(f"{ORIGIN}/**", answer)
    tab.goto(ORIGIN)
    yield tab
    tab.close()
    assert errors == []
