"""The file that needs no server: what it may load and run, and what it holds."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser

import pytest

from viz import offline
from viz.assets import assets
from viz.offline import COMPONENTS, ENTRY, Page, View, html

EVIL = "</script><img src=x onerror=alert(1)>\"'&"


def page(**changed: object) -> Page:
    """Return a page with one view."""
    given: dict[str, object] = {
        "title": "A title",
        "facts": ["loss = 1", "Seed: 0"],
        "link": "http://127.0.0.1:8501/?v=1",
        "strip": {"boxes": [], "selected": "n0", "layer": "", "legend": ""},
        "graph": None,
        "node": "n0",
        "views": {"n0": View("conv1", "Convolution", b"\x00\x01\xff", ("as it should be",))},
        "nodes": 4,
        "layers": [("conv1", "Conv2d", "1x1", "1", "2", "-")],
    }
    return Page(**{**given, **changed})  # type: ignore[arg-type]


class Elements(HTMLParser):
    """Every element of a text with its attributes, and the text inside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag in self.inside:
            self.inside[tag].append("")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            self.inside[self.cdata_elem][-1] += data


def policy(elements: Elements) -> dict[str, list[str]]:
    """Return the content security policy of a page: directive -> sources."""
    (content,) = [
        attributes["content"] or ""
        for tag, attributes in elements.found
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    parts = [directive.split() for directive in content.split(";")]
    return {directive: sources for directive, *sources in parts}


def hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_only_the_one_script_and_the_one_style_may_be_used() -> None:
    elements = Elements(html(page()))
    allowed = policy(elements)
    assert allowed["default-src"] == ["'none'"]
    data, script = elements.inside["script"]
    assert allowed["script-src"] == [hash_of(script)]
    assert allowed["style-src"] == [hash_of(elements.inside["style"][0])]
    assert json.loads(data)["node"] == "n0"
    assert len(elements.inside["style"]) == 1


def test_nothing_in_the_file_loads_anything() -> None:
    for tag, attributes in Elements(html(page())).found:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base")
        assert not {"src", "srcset", "onclick", "onload"} & set(attributes)


def test_the_code_of_the_components_is_the_apps_own_line_for_line() -> None:
    script = Elements(html(page())).inside["script"][1]
    for name in COMPONENTS:
        code = assets(name)
        assert code["js"].replace(ENTRY, "function mount(") in script
        assert json.dumps(code["css"]) in script
        assert json.dumps(code["html"]) in script


def test_a_component_without_its_one_entry_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> Mapping[str, str]:
        return {**assets(name), "js": "export const a = 1;"}

    monkeypatch.setattr(offline, "assets", broken)
    with pytest.raises(ValueError, match="component strip must have one"):
        html(page())


def test_what_a_visitor_wrote_stays_text() -> None:
    view = View(EVIL, EVIL, b"", (EVIL,))
    evil = page(
        title=EVIL,
        facts=[EVIL],
        link=f"http://a/?{EVIL}",
        views={"n0": view},
        strip={"legend": EVIL},
        layers=[(EVIL,) * 6],
        text=dict.fromkeys(offline.OFFLINE_TEXT, EVIL),
    )
    written = html(evil)
    plain, hostile = Elements(html(page())), Elements(written)
    assert [tag for tag, _ in hostile.found] == [tag for tag, _ in plain.found]
    assert "<img" not in written
    assert json.loads(hostile.inside["script"][0])["strip"]["legend"] == EVIL
    links = [attributes["href"] for tag, attributes in hostile.found if tag == "a"]
    assert links == [f"http://a/?{EVIL}"]


def test_an_address_that_is_no_web_address_is_no_link() -> None:
    written = html(page(link="javascript:alert(1)"))
    assert "<a " not in written
    assert "<code>javascript:alert(1)</code>" in written


def test_maps_travel_byte_for_byte() -> None:
    data = json.loads(Elements(html(page())).inside["script"][0])
    assert base64.b64decode(data["views"]["n0"]["maps"]) == b"\x00\x01\xff"
    assert data["views"]["n0"]["proof"] == ["as it should be"]


def test_it_says_how_many_nodes_it_holds() -> None:
    assert "holds those of 1 of 4 nodes" in re.sub(r"\s+", " ", html(page()))


def test_a_graph_that_could_not_be_drawn_is_said() -> None:
    assert "This graph was too large to draw." in html(page())
    assert "This graph was too large to draw." not in html(page(graph={"svg": "<svg/>"}))
