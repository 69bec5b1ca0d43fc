"""The small picture of two gradients."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from viz.theme import LUT_HALF, colour_table
from viz.thumbnail import matrices, thumbnail

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("dark", [False, True])
def test_every_cell_is_a_square_in_the_colour_of_its_value(dark: bool) -> None:
    above, below = np.array([[1.0, -1.0], [2.0, 0.5]]), np.array([[-4.0]])
    tree = ElementTree.fromstring(thumbnail(above, below, dark=dark))  # noqa: S314 - our own
    squares = tree.findall(f"{SVG}rect")
    assert [text.text for text in tree.findall(f"{SVG}text")] == ["−4", "1", "−1", "2", "0.5"]
    colours = colour_table(dark)
    for square, value in zip(squares, (-4.0, 1.0, -1.0, 2.0, 0.5), strict=True):
        red, green, blue, _ = colours[LUT_HALF + round(LUT_HALF * value / 4)]
        assert square.get("fill") == f"rgb({red},{green},{blue})"
    assert float(squares[0].get("width", 0)) > float(squares[1].get("width", 0))


def test_what_arrives_stands_right_and_the_arrow_points_left() -> None:
    tree = ElementTree.fromstring(thumbnail(np.ones((1, 1)), -np.ones((1, 1)), dark=False))  # noqa: S314
    handed_on, arrives = tree.findall(f"{SVG}text")
    assert (handed_on.text, arrives.text) == ("−1", "1")
    assert float(handed_on.get("x", 0)) < float(arrives.get("x", 0))
    arrow = tree.find(f"{SVG}path")
    assert arrow is not None
    line, head = str(arrow.get("d")).split("m")
    assert float(line.split("h")[1]) < 0
    assert head == "8 -8l-8 8l8 8"  # right above the tip, the tip, right below


def test_all_zero_is_neutral_and_what_is_no_small_matrix_is_refused() -> None:
    zeros = np.zeros((2, 2))
    assert f"rgb({','.join(map(str, colour_table(False)[LUT_HALF][:3]))})" in thumbnail(
        zeros, zeros, dark=False
    )
    with pytest.raises(ValueError, match=r"matrices of 1 to 400 cells, not \(3,\)"):
        thumbnail(np.zeros(3), zeros, dark=False)
    with pytest.raises(ValueError, match=r"not \(21, 20\)"):
        thumbnail(zeros, np.zeros((21, 20)), dark=False)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((2,), (1, 2)),
        ((1, 2), (1, 2)),
        ((4, 1), (4, 1)),
        ((1, 16), (4, 4)),
        ((1, 12), (3, 4)),
        ((1, 13), (1, 13)),
        ((1, 1, 6), (1, 6)),
        ((8, 1, 8), (8, 8)),
        ((2, 3, 4, 5), (4, 5)),
        ((1, 1, 1, 1), (1, 1)),
    ],
)
def test_a_gradient_of_any_rank_is_drawn_as_a_matrix(
    shape: tuple[int, ...], expected: tuple[int, int]
) -> None:
    values = np.arange(float(np.prod(shape))).reshape(shape)
    above, below = matrices(values, values)
    assert above.shape == expected
    assert np.array_equal(above, below)
    kept = values.reshape(-1)[-above.size :]
    assert np.array_equal(above.reshape(-1), kept), "the last map has the largest cells"


def test_both_maps_are_of_the_channel_with_the_largest_gradient_above() -> None:
    above, below = np.zeros((1, 3, 4, 4)), np.zeros((1, 3, 2, 2))
    above[0, 1, 2, 2], below[0, 2, 0, 0], below[0, 1, 1, 1] = -5, 9, 1
    first, second = matrices(above, below)
    assert np.array_equal(first, above[0, 1])
    assert np.array_equal(second, below[0, 1])
    assert np.array_equal(matrices(above, below[:, 1:])[1], below[0, 2])


def test_numbers_too_small_to_be_read_are_left_out_of_the_whole_map() -> None:
    few, many = np.ones((2, 2)), np.full((12, 12), 0.5)
    tree = ElementTree.fromstring(thumbnail(few, many, dark=False))  # noqa: S314 - our own
    assert [text.text for text in tree.findall(f"{SVG}text")] == ["1"] * 4
    assert len(tree.findall(f"{SVG}rect")) == 4 + 144
