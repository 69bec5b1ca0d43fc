"""What a browser sends as a clicked cell is data from outside."""

from __future__ import annotations

import pytest

from pages.parts.cells import asked_about
from pages.parts.experiment import DEFAULT


def test_a_cell_is_read_as_it_was_sent() -> None:
    sent = {"map": "downstream", "index": [0, 0, 1, 1]}
    assert asked_about(DEFAULT, sent) == (DEFAULT, "downstream", (0, 0, 1, 1))


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "downstream",
        [],
        {},
        {"map": "downstream"},
        {"map": "downstream", "index": None},
        {"map": "downstream", "index": "0,0"},
        {"map": "downstream", "index": ["0"]},
        {"map": "downstream", "index": [[0]]},
        {"map": "downstream", "index": [0.5]},
        {"map": "downstream", "index": [True]},
        {"map": 3, "index": [0]},
        {"map": ["downstream"], "index": [0]},
    ],
)
def test_anything_else_asks_for_nothing(sent: object) -> None:
    assert asked_about(DEFAULT, sent) is None
