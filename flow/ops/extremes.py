"""Largest, smallest and middle cells: they take the whole gradient, or share it with equals."""

from __future__ import annotations

import numpy as np

from flow.ops.common.closed import Backward, Gradients, signed
from flow.ops.common.operation import Operation, ruled
from flow.ops.common.reduced import Reduction, here, reduction, reduction_of
from flow.ops.common.terms import Namer, Proposal, Terms, everywhere, proposal
from flow.record import Array
from flow.said import said


def placed(backward: Backward) -> Gradients:
    """Hand each upstream cell to the cell along the axis whose position was saved."""
    below = backward.below[0] or ()
    axis = backward.axis("dim", len(below))
    places, g = backward.places("indices"), backward.g
    if not below:
        return (g,)
    if not backward.setting("keepdim"):
        places, g = np.expand_dims(places, axis), np.expand_dims(g, axis)
    found = np.zeros(below)
    np.put_along_axis(found, places, g, axis)
    return (found,)


def tied(backward: Backward) -> Gradients:
    """Share the upstream among all cells that are equal to the result."""
    return (_shares(backward, "result") * reduction(backward).restored(backward.g),)


def both_ends(backward: Backward) -> Gradients:
    """Share the upstreams of minimum and maximum among the cells equal to each."""
    over = reduction(backward)
    low, high = (over.restored(each) for each in backward.upstream)
    return (_shares(backward, "min") * low + _shares(backward, "max") * high,)


def _shares(backward: Backward, result: str) -> Array:
    over = reduction(backward)
    return _share(over, backward.tensor("self"), backward.tensor(result))


def _share(over: Reduction, x: Array, result: Array) -> Array:
    """Return one over the number of ties for every cell that is the result, 0 for the others."""
    whole = over.restored(result)
    same = (x == whole) | (np.isnan(x) & np.isnan(whole))
    return np.where(same, 1 / over.over(same), 0.0)


def _of_ends(*results: str, word: str) -> Namer:
    """Name a winner, or the share of one of several that are equal."""

    def names(terms: Terms) -> Proposal | None:
        x = terms.saved("self")
        ends = [terms.saved(result) for result in results]
        if x is None or any(end is None for end in ends):
            return None
        over = reduction_of(terms.node, terms.shape_below)
        shares = np.stack([here(terms, _share(over, x, end)) for end in ends if end is not None])
        shares = np.take_along_axis(shares, terms.outputs[None] % len(ends), 0)[0]
        ties = np.rint(np.divide(1, shares, where=shares > 0, out=np.zeros_like(shares)))
        return proposal(
            ties,
            lambda count: (
                said("1 ({word})", word=word)
                if count == 1
                else said("1/{count:g} ({word}, with its equals)", count=count, word=word)
            ),
            shares,
        )

    return names


def _of_place(word: str) -> Namer:
    """Name the cell along an axis whose position was saved."""

    def names(terms: Terms) -> Proposal | None:
        places = terms.saved("indices")
        if places is None or not terms.below:
            return everywhere(said("1 ({word})", word=word), 1.0)
        found = terms.below[signed(terms.node._saved_dim) % len(terms.shape_below)]
        return everywhere(said("1 ({word})", word=word), places.reshape(-1)[terms.places] == found)

    return names


def running_end(backward: Backward) -> Gradients:
    """Hand each upstream cell to the cell that was the extreme so far."""
    found = np.zeros(backward.below[0] or ())
    if not found.ndim:
        return (backward.g,)
    places = backward.places("indices")
    index = list(np.indices(places.shape))
    index[backward.axis("dim", found.ndim)] = places
    np.add.at(found, tuple(index), backward.g)
    return (found,)


def _row(word: str) -> Operation:
    """Make an operation that takes one cell along an axis, by its saved position."""
    return ruled(
        r"\bar{x}_i = \begin{cases} \bar{y} & i \text{ is the place of the "
        rf"{word}}} \\ 0 & \text{{otherwise}} \end{{cases}}",
        f"Only the {word} along the axis gets the gradient; of several equal ones, just one.",
        placed,
        copies=True,
        names=_of_place(word),
        reads="choice",
        zero=said(
            "Another cell along the axis was taken as the {word}, so this one gets 0.", word=word
        ),
    )


def _equals(word: str) -> Operation:
    """Make an operation whose result's equals share the gradient."""
    return ruled(
        rf"\bar{{x}}_i = \frac{{1}}{{k}}\,\bar{{y}} \quad \text{{for the }} k "
        rf"\text{{ cells equal to the {word}}}",
        f"The {word} of all gets the gradient; where several are equal, they share it.",
        tied,
        names=_of_ends("result", word=word),
        reads="choice",
        zero=said("This cell is not the {word}, so its gradient is 0.", word=word),
    )


def _running(word: str) -> Operation:
    """Make an operation that hands on the extreme so far."""
    return ruled(
        rf"\bar{{x}}_i = \sum_{{k:\, i \text{{ was the {word} up to }} k}} \bar{{y}}_k",
        f"A cell adds up the gradients of all places where it was the {word} so far.",
        running_end,
        copies=True,
        reads="choice",
        zero=said("This cell was never the {word} so far, so its gradient is 0.", word=word),
    )


OPS: dict[str, Operation] = {
    "MaxBackward0": _row(said("largest")),
    "MinBackward0": _row(said("smallest")),
    "MedianBackward1": _row(said("median")),
    "NanmedianBackward1": _row(said("median of the numbers")),
    "MaxBackward1": _equals(said("largest")),
    "AmaxBackward0": _equals(said("largest")),
    "MinBackward1": _equals(said("smallest")),
    "AminBackward0": _equals(said("smallest")),
    "MedianBackward0": _equals(said("median")),
    "NanmedianBackward0": _equals(said("median of the numbers")),
    "AminmaxBackward0": ruled(
        r"\bar{x}_i = \frac{[x_i = \min x]}{k}\,\bar{y}_1 + \frac{[x_i = \max x]}{l}\,"
        r"\bar{y}_2 \quad \text{with } k \text{ and } l \text{ ties}",
        "The smallest cell gets the first gradient, the largest the second; equals share.",
        both_ends,
        names=_of_ends("min", "max", word=said("smallest or largest")),
        zero=said("This cell is neither the smallest nor the largest, so its gradient is 0."),
    ),
    "CummaxBackward0": _running(said("largest")),
    "CumminBackward0": _running(said("smallest")),
}
"""Class name of a node -> all that is known of it."""
