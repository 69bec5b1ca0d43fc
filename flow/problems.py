"""What can be odd about a run, found in its records and said in a sentence each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from flow.record import Capture

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Problem:
    """One finding: its kind, how serious it is, where it is and a sentence for the visitor."""

    kind: str
    severity: Severity
    message: str
    node: str = ""
    layer: str = ""


def find_problems(capture: Capture) -> tuple[Problem, ...]:
    """List everything odd about a run, most serious first."""
    return ()
