"""How the gradients of a node compare with other ways to get the same numbers, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from flow.record import Capture, Check, Handover
from viz.language import Say, retold
from viz.scene import inspector
from viz.scene.live import Proof
from viz.theme import format_number

State = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True)
class Verdict:
    """One comparison: what it was, how far apart, and what was compared or why not."""

    state: State
    name: str
    figures: str
    sentence: str


CHECK_TEXT: Mapping[str, str] = {
    "closed form": "closed form",
    "finite differences": "finite differences",
    "sum of terms": "sum of terms",
}
"""What a comparison is called."""


CHECKED: Mapping[int, str] = {
    0: "Nothing was compared here",
    1: "Checked in one way, which agrees",
    2: "Checked in two ways, both agree",
    3: "Checked in three ways, all agree",
    4: "Checked in four ways, all agree",
}
"""What is said of as many comparisons that passed."""
NOT_RUN: Mapping[int, str] = {
    1: "one was not run",
    2: "two were not run",
    3: "three were not run",
    4: "four were not run",
}
"""What is said of as many comparisons that were skipped."""


def verdicts_data(checks: Sequence[Check], say: Say) -> dict[str, Any]:
    """Return a ``Proof`` of comparisons at a node that stands alone."""
    found = [verdict(check, say) for check in checks]
    return {
        "label": say("Proof"),
        "opens": say("What was compared, and how closely"),
        "line": summary(found, say),
        "checks": [asdict(each) for each in found],
        "handovers": {},
    }


def proof_data(capture: Capture, node: str, found: Proof, say: Say) -> dict[str, Any]:
    """Return a ``Proof`` for the browser, ready for JSON."""
    checks = [verdict(check, say) for check in found.checks]
    handovers = {
        str(part): handed_over(capture, node, handover, say)
        for part, handover in found.handovers.items()
    }
    return {
        **verdicts_data(found.checks, say),
        "handovers": {
            part: {**asdict(each), "line": summary([*checks, each], say)}
            for part, each in handovers.items()
        },
    }


def summary(verdicts: Sequence[Verdict], say: Say) -> str:
    """Say in one line how many comparisons agree, how many were not run, or which one fails."""
    failed = [each.name for each in verdicts if each.state == "failed"]
    if failed:
        return say("Does not agree: {names}.").format(names=", ".join(failed))
    states = [each.state for each in verdicts]
    passed, skipped = states.count("passed"), states.count("skipped")
    checked = say(CHECKED[passed])
    return f"{checked}; {say(NOT_RUN[skipped])}." if skipped else f"{checked}."


def verdict(check: Check, say: Say) -> Verdict:
    """Say how one comparison came out."""
    name = say(CHECK_TEXT[check.name])
    if check.passed is None or check.difference is None or check.tolerance is None:
        return Verdict("skipped", name, say("not run"), retold(check.sentence, say))
    figures = _difference(check.difference, check.tolerance, say)
    state: State = "passed" if check.passed else "failed"
    return Verdict(state, name, figures, retold(check.sentence, say))


def handed_over(capture: Capture, node: str, found: Handover, say: Say) -> Verdict:
    """Say whether what a node hands on is what arrived one node further."""
    target = inspector.whose(capture.node(found.target), say)
    others = [inspector.whose(capture.node(giver), say) for giver in found.givers if giver != node]
    if others:
        name = say("+ {givers} = upstream of {name}")
        sentence = say(
            "{count} nodes read this tensor. Each ran once more alone; the parts they hand on, "
            "added up, are compared with what arrived at {name}."
        )
    else:
        name = say("= upstream of {name}")
        sentence = say(
            "The node ran once more alone; what it hands on is compared with what arrived at "
            "{name}, cell by cell."
        )
    return Verdict(
        "passed" if found.passed else "failed",
        name.format(givers=" + ".join(others), name=target),
        _difference(found.difference, found.tolerance, say),
        sentence.format(count=len(found.givers), name=target),
    )


def _difference(difference: float, tolerance: float, say: Say) -> str:
    """Write the largest difference beside what it may be."""
    written = format_number(difference, 2)
    if not tolerance:
        return say("Δ {difference}").format(difference=written)
    within = difference <= tolerance
    sentence = (
        say("Δ {difference} ≤ {tolerance}") if within else say("Δ {difference} > {tolerance}")
    )
    return sentence.format(difference=written, tolerance=format_number(tolerance, 2))
