"""What a browser sends as changes by hand is read with care."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.cell_edits import LARGEST, MAX_EDITED, EditError, Edits
from pages.parts.strokes import MOST_CHANGES, Strokes, read_strokes

SIZES = {"input": 8, "fc.bias": 1}


def test_values_are_set_and_none_brings_a_cell_back() -> None:
    sent = {"serial": 4, "tensors": [["input", [[3, 0.5], [1, None]]], ["fc.bias", [[0, -2]]]]}
    strokes = read_strokes(sent, SIZES)
    assert strokes is not None
    assert strokes.serial == 4
    before = Edits().with_cells("input", {1: 9, 2: 7})
    expected = Edits().with_cells("input", {2: 7, 3: 0.5}).with_cell("fc.bias", 0, -2)
    assert strokes.onto(before) == expected


@pytest.mark.parametrize(
    "cell",
    [
        [8, 1.0],
        [-1, 1.0],
        [True, 1.0],
        [1.0, 1.0],
        ["1", 1.0],
        [1, "1"],
        [1, float("nan")],
        [1, float("inf")],
        [1, 2 * LARGEST],
        [1, 10**400],
        [1, [1]],
        [1],
        [1, 1.0, 1],
        "11",
        None,
    ],
)
def test_a_cell_that_cannot_be_is_left_out(cell: object) -> None:
    strokes = read_strokes({"serial": 1, "tensors": [["input", [cell, [0, 1.0]]]]}, SIZES)
    assert strokes == Strokes(1, (("input", ((0, 1.0),)),))


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "x",
        [],
        {},
        {"serial": -1, "tensors": []},
        {"serial": True, "tensors": []},
        {"serial": 1.5, "tensors": []},
        {"serial": 2**40, "tensors": []},
        {"serial": 1, "tensors": {}},
        {"serial": 1, "tensors": [["input"]]},
        {"serial": 1, "tensors": [[7, []]]},
        {"serial": 1, "tensors": [["input", {}]]},
        {"serial": 1, "tensors": [["input", [[0, 1.0]] * (MOST_CHANGES + 1)]]},
        {"serial": 1, "tensors": [["gone", []]] * 65},
    ],
)
def test_what_is_no_message_of_ours_is_none(sent: object) -> None:
    assert read_strokes(sent, SIZES) is None


def test_a_tensor_that_is_gone_is_left_out() -> None:
    sent = {"serial": 1, "tensors": [["<img src=x>", [[0, 1.0]]], ["input", [[0, 1.0]]]]}
    assert read_strokes(sent, SIZES) == Strokes(1, (("input", ((0, 1.0),)),))


def test_more_cells_than_a_link_can_hold_are_refused_in_words() -> None:
    cells = [[place, 1.0] for place in range(MAX_EDITED + 1)]
    strokes = read_strokes({"serial": 1, "tensors": [["input", cells]]}, {"input": 10_000})
    assert strokes is not None
    with pytest.raises(EditError, match="at most 4096 cells"):
        strokes.onto(Edits())


NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=8), each),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.fixed_dictionaries({"serial": st.integers(0, 9), "tensors": NESTED}) | NESTED)
def test_nothing_that_is_sent_breaks_the_reader(sent: Any) -> None:
    strokes = read_strokes(sent, SIZES)
    if strokes is not None:
        strokes.onto(Edits())
