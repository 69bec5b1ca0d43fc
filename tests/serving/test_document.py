"""Every page begins with a document that has style and script, and nothing else is touched."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_handler

from serving.document import BASE, Styled
from tests.serving.calling import get

DOCUMENT = (
    '<html lang="en"><head></head><body>\n    <div id="root"></div>\n  </body></html>\n'
    + " " * 2000
)
STYLE = ".stMain { padding: 0; }"
SCRIPT = "code/abc/page.js"
PAGES = ("gallery", "lesson")
STYLED = DOCUMENT.replace(
    '<div id="root">', f'<style>\n{STYLE}</style>\n    <div id="root">'
).replace(
    "</head>",
    f'  <script>{BASE}</script>\n    <link rel="modulepreload" href="./{SCRIPT}" />\n  </head>',
)


@pytest.fixture
def app(tmp_path: Path) -> ASGIApp:
    """Streamlit's own way to serve its document, and a file that a visitor takes along."""
    (tmp_path / "index.html").write_text(DOCUMENT)
    (tmp_path / "code.js").write_text("let a;")
    files = create_streamlit_static_handler(str(tmp_path), None)
    taken = Response(DOCUMENT, media_type="text/html")
    plain = PlainTextResponse("no-cache", headers={"cache-control": "no-cache"})
    served = Starlette(
        routes=[Route("/media/run.html", taken), Route("/plain", plain), Mount("/", files)]
    )
    return Styled(served, DOCUMENT, STYLE, SCRIPT, PAGES)


@pytest.mark.parametrize("path", ["/", "/gallery", "/lesson"])
def test_every_page_begins_with_our_document(app: ASGIApp, path: str) -> None:
    got = get(app, path)
    assert (got.status, got.body.decode()) == (200, STYLED)
    assert got.headers["content-length"] == str(len(STYLED))
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert got.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(("path", "home"), [("/nope", "./"), ("/no/such/page", "./../../")])
def test_where_no_page_stands_a_sentence_does_and_the_way_to_the_start(
    app: ASGIApp, path: str, home: str
) -> None:
    got = get(app, path)
    assert got.status == 404
    assert f"Nothing stands at this address: <code>{path}</code>" in got.body.decode()
    assert f'<a href="{home}">' in got.body.decode()
    assert got.headers["cache-control"] == "no-store"


def test_an_address_that_is_markup_is_text(app: ASGIApp) -> None:
    assert b"<code>/&lt;b&gt;</code>" in get(app, "/<b>").body


def test_it_travels_compressed_and_is_the_same(app: ASGIApp) -> None:
    got = get(app, "/", accept_encoding="gzip")
    assert got.headers["content-encoding"] == "gzip"
    assert gzip.decompress(got.body).decode() == STYLED


def test_a_browser_that_kept_the_document_without_a_style_gets_the_new_one(
    app: ASGIApp, tmp_path: Path
) -> None:
    before = get(create_streamlit_static_handler(str(tmp_path), None), "/")
    kept = {"if_none_match": before.headers["etag"]}
    assert get(app, "/", **kept).body.decode() == STYLED
    kept = {"if_modified_since": before.headers["last-modified"]}
    assert get(app, "/", **kept).body.decode() == STYLED


def test_there_is_nothing_by_which_a_browser_could_ask_for_it_as_unchanged(app: ASGIApp) -> None:
    assert not {"etag", "last-modified"} & set(get(app, "/").headers)


@pytest.mark.parametrize(
    ("path", "body"),
    [("/media/run.html", DOCUMENT), ("/plain", "no-cache"), ("/code.js", "let a;")],
)
def test_everything_else_is_sent_as_it_is(app: ASGIApp, path: str, body: str) -> None:
    assert get(app, path).body.decode() == body


@pytest.mark.parametrize("part", ["<html ", "</head>", '<div id="root">'])
def test_a_document_without_a_place_for_what_is_ours_is_refused_at_once(
    app: ASGIApp, part: str
) -> None:
    with pytest.raises(ValueError, match=f"no {part}"):
        Styled(app, DOCUMENT.replace(part, ""), STYLE, SCRIPT, PAGES)


@pytest.mark.parametrize("query", ["present=1", "step=leaf&present=1"])
def test_a_link_for_a_room_has_a_document_that_the_style_can_tell(app: ASGIApp, query: str) -> None:
    expected = STYLED.replace('<html lang="en">', '<html class="present" lang="en">')
    assert get(app, "/lesson", query).body.decode() == expected


@pytest.mark.parametrize("query", ["present=0", "present=", "present=%3Cb%3E", "step=present"])
def test_every_other_link_has_the_plain_one(app: ASGIApp, query: str) -> None:
    assert get(app, "/lesson", query).body.decode() == STYLED


@pytest.mark.parametrize(
    ("query", "accepted", "head"),
    [
        ("", "", '<html lang="en">'),
        ("", "ko-KR,ko;q=0.9,en;q=0.8", '<html lang="ko">'),
        ("", "xx", '<html lang="en">'),
        ("lang=ko", "en-US", '<html data-language="ko" lang="ko">'),
        ("lang=en", "ko-KR", '<html data-language="en" lang="en">'),
        ("lang=xx", "ko-KR", '<html lang="ko">'),
        ("lang=%3Cb%3E", "", '<html lang="en">'),
        ("present=1&lang=ko", "", '<html class="present" data-language="ko" lang="ko">'),
    ],
)
def test_the_document_says_its_language_and_whether_a_link_chose_it(
    app: ASGIApp, query: str, accepted: str, head: str
) -> None:
    got = get(app, "/lesson", query, accept_language=accepted)
    assert got.body.decode() == STYLED.replace('<html lang="en">', head)
    assert got.headers["vary"] == "Accept-Encoding, Accept-Language"


def test_where_no_page_stands_the_language_of_the_link_is_spoken(app: ASGIApp) -> None:
    got = get(app, "/nope", "lang=ko").body.decode()
    assert '<html lang="ko">' in got
    assert "Nothing stands" not in got
