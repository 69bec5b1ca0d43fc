"""A cell as an equation of short numbers, each with a caption of a few words.

What stands there is what is added: where the short numbers do not give the short result, the sign
between them is ≈.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import prod
from typing import Any

from viz.language import Say

PLACES = 3
"""Decimals of every number on the start page, so that what is seen can be added."""
UNIT = Decimal(1).scaleb(-PLACES)
MOST_PRODUCTS = 2
MOST_SUMMANDS = 4
"""Of a sum; what is more is counted, so that the equation stays on one line."""
MINUS, TIMES, ABOUT = "\N{MINUS SIGN}", "\N{MULTIPLICATION SIGN}", "\N{ALMOST EQUAL TO}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True)
class Factor:
    """A number of a product, and what it is."""

    value: float
    caption: str


Summand = tuple[Factor, ...]


def short(value: float) -> str:
    """Write a number in a few decimals; one that is not zero never reads as zero."""
    rounded = _rounded(value)
    if rounded == 0 and value != 0:
        return f"{ABOUT}0"
    return f"{rounded.normalize():f}".replace("-", MINUS) if _whole(value) else _fixed(rounded)


def equation(summands: Sequence[Summand], result: Factor, say: Say) -> list[dict[str, Any]]:
    """Return the parts of ``summands = result``: numbers with their captions, and signs."""
    most = _most(summands)
    parts: list[dict[str, Any]] = []
    captions: set[str] = set()
    for place, summand in enumerate(summands[:most]):
        parts += [_sign("+")] if place else []
        for at, factor in enumerate(summand):
            parts += [_sign(TIMES)] if at else []
            parts.append(_number(factor, captions))
    if len(summands) > 1 and len(summands[0]) == 1:
        parts[0]["kind"] = "first"  # its caption is that of all, and may reach below them
    left = len(summands) - most
    if left > 0:
        more = say("1 more") if left == 1 else say("{count} more").format(count=left)
        parts += [_sign("+"), {"text": ELLIPSIS, "caption": more, "kind": "number"}]
    if not summands:
        return [_result(result)]
    sign = "=" if reads_exactly(summands, result) else ABOUT
    return [*parts, _sign(sign), _result(result)]


def is_whole(summands: Sequence[Summand]) -> bool:
    """Whether a sum is shown with all its summands."""
    return len(summands) <= _most(summands)


def reads_exactly(summands: Sequence[Summand], result: Factor) -> bool:
    """Whether the numbers as they are written give the result as it is written."""
    total = sum((prod(_rounded(factor.value) for factor in each) for each in summands), Decimal())
    return _rounded(float(total)) == _rounded(result.value)


def _most(summands: Sequence[Summand]) -> int:
    return MOST_SUMMANDS if all(len(each) == 1 for each in summands) else MOST_PRODUCTS


def _number(factor: Factor, said: set[str]) -> dict[str, Any]:
    """Return a number with its caption, where that was not said before."""
    caption = "" if factor.caption in said else factor.caption
    said.add(factor.caption)
    return {"text": short(factor.value), "caption": caption, "kind": "number"}


def _result(factor: Factor) -> dict[str, Any]:
    return {"text": short(factor.value), "caption": factor.caption, "kind": "result"}


def _sign(text: str) -> dict[str, Any]:
    return {"text": text, "caption": "", "kind": "sign"}


def _rounded(value: float) -> Decimal:
    return Decimal(value).quantize(UNIT, rounding=ROUND_HALF_UP)


def _fixed(rounded: Decimal) -> str:
    return f"{rounded:f}".replace("-", MINUS)


def _whole(value: float) -> bool:
    return value == int(value)
