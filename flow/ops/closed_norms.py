"""Softmax and losses backward, in numpy."""

from __future__ import annotations

import numpy as np

from flow.ops.closed import Backward, Gradients, NoClosedFormError, signed
from flow.record import Array

MEAN = 1
"""How torch writes reduction="mean" in a node; 0 is "none", 2 is "sum"."""


def softmax(backward: Backward) -> Gradients:
    """Return p (g - sum p g)."""
    p, g = backward.tensor("result"), backward.g
    axis = backward.axis("dim", p.ndim)
    return (p * (g - (p * g).sum(axis, keepdims=True)),)


def log_softmax(backward: Backward) -> Gradients:
    """Return g - p sum g."""
    p, g = np.exp(backward.tensor("result")), backward.g
    return (g - p * g.sum(backward.axis("dim", p.ndim), keepdims=True),)


def _reduced(backward: Backward, slope: Array) -> Gradients:
    """Return slope x upstream for a loss of two tensors, divided by the count for a mean."""
    if backward.setting("reduction") == MEAN:
        slope = slope / slope.size
    found = backward.g * slope
    return tuple(
        None if backward.wants(which) is None else sign * found
        for which, sign in enumerate((1, -1)[: len(backward.below)])
    )


def _error(backward: Backward) -> Array:
    return np.asarray(backward.tensor("self") - backward.tensor("target"))


def mse(backward: Backward) -> Gradients:
    """Return 2 (y - t), over n for a mean."""
    return _reduced(backward, 2 * _error(backward))


def smooth_l1(backward: Backward) -> Gradients:
    """Return (y - t) / beta near the target, its sign further off."""
    beta = backward.setting("beta")
    error = _error(backward)
    near = np.abs(error) < beta
    return _reduced(backward, np.where(near, error / (beta or 1), np.sign(error)))


def huber(backward: Backward) -> Gradients:
    """Return y - t near the target, delta times its sign further off."""
    delta = backward.setting("delta")
    return _reduced(backward, np.clip(_error(backward), -delta, delta))


def negative_log_likelihood(backward: Backward) -> Gradients:
    """Return minus the weight of each right class, over the sum of weights for a mean."""
    target = backward.places("target")
    below = backward.below[0] or ()
    classes = below[1] if len(below) > 1 else below[0]
    saved = backward.setting("weight")
    weights = np.ones(classes) if saved is None else backward.tensor("weight")
    kept = target != signed(backward.setting("ignore_index"))
    share = np.where(kept, weights[np.where(kept, target, 0)], 0.0)
    if backward.setting("reduction") == MEAN:
        share = share / share.sum()
    filled = np.zeros(below)
    places = np.expand_dims(np.where(kept, target, 0), min(1, len(below) - 1))
    values = np.expand_dims(-backward.g * share, min(1, len(below) - 1))
    np.put_along_axis(filled, places, values, min(1, len(below) - 1))
    return (filled,)


def binary_cross_entropy(backward: Backward) -> Gradients:
    """Return (p - t) / (p (1 - p)), over n for a mean."""
    _plain(backward, "weight")
    p, t = backward.tensor("self"), backward.tensor("target")
    return _first(_reduced(backward, (p - t) / (p * (1 - p))))


def binary_cross_entropy_with_logits(backward: Backward) -> Gradients:
    """Return sigmoid(x) - t, over n for a mean."""
    _plain(backward, "weight", "pos_weight")
    x, t = backward.tensor("self"), backward.tensor("target")
    return _first(_reduced(backward, 0.5 * (1 + np.tanh(x / 2)) - t))


def _first(gradients: Gradients) -> Gradients:
    """Keep only the prediction's gradient: the target enters these losses in another way."""
    return (gradients[0], *[None] * (len(gradients) - 1))


def _plain(backward: Backward, *names: str) -> None:
    for name in names:
        if backward.setting(name) is not None:
            raise NoClosedFormError(f"{backward.name} with {name} has no closed form here.")
