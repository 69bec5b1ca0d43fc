"""Every operation of the sweep: each answer against PyTorch itself.

`make test` asks each for a few cells, and a spread of them for many; `make fuzz` asks all of
them for many.
"""

from __future__ import annotations

import os

import pytest

from tests.flow.sweep.case import Case
from tests.flow.sweep.comparisons import complaints
from tests.flow.sweep.operations import FAMILIES
from tests.flow.sweep.trial import ALL, trial

FEW = 2
"""Cells of each gradient that are asked about where there is little time."""
EVERY = 0 if "FUZZ" in os.environ else 48
"""Out of how many operations one is asked for many cells; 0: each is."""

OPERATIONS = [
    pytest.param(case, ALL if not EVERY or position % EVERY == 0 else FEW, id=f"{family}: {name}")
    for family, cases in FAMILIES.items()
    for position, (name, case) in enumerate(cases.items())
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("case", "most"), OPERATIONS)
def test_every_answer_about_an_operation_is_what_pytorch_says(case: Case, most: int) -> None:
    with (tried := trial(case, most)).run:
        assert complaints(tried) == []


def test_more_than_a_thousand_operations_are_tried() -> None:
    assert sum(map(len, FAMILIES.values())) > 1000
