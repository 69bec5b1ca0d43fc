"""A rule's formula as MathML, which browsers draw without help."""

from __future__ import annotations

from functools import lru_cache

from latex2mathml.converter import convert

UNKNOWN = {r"\arg\max": r"\operatorname{argmax}", r"\!": ""}
"""What the converter does not know, and what says the same."""


@lru_cache(maxsize=1024)  # there are some 300 rules
def mathml(latex: str) -> str:
    """Return MathML for LaTeX without dollar signs; nothing for nothing."""
    for command, instead in UNKNOWN.items():
        latex = latex.replace(command, instead)
    return convert(latex) if latex else ""
