"""Recurrent layers that torch runs in one node.

Backpropagation through time (Hochreiter and Schmidhuber, 1997; gates as in torch.nn.LSTM).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flow.ops.common.closed import Backward, Gradients, NoClosedFormError
from flow.ops.common.expressions import sigmoid
from flow.ops.common.operation import Operation
from flow.ops.common.terms import unnamed
from flow.record import Array, Rule
from flow.said import said

LSTM_MODE = 2
"""How torch writes an LSTM in a node."""
GATES = 4
"""Input, forget, cell and output gate, in the order in which torch stacks their weights."""


@dataclass(frozen=True, eq=False)
class _Steps:
    """A forward, redone: gates of every step; states and memories begin with the first."""

    gates: list[Array]
    states: list[Array]
    memories: list[Array]


def lstm(backward: Backward) -> Gradients:
    """Return the gradients of input, both weights, both biases, first state and first memory."""
    if backward.setting("mode") != LSTM_MODE:
        raise NoClosedFormError(
            said("{name} has a closed form here for an LSTM only.", name=backward.name)
        )
    order = slice(None, None, -1 if backward.setting("reverse") else None)
    x, into, across = (backward.tensor(name) for name in ("input", "weight0", "weight1"))
    x = x[order]
    driven = x @ into.T
    if backward.setting("has_biases"):
        driven = driven + backward.tensor("weight2") + backward.tensor("weight3")
    steps = _forward(backward, driven, across)
    inner, to_state, to_memory = _through_time(backward, backward.g[order], steps, across)
    found = (
        (inner @ into)[order],
        np.einsum("tbg,tbi->gi", inner, x),
        np.einsum("tbg,tbh->gh", inner, np.stack(steps.states[:-1])),
        inner.sum((0, 1)),
        inner.sum((0, 1)),
        to_state,
        to_memory,
    )
    return tuple(
        None if (below := backward.wants(which)) is None else part.reshape(below)
        for which, part in enumerate(found)
    )


def _through_time(
    backward: Backward, g: Array, steps: _Steps, across: Array
) -> tuple[Array, Array, Array]:
    """Return the gradients of the gates' sums of every step, of first state and first memory."""
    shape = steps.states[0].shape
    to_state, to_memory = (_or_zeros(backward, output, shape) for output in (1, 2))
    inner = np.zeros((len(g), shape[0], len(across)), g.dtype)
    for step in reversed(range(len(g))):
        to_state = to_state + g[step]
        memories = steps.memories[step : step + 2]
        inner[step], to_memory = _step_back(steps.gates[step], memories, to_state, to_memory)
        to_state = inner[step] @ across
    return inner, to_state, to_memory


def _or_zeros(backward: Backward, output: int, shape: tuple[int, ...]) -> Array:
    given = backward.upstream[output] if output < len(backward.upstream) else None
    return np.zeros(shape, backward.g.dtype) if given is None else given.reshape(shape)


def _forward(backward: Backward, driven: Array, across: Array) -> _Steps:
    """Return gates, states and memories of all steps."""
    rows = (driven.shape[1], across.shape[1])
    steps = _Steps(
        [], [backward.tensor("hx_").reshape(rows)], [backward.tensor("cx_").reshape(rows)]
    )
    for step in driven:
        parts = np.split(step + steps.states[-1] @ across.T, GATES, axis=-1)
        take, keep, told = (sigmoid(parts[which]) for which in (0, 1, 3))
        steps.gates.append(np.stack([take, keep, np.tanh(parts[2]), told]))
        steps.memories.append(keep * steps.memories[-1] + take * steps.gates[-1][2])
        steps.states.append(told * np.tanh(steps.memories[-1]))
    return steps


def _step_back(
    gates: Array, memories: list[Array], to_state: Array, to_memory: Array
) -> tuple[Array, Array]:
    """Return the gradients of the four gates' sums and of the memory before."""
    (take, keep, new, told), (before, after) = gates, memories
    bent = np.tanh(after)
    to_memory = to_memory + to_state * told * (1 - bent**2)
    inner = (
        to_memory * new * take * (1 - take),
        to_memory * before * keep * (1 - keep),
        to_memory * take * (1 - new**2),
        to_state * bent * told * (1 - told),
    )
    return np.concatenate(inner, axis=-1), to_memory * keep


_THROUGH_TIME = Rule(
    r"\bar{h}_{t-1} = \left( \frac{\partial h_t}{\partial h_{t-1}} \right)^{\!\top} \bar{h}_t",
    "The gradient walks back through time, step by step, and every step adds to the weights'.",
)
_ONE_STEP = Rule(
    r"\bar{h} = \left( \frac{\partial h'}{\partial h} \right)^{\!\top} \bar{h}' \quad "
    r"\text{through all gates of one step}",
    "One step of a recurrent cell in one node: the gradient goes back through every gate at once.",
)

OPS = {
    "MkldnnRnnLayerBackward0": Operation(_THROUGH_TIME, lstm, unnamed),
    **dict.fromkeys(
        ("CudnnRnnBackward0", "MiopenRnnBackward0"), Operation(_THROUGH_TIME, names=unnamed)
    ),
    **dict.fromkeys(
        ("ThnnFusedLstmCellBackward0", "ThnnFusedGruCellBackward0"),
        Operation(_ONE_STEP, names=unnamed),
    ),
}
