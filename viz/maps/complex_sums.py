"""A sum of complex numbers in one sentence: the maps and the sum line hold real numbers only."""

from __future__ import annotations

import numpy as np

from flow.record import Explanation, Reach, Term

TERMS = 4
"""Terms that are written out; the others are added up."""
DIGITS = 4


def is_complex(explanation: Explanation) -> bool:
    """Whether some number of the sum is complex, or a part of a complex upstream cell."""
    numbers = (explanation.coefficients, explanation.upstreams)
    several = any(np.iscomplexobj(array) for array in numbers)
    return several or bool(explanation.parts) or isinstance(explanation.autograd, complex)


def number(value: complex) -> str:
    """Write a number as ``1.5``, or as ``1.5-2i`` where it is complex."""
    if not isinstance(value, complex):
        return f"{value:.{DIGITS}g}"
    return f"{value.real:.{DIGITS}g}{value.imag:+.{DIGITS}g}i"


def written(explanation: Explanation) -> str:
    """Return the sum with its largest terms, the recorded value and the sentence it needs."""
    shown = explanation.largest(TERMS)
    terms = [_term(term) for term in shown.terms]
    if shown.left:
        terms.append(f"{shown.left} more terms that add up to {number(shown.rest)}")
    total, recorded = number(explanation.total), number(explanation.autograd)
    sum_of = f"{' + '.join(terms)} = {total}; autograd {recorded}." if terms else ""
    return f"{sum_of} {explanation.note}".strip()


def reached(reach: Reach) -> str:
    """Return what a complex upstream cell feeds; empty where every number is real."""
    maps = [part for part in (*reach.inputs, *(reach.imaginary or ())) if part is not None]
    if reach.imaginary is None and not any(np.iscomplexobj(part) for part in maps):
        return ""
    return (
        f"{number(reach.upstream)} is multiplied by complex numbers, which no map shows. "
        "Choose a cell of the downstream gradient to read its sum."
    )


def _term(term: Term) -> str:
    of = f" ({term.part})" if term.part else ""
    return f"({number(term.coefficient)}) · ({number(term.upstream)}){of}"
