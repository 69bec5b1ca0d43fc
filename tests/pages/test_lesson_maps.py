"""What the browser says of a pinned cell of a lesson's map, and how two arrays compare."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.convolution_backward.recipe import Convolving
from lessons.showing.figure import Figure
from lessons.showing.grid import sign
from lessons.showing.shown import Shown
from pages.lesson.maps import packed, place_of
from viz.maps.lights import Lights
from viz.maps.packet import header
from viz.maps.table import Entry, Table

SHAPE = (1, 2, 3, 3)


def test_a_pinned_cell_is_read_as_its_place() -> None:
    assert place_of([0, 1, 2, 0], SHAPE) == 15


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "0120",
        {"index": [0, 1, 2, 0]},
        [0, 1, 2],
        [0, 2, 2, 0],
        [0, 1, -1, 0],
        [0, 1, 2.0, True],
    ],
)
def test_what_names_no_cell_of_the_map_is_left_alone(sent: object) -> None:
    assert place_of(sent, SHAPE) is None


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e4])
def test_two_arrays_are_the_same_up_to_rounding_of_their_own_size(size: float) -> None:
    array = np.array([1.0, -0.25, 0.5], np.float32) * np.float32(size)
    assert sign(array, array) == "✓"
    assert sign(array * np.float32(1 + 1e-6), array) == "≈"
    assert sign(array * np.float32(1 + 1e-4), array) == "✗"
    assert sign(array[:0], array[:0]) == "✓"


def test_the_largest_cell_is_called_a_value_a_weight_or_a_gradient() -> None:
    shown = Shown(Convolving().run())
    said = {
        "v": (shown.value, shown.output),
        "w": (shown.weight,),
        "g": (shown.weight_gradient, shown.upstream, shown.downstream),
    }
    for symbol, maps in said.items():
        assert {each.symbol for each in maps} == {symbol}


def test_what_a_figure_lights_up_and_tabulates_is_drawn() -> None:
    shown = Shown(Convolving().run())
    lights = Lights("value", "output", np.array([0]), np.array([1]))
    table = Table("table", ["cell"], [[Entry("0.5", "output", [1])]])
    drawn = header(packed(Figure([[shown.value, shown.output]], lights=[lights], tables=[table])))
    assert [(each["from"], each["to"]) for each in drawn["lights"]] == [("value", "output")]
    assert [each["rows"][0][0]["cells"] for each in drawn["tables"]] == [[1]]
