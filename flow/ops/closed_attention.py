"""Attention and a whole LSTM backward, in numpy: operations that a CPU runs in one node."""

from __future__ import annotations

import numpy as np

from flow.ops.closed import Backward, Gradients, NoClosedFormError
from flow.ops.pointwise import sigmoid
from flow.record import Array

LSTM_MODE = 2
"""How torch writes an LSTM in a node."""
GATES = 4
"""Input, forget, cell and output gate, in the order in which torch stacks their weights."""


def attention(backward: Backward) -> Gradients:
    """Return the gradients of queries, keys and values (Vaswani et al., 2017, section 3.2.1)."""
    if backward.setting("attn_mask") is not None or backward.setting("dropout_p"):
        raise NoClosedFormError("Attention with a mask or dropout has no closed form here.")
    query, key, value = (backward.tensor(name) for name in ("query", "key", "value"))
    scale = backward.setting("scale") or query.shape[-1] ** -0.5
    scores = scale * query @ np.swapaxes(key, -1, -2)
    if backward.setting("is_causal"):
        scores = np.where(np.tri(*scores.shape[-2:]) > 0, scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    above = backward.g @ np.swapaxes(value, -1, -2)
    inner = scale * weights * (above - (weights * above).sum(-1, keepdims=True))
    found = (inner @ key, np.swapaxes(inner, -1, -2) @ query, _back(weights, backward.g))
    return tuple(None if backward.wants(k) is None else part for k, part in enumerate(found))


def _back(weights: Array, g: Array) -> Array:
    return np.asarray(np.swapaxes(weights, -1, -2) @ g)


def lstm(backward: Backward) -> Gradients:
    """Return the gradients of input, both weights, both biases, first state and first memory.

    Backpropagation through time (Hochreiter and Schmidhuber, 1997; gates as in torch.nn.LSTM).
    """
    if backward.setting("mode") != LSTM_MODE or backward.setting("bidirectional"):
        raise NoClosedFormError(f"{backward.name} has a closed form here for a plain LSTM only.")
    x, into, across = (backward.tensor(name) for name in ("input", "weight0", "weight1"))
    bias = np.zeros(len(into))
    if backward.setting("has_biases"):
        bias = backward.tensor("weight2") + backward.tensor("weight3")
    gates, states, memories = _forward(backward, x @ into.T + bias, across)
    shape = states[0].shape
    to_state, to_memory = (_or_zeros(backward, output, states[0]) for output in (1, 2))
    inner = np.zeros((len(x), shape[0], len(into)))
    for step in reversed(range(len(x))):
        to_state = to_state + backward.upstream[0][step]
        inner[step], to_memory = _step_back(
            gates[step], memories[step], memories[step + 1], to_state, to_memory
        )
        to_state = inner[step] @ across
    found = (
        inner @ into,
        np.einsum("tbg,tbi->gi", inner, x),
        np.einsum("tbg,tbh->gh", inner, np.stack(states[:-1])),
        inner.sum((0, 1)),
        inner.sum((0, 1)),
        to_state,
        to_memory,
    )
    return tuple(
        None if (below := backward.wants(which)) is None else part.reshape(below)
        for which, part in enumerate(found)
    )


def _or_zeros(backward: Backward, output: int, like: Array) -> Array:
    given = backward.upstream[output] if output < len(backward.upstream) else None
    return np.zeros(like.shape) if given is None else given.reshape(like.shape)


def _forward(
    backward: Backward, driven: Array, across: Array
) -> tuple[list[Array], list[Array], list[Array]]:
    """Return gates, states and memories of all steps; states and memories begin with the first."""
    rows = (driven.shape[1], across.shape[1])
    states = [backward.tensor("hx_").reshape(rows)]
    memories = [backward.tensor("cx_").reshape(rows)]
    gates = []
    for step in driven:
        parts = np.split(step + states[-1] @ across.T, GATES, axis=-1)
        take, keep, told = sigmoid(parts[0]), sigmoid(parts[1]), sigmoid(parts[3])
        gates.append(np.stack([take, keep, np.tanh(parts[2]), told]))
        memories.append(keep * memories[-1] + take * gates[-1][2])
        states.append(told * np.tanh(memories[-1]))
    return gates, states, memories


def _step_back(
    gates: Array, before: Array, after: Array, to_state: Array, to_memory: Array
) -> tuple[Array, Array]:
    """Return the gradients of the four gates' sums and of the memory before."""
    take, keep, new, told = gates
    bent = np.tanh(after)
    to_memory = to_memory + to_state * told * (1 - bent**2)
    inner = (
        to_memory * new * take * (1 - take),
        to_memory * before * keep * (1 - keep),
        to_memory * take * (1 - new**2),
        to_state * bent * told * (1 - told),
    )
    return np.concatenate(inner, axis=-1), to_memory * keep
