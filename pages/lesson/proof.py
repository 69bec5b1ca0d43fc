"""How gradients compare with other ways to get the same numbers, in a lesson."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from flow.record import Check
from pages.parts.text import _, say
from viz.scene.inspector import Chosen
from viz.scene.proof import Verdict, handed_over, verdict


def proof(chosen: Chosen) -> None:
    """Show how the gradients of the node compare with other ways to get the same numbers.

    What a leaf stored is compared at the node that made it. A leaf hands nothing on.
    """
    found = chosen.live.proof(chosen.node.id)
    made = [verdict(check, chosen.say) for check in found.checks]
    if chosen.part in found.handovers:
        handover = found.handovers[chosen.part]
        made.append(handed_over(chosen.capture, chosen.node.id, handover, chosen.say))
    _strip(made)


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
