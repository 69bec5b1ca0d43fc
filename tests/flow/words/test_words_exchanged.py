"""No two rules could change places: of any two sentences or formulas, one would be noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest

from flow.ops import OPS
from flow.ops.common.terms import COPY
from flow.record import Rule
from tests.flow.by_hand.hand_reductions import HANDS as REDUCED
from tests.flow.words import test_words as cellwise
from tests.flow.words import test_words_of_reductions as reductions
from tests.flow.words import test_words_of_structures as structures
from tests.flow.words.words_of_structures import WORDS

EQUAL = {"ExpBackward0", "Expm1Backward0"}
"""Their slopes are one function, exp(x), in different words: either formula is true of both."""
RULES: dict[str, Rule] = {
    **structures.RULES,
    **{name: OPS[name].rule for name in (*cellwise.HANDS, *REDUCED)},
}
KEYS = (*cellwise.HANDS, *REDUCED, *WORDS)


def fits_sentence(sentence: str, key: str) -> bool:
    if key in WORDS:
        return structures.fits_sentence(sentence, key)
    if key in REDUCED:
        return reductions.says(sentence, REDUCED[key])
    return cellwise.says(sentence, cellwise.HANDS[key])


def fits_formula(formula: str, key: str) -> bool:
    if key in WORDS:
        return structures.fits_formula(formula, key)
    if key in REDUCED:
        return reductions.writes(formula, REDUCED[key])
    return not cellwise.noticed(formula, key)


def pairs() -> Iterator[tuple[str, str]]:
    return combinations(KEYS, 2)


def test_two_sentences_exchanged_are_noticed() -> None:
    for one, other in pairs():
        mine, theirs = RULES[one].sentence, RULES[other].sentence
        if mine != theirs:
            kept = fits_sentence(theirs, one) and fits_sentence(mine, other)
            assert not kept, (one, other)


def test_two_formulas_exchanged_are_noticed() -> None:
    for one, other in pairs():
        mine, theirs = RULES[one].formula, RULES[other].formula
        if mine != theirs and {one, other} != EQUAL:
            assert not (fits_formula(theirs, one) and fits_formula(mine, other)), (one, other)


SHRINKING = {"SoftshrinkBackward0", "HardshrinkBackward0"}
"""They give the same words to the same values."""


def by_hand(name: str) -> tuple[str, ...]:
    """Return the names that the tables have for an operation's coefficients."""
    if name in REDUCED:
        return REDUCED[name].names
    return cellwise.named_by_hand(name)


def alike(one: str, other: str) -> bool:
    """Whether both name nothing, both copies alone, or are known to say the same."""
    told = [set(by_hand(name)) - {""} for name in (one, other)]
    return told in ([set()] * 2, [{COPY}] * 2) or {one, other} == SHRINKING


def named_right(name: str) -> bool:
    try:
        if name in REDUCED:
            return reductions.names(name) == by_hand(name)
        return tuple(cellwise.asked(name).names()) == by_hand(name)
    except (AttributeError, IndexError, KeyError, ValueError, TypeError):
        return False


def test_two_namers_exchanged_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {name: OPS[name] for name in (*cellwise.HANDS, *REDUCED)}
    assert all(named_right(name) for name in kept)
    for one, other in combinations(kept, 2):
        if kept[one].names == kept[other].names:
            continue
        for name, given in ((one, other), (other, one)):
            monkeypatch.setitem(OPS, name, replace(kept[name], names=kept[given].names))
        right = named_right(one) and named_right(other)
        for name in (one, other):
            monkeypatch.setitem(OPS, name, kept[name])
        assert not right or alike(one, other), (one, other)
