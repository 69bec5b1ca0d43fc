"""Words, formulas and names of elementwise operations, against a table counted by hand.

That exchanging two of them is noticed stands in ``test_words_exchanged``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
import torch

import flow
from flow.asking.naming import name_terms
from flow.ops import OPS
from flow.ops.common.terms import Terms
from tests.flow.by_hand.hand import Hand
from tests.flow.by_hand.hand_activations import ACTIVATIONS
from tests.flow.by_hand.hand_arithmetic import ARITHMETIC, LOSSES, SAME, TIES
from tests.flow.by_hand.hand_functions import FUNCTIONS
from tests.flow.closed_forms.cellwise import Cellwise
from tests.flow.closed_forms.test_cellwise import first
from tests.flow.words.read_latex import computed

HANDS: dict[str, Hand] = {**ACTIVATIONS, **FUNCTIONS, **ARITHMETIC, **LOSSES}
KNOWN = {name for name, known in OPS.items() if known.cells is not None}


def test_the_table_has_every_elementwise_operation() -> None:
    assert set(HANDS) | set(SAME) | {"SgnBackward0"} == KNOWN
    for name, other in SAME.items():
        assert OPS[name] == OPS[other]


# Sentences


def says(sentence: str, hand: Hand) -> bool:
    return all(phrase in sentence for phrase in hand.words.split("|"))


@pytest.mark.parametrize("name", HANDS)
def test_a_sentence_says_what_the_operation_does(name: str) -> None:
    assert says(OPS[name].rule.sentence, HANDS[name])


def test_only_dropouts_sentence_speaks_of_dropout() -> None:
    for name in KNOWN:
        assert "dropout" not in OPS[name].rule.sentence.lower(), name
        assert "mask" not in OPS[name].rule.sentence.lower(), name


# Formulas


def letters_of(name: str) -> tuple[str, ...]:
    cells = OPS[name].cells
    assert cells is not None
    return tuple(cells.slopes)


def hands_of(name: str) -> list[Hand]:
    return [HANDS[name], *([TIES[name]] if name in TIES else [])]


def gives(formula: str, name: str) -> bool:
    """Whether a formula, read back from LaTeX, has the values counted for an operation."""
    return all(_has(formula, letters_of(name), hand) for hand in hands_of(name))


def _has(formula: str, letters: tuple[str, ...], hand: Hand) -> bool:
    values = {**dict(zip(letters, hand.at, strict=True)), **hand.settings}
    found, expected = computed(formula, values), dict(zip(letters, hand.slopes, strict=False))
    if hand.off is not None and computed(formula, {**values, "x": hand.off}) != {"x": 0}:
        return False
    return found.keys() == expected.keys() and all(
        found[letter] == pytest.approx(expected[letter], rel=1e-6, abs=1e-12) for letter in expected
    )


@pytest.mark.parametrize("name", HANDS)
def test_a_printed_formula_has_the_value_counted_by_hand(name: str) -> None:
    assert gives(OPS[name].rule.formula, name)


def noticed(formula: str, name: str) -> bool:
    try:
        return not gives(formula, name)
    except (AssertionError, TypeError, ValueError, KeyError, ZeroDivisionError, OverflowError):
        return True  # it has other letters, or is not even real there


def test_operations_with_the_same_formula_have_the_same_slope() -> None:
    formulas: dict[str, set[str]] = {}
    for name in HANDS:
        formulas.setdefault(OPS[name].rule.formula, set()).add(name)
    shared = sorted(sorted(names) for names in formulas.values() if len(names) > 1)
    assert shared == [
        ["CeilBackward0", "FloorBackward0", "RoundBackward0", "SignBackward0", "TruncBackward0"],
        ["FmodBackward0", "RemainderBackward0"],
        ["HardshrinkBackward0", "SoftshrinkBackward0"],
    ]


# Names


@dataclass(frozen=True, eq=False)
class Asked:
    """The coefficients of one operation, ready to be named by any namer."""

    terms: tuple[Terms | None, ...]
    """One for each input; None where its only coefficient is 0."""

    def names(self) -> Iterator[str]:
        for terms in self.terms:
            found = None if terms is None else name_terms(terms)
            yield "" if found is None else found.names[int(found.index[0])]


@cache
def asked(name: str) -> Asked:
    return Asked(tuple(terms for hand in hands_of(name) for terms in _asked(name, hand)))


def _asked(name: str, hand: Hand) -> Iterator[Terms | None]:
    inputs = tuple(torch.tensor([value], dtype=torch.float64) for value in hand.at)
    run = Cellwise(name, hand.function, inputs).run()
    index = first(run, name)
    for which, slope in enumerate(hand.slopes):
        explanation = run.explain(f"n{index}", (0,), input=which)
        assert explanation.coefficients.sum() == pytest.approx(slope, rel=1e-6, abs=1e-12)
        yield terms_of(run, index, which, explanation)


def named_by_hand(name: str) -> tuple[str, ...]:
    return tuple(each for hand in hands_of(name) for each in hand.names)


def terms_of(run: flow.Run, index: int, which: int, found: flow.record.Explanation) -> Terms | None:
    if not len(found.coefficients):
        return None
    assert run._live is not None
    return Terms(
        node=run._live.graph.nodes[index],
        record=run.capture.nodes[index],
        capture=run.capture,
        which=which,
        cells=np.zeros(len(found.places), np.int64),
        outputs=found.outputs,
        places=found.places,
        coefficients=found.coefficients,
    )


@pytest.mark.parametrize("name", HANDS)
def test_a_name_and_its_value_are_those_counted_by_hand(name: str) -> None:
    assert tuple(asked(name).names()) == named_by_hand(name)
