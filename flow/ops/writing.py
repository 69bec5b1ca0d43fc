"""Writing into a tensor: what was overwritten gets 0, what was written gets its gradient.

Where several values were written to one place, torch keeps one of them, but its backward hands
the gradient of that place to each.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from flow.ops.common.closed import Backward, Gradients, summed_to
from flow.ops.common.operation import Operation, copying, ruled
from flow.ops.common.places import Move
from flow.ops.common.terms import COPY, Proposal, Terms, everywhere, size
from flow.ops.cuts import diagonal, selected, sliced
from flow.ops.indexing import gathered, index_selected, indexed, taken
from flow.record import Array, Rule
from flow.said import said


def _writer(find: Move, *, adds: bool = False) -> Callable[[Backward], Gradients]:
    """Return the closed form: where a value was written, and whether it was added to the old."""

    def closed_form(backward: Backward) -> Gradients:
        g = backward.g
        written = find(backward, np.arange(g.size).reshape(g.shape))
        added = adds or bool(getattr(backward.node, "_saved_accumulate", False))
        factor = getattr(backward.node, "_saved_alpha", 1)
        kept = g.copy()
        if not added:
            kept.reshape(-1)[written.reshape(-1)] = 0
        values = factor * g.reshape(-1)[written]
        return _both(backward, kept, values)

    return closed_form


def index_filled(backward: Backward) -> Gradients:
    """Give the filled cells' gradients to the one value, each once however often it was named."""
    g = backward.g
    written = index_selected(backward, np.arange(g.size).reshape(g.shape))
    filled = np.isin(np.arange(g.size), written).reshape(g.shape)
    return _both(backward, np.where(filled, 0.0, g), np.where(filled, g, 0.0))


def _both(backward: Backward, kept: Array, values: Array) -> Gradients:
    """Return the gradients of the tensor written into and of the values, as far as wanted."""
    found: list[Array | None] = []
    for part, below in zip((kept, values), backward.below, strict=False):
        found.append(None if below is None else _fitted(part, below))
    return tuple(found)


def _fitted(part: Array, below: tuple[int, ...]) -> Array:
    return part.reshape(below) if part.size == size(below) else summed_to(part, below)


def masked_fill(backward: Backward) -> Gradients:
    """Hand on what the mask left; the value that filled the rest adds up the rest."""
    mask = np.broadcast_to(backward.tensor("mask") != 0, backward.g.shape)
    sides = (np.where(mask, 0.0, backward.g), np.where(mask, backward.g, 0.0))
    return tuple(
        None if below is None else summed_to(side, below)
        for side, below in zip(sides, backward.below, strict=False)
    )


def _times_alpha(terms: Terms) -> Proposal | None:
    """Name what an added value was multiplied by."""
    alpha = getattr(terms.node, "_saved_alpha", 1) if terms.which else 1
    return everywhere(
        COPY if alpha == 1 else said("{alpha:g} (alpha)", alpha=alpha), np.asarray(alpha)
    )


def masked_scatter(backward: Backward) -> Gradients:
    """Hand on what the mask left; the values that came in get theirs, the unused ones 0."""
    mask = np.broadcast_to(backward.tensor("mask") != 0, backward.g.shape)
    values = np.zeros(size(tuple(backward.setting("source_sym_sizes"))))
    used = backward.g[mask]
    values[: used.size] = used
    return _both(backward, np.where(mask, 0.0, backward.g), values)


_ZERO = said("This cell's value is not in the output, so its gradient is 0.")


def _overwriting(where: str, sentence: str, find: Move) -> Operation:
    """Describe an operation that puts values v in place of the old cells x."""
    return copying(
        rf"\bar{{x}} = \bar{{y}} \text{{ but }} 0 \text{{ {where}}}, \quad "
        rf"\bar{{v}} = \bar{{y}} \text{{ {where}}}",
        sentence,
        _writer(find),
        zero=_ZERO,
    )


def _adding(where: str, sentence: str, find: Move, factor: str = "") -> Operation:
    """Describe an operation that adds values v to the cells x."""
    return ruled(
        rf"\bar{{x}} = \bar{{y}}, \quad \bar{{v}} = {factor}\bar{{y}} \text{{ {where}}}",
        sentence,
        _writer(find, adds=True),
        names=_times_alpha if factor else None,
        reads="sum",
        copies=True,
    )


_SCATTERED = _overwriting(
    "where scatter wrote",
    "Values were scattered along one axis: each gets the gradient of its new place, what stood "
    "there gets 0.",
    gathered,
)
_FILLED = Rule(
    r"\bar{x} = [\neg m] \odot \bar{y}, \quad \bar{v} = \textstyle\sum [m] \odot \bar{y}",
    "The mask's cells were filled with one value: their gradients go to that value, the others "
    "pass.",
)

OPS = {
    "IndexPutBackward0": copying(
        r"\bar{v}_j = \bar{y}_{\mathrm{index}(j)}, \quad \bar{x}_i = \bar{y}_i \text{ but } 0 "
        r"\text{ where it was overwritten}",
        "Each value that was put at an index gets the gradient of that place; what it "
        "overwrote gets 0.",
        _writer(indexed),
        zero=_ZERO,
    ),
    "PutBackward0": copying(
        r"\bar{v}_j = \bar{y} \text{ at flat position } j, \quad \bar{x}_i = \bar{y}_i "
        r"\text{ but } 0 \text{ where it was overwritten}",
        "Each value that was put at a row-major position gets that place's gradient; what it "
        "overwrote gets 0.",
        _writer(taken),
        zero=_ZERO,
    ),
    **dict.fromkeys(("ScatterBackward0", "ScatterBackward1"), _SCATTERED),
    "ScatterAddBackward0": _adding(
        "where scatter added it",
        "Values were added along one axis at the places of an index: each gets the gradient of "
        "its place.",
        gathered,
    ),
    "IndexAddBackward0": _adding(
        "in the indexed slices",
        "Slices were added to the indexed ones: each gets their gradient times alpha; the old "
        "ones get it unchanged.",
        index_selected,
        r"\alpha\,",
    ),
    "IndexCopyBackward0": _overwriting(
        "in the indexed slices",
        "Slices were copied over the indexed ones: the new ones get their gradient, the old ones "
        "0.",
        index_selected,
    ),
    **dict.fromkeys(
        ("IndexFillBackward0", "IndexFillBackward1"),
        copying(
            r"\bar{x} = \bar{y} \text{ but } 0 \text{ in the filled slices}, \quad "
            r"\bar{v} = \textstyle\sum_{\text{filled}} \bar{y}",
            "Slices were filled with one value: their gradients go to that value, all others pass.",
            index_filled,
            zero=_ZERO,
        ),
    ),
    **dict.fromkeys(
        ("MaskedFillBackward0", "MaskedFillBackward1"),
        Operation(rule=_FILLED, closed_form=masked_fill, reads="sum", copies=True, zero=_ZERO),
    ),
    "MaskedScatterBackward0": copying(
        r"\bar{x} = [\neg m] \odot \bar{y}, \quad \bar{v}_j = \bar{y} \text{ at the } "
        r"j\text{-th cell in mask } m",
        "The mask's cells were overwritten one by one: each value that was used gets its "
        "place's gradient.",
        masked_scatter,
        zero=_ZERO,
    ),
    "SliceScatterBackward0": _overwriting(
        "in the range",
        "A range was overwritten: the new values get its gradient, the old ones there 0.",
        sliced,
    ),
    "SelectScatterBackward0": _overwriting(
        "at the index",
        "One slice was overwritten: the new slice gets its gradient, the old one 0.",
        selected,
    ),
    "DiagonalScatterBackward0": _overwriting(
        "on the diagonal",
        "A diagonal was overwritten: the new values get its gradient, the old ones 0.",
        diagonal,
    ),
    "CopySlices": ruled(
        r"\bar{x}_i = \begin{cases} \bar{y}_i & x_i \text{ was left alone} \\ "
        r"\left( \frac{\partial f}{\partial x_i} \right)^{\!\top} \bar{y} & f "
        r"\text{ changed it in place} \end{cases}",
        "A part was changed in place: there the gradient goes back through the operation that "
        "changed it; elsewhere it passes.",
    ),
}
