"""The graph: what is drawn, and what its buttons and switches do."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect
from torchviz import make_dot

from models.presets import PRESETS
from tests.browser.conftest import Visit
from tests.browser.plain import plain
from tests.browser.screen import Screen

SCALE = "(svg) => new DOMMatrix(svg.style.transform).a"


def drawn_by_torchviz(**options: bool) -> dict[str, str]:
    """The nodes of torchviz's own picture: id -> its last line, which Graphviz draws."""
    model, loss = plain()
    dot = make_dot(loss, params=dict(model.named_parameters()), **options)
    return dict(line.split(maxsplit=1) for line in dot.body if "->" not in line and "[" in line)


def orange(screen: Screen) -> int:
    return screen.graph.locator("g.node polygon[fill=orange]").count()


def test_the_graph_has_the_nodes_that_torchviz_draws(visit: Visit) -> None:
    screen = visit()
    assert screen.nodes.count() == len(drawn_by_torchviz())
    assert orange(screen) == 0


def test_saved_tensors_are_added_in_orange_as_torchviz_draws_them(visit: Visit) -> None:
    screen = visit()
    expected = drawn_by_torchviz(show_saved=True)
    screen.switch("Saved tensors")
    expect(screen.nodes).to_have_count(len(expected))
    assert orange(screen) == sum("orange" in line for line in expected.values()) > 0
    screen.switch("Saved tensors")
    expect(screen.nodes).to_have_count(len(drawn_by_torchviz()))


def test_attributes_are_written_into_the_nodes(visit: Visit) -> None:
    screen = visit()
    expect(screen.node("n6")).not_to_contain_text("padding")
    screen.switch("Attributes")
    expect(screen.node("n6")).to_contain_text(re.compile(r"padding\s+:\s+\(0,\s0\)"))


def test_the_tint_fills_nodes_and_says_what_it_means(visit: Visit) -> None:
    screen = visit()
    plain_fill = screen.node("n5").locator("polygon").get_attribute("fill")
    screen.switch("Tint by |gradient|")
    expect(screen.graph.locator(".legend")).to_contain_text("max |upstream gradient|")
    assert screen.node("n5").locator("polygon").get_attribute("fill") != plain_fill


def test_a_collapsed_graph_says_so_and_follows_the_strip(visit: Visit) -> None:
    screen = visit("?v=1&model=unet")
    screen.switch("Collapse by layer")
    expect(screen.graph.locator(".note")).to_have_text("Collapsed by layer.")
    # One box a layer and one for the loss.
    expect(screen.nodes).to_have_count(len(PRESETS["unet"].spec.layers) + 1)
    screen.box("concat1").click()
    expect(screen.graph.locator("g.node[aria-pressed=true]")).to_contain_text("concat1")


def test_zooming_and_fitting_change_the_scale_and_nothing_else(visit: Visit) -> None:
    screen = visit()
    picture = screen.graph.locator(".frame svg")
    first = picture.evaluate(SCALE)
    screen.button("Zoom in").click()
    assert picture.evaluate(SCALE) == pytest.approx(first * 1.25)
    screen.button("Zoom out").click()
    screen.button("Zoom out").click()
    assert picture.evaluate(SCALE) < first
    screen.button("Fit the graph").click()
    assert picture.evaluate(SCALE) == pytest.approx(first)
    screen.shows("upsample", "n9", "upsample")


def test_dragging_the_graph_chooses_nothing(visit: Visit) -> None:
    screen = visit()
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


def test_the_search_counts_marks_and_walks_through_what_it_finds(visit: Visit) -> None:
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


def test_the_downloaded_picture_is_xml_with_the_same_nodes(visit: Visit) -> None:
    screen = visit()
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
