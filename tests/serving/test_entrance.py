"""Where the address of the app leads before anything is drawn."""

from __future__ import annotations

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from serving import entrance
from serving.entrance import Entrance
from tests.serving.calling import get


@pytest.fixture
def app() -> ASGIApp:
    return Entrance(PlainTextResponse("a page"), "playground")


@pytest.mark.parametrize(
    "query", ["v=1&model=lenet", "v=2", "model=%3Cb%3E%0A&seed=7", "2.seed=7", "a" * 50_000]
)
def test_a_link_with_a_query_opens_the_playground_with_all_of_it(app: ASGIApp, query: str) -> None:
    got = get(app, "/", query)
    assert (got.status, got.headers["location"]) == (307, f"./playground?{query}")
    assert got.headers["cache-control"] == "no-store"


def test_the_address_of_the_app_is_the_start_page(app: ASGIApp) -> None:
    assert get(app, "/").body == b"a page"


def test_the_start_page_is_found_where_it_was(app: ASGIApp) -> None:
    got = get(app, "/start")
    assert (got.status, got.headers["location"]) == (307, "./")


@pytest.mark.parametrize(
    ("path", "query", "method"),
    [("/playground", "v=2", "GET"), ("/gallery", "", "GET"), ("/", "v=2", "POST")],
)
def test_everything_else_goes_on(app: ASGIApp, path: str, query: str, method: str) -> None:
    assert get(app, path, query, method).body == b"a page"


def test_an_app_that_was_started_with_a_module_opens_on_it(
    app: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "configured", object)
    assert get(app, "/").headers["location"] == "./playground"
    assert get(app, "/gallery").body == b"a page"
