"""A page of a browser on which any module of the front end can be imported from ``/code/``."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

import viz

ORIGIN = "http://front.test"
CODE = Path(viz.__file__).parent / "front"


@contextmanager
def front_page(browser: Browser, html: str, **options: Any) -> Iterator[Page]:
    """Open a page of this HTML on which nothing may fail; ``options`` are a new page's."""
    page = browser.new_page(**options)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path == "/":
            route.fulfill(body=html, content_type="text/html")
        else:
            file = CODE / path.removeprefix("/code/")
            kind = mimetypes.guess_type(file.name)[0]
            route.fulfill(body=file.read_bytes(), content_type=kind)

    page.route(f"{ORIGIN}/**", answer)
    page.goto(ORIGIN)
    yield page
    page.close()
    assert errors == []
