"""The small picture of two gradients."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from viz.theme import LUT_HALF, colour_table
from viz.thumbnail import thumbnail

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("dark", [False, True])
def test_every_cell_is_a_square_in_the_colour_of_its_value(dark: bool) -> None:
    above, below = np.array([[1.0, -1.0], [2.0, 0.5]]), np.array([[-4.0]])
    tree = ElementTree.fromstring(thumbnail(above, below, dark=dark))  # noqa: S314 - our own
    squares = tree.findall(f"{SVG}rect")
    assert [text.text for text in tree.findall(f"{SVG}text")] == ["1", "-1", "2", "0.5", "-4"]
    colours = colour_table(dark)
    for square, value in zip(squares, (1.0, -1.0, 2.0, 0.5, -4.0), strict=True):
        red, green, blue, _ = colours[LUT_HALF + round(LUT_HALF * value / 4)]
        assert square.get("fill") == f"rgb({red},{green},{blue})"
    assert float(squares[4].get("width", 0)) > float(squares[0].get("width", 0))


def test_all_zero_is_neutral_and_what_is_no_small_matrix_is_refused() -> None:
    zeros = np.zeros((2, 2))
    assert f"rgb({','.join(map(str, colour_table(False)[LUT_HALF][:3]))})" in thumbnail(
        zeros, zeros, dark=False
    )
    with pytest.raises(ValueError, match=r"matrices of 1 to 256 cells, not \(3,\)"):
        thumbnail(np.zeros(3), zeros, dark=False)
    with pytest.raises(ValueError, match=r"not \(17, 16\)"):
        thumbnail(zeros, np.zeros((17, 16)), dark=False)
