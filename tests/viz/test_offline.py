"""The file that needs no server: what it may load and run, and that what is written stays text."""

from __future__ import annotations

import base64
import hashlib
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from viz import offline
from viz.front_code import ALONE, sheet
from viz.offline import OFFLINE_TEXT, SHEETS, Page, html

EVIL = "</script><!--<script></style><img src=x onerror=alert(1)>\"'&"


def page(**changed: object) -> Page:
    given: dict[str, object] = {
        "title": "A title",
        "facts": ["loss = 1", "Seed: 0"],
        "link": "http://127.0.0.1:8501/?v=1",
        "data": {"view": {"node": "n0"}},
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
    assert json.loads(data)["view"]["node"] == "n0"
    assert len(elements.inside["style"]) == 1


def test_nothing_in_the_file_loads_anything() -> None:
    for tag, attributes in Elements(html(page())).found:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base")
        assert not {"src", "srcset", "onclick", "onload"} & set(attributes)


def test_the_script_is_the_bundle_and_the_style_is_every_sheet_of_the_workbench() -> None:
    elements = Elements(html(page()))
    assert elements.inside["script"][1] == ALONE.read_text(encoding="utf-8")
    (style,) = elements.inside["style"]
    front = SHEETS[0].parents[1]
    for name in ("graph/graph", "graph/menu", "maps/maps", "steps/steps", "strip/strip"):
        assert sheet(front / f"{name}.css") in style
    assert "@import" not in style
    assert "url(" not in style


@pytest.mark.parametrize("end", ["</script>", "</SCRIPT >", "<!-- "])
def test_code_that_would_end_its_element_is_refused(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "offline.js"
    bundle.write_text(f"const text = '{end}';", encoding="utf-8")
    monkeypatch.setattr(offline, "ALONE", bundle)
    with pytest.raises(ValueError, match="would end the script"):
        html(page())


def test_what_a_visitor_wrote_stays_text() -> None:
    evil = page(
        title=EVIL,
        facts=[EVIL],
        link=f"http://a/?{EVIL}",
        data={EVIL: [EVIL]},
        layers=[(EVIL,) * 6],
        text=dict.fromkeys(OFFLINE_TEXT, EVIL),
        language=EVIL,
    )
    written = html(evil)
    plain, hostile = Elements(html(page())), Elements(written)
    assert [tag for tag, _ in hostile.found] == [tag for tag, _ in plain.found]
    assert "<img" not in written
    assert json.loads(hostile.inside["script"][0]) == {EVIL: [EVIL]}
    assert hostile.inside["script"][1:] == plain.inside["script"][1:]
    links = [attributes["href"] for tag, attributes in hostile.found if tag == "a"]
    assert links == [f"http://a/?{EVIL}"]


def test_an_address_that_is_no_web_address_is_no_link() -> None:
    written = html(page(link="javascript:alert(1)"))
    assert "<a " not in written
    assert "<code>javascript:alert(1)</code>" in written
