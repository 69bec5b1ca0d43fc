"""A sum of complex numbers in one sentence: the maps and the sum line hold real numbers only."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from flow.record import Explanation, Part, Reach, Term
from flow.said import joined, said

TERMS = 4
"""Terms that are written out; the others are added up."""
DIGITS = 4

PARTS: Mapping[Part, str] = {
    "real part": said("real part"),
    "imaginary part": said("imaginary part"),
}


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
        rest = number(shown.rest)
        terms.append(said("{count} more terms that add up to {rest}", count=shown.left, rest=rest))
    total, recorded = number(explanation.total), number(explanation.autograd)
    if not terms:
        return explanation.note
    sum_of = said(
        "{terms} = {total}; autograd {recorded}.",
        terms=joined(terms, " + "),
        total=total,
        recorded=recorded,
    )
    return joined(filter(None, (sum_of, explanation.note)))


def reached(reach: Reach) -> str:
    """Return what a complex upstream cell feeds; empty where every number is real."""
    maps = [part for part in (*reach.inputs, *(reach.imaginary or ())) if part is not None]
    if reach.imaginary is None and not any(np.iscomplexobj(part) for part in maps):
        return ""
    return said(
        "{number} is multiplied by complex numbers, which no map shows. Choose a cell of the "
        "downstream gradient to read its sum.",
        number=number(reach.upstream),
    )


def _term(term: Term) -> str:
    product = f"({number(term.coefficient)}) · ({number(term.upstream)})"
    return joined((product, said("({part})", part=PARTS[term.part]))) if term.part else product
