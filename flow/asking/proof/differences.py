"""Central differences of a layer's forward in float64, against the gradients it handed on."""

from __future__ import annotations

import numpy as np
from torch.autograd.function import BackwardCFunction

from flow.asking.hooks import hook_on
from flow.asking.proof.comparison import CheckName, Comparison, plural, skipped
from flow.asking.proof.layer import Again, Moved, again
from flow.asking.proof.slopes import STEP
from flow.asking.proof.subject import Subject
from flow.asking.replay import Asked, ReplayError, Stage
from flow.asking.rounding import largest, of_sum, words
from flow.record import LOSS, Check, NodeRecord
from flow.said import said

NAME: CheckName = "finite differences"
ALMOST_ZERO = 64
"""Roundings of the upstream below which a gradient is what cancelling left."""
SHAKEN = 32
"""How many times the change that they show may be the layer's rounding."""


def finite_differences(subject: Subject, stage: Stage, asked: NodeRecord) -> Check:
    """Compare differences with autograd in float64, and that with the gradients handed on."""
    try:
        found = again(subject, stage)
    except ReplayError as reason:
        return skipped(NAME, str(reason))
    tensors = [one for one in found.tensors if _concerns(one.asked, asked)]
    if not all(np.isfinite(one.asked.gradient).all() for one in tensors):
        return skipped(NAME, said("{layer}: a gradient here is not finite.", layer=found.layer))
    comparison = Comparison()
    for one in tensors:
        comparison.merge(one.comparison, counted=True)
        _recorded(subject, found, one, comparison)
    return _judged(subject, found, comparison, sum(one.bent for one in tensors))


def _concerns(one: Asked, asked: NodeRecord) -> bool:
    """Whether a tensor of the layer is what was asked about: a leaf asks for itself alone."""
    return not asked.is_leaf or one.name == asked.parameter.rpartition(".")[2]


def _recorded(subject: Subject, found: Again, one: Moved, comparison: Comparison) -> None:
    """Compare all cells that were handed on with autograd's in float64."""
    gradient, here = one.asked.gradient, Comparison()
    mine = [part for part in subject.gradients if part.value is gradient]
    with np.errstate(all="ignore"):
        most = np.quantile(one.rounding, 0.9) if one.rounding.size else 0.0
        long = of_sum(found.terms, np.sqrt(found.terms) * largest(one.rounding), 1.0)
        limit = SHAKEN * (one.rounding + most) + (mine[0].allowed(subject.unit) if mine else long)
    here.take(gradient.astype(np.float64), one.exact, limit + _almost_zero(found, one))
    hook = "" if here.passed else _hook(subject, one.asked)
    if not hook:
        comparison.merge(here)
        return
    comparison.remark(
        said(
            "{hook} changed a gradient of {layer} after its backward had made it, so the "
            "recorded one is not compared here.",
            hook=hook,
            layer=found.layer,
        )
    )


def _almost_zero(found: Again, one: Moved) -> float:
    """Return what more is allowed where all of a gradient is lost in the upstream's rounding."""
    lost = ALMOST_ZERO * found.unit * found.peak
    return lost if largest(one.exact) <= lost else 0.0


def _hook(subject: Subject, one: Asked) -> str:
    """Return the hook that changed a gradient of the layer; empty for none."""
    if subject.record.layer == LOSS:
        return ""
    return hook_on(subject.capture, subject.capture.layer(subject.record.layer), one.name)


def _judged(subject: Subject, found: Again, comparison: Comparison, bent: int) -> Check:
    layer = found.layer
    if not comparison.cells and comparison.passed:
        why = (
            said(
                "{layer}: every cell looked at stands where the function bends (0 of a ReLU, a tie "
                "of a pool).",
                layer=layer,
            )
            if bent
            else said("{layer}: no gradient of this layer is its own alone.", layer=layer)
        )
        return skipped(NAME, why)
    if bent:
        comparison.remark(
            said("1 cell where the function bends was left out.")
            if bent == 1
            else said("{count:,} cells where the function bends were left out.", count=bent)
        )
    if found.cuts:
        comparison.remark(
            said("What it detaches was held at its value, as the backward pass does.")
        )
    if found.widened:
        comparison.remark(said("Its conversions to a narrower type were left out."))
    if not comparison.passed:
        comparison.remark(_blamed(subject, layer))
    sentence = said(
        "{layer} was run again in float64 with {cells} moved by "
        "{step:g} up and down, and all its gradients compared with those in float64. Rounding in "
        "{unit} may explain a few times what it changes to move all that the "
        "layer reads and computes by one rounding.",
        layer=layer,
        cells=plural(comparison.cells, "cell"),
        step=STEP,
        unit=words(found.unit),
    )
    return comparison.judged(NAME, sentence)


def _blamed(subject: Subject, layer: str) -> str:
    """Return the sentence for a layer that failed."""
    names = dict.fromkeys(
        node.name
        for node in subject.capture.nodes
        if node.layer == layer and isinstance(subject.graph.nodes[node.index], BackwardCFunction)
    )
    by_hand = said(" {names} is written by hand.", names=", ".join(names)) if names else ""
    return said(
        "The backward of {layer} is not the derivative of its forward.{by_hand}",
        layer=layer,
        by_hand=by_hand,
    )
