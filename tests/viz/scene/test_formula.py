"""Every written rule as MathML: well formed, nothing left in LaTeX, nothing lost."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from flow.ops import OPS
from flow.record import WORDS_IN_FORMULA
from viz.language import speaking
from viz.scene.formula import mathml, worded

FORMULAS = sorted(
    {
        rule.formula
        for operation in OPS.values()
        for rule in (operation.rule, *operation.called.values())
    }
)
SPELT = r"\\(?:text|operatorname|mathrm)\{"
"""Commands whose argument is read as it stands."""
NAMED = r"\\(log|sin|cos|tan|sinh|cosh|tanh|max|min|arg)(?![a-z])"
"""Functions that are drawn as their own name."""
FENCES = {"{", "}"}
"""Drawn by ``cases``, alone in an element."""


def letters_of(latex: str) -> str:
    """Return the letters and digits that a reader must see, in their order."""
    spelt = re.sub(NAMED, r" \1 ", re.sub(SPELT, "{", latex))
    drawn = re.sub(r"\\(?:begin|end)\{cases\}|\\[A-Za-z]+|\\.", " ", spelt)
    return "".join(re.findall(r"[A-Za-z0-9]", drawn))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_rule_is_drawn_whole_and_without_latex(formula: str) -> None:
    drawn = mathml(formula)
    root = ElementTree.fromstring(drawn)  # noqa: S314 - we wrote it
    assert root.tag == "{http://www.w3.org/1998/Math/MathML}math"
    texts = [element.text or "" for element in root.iter()]
    assert not [text for text in texts if "\\" in text or (FENCES & {*text} and len(text) > 1)]
    seen = "".join(re.findall(r"[A-Za-z0-9]", "".join(texts)))
    assert seen == letters_of(formula)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_rule_in_korean_has_the_same_signs_and_no_english_words(formula: str) -> None:
    korean = worded(formula, speaking("ko"))
    assert WORDS_IN_FORMULA.split(korean)[::2] == WORDS_IN_FORMULA.split(formula)[::2]
    words = " ".join(WORDS_IN_FORMULA.findall(korean)).replace("scatter", "")
    assert not re.search("[a-z]{3,}", words)


def test_words_in_a_formula_are_drawn_in_korean() -> None:
    assert ">그&#x000A0;밖<" in mathml(worded(r"0 \text{otherwise}", speaking("ko")))


def test_a_formula_that_is_not_there_is_empty() -> None:
    assert mathml("") == ""
