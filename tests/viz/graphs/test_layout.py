"""The layout is bounded in time and size, and nothing but shapes and text leaves it."""

from __future__ import annotations

import stat
import sys
import sysconfig
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.viz.captures import fan_in_edges
from viz.graphs import layout
from viz.graphs.layout import (
    NODE_LIMIT,
    SPAN_LIMIT,
    LayoutError,
    LayoutTimeout,
    LayoutTooLarge,
    check_budget,
    clean,
    edge_span,
    executable,
    lay_out,
)

PYTHON = sys.executable

HOSTILE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 width="10pt" height="20pt" onload="alert(1)"><script>alert(2)</script>
<style>g {{ background: url(https://example.org) }}</style>
<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">x</body></foreignObject>
<image href="https://example.org/x.png"/><a xlink:href="javascript:alert(3)"><text>in a</text></a>
<g id="node-n0" class="node" onclick="alert(4)" style="color: red"><title>n0</title>
<polygon points="0,0 1,1" fill="url(https://example.org)" stroke="black"/>
<text x="1" y="2">kept</text>
</g></svg>"""


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own drawing


def tags(svg: str) -> list[str]:
    return [part.tag.split("}")[-1] for part in parse(svg).iter()]


def stand_in(folder: Path, script: str) -> None:
    """Write an executable that is found as ``dot``."""
    program = folder / "dot"
    program.write_text(f"#!{PYTHON}\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def only_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without graphviz-pure, where PATH holds only ``tmp_path``."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_two_boxes_and_an_arrow_become_svg_with_their_size_in_points() -> None:
    drawn = lay_out('digraph { a [id="first"]; a -> b }')
    root = parse(drawn.svg)
    assert root.get("viewBox") == f"0.00 0.00 {drawn.width:.2f} {drawn.height:.2f}"
    assert drawn.height > drawn.width > 0
    groups = [part.get("id") for part in root.iter() if part.get("class") == "node"]
    assert groups[0] == "first"
    assert len(groups) == 2


def test_the_same_text_gives_the_same_bytes() -> None:
    text = "digraph { a -> b; a -> c; b -> d; c -> d }"
    assert lay_out(text).svg == lay_out(text).svg


def test_scripts_links_styles_and_foreign_parts_are_dropped_and_the_rest_stays() -> None:
    cleaned = clean(HOSTILE)
    assert tags(cleaned.svg) == ["svg", "g", "title", "polygon", "text"]
    for bad in (
        "script",
        "alert",
        "href",
        "javascript",
        "example.org",
        "style",
        "onload",
        "onclick",
    ):
        assert bad not in cleaned.svg
    assert 'id="node-n0"' in cleaned.svg
    assert ">kept<" in cleaned.svg
    assert (cleaned.width, cleaned.height) == (10.0, 20.0)


@pytest.mark.parametrize(
    ("svg", "message"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]><svg>&a;</svg>', "declares entities"),
        ("<svg", "not readable SVG"),
        ("<html/>", "not SVG: its first element is 'html'"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="wide"/>', "no width in points: 'wide'"),
    ],
)
def test_what_is_no_drawing_is_refused_in_words(svg: str, message: str) -> None:
    with pytest.raises(LayoutError, match=message):
        clean(svg)


def test_a_drawing_that_is_too_large_to_send_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "SVG_LIMIT", 100)
    with pytest.raises(LayoutError, match=r"has [0-9,]+ bytes, more than the 100 that are sent"):
        lay_out("digraph { a -> b }")


def test_a_layout_that_takes_too_long_is_stopped(only_dot: Path) -> None:
    stand_in(only_dot, "import time; time.sleep(60)")
    with pytest.raises(LayoutTimeout, match=r"longer than 0\.2 s and was stopped"):
        lay_out("digraph { a -> b }", timeout=0.2)


def test_text_that_is_no_graph_gives_the_layout_engines_own_words() -> None:
    with pytest.raises(LayoutError, match=r"could not be laid out: .*syntax error"):
        lay_out("digraph { a -> ")


def test_dot_serves_where_graphviz_pure_is_missing(only_dot: Path) -> None:
    stand_in(only_dot, "pass")
    assert executable() == str(only_dot / "dot")


def test_without_any_engine_the_error_says_what_to_install(only_dot: Path) -> None:
    assert list(only_dot.iterdir()) == []
    with pytest.raises(LayoutError, match="pip install graphviz-pure"):
        executable()


def test_the_span_of_a_chain_is_its_length_and_a_skip_adds_what_it_crosses() -> None:
    chain = [("c", "b"), ("b", "a")]
    assert edge_span(chain) == 2
    assert edge_span([*chain, ("c", "a")]) == 4


def test_the_span_of_a_dense_block_grows_with_the_cube_of_its_length() -> None:
    # Sum over all pairs i < j of j - i is n (n^2 - 1) / 6.
    edges = [(edge.source, edge.target) for edge in fan_in_edges(12)]
    assert edge_span(edges) == 12 * (12**2 - 1) // 6


def test_the_budget_counts_nodes_and_crossed_ranks() -> None:
    check_budget(NODE_LIMIT, [("b", "a")])
    with pytest.raises(LayoutTooLarge, match="4,001 nodes are more than the 4,000"):
        check_budget(NODE_LIMIT + 1, [])
    dense = [(edge.source, edge.target) for edge in fan_in_edges(34)]
    assert edge_span(dense) > SPAN_LIMIT
    with pytest.raises(LayoutTooLarge, match="cross 6,545 ranks, more than the 6,000"):
        check_budget(34, dense)


def test_a_cycle_does_not_hang_the_budget() -> None:
    assert edge_span([("a", "b"), ("b", "a")]) == 0
