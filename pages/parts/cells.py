"""What stands behind the shown cells: the sums they are, the rule, and its proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from html import escape

import streamlit as st

from flow.record import Check, Explanation, Reach
from flow.rules import RULES
from pages.parts.execute import checks, explain, reach, table
from pages.parts.experiment import Experiment
from pages.parts.inspector import Chosen
from pages.parts.text import _, translated
from viz.heatmap import Shape
from viz.links import Answer, Link, Rule, Words
from viz.maps import Map
from viz.theme import format_number

CLICKED = "clicked_cell"
UPSTREAM, DOWNSTREAM = "upstream", "downstream"


def links(experiment: Experiment, chosen: Chosen, shown: Sequence[Sequence[Map]]) -> list[Link]:
    """Return the sums behind the downstream gradient and behind the layer's parameter gradients.

    Empty where the shown maps are not the two sides of one node.
    """
    arrays = {each.key: each.array for row in shown for each in row}
    if experiment.show != "gradient" or arrays.get(UPSTREAM) is None or chosen.node.is_leaf:
        return []
    output = _output(chosen)
    words = Words(**translated(asdict(Words())))
    found = []
    if arrays.get(DOWNSTREAM) is not None:
        sums = table(experiment.setting, chosen.node.id, chosen.part, chosen.sample)
        link = Link.from_table(
            sums, DOWNSTREAM, UPSTREAM, output=output, words=words, rule=_between(chosen)
        )
        found.append(_tapped(link, chosen, arrays))
    for record in chosen.layer.parameters if chosen.layer is not None else ():
        key = f"gradient:{record.name}"
        if record.node is None or arrays.get(key) is None:
            continue
        sums = table(experiment.setting, record.node, 0, None)
        if sums.node == chosen.node.id and sums.complete:
            symbols = {**asdict(words), "explained": f"∂L/∂{record.name}"}
            found.append(
                Link.from_table(sums, key, UPSTREAM, output=output, words=Words(**symbols))
            )
    return found


def _output(chosen: Chosen) -> int:
    """Return which output's gradient is shown as the upstream map."""
    arrived = chosen.node.upstream
    return next((place for place, array in enumerate(arrived) if array is not None), 0)


def _tapped(link: Link, chosen: Chosen, arrays: Mapping[str, object]) -> Link:
    """Let the kernel taps of a convolution light up in the map of the kernel's gradient."""
    for record in chosen.layer.parameters if chosen.layer is not None else ():
        key = f"gradient:{record.name}"
        if any(name.startswith(f"{record.name}[") for name in link.names) and key in arrays:
            return link.tapping(key, record.value.shape)
    return link


def _between(chosen: Chosen) -> Rule | None:
    rule = RULES.get(chosen.node.name)
    return None if rule is None else Rule(sentences=(_(rule.sentence),))


def clicked(experiment: Experiment, sent: object) -> None:
    """Remember a cell that the browser could not explain by itself."""
    if isinstance(sent, dict):
        st.session_state[CLICKED] = (experiment, sent.get("map"), sent.get("index"))


def answer(experiment: Experiment, chosen: Chosen, found: Sequence[Link]) -> Answer | None:
    """Return the sum behind the clicked cell where its link was too large to send."""
    asked, key, index = st.session_state.get(CLICKED, (None, None, None))
    large = any(link.large for link in found)
    if asked != experiment or not large or not isinstance(index, list):
        return None
    cell = tuple(int(place) for place in index)
    words = Words(**translated(asdict(Words())))
    shapes = {
        DOWNSTREAM: chosen.node.downstream[chosen.part],
        UPSTREAM: chosen.node.upstream[_output(chosen)],
    }
    array = shapes.get(str(key))
    if array is None:
        return None
    if key == DOWNSTREAM:
        return _sum_of(
            explain(experiment.setting, chosen.node.id, chosen.part, cell), array.shape, words
        )
    fed: Reach = reach(experiment.setting, chosen.node.id, cell, _output(chosen))
    return Answer.of_reach(fed, DOWNSTREAM, UPSTREAM, array.shape, chosen.part, words=words)


def _sum_of(explanation: Explanation, shape: Shape, words: Words) -> Answer:
    return Answer.of_sum(explanation, DOWNSTREAM, [UPSTREAM], shape, words=words)


def rule(chosen: Chosen) -> None:
    """Write the node's vector-Jacobian product as a formula."""
    known = RULES.get(chosen.node.name)
    if known is not None and not chosen.node.is_leaf:
        st.markdown(f"${known.formula}$")


def proof(experiment: Experiment, chosen: Chosen) -> None:
    """Show how the gradients of the node compare with three other ways to compute them."""
    if not chosen.node.is_leaf:
        verdicts(checks(experiment.setting, chosen.node.id))


def verdicts(found: Sequence[Check]) -> None:
    """Draw the proof strip: one card a comparison."""
    strip = "".join(_verdict(check) for check in found)
    st.html(f'<div class="proof" role="list" aria-label="{escape(_("Proof"))}">{strip}</div>')


def _verdict(check: Check) -> str:
    """Write one comparison: what it was, how far apart, and the tolerance."""
    names = {
        "closed form": _("autograd vs closed form"),
        "finite differences": _("vs finite differences"),
        "sum of terms": _("vs sum of terms"),
    }
    if check.passed is None or check.difference is None or check.tolerance is None:
        state, sign, figures = "skipped", "-", _("not run")
    else:
        state, sign = ("passed", "✓") if check.passed else ("failed", "✗")
        figures = _("max |Δ| {difference}, tolerance {tolerance}").format(
            difference=format_number(check.difference, 2),
            tolerance=format_number(check.tolerance, 2),
        )
    return (
        f'<div role="listitem" class="{state}" title="{escape(check.sentence)}">'
        f"<b>{sign} {escape(names[check.name])}</b><span>{escape(figures)}</span></div>"
    )
