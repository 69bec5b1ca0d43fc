"""A tensor set by hand one plane at a time: every cell is on one plane, and only there."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.maps.heatmap import Role, Shape
from viz.paint import MOST_CELLS, Canvas, leading, pack, plane
from viz.theme import LUT_HALF, colour_table

ROLES = st.sampled_from(["activation", "parameter"])
SHAPES = st.lists(st.integers(1, 9), max_size=5).map(tuple)


@given(SHAPES, ROLES)
def test_the_planes_of_a_tensor_have_each_of_its_cells_once(shape: Shape, role: Role) -> None:
    axes = leading(shape, role)
    places: list[int] = []
    for at in np.ndindex(*axes):
        found = plane(shape, role, at)
        assert found.count == found.total
        assert (found.rows - 1) * found.columns < found.count <= found.rows * found.columns
        places += range(found.start, found.start + found.count)
    assert places == list(range(math.prod(shape)))


@pytest.mark.parametrize(
    ("shape", "role", "axes", "matrix"),
    [
        ((2, 1, 4, 5), "activation", (2, 1), (4, 5)),
        ((12, 6, 3, 3), "parameter", (12, 6), (3, 3)),
        ((12, 6, 1, 1), "parameter", (), (12, 6)),
        ((2, 6, 1, 1), "activation", (2,), (1, 6)),
        ((2, 64), "activation", (2,), (8, 8)),
        ((2, 4), "activation", (), (2, 4)),
        ((16, 64), "parameter", (), (16, 64)),
        ((100, 64), "parameter", (100,), (8, 8)),
        ((33,), "parameter", (), (6, 6)),
        ((32,), "parameter", (), (1, 32)),
        ((3, 4, 7), "activation", (3,), (4, 7)),
        ((), "parameter", (), (1, 1)),
    ],
)
def test_a_plane_is_the_matrix_that_one_expects(
    shape: Shape, role: Role, axes: Shape, matrix: Shape
) -> None:
    assert leading(shape, role) == axes
    found = plane(shape, role, (0,) * len(axes))
    assert (found.rows, found.columns) == matrix


def test_a_row_that_is_too_long_is_cut_and_says_so() -> None:
    found = plane((3, 100_000), "parameter", (2,))
    assert (found.start, found.count, found.total) == (200_000, MOST_CELLS, 100_000)
    assert found.rows * found.columns == MOST_CELLS


@pytest.mark.parametrize("at", [(), (0,), (2, 0), (0, -1), (0, 0, 0)])
def test_a_plane_that_does_not_exist_is_an_error(at: Shape) -> None:
    with pytest.raises(IndexError, match=r"a tensor of shape \[2, 3, 4, 4\] has no plane"):
        plane((2, 3, 4, 4), "activation", at)


def unpacked(data: bytes) -> dict[str, Any]:
    length = int.from_bytes(data[:4], "little")
    start = -(-(4 + length) // 8) * 8

    def array(found: dict[str, Any]) -> Any:
        if {"type", "offset", "count"} <= set(found):
            return np.frombuffer(data, found["type"], found["count"], start + found["offset"])
        return found

    return json.loads(data[4 : 4 + length], object_hook=array)


def test_a_block_holds_the_plane_and_every_word() -> None:
    original = np.arange(24.0, dtype=np.float32).reshape(2, 1, 3, 4)
    canvas = Canvas(
        key="input",
        name="input 2x1x3x4",
        original=original,
        plane=plane(original.shape, "activation", (1, 0)),
        largest=1e6,
        tool="number",
    )
    header = unpacked(pack(canvas, {"about": "it"}, 0.1))
    assert header["original"].tolist() == original[1].ravel().tolist()
    assert (header["start"], header["rows"], header["columns"]) == (12, 3, 4)
    assert (header["largest"], header["tool"], header["about"]) == (1e6, "number", "it")
    assert header["loss"].tolist() == [0.1]
    assert np.array_equal(header["theme"]["light"], colour_table(dark=False).ravel())
    assert header["theme"]["half"] == LUT_HALF
    assert unpacked(pack(canvas, {}))["loss"].size == 0
