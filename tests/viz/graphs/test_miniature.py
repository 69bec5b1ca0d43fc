"""The small picture of a network: its boxes, their colours and the arrows between them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from viz.graphs.miniature import NAMED, OUTLINE, Box, miniature
from viz.graphs.tint import GREY, make_tint

SVG = "{http://www.w3.org/2000/svg}"
BOXES = (
    Box("input"),
    Box("conv", ("input",), 0.5, chosen=True),
    Box("skip & <b>", ("conv", "input"), 2.0),
)


def parts(svg: str, kind: str) -> list[ElementTree.Element]:
    tree = ElementTree.fromstring(svg)  # noqa: S314 - our own
    return [group for group in tree.iter(f"{SVG}g") if group.get("class") == kind]


@pytest.mark.parametrize("dark", [False, True])
def test_every_box_has_the_colour_of_its_gradient_and_the_chosen_one_an_outline(dark: bool) -> None:
    shapes = [group.find(f"{SVG}polygon") for group in parts(miniature(BOXES, dark=dark), "node")]
    tint = make_tint([0.5, 2.0])
    fills = [shape.get("fill") for shape in shapes if shape is not None]
    assert fills == [GREY, tint.fill(0.5), tint.fill(2.0)]
    outlined = [shape.get("stroke") == OUTLINE[dark] for shape in shapes if shape is not None]
    assert outlined == [False, True, False]


def test_every_arrow_is_drawn_and_a_name_is_text() -> None:
    svg = miniature(BOXES, dark=False)
    assert len(parts(svg, "edge")) == 3
    assert "".join(ElementTree.fromstring(svg).itertext()).count("skip & <b>") == 1  # noqa: S314


def test_many_boxes_have_no_names() -> None:
    chain = (Box("n0"), *(Box(f"n{i}", (f"n{i - 1}",), 1.0) for i in range(1, NAMED + 1)))
    assert parts(miniature(chain[:-1], dark=False), "node")[0].find(f"{SVG}text") is not None
    svg = miniature(chain, dark=False)
    assert len(parts(svg, "node")) == NAMED + 1
    assert f"{SVG}text" not in [each.tag for each in ElementTree.fromstring(svg).iter()]  # noqa: S314
