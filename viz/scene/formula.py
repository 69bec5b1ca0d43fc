"""A rule's formula in a visitor's language, and as MathML, which browsers draw without help."""

from __future__ import annotations

from functools import lru_cache

from latex2mathml.converter import convert

from flow.record import WORDS_IN_FORMULA
from viz.language import Say

UNKNOWN = {r"\arg\max": r"\operatorname{argmax}", r"\!": ""}
"""What the converter does not know, and what says the same."""


def worded(latex: str, say: Say) -> str:
    """Return LaTeX in which the words between the signs are a visitor's."""
    return WORDS_IN_FORMULA.sub(lambda found: rf"\text{{{say(found[1])}}}", latex)


@lru_cache(maxsize=1024)  # there are some 300 rules
def mathml(latex: str) -> str:
    """Return MathML for LaTeX without dollar signs; nothing for nothing."""
    for command, instead in UNKNOWN.items():
        latex = latex.replace(command, instead)
    return convert(latex) if latex else ""
