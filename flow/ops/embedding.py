"""Tables that are looked up row by row, one row at a time or in bags."""

from __future__ import annotations

import numpy as np

from flow.ops.common.closed import Backward, Gradients, NoClosedFormError, signed
from flow.ops.common.operation import ruled
from flow.ops.common.terms import COPY, Index, Proposal, Terms, everywhere, proposal, unnamed
from flow.record import Array
from flow.said import said

SUM, MEAN, LARGEST = 0, 1, 2
"""How torch writes the mode of an embedding bag in a node."""


def looked_up(backward: Backward) -> Gradients:
    """Add each place's gradient to the row of the table that was looked up."""
    below = backward.wants(0)
    if below is None:
        return (None,)
    rows = backward.places("indices").reshape(-1)
    values = backward.g.reshape(len(rows), below[1])
    if backward.setting("scale_grad_by_freq"):
        values = values / _counts(rows, below[0])[rows][:, None]
    kept = rows != signed(backward.setting("padding_idx"))
    return (_rows(rows[kept], values[kept], below),)


def _counts(rows: Index, total: int) -> Index:
    return np.bincount(rows, minlength=total)


def _rows(rows: Index, values: Array, below: tuple[int, ...]) -> Array:
    found = np.zeros(below)
    np.add.at(found, rows, values)
    return found


def names(terms: Terms) -> Proposal | None:
    """Name the 1 of a copy, or one over how often a row was looked up."""
    if not terms.node._saved_scale_grad_by_freq:
        return everywhere(COPY, 1.0)
    rows = terms.saved("indices")
    if rows is None:
        return None
    counts = _counts(rows.reshape(-1), terms.shape_below[0])[terms.below[0]]
    return proposal(
        counts,
        lambda count: (
            said("1/{count} (looked up {count} times)", count=count) if count > 1 else COPY
        ),
        1 / np.maximum(counts, 1),
    )


def in_bags(backward: Backward) -> Gradients:
    """Hand each bag's gradient to the rows in it: whole, shared, or to the largest."""
    below, mode = backward.wants(0), backward.setting("mode")
    if backward.setting("scale_grad_by_freq") or backward.setting("sparse"):
        raise NoClosedFormError(
            said("An embedding bag that scales by frequency or is sparse has no closed form here.")
        )
    if mode == LARGEST:
        return (None if below is None else _largest(backward, below),)
    bags, rows = _bags(backward), backward.places("indices")
    kept = rows != signed(backward.setting("padding_idx"))
    weights = np.where(kept, 1.0, 0.0)
    if mode == MEAN:
        weights /= np.maximum(np.bincount(bags[kept], minlength=len(backward.g)), 1)[bags]
    given = backward.setting("per_sample_weights") is not None
    spread = backward.g[bags]
    if given:
        weights = weights * backward.tensor("per_sample_weights")
    found: list[Array | None] = [None] * len(backward.below)
    if below is not None:
        found[0] = _rows(rows, weights[:, None] * spread, below)
    if len(found) > 1 and given and backward.below[-1] is not None:
        found[-1] = np.where(kept, (spread * backward.tensor("weight")[rows]).sum(1), 0.0)
    return tuple(found)


def _bags(backward: Backward) -> Index:
    """Return the bag of every looked-up row."""
    begins = backward.places("offsets")[: len(backward.g)]
    return np.searchsorted(begins, np.arange(len(backward.places("indices"))), side="right") - 1


def _largest(backward: Backward, below: tuple[int, ...]) -> Array:
    """Send every cell of a bag's gradient to the row that had the largest value there."""
    rows = backward.places("result3")
    found = np.zeros(below)
    filled = rows >= 0
    columns = np.broadcast_to(np.arange(below[1]), rows.shape)
    np.add.at(found, (rows[filled], columns[filled]), backward.g[filled])
    return found


OPS = {
    "EmbeddingBackward0": ruled(
        r"\bar{W}_r = c_r \sum_{j:\, \mathrm{index}(j) = r} \bar{y}_j, \quad c_r = 1 "
        r"\text{ (by frequency: } 1 / \text{count; padding: } 0)",
        "Each row of the table adds up the gradients of its look-ups, or averages them if "
        "scaled by frequency; the padding row gets 0.",
        looked_up,
        names=names,
        reads="sum",
        zero=said("This row was not looked up, or it is the padding row, so its gradient is 0."),
    ),
    "EmbeddingBagBackward0": ruled(
        r"\bar{W}_r = \sum_{j:\, \mathrm{index}(j) = r} w_j\,\bar{y}_{\mathrm{bag}(j)} "
        r"\quad \text{for } y_b = \sum_{j \in b} w_j\,W_{\mathrm{index}(j)}",
        "Rows were combined in bags: each row adds up the gradients of its bags, times its "
        "weight there.",
        in_bags,
        names=unnamed,
        reads="sum",
        zero=said("This row is in no bag that uses it, so its gradient is 0."),
    ),
}
