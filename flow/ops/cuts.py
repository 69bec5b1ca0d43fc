"""Cutting out: slices, diagonals, triangles and parts; what was not taken gets 0."""

from __future__ import annotations

import numpy as np

from flow.ops.common.closed import Backward, Gradients, signed
from flow.ops.common.operation import copying
from flow.ops.common.places import Positions, reader
from flow.record import Array
from flow.said import said


def sliced(backward: Backward, places: Positions) -> Array:
    """Return the cells in a range of one axis."""
    begin, end = (_bound(backward.setting(name)) for name in ("start", "end"))
    taken = slice(begin, end, backward.setting("step"))
    return places[(slice(None),) * backward.axis("dim", places.ndim) + (taken,)]


def _bound(setting: int | None) -> int | None:
    """Return a saved end of a slice; None is the end of the axis, as in Python."""
    return None if setting is None else signed(setting)


def selected(backward: Backward, places: Positions) -> Array:
    """Return the slice at an index of one axis."""
    axis = backward.axis("dim", places.ndim)
    return np.asarray(np.take(places, signed(backward.setting("index")), axis, mode="wrap"))


def diagonal(backward: Backward, places: Positions) -> Array:
    """Return the cells on a diagonal."""
    first, second = (backward.axis(name, places.ndim) for name in ("dim1", "dim2"))
    return np.diagonal(places, signed(backward.setting("offset")), first, second)


def on_diagonal(backward: Backward) -> Gradients:
    """Take the diagonal on which the cells were put."""
    g = backward.g
    first, second = (backward.axis(name, g.ndim) for name in ("dim1", "dim2"))
    return (np.diagonal(g, signed(backward.setting("offset")), first, second),)


def triangle(backward: Backward) -> Gradients:
    """Keep the same triangle."""
    keep = np.tril if backward.name.startswith("Tril") else np.triu
    return (keep(backward.g, signed(backward.setting("diagonal"))),)


def split(backward: Backward) -> Gradients:
    """Put the parts side by side again."""
    axis = backward.axis("dim", backward.g.ndim)
    return (np.concatenate(backward.upstream, axis),)


def unbound(backward: Backward) -> Gradients:
    """Stack the slices again."""
    return (np.stack(backward.upstream, backward.axis("dim", len(backward.wants(0) or ()))),)


def _taken(what: str) -> str:
    return (
        rf"\bar{{x}}_i = \begin{{cases}} \bar{{y}}_j & x_i \text{{ was taken {what} as }} y_j \\ "
        r"0 & \text{otherwise} \end{cases}"
    )


_PARTS = copying(
    r"\bar{x} = \operatorname{cat}(\bar{y}_1, \dots, \bar{y}_n)",
    "The input was cut into parts: their gradients are put side by side again.",
    split,
)

OPS = {
    "SliceBackward0": copying(
        _taken("from the range"),
        "Only the cells in the range that was taken get a gradient; all others get 0.",
        reader(sliced),
        zero=said("This cell is not in the range that was taken, so its gradient is 0."),
    ),
    "SelectBackward0": copying(
        _taken("at the index"),
        "Only the slice at the index that was picked gets a gradient; all others get 0.",
        reader(selected),
        zero=said("This cell is not in the slice that was picked, so its gradient is 0."),
    ),
    "DiagonalBackward0": copying(
        _taken("from the diagonal"),
        "Only the cells on the diagonal that was taken get a gradient; all others get 0.",
        reader(diagonal),
        zero=said("This cell is not on the diagonal that was taken, so its gradient is 0."),
    ),
    "DiagEmbedBackward0": copying(
        r"\bar{x}_i = \bar{y}_{i,\,i+k} \quad \text{on diagonal } k",
        "The cells were put on a diagonal among zeros: each gets its gradient from there.",
        on_diagonal,
    ),
    **{
        name: copying(
            rf"\bar{{x}}_{{i,j}} = [\,j - i {sign} k\,]\,\bar{{y}}_{{i,j}}",
            f"Only the {side} triangle was kept: the gradient passes there and is 0 elsewhere.",
            triangle,
            zero=said(
                "This cell is outside the {side} triangle that was kept, so its gradient is 0.",
                side=side,
            ),
        )
        for name, side, sign in (
            ("TrilBackward0", said("lower"), r"\le"),
            ("TriuBackward0", said("upper"), r"\ge"),
        )
    },
    **dict.fromkeys(
        (
            "SplitBackward0",
            "SplitWithSizesBackward0",
            "UnsafeSplitBackward0",
            "UnsafeSplitWithSizesBackward0",
        ),
        _PARTS,
    ),
    "UnbindBackward0": copying(
        r"\bar{x} = \operatorname{stack}(\bar{y}_1, \dots, \bar{y}_n)",
        "The input was taken apart: the gradients of its slices are stacked again.",
        unbound,
    ),
}
