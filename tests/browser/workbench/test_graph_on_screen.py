"""The graph: what is drawn, and what its buttons and switches do."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect
from torchviz import make_dot

from models.presets import PRESETS
from tests.browser.conftest import Visit
from tests.browser.driving.screen import Screen
from tests.browser.plain import plain

SCALE = "(svg) => new DOMMatrix(svg.style.transform).a"


def drawn_by_torchviz(**options: bool) -> dict[str, str]:
    """The nodes of torchviz's own picture: id -> its last line, which Graphviz draws."""
    model, loss = plain()
    dot = make_dot(loss, params=dict(model.named_parameters()), **options)
    return dict(line.split(maxsplit=1) for line in dot.body if "->" not in line and "[" in line)


def orange(screen: Screen) -> int:
    return screen.graph.locator("g.node polygon[fill=orange]").count()


def test_the_graph_has_the_nodes_that_torchviz_draws_and_its_switches_add_to_them(
    visit: Visit,
) -> None:
    screen = visit()
    plain_nodes, with_saved = drawn_by_torchviz(), drawn_by_torchviz(show_saved=True)
    assert screen.nodes.count() == len(plain_nodes)
    assert orange(screen) == 0
    screen.switch("Saved tensors")
    expect(screen.nodes).to_have_count(len(with_saved))
    assert orange(screen) == sum("orange" in line for line in with_saved.values()) > 0
    screen.switch("Saved tensors")
    expect(screen.nodes).to_have_count(len(plain_nodes))
    expect(screen.node("n6")).not_to_contain_text("padding")
    screen.switch("Attributes")
    expect(screen.node("n6")).to_contain_text(re.compile(r"padding\s+:\s+\(0,\s0\)"))
    plain_fill = screen.node("n5").locator("polygon").get_attribute("fill")
    screen.switch("Tint by |gradient|")
    expect(screen.graph.locator(".legend")).to_contain_text("max |upstream gradient|")
    assert screen.node("n5").locator("polygon").get_attribute("fill") != plain_fill


def test_a_collapsed_graph_says_so_and_follows_the_strip(visit: Visit) -> None:
    screen = visit("?v=1&model=unet")
    screen.page.get_by_role("radio", name="plain names").click()
    expect(screen.graph.locator(".note")).to_have_text("Collapsed by layer.")
    # One box a layer and one for the loss.
    expect(screen.nodes).to_have_count(len(PRESETS["unet"].spec.layers) + 1)
    screen.box("concat1").click()
    expect(screen.graph.locator("g.node[aria-pressed=true]")).to_contain_text("concat1")


def test_zooming_fitting_and_dragging_choose_nothing(visit: Visit) -> None:
    screen = visit()
    picture = screen.graph.locator(".frame svg")
    first = picture.evaluate(SCALE)
    screen.button("Zoom in").click()
    assert picture.evaluate(SCALE) == pytest.approx(first * 1.25, rel=1e-3)
    screen.button("Zoom out").click()
    screen.button("Zoom out").click()
    assert picture.evaluate(SCALE) < first
    screen.button("Fit the graph").click()
    assert picture.evaluate(SCALE) < first, "it began as large as can be read"
    box = screen.node("n5").bounding_box()
    assert box is not None
    screen.page.mouse.move(box["x"] + 5, box["y"] + 5)
    screen.page.mouse.down()
    screen.page.mouse.move(box["x"] + 60, box["y"] + 40, steps=4)
    screen.page.mouse.up()
    moved = screen.node("n5").bounding_box()
    assert moved is not None
    assert moved["x"] - box["x"] == pytest.approx(55, abs=6)
    screen.shows("upsample", "n9", "upsample")


def test_nodes_are_searched_and_downloaded(visit: Visit) -> None:
    screen = visit()
    field = screen.graph.get_by_role("searchbox")
    field.fill("conv2")
    found = screen.graph.locator("g.node.found")
    count = found.count()
    assert count == 5  # the convolution, two AccumulateGrad, two leaves
    expect(screen.graph.get_by_role("status")).to_have_text("5 found")
    field.press("Enter")
    expect(screen.graph.get_by_role("status")).to_have_text("1 of 5")
    expect(screen.graph.locator("g.node.current")).to_have_count(1)
    field.fill("no such thing")
    expect(screen.graph.get_by_role("status")).to_have_text("not found")
    field.press("Escape")
    expect(found).to_have_count(0)
    _downloads_the_same_nodes_as_xml(screen)


def _downloads_the_same_nodes_as_xml(screen: Screen) -> None:
    with screen.page.expect_download() as download:
        screen.button("Download as SVG").click()
    assert download.value.suggested_filename == "autograd-graph.svg"
    tree = ElementTree.parse(download.value.path())  # noqa: S314 - our own file
    svg = "{http://www.w3.org/2000/svg}"
    groups = [each for each in tree.iter(f"{svg}g") if "node" in (each.get("class") or "").split()]
    shown = screen.nodes.evaluate_all("(nodes) => nodes.map((node) => node.id)")
    assert sorted(each.get("id") or "" for each in groups) == sorted(shown)
    said = ["".join(text.text or "" for text in each.iter(f"{svg}text")) for each in groups]
    assert "UpsampleNearest2DBackward0" in said
