"""A file that needs no server, opened from the disk with the network cut."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.driving.screen import DESKTOP, READ_CELLS

EXPLAINED = ".bench[data-state=explained]"


@contextlib.contextmanager
def alone(browser: Browser, file: Path, **options: Any) -> Iterator[Page]:
    """Open a file; nothing may be asked for, go wrong or be written into the address."""
    context = browser.new_context(**{"viewport": DESKTOP, **options})
    context.set_offline(True)
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text))
    context.on("weberror", lambda error: said.append(str(error.error)))
    context.on("request", lambda request: said.append(request.url))
    page = context.new_page()
    page.goto(file.as_uri())
    rested(page)
    yield page
    entries = page.evaluate("() => [location.href, history.length]")
    saved = [url for url in said if url.startswith("blob:")]
    context.close()
    assert [each for each in said if each not in saved] == [file.as_uri()]
    assert entries == [file.as_uri(), 2]  # the empty tab is the first entry


def rested(page: Page) -> None:
    """Wait until all that is to be said of the choice stands there."""
    expect(page.locator(EXPLAINED)).to_be_attached()


def read_cells(page: Page | Locator, key: str, most: int | None = None) -> dict[str, str]:
    """Return what is written of the cells of a map, all or the first few, by its index."""
    found: dict[str, str] = page.locator(f".card[data-map='{key}']").evaluate(READ_CELLS, most)
    return found


def read_array(page: Page | Locator, key: str, most: int | None = None) -> NDArray[np.float32]:
    """Return the cells of a map in their order, all or the first few."""
    return np.array([np.float32(value) for value in read_cells(page, key, most).values()])
