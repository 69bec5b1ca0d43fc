"""Visitors of a lesson."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.served import Server
from tests.browser.conftest import PATIENCE
from tests.browser.driving.contexts import Contexts
from tests.browser.driving.lesson import Lesson, Study
from tests.browser.driving.screen import Visitor


@pytest.fixture
def study(server: Server, contexts: Contexts) -> Iterator[Study]:
    """Return ``study(name, query={}, at=..., **context options)``: a new visitor in a lesson."""
    visitors: list[Visitor] = []

    def begin(
        name: str, query: dict[str, str] | None = None, at: Server = server, **options: object
    ) -> Lesson:
        visitor = Visitor(contexts, at.url, PATIENCE, options)
        visitors.append(visitor)
        return Lesson(visitor.new_page(), at.url).go(name, **query or {})

    yield begin
    for visitor in visitors:
        visitor.complaints = [each for each in visitor.complaints if "404" not in each]
        visitor.leave()
    assert "Traceback" not in server.log.read_text(errors="replace")
