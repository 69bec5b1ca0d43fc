"""One step and layer: the whole gradient beside the weights it met, and what the step did."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from experiment.training.layers import by_layer
from models.training.step import Frame, Step
from pages.parts import components
from pages.parts.text import _, say
from viz.maps.rows import Map, labels_in, pack
from viz.markdown import plain
from viz.peak import shown_shape
from viz.theme import format_number

MOST_PARAMETERS = 4
"""Of a layer whose maps are drawn: an LSTM has as many."""
PERCENT = 100


def whole(steps: Sequence[Step], at: int, layer: str, asked: int) -> None:
    """Draw the step ``at``, which was kept whole; the one that is ``asked`` for may be after it."""
    step, frame = steps[at], steps[at].frame
    assert frame is not None  # noqa: S101 - whoever calls has looked
    names = [step.names[place] for place in by_layer(step.names)[layer]][:MOST_PARAMETERS]
    st.markdown("  \n".join(map(plain, told(steps, asked, names))))
    rows = [_row(name, frame) for name in names]
    components.heatmaps(pack(rows, between=(), arrow="", labels=labels_in(say())), "training_maps")
    if at != asked:
        sentence = _("Whole gradients are kept of some steps only: these are of step {step}.")
        st.caption(sentence.format(step=at))


def told(steps: Sequence[Step], asked: int, names: Sequence[str]) -> list[str]:
    """Say how large the gradient of a step was, and how far the step moved each parameter."""
    step = steps[asked]
    lines = [_norms(step, asked)]
    if step.trouble is not None and step.trouble.what != "weight":
        return lines  # it moved nothing
    parts = {name: float(step.moved[step.names.index(name)]) for name in names}
    moved = [
        f"{name} {format_number(PERCENT * part, 2)}\N{NO-BREAK SPACE}%"
        for name, part in parts.items()
        if math.isfinite(part)  # else the parameter was all 0
    ]
    if moved:
        sentence = _("It moved parameters by this part of their norm: {parts}.")
        lines.append(sentence.format(parts=", ".join(moved)))
    return lines


def _norms(step: Step, asked: int) -> str:
    """Say the norm of all gradients, and where it was clipped what became of them."""
    words = {"step": asked, "norm": format_number(step.total)}
    if not step.clipped < step.total:
        return _("Step {step}: all gradients together have norm {norm}.").format(**words)
    sentence = _(
        "Step {step}: all gradients together have norm {norm}, clipped to {clipped}: each was "
        "multiplied by {factor}. Drawn are those before clipping."
    )
    factor = format_number(step.clipped / step.total)
    return sentence.format(**words, clipped=format_number(step.clipped), factor=factor)


def _row(name: str, frame: Frame) -> list[Map]:
    """Return the gradient of a parameter, and the parameter as the step found it."""
    weight = frame.weights[name]
    return [
        Map(
            key=f"gradient:{name}",
            title=_("Gradient of {name}").format(name=name),
            subtitle=shown_shape(weight.shape),
            array=frame.gradients.get(name),
            missing=_("No gradient reaches it."),
            role="parameter",
            group=f"gradient of {name}",
        ),
        Map(
            key=name,
            title=_("{name} before the step").format(name=name),
            subtitle=shown_shape(weight.shape),
            array=weight,
            role="parameter",
            group=name,
            symbol="w",
        ),
    ]
