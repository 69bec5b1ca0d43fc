"""The data of numbers that a visitor edits."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from viz.cells import cells_data


def data(shape: tuple[int, int], value: Sequence[float], **more: Any) -> dict[str, Any]:
    fields = {"title": "x", "standard": value, "palette": (), "least": -9.0, "most": 9.0}
    return cells_data(value, None, shape, **{**fields, **more})


def test_the_numbers_travel_row_by_row_with_those_to_go_back_to() -> None:
    sent = data((2, 2), (1.0, -2.5, 0.0, 4.0), standard=(0.0, 0.0, 0.0, 1.0), palette=(-1.0, 1.0))
    assert json.loads(json.dumps(sent)) == sent
    assert (sent["rows"], sent["columns"]) == (2, 2)
    assert sent["value"] == [1.0, -2.5, 0.0, 4.0]
    assert sent["standard"] == [0.0, 0.0, 0.0, 1.0]
    assert sent["palette"] == [-1.0, 1.0]
    assert (sent["least"], sent["most"], sent["decimals"]) == (-9.0, 9.0, 3)


def test_the_longest_number_that_may_be_typed_fits_into_a_cell() -> None:
    sent = data((1, 1), (0.0,), least=-99999.0, most=99999.0)
    assert len(f"{-99999.999:.{sent['decimals']}f}") <= sent["longest"]


@pytest.mark.parametrize("shape", [(0, 1), (1, 9), (9, 1)])
def test_more_cells_than_can_be_read_are_refused(shape: tuple[int, int]) -> None:
    sentence = f"Cells to edit have 1 to 8 rows and columns, not {shape}."
    with pytest.raises(ValueError, match=re.escape(sentence)):
        data(shape, [0.0] * (shape[0] * shape[1]))


@pytest.mark.parametrize(("value", "standard"), [((1.0,), (1.0, 2.0)), ((1.0, 2.0), (1.0,))])
def test_numbers_that_do_not_fill_the_matrix_are_refused(
    value: Sequence[float], standard: Sequence[float]
) -> None:
    with pytest.raises(ValueError, match=re.escape("A matrix of shape (1, 2) has no 1 cells.")):
        data((1, 2), value, standard=standard)
