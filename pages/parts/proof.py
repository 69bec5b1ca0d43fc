"""How gradients compare with other ways to get the same numbers, in a lesson."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from flow.record import Check
from pages.parts.text import _, say
from viz.scene.proof import Verdict, verdict


def verdicts(checks: Sequence[Check]) -> None:
    """Show comparisons that were made elsewhere."""
    _strip([verdict(check, say()) for check in checks])


def _strip(made: Sequence[Verdict]) -> None:
    label = escape(_("Proof"))
    chips = "".join(map(_chip, made))
    st.html(f'<div class="proof" role="list" aria-label="{label}">{chips}</div>')


def _chip(made: Verdict) -> str:
    """Write a verdict; what was compared, or why not, comes when it is opened."""
    sign = {"passed": "✓", "failed": "✗", "skipped": "-"}[made.state]
    head = (
        f"<summary><b>{sign} {escape(made.name)}</b><span>{escape(made.figures)}</span></summary>"
    )
    return (
        f'<div role="listitem" class="{made.state}">'
        f"<details>{head}<p>{escape(made.sentence)}</p></details></div>"
    )
