"""Looking cells up: by index, by mask, by rank."""

from __future__ import annotations

from typing import Any

import numpy as np

from flow.arrays import to_array
from flow.ops.common.closed import Backward
from flow.ops.common.operation import Operation, copying, ruled
from flow.ops.common.places import Positions, reader
from flow.ops.common.terms import Proposal, Terms, everywhere
from flow.record import Array, Rule
from flow.said import said


def indexed(backward: Backward, places: Positions) -> Array:
    """Return the cells that indices and masks name; numpy reads them as torch does."""
    given = backward.setting("indices")
    index = tuple(slice(None) if one is None else to_array(one.detach()) for one in given)
    return np.asarray(places[index])


def gathered(backward: Backward, places: Positions) -> Array:
    """Return the cells that an index of every place names along one axis."""
    index = np.atleast_1d(backward.places("index"))
    axis = backward.axis("dim", index.ndim)
    where: list[Array] = list(np.indices(index.shape))
    where[axis] = index
    return np.asarray(np.atleast_1d(places)[tuple(where)])


def index_selected(backward: Backward, places: Positions) -> Array:
    """Return the slices that an index names along one axis."""
    whole, index = np.atleast_1d(places), backward.places("index").reshape(-1)
    return np.asarray(np.take(whole, index, backward.axis("dim", whole.ndim)))


def taken(backward: Backward, places: Positions) -> Array:
    """Return the cells at row-major positions."""
    return np.asarray(np.take(places.reshape(-1), backward.places("index"), mode="wrap"))


def _masked(backward: Backward, places: Positions) -> Array:
    mask = backward.tensor("mask") != 0
    shape = np.broadcast_shapes(mask.shape, places.shape)
    return np.asarray(np.broadcast_to(places, shape)[np.broadcast_to(mask, shape)])


def _ranked(backward: Backward, places: Positions) -> Array:
    """Read the cells along one axis whose positions the operation saved."""
    index, whole = np.atleast_1d(backward.places("indices")), np.atleast_1d(places)
    axis = backward.axis("dim", whole.ndim)
    if not getattr(backward.node, "_saved_keepdim", True) and places.ndim:
        index = index.reshape(*places.shape[:axis], 1, *places.shape[axis + 1 :])
    return np.take_along_axis(whole, index, axis)


def _name(label: str) -> Any:
    def names(terms: Terms) -> Proposal | None:  # noqa: ARG001 - a namer
        return everywhere(label, 1.0)

    return names


_LOOKED_UP = said("This cell was not looked up, so its gradient is 0.")


def _lookup(index: str, sentence: str, move: Any) -> Operation:
    return copying(
        rf"\bar{{x}}_i = \sum_{{j:\, {index}(j) = i}} \bar{{y}}_j",
        sentence,
        reader(move),
        zero=_LOOKED_UP,
    )


_SORTED = Rule(
    r"\bar{x}_{\pi(j)} = \bar{y}_j \quad \text{where } y_j = x_{\pi(j)} "
    r"\text{ in sorted order}",
    "The cells were sorted: each gradient goes back to the place its cell came from.",
)

OPS = {
    "IndexBackward0": _lookup(
        r"\mathrm{index}",
        "Each cell adds up the gradients of all places where it was looked up by index or mask.",
        indexed,
    ),
    "GatherBackward0": _lookup(
        r"\mathrm{gather}",
        "Along one axis every place named the cell it reads: a cell adds up the gradients of its "
        "readers.",
        gathered,
    ),
    "IndexSelectBackward0": _lookup(
        r"\mathrm{select}",
        "Whole slices were looked up along one axis: each adds up the gradients of its copies.",
        index_selected,
    ),
    "TakeBackward0": _lookup(
        r"\mathrm{flat}",
        "Cells were looked up by their row-major position: each adds up the gradients of its "
        "copies.",
        taken,
    ),
    "MaskedSelectBackward0": copying(
        r"\bar{x}_i = [m_i]\,\bar{y}_{j(i)} \quad \text{for the } j\text{-th cell in mask } m",
        "Only the cells that the mask let through get their gradient; all others get 0.",
        reader(_masked),
        zero=said("The mask did not let this cell through, so its gradient is 0."),
    ),
    "SortBackward0": Operation(
        rule=_SORTED,
        closed_form=reader(_ranked),
        names=_name(said("1 (moved here)")),
        reads="choice",
        copies=True,
    ),
    "TopkBackward0": ruled(
        r"\bar{x}_i = \begin{cases} \bar{y}_j & x_i \text{ came out as the } j\text{-th} \\ "
        r"0 & \text{otherwise} \end{cases}",
        "Only the k cells that were chosen get a gradient; all others get 0.",
        reader(_ranked),
        names=_name(said("1 (chosen)")),
        reads="choice",
        copies=True,
        zero=said("This cell was not among those chosen, so its gradient is 0."),
    ),
    **dict.fromkeys(
        ("KthvalueBackward0", "ModeBackward0"),
        ruled(
            r"\bar{x}_i = \begin{cases} \bar{y} & x_i \text{ came out} \\ "
            r"0 & \text{otherwise} \end{cases}",
            "Only the one cell of each row that came out gets its gradient; all others get 0.",
            reader(_ranked),
            names=_name(said("1 (came out)")),
            reads="choice",
            copies=True,
            zero=said("Another cell of the row came out, so the gradient of this one is 0."),
        ),
    ),
}
