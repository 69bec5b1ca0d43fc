"""Words, formulas and names of reductions, softmaxes and class losses, counted by hand."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch

from flow.asking.naming import name_terms
from flow.ops import OPS, activations, arithmetic, extremes, losses, softmax, spreads, totals
from flow.ops.common.terms import Terms
from tests.flow.by_hand.hand_reductions import HANDS, SAME, Reduced
from tests.flow.closed_forms.cellwise import Cellwise
from tests.flow.closed_forms.test_cellwise import first

FAMILIES = (activations, arithmetic, totals, extremes, spreads, softmax, losses)


def test_the_table_has_every_operation_that_is_not_elementwise() -> None:
    known = {n for family in FAMILIES for n, each in family.OPS.items() if each.cells is None}
    assert known == set(HANDS) | set(SAME) | {"MulBackward1"}
    for name, other in SAME.items():
        assert OPS[name].rule == OPS[other].rule


def says(sentence: str, hand: Reduced) -> bool:
    return all(phrase in sentence for phrase in hand.words.split("|"))


def writes(formula: str, hand: Reduced) -> bool:
    return all(part in formula for part in hand.formula.split("  "))


@pytest.mark.parametrize("name", HANDS)
def test_sentence_and_formula_have_their_words_and_parts(name: str) -> None:
    assert says(OPS[name].rule.sentence, HANDS[name])
    assert writes(OPS[name].rule.formula, HANDS[name])


@cache
def asked(name: str) -> Terms:
    hand = HANDS[name]
    run = Cellwise(name, hand.function, (torch.tensor(hand.row, dtype=torch.float64),)).run()
    index = first(run, name)
    gradient = run.capture.nodes[index].downstream[0]
    assert gradient is not None
    cell = np.unravel_index(hand.cell, gradient.shape)
    found = run.explain(f"n{index}", tuple(map(int, cell)))
    assert run._live is not None
    return Terms(
        node=run._live.graph.nodes[index],
        record=run.capture.nodes[index],
        capture=run.capture,
        which=0,
        cells=np.full(len(found.places), hand.cell),
        outputs=found.outputs,
        places=found.places,
        coefficients=found.coefficients,
    )


def names(name: str) -> tuple[str, ...]:
    found = name_terms(asked(name))
    return () if found is None else tuple(found.names[int(at)] for at in found.index)


@pytest.mark.parametrize("name", HANDS)
def test_names_and_coefficients_are_those_counted_by_hand(name: str) -> None:
    assert asked(name).coefficients.tolist() == pytest.approx(list(HANDS[name].slopes))
    assert names(name) == HANDS[name].names
