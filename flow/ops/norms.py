"""Normalisations: by the batch, by the sample or by groups of channels.

Mean and deviation are made of the same cells that they change, so the gradient loses its mean and
its part along the normalised input (Ioffe and Szegedy, 2015, section 3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from flow.ops.common.closed import Backward, Gradients, NoClosedFormError
from flow.ops.common.operation import Operation
from flow.ops.common.terms import Proposal, Terms, entries_at, everywhere, proposal, unnamed
from flow.record import Array, Rule
from flow.said import said

TOLERANCE = 1e-4
"""The operation's own mean and deviation are float32 sums over the batch."""
Axes = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Normalised:
    """A normalisation, redone in float64."""

    x: Array
    """(input - mean) / deviation."""
    scale: Array
    """1 / deviation, broadcast against the input as ``parts`` shapes it."""
    weight: Array
    """The learned scale, broadcast against the input; 1 without one."""
    statistics: Axes
    """Axes of ``parts`` over which mean and deviation were taken; empty when they were fixed."""
    parameters: Axes
    """Axes over which the gradients of scale and shift are summed."""
    parts: tuple[int, ...]
    """Shape in which the cells that share their statistics stand along axes of their own."""


Redo = Callable[[Backward], Normalised]


def batch_norm(backward: Backward) -> Normalised:
    """Redo batch normalisation: by the batch's saved statistics, or by running ones."""
    x, training = backward.tensor("input"), backward.setting("training")
    axes = (0, *range(2, x.ndim))
    column = (1, -1, *[1] * (x.ndim - 2))
    if training:
        mean, scale = (backward.tensor(name).reshape(column) for name in ("result1", "result2"))
    else:
        mean = backward.tensor("running_mean").reshape(column)
        variance = backward.tensor("running_var").reshape(column)
        scale = 1 / np.sqrt(variance + backward.setting("eps"))
    weight = _weight(backward, column)
    return Normalised((x - mean) * scale, scale, weight, axes if training else (), axes, x.shape)


def layer_norm(backward: Backward) -> Normalised:
    """Redo layer normalisation, with the mean and deviation that were saved."""
    x = backward.tensor("input")
    axes = tuple(range(x.ndim - len(backward.setting("normalized_shape")), x.ndim))
    mean, scale = backward.tensor("result1"), backward.tensor("result2")
    weight = _weight(backward, x.shape[axes[0] :])
    return Normalised((x - mean) * scale, scale, weight, axes, tuple(range(axes[0])), x.shape)


def group_norm(backward: Backward) -> Normalised:
    """Redo group normalisation, with the mean and deviation that were saved."""
    x = backward.tensor("input")
    parts = (x.shape[0], backward.setting("group"), -1)
    mean, scale = (backward.tensor(name)[..., None] for name in ("result1", "result2"))
    return Normalised(
        x=((x.reshape(parts) - mean) * scale).reshape(x.shape),
        scale=scale,
        weight=_weight(backward, (1, -1, *[1] * (x.ndim - 2))),
        statistics=(2,),
        parameters=(0, *range(2, x.ndim)),
        parts=parts,
    )


def _weight(backward: Backward, shape: tuple[int, ...]) -> Array:
    if backward.setting("weight") is None:
        return np.ones(())
    return backward.tensor("weight").reshape(shape)


def _closed_form(redo: Redo) -> Callable[[Backward], Gradients]:
    """Return the gradients of input, scale and shift."""

    def closed_form(backward: Backward) -> Gradients:
        norm, g = redo(backward), backward.g
        inner, x = (g * norm.weight).reshape(norm.parts), norm.x.reshape(norm.parts)
        if norm.statistics:
            mean = inner.mean(norm.statistics, keepdims=True)
            along = (inner * x).mean(norm.statistics, keepdims=True)
            inner = inner - mean - x * along
        sums = (g * norm.x, g)
        return (
            (inner * norm.scale).reshape(g.shape),
            *(
                None if below is None else part.sum(norm.parameters).reshape(below)
                for below, part in zip(backward.below[1:3], sums, strict=False)
            ),
        )

    return closed_form


def _names(redo: Redo) -> Callable[[Terms], Proposal | None]:
    """Name the 1 of the shift, the normalised input of the scale, and a fixed scale."""

    def names(terms: Terms) -> Proposal | None:
        if terms.which == 2:
            return everywhere(said("1 (bias)"), 1.0)
        try:
            norm = redo(Backward(terms.node, terms.record.name, (), ()))
        except NoClosedFormError:
            return None
        if terms.which == 1:
            named = entries_at(said("normalised x"), norm.x, terms.places)
            return Proposal(named.names, named.index, named.expected, TOLERANCE)
        return None if norm.statistics else _fixed_scale(terms, norm)

    return names


def _fixed_scale(terms: Terms, norm: Normalised) -> Proposal:
    """Name what evaluation multiplies a channel by."""
    whole = np.broadcast_to(norm.weight * norm.scale, norm.x.shape)
    scale, label = whole.reshape(-1)[terms.cells], terms.leaf(1)

    def write(channel: int) -> str:
        return f"{label}[{channel}]/sqrt(variance + eps)" if label else "1/sqrt(variance + eps)"

    return proposal(terms.below[1], write, scale, tolerance=TOLERANCE * np.abs(scale))


_PARAMETERS = r"\bar{\gamma} = \sum \bar{y} \odot \hat{x}, \quad \bar{\beta} = \sum \bar{y}"
_INNER = (
    r"\bar{x} = \frac{1}{\sigma} \left( \bar{h} - \operatorname{mean}(\bar{h}) - "
    r"\hat{x}\,\operatorname{mean}(\bar{h} \odot \hat{x}) \right), \quad "
    r"\bar{h} = \gamma \odot \bar{y}"
)
_OF_CHANNEL = (
    (
        1,
        "Each weight adds up the gradients of all cells of its channel, each times the normalised "
        "input there.",
    ),
    (2, "Each bias was added to every cell of its channel: it adds up the gradients of them all."),
)
_WEIGHT_IN_ROWS = (
    "Each weight scaled one cell of every normalised row: it adds up the gradients there, each "
    "times the normalised input."
)
_BATCH = Rule(
    rf"{_INNER} \text{{ over each channel}}, \quad {_PARAMETERS}; \quad \text{{in evaluation }} "
    r"\bar{x} = \frac{1}{\sigma}\,\bar{h}",
    "The gradient loses its mean over each channel and its part along the normalised input; in "
    "evaluation it is only scaled.",
    _OF_CHANNEL,
)
_LAYER = Rule(
    rf"{_INNER} \text{{ over the last axes}}, \quad {_PARAMETERS}",
    "The scaled gradient loses its mean over the normalised last axes and its part along the "
    "normalised input.",
    (
        (1, _WEIGHT_IN_ROWS),
        (
            2,
            "Each bias was added to one cell of every normalised row: it adds up the gradients "
            "there.",
        ),
    ),
)
_GROUP = Rule(
    rf"{_INNER} \text{{ over each group}}, \quad {_PARAMETERS}",
    "The scaled gradient loses its mean over each group of channels and its part along the "
    "normalised input.",
    _OF_CHANNEL,
)
_ROOT_MEAN_SQUARE = Rule(
    r"\bar{x} = \frac{1}{r} \left( \bar{h} - \hat{x}\,\operatorname{mean}(\bar{h} \odot \hat{x}) "
    r"\right), \quad \bar{h} = \gamma \odot \bar{y}, \quad \bar{\gamma} = \sum \bar{y} \odot "
    r"\hat{x} \quad \text{for } \hat{x} = x / r",
    "The input was divided by its root mean square: the scaled gradient loses its part along it.",
    ((1, _WEIGHT_IN_ROWS),),
)


def _normalising(rule: Rule, redo: Redo) -> Operation:
    return Operation(rule, _closed_form(redo), _names(redo))


OPS: dict[str, Operation] = {
    "NativeBatchNormBackward0": _normalising(_BATCH, batch_norm),
    "CudnnBatchNormBackward0": Operation(_BATCH, names=unnamed),
    "NativeLayerNormBackward0": _normalising(_LAYER, layer_norm),
    "NativeGroupNormBackward0": _normalising(_GROUP, group_norm),
    "FusedRmsNormBackward0": Operation(_ROOT_MEAN_SQUARE, names=unnamed),
}
