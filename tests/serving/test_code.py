"""The code of the front end is served from memory, for good, and nothing else is."""

from __future__ import annotations

import gzip

import pytest
from starlette.applications import Starlette

from serving.code import Code, code_route
from tests.serving.calling import Visitor, get, run
from viz.front_code import BUNDLES, FOLDER, code_address, sheet, words_file

FILES = {"store.js": b"export const a = 1;\n" * 99, "views/map.css": b"b {}"}
APP = Starlette(routes=[Code(FILES, "code/abc/").route])


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("store.js", "text/javascript"), ("views/map.css", "text/css")],
)
def test_a_module_is_served_as_it_is_and_kept_for_good(name: str, media_type: str) -> None:
    got = get(APP, f"/code/abc/{name}")
    assert (got.status, got.body) == (200, FILES[name])
    assert got.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert got.headers["content-type"] == f"{media_type}; charset=utf-8"


def test_a_module_travels_compressed_and_is_the_same() -> None:
    got = get(APP, "/code/abc/store.js", accept_encoding="gzip, br")
    assert got.headers["content-encoding"] == "gzip"
    assert got.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(got.body) == FILES["store.js"]
    assert len(got.body) < len(FILES["store.js"])


def test_head_says_what_get_would_send_and_nothing_can_be_written() -> None:
    answers = [get(APP, "/code/abc/store.js", method=method) for method in ("GET", "HEAD")]
    assert answers[0].headers == answers[1].headers
    for method in ("POST", "PUT", "DELETE"):
        assert get(APP, "/code/abc/store.js", method=method).status == 405


@pytest.mark.parametrize(
    "path",
    [
        "abd/store.js",
        "abc/other.js",
        "abc/",
        "abc",
        "",
        "abc/views",
        "abc/../abc/store.js",
        "abc/views/..%2fstore.js",
        "abc/%2e%2e/%2e%2e/app.py",
        "abc/..%5cstore.js",
        "abc/views%5cmap.css",
        "/etc/passwd",
        "abc//etc/passwd",
        "abc/%2Fetc%2Fpasswd",
        "abc/store.js%00.css",
        "abc/STORE.js",
    ],
)
def test_only_what_is_there_can_be_named(path: str) -> None:
    got = get(APP, f"/code/{path}")
    assert (got.status, got.sentence) == (404, "There is no such code here. Reload the page.")


def test_the_code_of_this_product_is_served() -> None:
    app = Starlette(routes=[code_route()])
    expected = {"page.js": (BUNDLES / "page.js").read_bytes()}
    for file in FOLDER.rglob("*.css"):
        expected[file.relative_to(FOLDER).as_posix()] = sheet(file).encode()
    for name, body in expected.items():
        assert run(Visitor("GET", f"/{code_address()}{name}").ask(app)).body == body


@pytest.mark.parametrize("language", ["en", "en-US", "xx-YY", "zh-Hans"])
def test_words_come_in_a_language_that_there_is(language: str) -> None:
    got = get(Starlette(routes=[code_route()]), f"/{code_address()}words/{language}.json")
    assert got.headers["content-type"] == "application/json"
    assert got.body == words_file("en")


def test_words_under_another_address_are_not_there() -> None:
    assert get(Starlette(routes=[code_route()]), "/code/abc/words/en.json").status == 404
