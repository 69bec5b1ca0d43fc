"""Results as Markdown."""

from __future__ import annotations

import math
from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; raises ValueError when a row does not have one cell per column."""
    for row in rows:
        if len(row) != len(head):
            raise ValueError(f"A row has {len(row)} cells, the head has {len(head)}: {row}")
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float, unit: str = "") -> str:
    """A number with two digits that count, or three where the first is a 1; a dash for NaN."""
    if math.isnan(value):
        return "-"
    if value == 0:
        return f"0{unit}"
    size = math.floor(math.log10(abs(value)))
    first = int(abs(value) / 10**size)
    digits = max(0, (2 if first == 1 else 1) - size)
    return f"{value:,.{digits}f}{unit}"


def times(value: float) -> str:
    """A ratio: `1.78x`."""
    return number(value, "x")
