"""What the rules of layers, products, moves and lookups say, and that an exchange is noticed."""

from __future__ import annotations

from itertools import permutations

import pytest

from flow.ops import OPS, functions
from tests.flow.words.test_words_of_reductions import FAMILIES
from tests.flow.words.words_of_structures import ONLY, PARTS, WORDS

ELSEWHERE = {name for family in (*FAMILIES, functions) for name in family.OPS}
"""Reductions and elementwise operations, whose words are checked by their hand-counted cases."""
RULES = {
    name if not call else f"{name} {call}": rule
    for name, operation in OPS.items()
    if name not in ELSEWHERE
    for call, rule in (("", operation.rule), *operation.called.items())
}


def fits_sentence(sentence: str, key: str) -> bool:
    return all(words in sentence.lower() for words in WORDS[key][0].split(" | "))


def fits_formula(formula: str, key: str) -> bool:
    return all(
        formula == part.removeprefix(ONLY) if part.startswith(ONLY) else part in formula
        for part in WORDS[key][1].split(" | ")
    )


@pytest.mark.parametrize("key", WORDS)
def test_a_rule_says_what_its_operation_does(key: str) -> None:
    assert fits_sentence(RULES[key].sentence, key)
    assert fits_formula(RULES[key].formula, key)


def fits_part(sentence: str, words: str) -> bool:
    return all(part in sentence.lower() for part in words.split(" | "))


@pytest.mark.parametrize("key", PARTS)
def test_a_rule_says_of_every_input_what_its_gradient_is(key: str) -> None:
    rule, words = RULES[key], PARTS[key]
    assert {part: fits_part(rule.about(part), words[part]) for part in words} == dict.fromkeys(
        words, True
    )
    others = {part: rule.about(part) for part in range(3) if part not in words}
    assert set(others.values()) == {rule.sentence}
    for (part, said), (other, expected) in permutations(words.items(), 2):
        assert not fits_part(rule.about(part), expected), (said, other)
        assert not fits_part(rule.sentence, expected)


def test_every_rule_with_more_than_one_sentence_has_its_words() -> None:
    spoken = {RULES[key].parts for key in PARTS}
    assert {key for key, rule in RULES.items() if rule.parts and rule.parts not in spoken} == set()


def test_every_rule_has_its_words() -> None:
    spoken = {RULES[key] for key in WORDS}
    assert {key for key, rule in RULES.items() if rule not in spoken} == set()


def test_another_operations_sentence_or_formula_would_be_noticed() -> None:
    for key, other in permutations(WORDS, 2):
        mine, theirs = RULES[key], RULES[other]
        if mine.sentence != theirs.sentence:
            assert not fits_sentence(theirs.sentence, key), (key, other)
        if mine.formula != theirs.formula:
            assert not fits_formula(theirs.formula, key), (key, other)


def test_an_average_without_its_divisor_would_be_noticed() -> None:
    average, largest = RULES["AvgPool2DBackward0"], RULES["MaxPool2DWithIndicesBackward0"]
    key = "AvgPool2DBackward0"
    assert not fits_formula(average.formula.replace(r"\frac{1}{n_j}", ""), key)
    assert not fits_sentence(largest.sentence, key)
