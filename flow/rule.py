"""What is written down about one operation's backward."""

from __future__ import annotations

from dataclasses import dataclass

from flow.closed import ClosedForm


@dataclass(frozen=True)
class Rule:
    """One operation's vector-Jacobian product."""

    formula: str
    """In LaTeX as KaTeX reads it, without dollar signs."""
    sentence: str
    closed_form: ClosedForm | None = None
    linear: bool = False
    """Whether the forward is the same sum of input cells, read the other way (plus a constant)."""
