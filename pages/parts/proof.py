"""The rule of a node, and how its gradients compare with other ways to get the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from flow.record import Check, Handover
from pages.parts.text import _
from viz.scene import inspector
from viz.scene.inspector import Chosen
from viz.theme import format_number


def rule(chosen: Chosen) -> None:
    """Write the node's vector-Jacobian product as a formula."""
    known = chosen.live.rule(chosen.node)
    if known is not None:
        st.markdown(f"${known.formula}$")


def proof(chosen: Chosen) -> None:
    """Show how the gradients of the node compare with other ways to get the same numbers.

    What a leaf stored is compared at the node that made it. A leaf hands nothing on.
    """
    found = chosen.live.proof(chosen.node.id)
    chips = [_verdict(check) for check in found.checks]
    if chosen.part in found.handovers:
        chips.append(_handed_over(chosen, found.handovers[chosen.part]))
    _strip(chips)


def verdicts(checks: Sequence[Check]) -> None:
    """Show comparisons that were made elsewhere."""
    _strip([_verdict(check) for check in checks])


def _strip(chips: Sequence[str]) -> None:
    label = escape(_("Proof"))
    st.html(f'<div class="proof" role="list" aria-label="{label}">{"".join(chips)}</div>')


def _verdict(check: Check) -> str:
    """Write one comparison: what it was, how far apart, and the tolerance."""
    names = {
        "closed form": _("closed form"),
        "finite differences": _("finite differences"),
        "sum of terms": _("sum of terms"),
    }
    if check.passed is None or check.difference is None or check.tolerance is None:
        return _chip("skipped", names[check.name], _("not run"), check.sentence)
    figures = _difference(check.difference, check.tolerance)
    state = "passed" if check.passed else "failed"
    return _chip(state, names[check.name], figures, check.sentence)


def _handed_over(chosen: Chosen, found: Handover) -> str:
    """Write that what is handed on here is what arrived one node further."""
    target = inspector.whose(chosen.capture.node(found.target), chosen.say)
    givers = [
        inspector.whose(chosen.capture.node(giver), chosen.say)
        for giver in found.givers
        if giver != chosen.node.id
    ]
    if givers:
        name = _("+ {givers} = upstream of {name}")
        sentence = _(
            "{count} nodes read this tensor. Each ran once more alone; the parts they hand on, "
            "added up, are compared with what arrived at {name}."
        )
    else:
        name = _("= upstream of {name}")
        sentence = _(
            "The node ran once more alone; what it hands on is compared with what arrived at "
            "{name}, cell by cell."
        )
    written = name.format(givers=" + ".join(givers), name=target)
    explained = sentence.format(count=len(found.givers), name=target)
    state = "passed" if found.passed else "failed"
    return _chip(state, written, _difference(found.difference, found.tolerance), explained)


def _difference(difference: float, tolerance: float) -> str:
    """Write the largest difference beside what it may be."""
    if not tolerance:
        return _("Δ {difference}").format(difference=format_number(difference, 2))
    sentence = _("Δ {difference} ≤ {tolerance}")
    if difference > tolerance:
        sentence = _("Δ {difference} > {tolerance}")
    return sentence.format(
        difference=format_number(difference, 2), tolerance=format_number(tolerance, 2)
    )


def _chip(state: str, name: str, figures: str, explanation: str) -> str:
    """Write a verdict; what was compared, or why not, comes when it is opened."""
    sign = {"passed": "✓", "failed": "✗", "skipped": "-"}[state]
    head = f"<summary><b>{sign} {escape(name)}</b><span>{escape(figures)}</span></summary>"
    return (
        f'<div role="listitem" class="{state}">'
        f"<details>{head}<p>{escape(explanation)}</p></details></div>"
    )
