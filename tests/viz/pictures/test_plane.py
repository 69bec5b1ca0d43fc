"""Points over regions: every one where it is, in the colour of its class, over what won there."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from viz.pictures.plane import LAP, Plane, colours, plane_svg

SVG = "{http://www.w3.org/2000/svg}"
BLUE, RED = colours(2)


def drawn(plane: Plane) -> ElementTree.Element:
    return ElementTree.fromstring(plane_svg(plane))  # noqa: S314 - our own text


def of_two() -> Plane:
    won = np.array([[1, 1, 0, 0], [1, 0, 0, 0]])
    points = np.array([[-2.0, 2.0], [1.0, 0.0]])
    return Plane(won, points, np.array([1, 0]), reach=2.0, count=2)


def test_points_stand_where_they_are_and_above_the_regions() -> None:
    picture = drawn(of_two())
    dots = [each.attrib for each in picture.iter(f"{SVG}circle")]
    assert [(each["cx"], each["cy"], each["fill"]) for each in dots] == [
        ("0", "0", RED),
        ("0.75", "0.5", BLUE),
    ]
    assert [group[0].tag for group in picture.findall(f"{SVG}g")] == [f"{SVG}rect", f"{SVG}circle"]


def test_every_place_has_the_colour_of_the_class_that_wins_it() -> None:
    bars = [each.attrib for each in drawn(of_two()).findall(f"{SVG}g/{SVG}rect")]
    assert [(each["x"], each["y"], each["fill"]) for each in bars] == [
        ("0", "0", RED),
        ("0.5", "0", BLUE),
        ("0", "0.5", RED),
        ("0.25", "0.5", BLUE),
    ]


def test_a_bar_lies_below_the_next_ones_so_that_no_paper_shows_between_them() -> None:
    picture = drawn(of_two())
    bars = [each.attrib for each in picture.findall(f"{SVG}g/{SVG}rect")]
    lap = LAP / 4
    assert [float(each["width"]) for each in bars] == [0.5 + lap, 0.5 + lap, 0.25 + lap, 0.75 + lap]
    assert {float(each["height"]) for each in bars} == {0.5 + LAP / 2}
    (group, _points) = picture.findall(f"{SVG}g")
    assert "opacity" in group.attrib, "of all together: twice the tint would be seen"


def test_three_classes_have_three_colours_and_more_have_none() -> None:
    assert len(set(colours(3))) == 3
    for count in (1, 4):
        with pytest.raises(ValueError, match=f"not {count}"):
            colours(count)
