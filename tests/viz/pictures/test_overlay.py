"""The bytes of maps over pictures, read back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from viz.maps.packet import header
from viz.pictures.overlay import MOST_SIDE, Layer, overlay_data

GREY = np.arange(12, dtype=np.uint8).reshape(3, 4)
COLOURED = np.arange(36, dtype=np.uint8).reshape(3, 4, 3)
CELLS = np.array([[0.5, -2.0], [np.nan, 1.0]])


def numbers(packet: bytes, place: dict[str, Any]) -> list[float]:
    """Read an array of a packet by what `viz.maps.packet` says of its layout."""
    length = int.from_bytes(packet[:4], "little")
    start = (4 + length + 7) // 8 * 8 + place["offset"]
    return np.frombuffer(packet, place["type"], place["count"], start).tolist()


def test_a_picture_and_its_map_are_read_back_row_by_row() -> None:
    packet = overlay_data([Layer("one", GREY, CELLS, smooth=True)], opacity=0.3)
    head = header(packet)
    (layer,) = head["layers"]
    assert head["opacity"] == 0.3
    assert (layer["title"], layer["smooth"]) == ("one", True)
    picture, cells = layer["picture"], layer["cells"]
    assert (picture["rows"], picture["columns"], picture["channels"]) == (3, 4, 1)
    assert numbers(packet, picture["values"]) == list(range(12))
    assert (cells["rows"], cells["columns"], cells["scale"]) == (2, 2, 2)
    np.testing.assert_array_equal(numbers(packet, cells["values"]), CELLS.ravel())
    assert cells["ends"] == ["−2", "0", "2"]
    assert (cells["smallest"], cells["largest"]) == ("−2", "1")


def test_a_turned_picture_is_read_in_its_own_order() -> None:
    packet = overlay_data([Layer("", COLOURED.transpose(1, 0, 2), CELLS.T)])
    (layer,) = header(packet)["layers"]
    assert layer["picture"]["channels"] == 3
    assert numbers(packet, layer["picture"]["values"])[:6] == [0, 1, 2, 12, 13, 14]
    np.testing.assert_array_equal(
        numbers(packet, layer["cells"]["values"]), [0.5, np.nan, -2.0, 1.0]
    )


def test_whole_numbers_and_halves_are_sent_exactly() -> None:
    whole = np.array([[2**24 + 1]])
    half = np.array([[1.5]], dtype=np.float16)
    packet = overlay_data([Layer("", None, whole), Layer("", None, half)])
    first, second = header(packet)["layers"]
    assert numbers(packet, first["cells"]["values"]) == [2**24 + 1]
    assert numbers(packet, second["cells"]["values"]) == [1.5]


def test_each_map_has_a_scale_of_its_own_unless_it_is_shared() -> None:
    layers = [Layer("a", GREY, CELLS), Layer("b", GREY, 3 * CELLS), Layer("c", GREY, None)]
    own = header(overlay_data(layers))["layers"]
    shared = header(overlay_data(layers, shared=True))["layers"]
    assert [layer["cells"]["scale"] for layer in own[:2]] == [2, 6]
    assert [layer["cells"]["scale"] for layer in shared[:2]] == [6, 6]
    assert shared[2]["cells"] is None


def test_what_is_missing_is_sent_as_missing() -> None:
    (layer,) = header(overlay_data([Layer("", None, None)]))["layers"]
    assert layer["picture"] is layer["cells"] is None
    assert header(overlay_data([]))["layers"] == []


def test_a_map_without_a_finite_number_has_no_scale() -> None:
    (layer,) = header(overlay_data([Layer("", None, np.full((2, 2), np.nan))]))["layers"]
    assert layer["cells"]["scale"] == 0
    assert layer["cells"]["ends"] == ["0"]
    assert layer["cells"]["smallest"] == "NaN"


@pytest.mark.parametrize(
    ("picture", "cells", "says"),
    [
        (GREY.astype(np.float32), None, "t: a picture is uint8, but float32 came"),
        (COLOURED[..., :2], None, r"HxW or HxWx3, but \(3, 4, 2\) came"),
        (GREY[0], None, r"HxW or HxWx3, but \(4,\) came"),
        (GREY, CELLS[0], r"rows x columns, but \(2,\) came"),
        (np.zeros((MOST_SIDE + 1, 1), np.uint8), None, r"1 to 256 a side, but \(257, 1\) came"),
        (GREY, np.zeros((0, 3)), r"1 to 256 a side, but \(0, 3\) came"),
        (GREY, CELLS * 1j, "no sign to colour"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    picture: NDArray[Any], cells: NDArray[Any] | None, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        overlay_data([Layer("t", picture, cells)])
