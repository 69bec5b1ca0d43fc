"""What the browser says of a cell that was pinned on a lesson's map."""

from __future__ import annotations

import pytest

from pages.parts.lesson_maps import pinned_at

SHAPE = (1, 2, 3, 3)


def test_a_pinned_cell_is_read_as_its_place_whatever_was_pinned_before() -> None:
    for key in ("downstream 0", "downstream 17", "downstream"):
        assert pinned_at({"map": key, "index": [0, 1, 2, 0]}, "downstream", SHAPE) == 15


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "downstream",
        {"map": "upstream 0", "index": [0, 1, 2, 0]},
        {"map": "downstream 0", "index": None},
        {"map": "downstream 0", "index": [0, 1, 2]},
        {"map": "downstream 0", "index": [0, 2, 2, 0]},
        {"map": "downstream 0", "index": [0, 1, -1, 0]},
        {"map": "downstream 0", "index": [0, 1, 2.0, True]},
        {"index": [0, 1, 2, 0]},
    ],
)
def test_what_names_no_cell_of_the_map_is_left_alone(sent: object) -> None:
    assert pinned_at(sent, "downstream", SHAPE) is None
