"""One server and one browser for the session, a fresh visitor for every test.

Whatever a test does, its visitor must meet no error in the console, no traceback and no request
that leaves this machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from scripts.chromium import chromium
from scripts.served import ROOT, Server
from tests.browser.driving.contexts import ARGUMENTS, Contexts, contexts_of
from tests.browser.driving.screen import Screen, Visitor
from tests.browser.driving.serve import serve
from tests.browser.driving.slow import SLOW

PATIENCE = 120_000
"""Milliseconds to wait for what must come: no measure of speed, a slow machine may need them."""

Visit = Callable[..., Screen]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a test of this folder that fails run once more; the closing lines list it as flaky."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The app, started as the README says."""
    with serve() as running:
        yield running


@pytest.fixture(scope="session")
def fresh() -> Iterator[Server]:
    """Another server, started later: it has seen none of what the first one was asked for."""
    with serve() as running:
        yield running


@pytest.fixture(scope="session")
def late() -> Iterator[Server]:
    """The app with two seconds before every run of a script: every visitor is quicker."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SLOW, "2")
        with serve() as running:
            yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    launched = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def contexts(playwright: Playwright, browser: Browser) -> Iterator[Contexts]:
    with contexts_of(playwright, browser) as lent:
        yield lent


OURS = re.compile(rf'File "{re.escape(str(ROOT))}/(?!\.venv/)')
"""A line of a traceback through our own code. Streamlit has one of its own where a visitor leaves
while it sends: "Cannot call 'send' once a close message has been sent"."""


@pytest.fixture
def visit(server: Server, contexts: Contexts) -> Iterator[Visit]:
    """Return ``visit(query, at=..., late=..., **context options)``: a new visitor's screen."""
    visitors: list[Visitor] = []

    def arrive(
        query: str = "", at: Server = server, late: bool = False, **options: object
    ) -> Screen:
        visitor = Visitor(contexts, at.url, PATIENCE, options)
        visitors.append(visitor)
        return visitor.open(query, late)

    yield arrive
    for visitor in visitors:
        visitor.leave()
    log = server.log.read_text(errors="replace")
    assert "Uncaught app execution" not in log
    assert not OURS.search(log)
