"""A rule with its closed form, as the tables of rules give it."""

from __future__ import annotations

from dataclasses import dataclass

from flow.ops.closed import ClosedForm


@dataclass(frozen=True)
class Written:
    """One operation's vector-Jacobian product."""

    formula: str
    sentence: str
    closed_form: ClosedForm | None = None
    linear: bool = False
