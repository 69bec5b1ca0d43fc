"""Scaled dot-product attention in one node (Vaswani et al., 2017, section 3.2.1)."""

from __future__ import annotations

import numpy as np

from flow.ops.common.closed import Backward, Gradients, NoClosedFormError
from flow.ops.common.operation import Operation
from flow.ops.common.terms import unnamed
from flow.record import Array, Rule
from flow.said import said

HEADS = -3
"""The axis of heads in batch x heads x steps x features."""


def attention(backward: Backward) -> Gradients:
    """Return the gradients of queries, keys and values."""
    if backward.setting("dropout_p"):
        raise NoClosedFormError(said("Attention with dropout has no closed form here."))
    query = backward.tensor("query")
    key, value = (_shared(backward.tensor(name), query) for name in ("key", "value"))
    scale = backward.setting("scale") or query.shape[-1] ** -0.5
    weights = _weights(backward, scale * query @ np.swapaxes(key, -1, -2))
    above = backward.g @ np.swapaxes(value, -1, -2)
    inner = scale * weights * (above - (weights * above).sum(-1, keepdims=True))
    found = (
        inner @ key,
        np.swapaxes(inner, -1, -2) @ query,
        np.swapaxes(weights, -1, -2) @ backward.g,
    )
    return tuple(
        None if below is None else _added_up(part, below)
        for below, part in zip(backward.below, found, strict=False)
    )


def _weights(backward: Backward, scores: Array) -> Array:
    """Return the softmax of the scores that the mask lets through."""
    if backward.setting("attn_mask") is not None:
        scores = scores + backward.tensor("attn_mask")
    if backward.setting("is_causal"):
        scores = np.where(np.tri(*scores.shape[-2:]) > 0, scores, -np.inf)
    highest = scores.max(-1, keepdims=True)
    if np.isneginf(highest).any():
        raise NoClosedFormError(
            said("Attention with a row that is masked whole has no closed form.")
        )
    weights = np.exp(scores - highest)
    return np.asarray(weights / weights.sum(-1, keepdims=True))


def _shared(array: Array, query: Array) -> Array:
    """Repeat heads that several heads of queries share."""
    if array.ndim < -HEADS or array.shape[HEADS] == query.shape[HEADS]:
        return array
    return np.repeat(array, query.shape[HEADS] // array.shape[HEADS], HEADS)


def _added_up(part: Array, below: tuple[int, ...]) -> Array:
    """Add up the gradients of the heads that shared one."""
    if part.shape == below:
        return part
    groups = part.reshape(*below[:HEADS], below[HEADS], -1, *below[HEADS + 1 :])
    return np.asarray(groups.sum(HEADS))


_RULE = Rule(
    r"\bar{v} = P^{\top}\,\bar{y}, \quad \bar{q} = c\,\bar{S}\,k, \quad "
    r"\bar{k} = c\,\bar{S}^{\top} q, \quad "
    r"\bar{S} = P \odot \left( \bar{y}\,v^{\top} - \textstyle\sum_j P_j (\bar{y}\,v^{\top})_j "
    r"\right), \quad c = \frac{1}{\sqrt{d}} \text{ or as given}",
    "Values get the gradient weighted by how much they were attended to; queries and keys get it "
    "through the softmax P.",
)

OPS = {"ScaledDotProductFlashAttentionForCpuBackward0": Operation(_RULE, attention, unnamed)}
