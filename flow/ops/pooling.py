"""Pools: the winners of their windows, or equal shares; and max unpooling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flow.ops.common.closed import Backward, Gradients, per_axis
from flow.ops.common.operation import ruled
from flow.ops.common.places import added_up, along
from flow.ops.common.terms import Index, Proposal, Terms, everywhere, proposal, size
from flow.record import Shape
from flow.said import said


def _axes(name: str) -> int:
    """Return how many axes the operation slides over, by its node's name."""
    return 3 if "3D" in name else 2


# Max pools


def max_pool(backward: Backward) -> Gradients:
    """Send each upstream cell to the winner of its window, in the plane that it belongs to."""
    below = backward.wants(0) or ()
    axes = _axes(backward.name)
    planes, cells = size(below[:-axes]), size(below[-axes:])
    above = backward.g.shape[-axes:]
    winners = backward.places("result1").reshape(planes, size(above))
    return (added_up(backward.g, winners + np.arange(planes)[:, None] * cells, below),)


def winners(terms: Terms) -> Proposal | None:
    """Name the winners: the input cells whose positions the pool saved."""
    places = terms.saved("result1")
    if places is None:
        return None
    plane = size(terms.shape_below[-_axes(terms.record.name) :])
    won = places.reshape(-1)[terms.places] == terms.cells % plane
    return everywhere(said("1 (winner)"), won.astype(np.float64))


# Average pools


@dataclass(frozen=True, eq=False)
class Windows:
    """The windows along one axis: output cell o covers input cells first[o] to last[o] - 1."""

    first: Index
    last: Index
    counted: Index
    """How many cells the mean counts along this axis, padding included where it counts."""

    def covers(self, cells: int) -> NDArray[np.float64]:
        """Return 1 where an output cell's window holds an input cell: output x input."""
        places = np.arange(cells)
        inside = (places >= self.first[:, None]) & (places < self.last[:, None])
        return inside.astype(np.float64)


def windows_of(node: Any, name: str, below: Shape, above: Shape) -> list[Windows]:
    """Return the windows of either kind of average pool, one entry an axis."""
    axes = _axes(name)
    sizes, wide = below[-axes:], above[-axes:]
    if name.startswith("Adaptive"):
        return [_adaptive(*each) for each in zip(sizes, wide, strict=True)]
    kernel = per_axis(node._saved_kernel_size, axes)
    stride = per_axis(node._saved_stride or kernel, axes)
    padding, whole = per_axis(node._saved_padding, axes), node._saved_count_include_pad
    return [
        _sliding(*each, whole=whole)
        for each in zip(sizes, wide, kernel, stride, padding, strict=True)
    ]


def _sliding(cells: int, wide: int, kernel: int, stride: int, pad: int, *, whole: bool) -> Windows:
    """Return windows that may begin and end in the padding."""
    begin = np.arange(wide) * stride - pad
    end = np.minimum(begin + kernel, cells + pad)
    first, last = np.maximum(begin, 0), np.minimum(end, cells)
    return Windows(first, last, end - begin if whole else last - first)


def _adaptive(cells: int, wide: int) -> Windows:
    """Return windows from floor(o n / m) to ceil((o + 1) n / m)."""
    out = np.arange(wide)
    first, last = out * cells // wide, -(-(out + 1) * cells // wide)
    return Windows(first, last, last - first)


def average_pool(backward: Backward) -> Gradients:
    """Share each upstream cell equally among the cells of its window."""
    g, below = backward.g, backward.wants(0) or ()
    windows = windows_of(backward.node, backward.name, below, g.shape)
    divisor = getattr(backward.node, "_saved_divisor_override", None)
    shared = g / divisor if divisor else g
    for place, window in enumerate(windows, g.ndim - len(windows)):
        if not divisor:
            shared = shared / window.counted.reshape(-1, *[1] * (g.ndim - 1 - place))
        shared = along(shared, window.covers(below[place]), place)
    return (shared,)


def shares(terms: Terms) -> Proposal | None:
    """Name one over what the window's mean was divided by."""
    above = terms.record.shapes[0]
    windows = windows_of(terms.node, terms.record.name, terms.shape_below, above)
    counted = np.ones(len(terms.cells), np.int64)
    for window, place in zip(windows, terms.above[-len(windows) :], strict=True):
        counted = counted * window.counted[place]
    divisor = getattr(terms.node, "_saved_divisor_override", None)
    if divisor:
        counted = np.full_like(counted, divisor)
    return proposal(counted, lambda count: said("1/{count} (average)", count=count), 1 / counted)


# Max unpooling


def max_unpool(backward: Backward) -> Gradients:
    """Fetch each cell from where it was put."""
    places, g = backward.places("indices"), backward.g
    axes = _axes(backward.name)
    planes = size(g.shape[:-axes])
    found = np.take_along_axis(
        g.reshape(planes, size(g.shape[-axes:])),
        places.reshape(planes, size(places.shape[-axes:])),
        1,
    )
    return (found.reshape(places.shape),)


def put_back(terms: Terms) -> Proposal | None:
    """Name where a max pool had found the value."""
    places = terms.saved("indices")
    if places is None:
        return None
    plane = size(terms.record.shapes[0][-_axes(terms.record.name) :])
    back = places.reshape(-1)[terms.cells] == terms.places % plane
    return everywhere(said("1 (put back here)"), back.astype(np.float64))


_MAX = ruled(
    r"\bar{x}_i = \sum_{\text{windows } j:\, \arg\max_j = i} \bar{y}_j",
    "Each upstream cell goes to the winner of its window, the largest cell; the losers get "
    "nothing from it.",
    max_pool,
    names=winners,
    reads="choice",
    copies=True,
    zero=said("This cell won none of its windows, so its gradient is 0."),
)
_AVERAGE = ruled(
    r"\bar{x}_i = \sum_{\text{windows } j \ni i} \frac{1}{n_j}\,\bar{y}_j \quad "
    r"\text{for } y_j = \frac{1}{n_j} \sum_{i \in \text{window } j} x_i",
    "Each upstream cell is divided by what its window's mean was divided by, and every cell of "
    "the window gets that share.",
    average_pool,
    names=shares,
    reads="sum",
    zero=said("No window covers this cell, so its gradient is 0."),
)
_UNPOOL = ruled(
    r"\bar{x}_j = \bar{y}_{\mathrm{index}(j)}",
    "Each cell fetches its gradient from the place where its value was put.",
    max_unpool,
    names=put_back,
    reads="sum",
    copies=True,
)

OPS = {
    **{
        f"{kind}{axes}DBackward0": _MAX
        for kind in ("AdaptiveMaxPool", "FractionalMaxPool")
        for axes in (2, 3)
    },
    **{f"MaxPool{axes}DWithIndicesBackward0": _MAX for axes in (2, 3)},
    **{f"{kind}AvgPool{axes}DBackward0": _AVERAGE for kind in ("", "Adaptive") for axes in (2, 3)},
    **{f"MaxUnpool{axes}DBackward0": _UNPOOL for axes in (2, 3)},
}
