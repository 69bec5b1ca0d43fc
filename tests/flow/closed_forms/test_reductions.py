"""Reductions, softmaxes and class losses: closed forms against autograd, names against both."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from flow.ops import OPS, activations, extremes, losses, softmax, spreads, totals
from tests.flow.closed_forms.cellwise import Cellwise
from tests.flow.closed_forms.reduced import REDUCED, TIES
from tests.flow.closed_forms.test_cellwise import first, named
from tests.flow.words.test_rules import opened

FAMILIES = (activations, totals, extremes, spreads, softmax, losses)


def test_every_closed_form_of_these_families_is_run() -> None:
    written = {
        name
        for family in FAMILIES
        for name, known in family.OPS.items()
        if known.closed_form is not None and known.cells is None
    }
    assert written == {case.node for case in REDUCED}


@pytest.mark.parametrize("case", REDUCED, ids=named)
def test_the_closed_form_is_what_autograd_computes(case: Cellwise) -> None:
    with case.run() as run:
        index = first(run, case.node)
        known = OPS[case.node]
        assert known.closed_form is not None
        with np.errstate(all="ignore"):
            found = known.closed_form(opened(run, index))
        expected = run.capture.nodes[index].downstream
        for mine, theirs in zip(found, expected, strict=True):
            assert mine is not None
            assert theirs is not None
            assert mine.shape == theirs.shape
            np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-12)


def test_a_norm_that_counts_cells_hands_nothing_on() -> None:
    counted = Cellwise(
        "LinalgVectorNormBackward0", lambda x: torch.linalg.vector_norm(x, 0, 1), (TIES,)
    )
    with counted.run() as run:
        assert run.capture.nodes[0].downstream == (None,)
        assert [check.passed for check in run.check("n0")] == [None] * 3


@pytest.mark.parametrize("case", REDUCED, ids=named)
def test_every_coefficient_has_a_name_or_the_operation_gives_none(case: Cellwise) -> None:
    unnamed = {"GluBackward0", "CumprodBackward0", "LogcumsumexpBackward0", "DistBackward0"}
    with case.run() as run:
        table = run.table(f"n{first(run, case.node)}")
        assert table.complete
        used = {table.names[number] for number in table.name_of.tolist()}
        assert ("" in used) <= (case.node in unnamed | {"MultiMarginLossBackward0"})
