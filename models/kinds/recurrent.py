"""Recurrent layers as torch has them, with one output each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from flow.said import said
from models.fields import Field, Fields
from models.kinds.arguments import BATCH_FIRST, BIAS, MAX_CHANNELS, choice, size, whole
from models.kinds.kind import InputHint, LayerKind
from models.kinds.rules.cost import CELL_BYTES, Operations
from models.kinds.rules.fits import fits_last, fits_sequence
from models.shapes import Shape, Shapes, shape_text

MAX_STEPS = 256
"""Time steps of a recurrent layer: each is a handful of nodes."""
MAX_STACKED = 4
"""Recurrent layers on top of each other."""
GATES = 4
"""Of an LSTM, the new memory counted as one."""
PAGE = 4096
VECTOR = 16
"""Cells to which oneDNN rounds a row up."""

INPUT_SIZE = size("input_size", 8, MAX_CHANNELS, "Features of one time step.")
HIDDEN_SIZE = size("hidden_size", 8, MAX_CHANNELS, "Features of the state.")
STACKED = whole("num_layers", 1, 1, MAX_STACKED, "Layers on top of each other.")
OUTPUTS = choice(
    "outputs",
    ("all", "last"),
    "Whether the states of all steps go out, or the last one.",
    at_call=True,
)
NONLINEARITY = choice("nonlinearity", ("tanh", "relu"), "What bounds the state.")


class _OneOutput(nn.Module):
    """A recurrent layer of torch that returns its states alone, without the last state again.

    It names the arguments of its constructor, which torch's classes take as ``*args, **kwargs``;
    torch's own ``forward`` returns two values, so a type checker finds the two classes at odds.
    """

    batch_first: bool
    outputs = "all"
    """Which states to return: of ``all`` steps, or only of the ``last``."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
    ) -> None:
        super().__init__(
            input_size, hidden_size, num_layers=num_layers, bias=bias, batch_first=batch_first
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return batch x time x hidden, or batch x hidden for the last step; the first state is 0.

        Time and batch change places where ``batch_first`` is off.
        """
        states = self.states(x)
        if self.outputs == "all":
            return states
        return states[:, -1] if self.batch_first else states[-1]

    def states(self, x: Tensor) -> Tensor:
        """Return the states of all steps."""
        states: Tensor = super().forward(x)[0]
        return states


class RNN(_OneOutput, nn.RNN):  # type: ignore[misc]
    """A plain recurrent layer."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
    ) -> None:
        nn.RNN.__init__(
            self,
            input_size,
            hidden_size,
            num_layers=num_layers,
            nonlinearity=nonlinearity,
            bias=bias,
            batch_first=batch_first,
        )


class GRU(_OneOutput, nn.GRU):  # type: ignore[misc]
    """A recurrent layer with two gates."""


class LSTM(_OneOutput, nn.LSTM):  # type: ignore[misc]
    """A recurrent layer with three gates and a memory cell."""

    def states(self, x: Tensor) -> Tensor:
        """Return the states of all steps."""
        return _saved_as_on_cpu(self, x) if x.is_meta else super().states(x)


def workspace_bytes(steps: int, batch: int, width: int, hidden: int) -> int:
    """Return at least as many bytes as oneDNN keeps of one LSTM layer beside its outputs.

    Its layout is oneDNN's own and differs between processors: gates, and states of input and
    output width, each a few times, in whole pages. Real ones took 0.6 to 0.95 of this.
    """
    gates = _pages(steps * batch * _rounded(GATES * hidden))
    wide = _pages(2 * (steps + 1) * batch * _rounded(max(width, hidden)))
    narrow = _pages(2 * (steps + 1) * batch * _rounded(hidden))
    return 3 * gates + 3 * wide + narrow + 8 * PAGE


def _rounded(cells: int) -> int:
    return -(-cells // VECTOR) * VECTOR


def _pages(cells: int) -> int:
    return -(-cells * CELL_BYTES // PAGE) * PAGE


class _Fused(torch.autograd.Function):
    """Saves what the CPU's LSTM saves: input, states, outputs and a workspace."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, state: Tensor, hidden: int, *_weights: Tensor) -> Tensor:
        steps, batch, width = x.shape
        output = x.new_empty(steps, batch, hidden)
        last = [x.new_empty(batch, hidden) for _ in range(2)]
        room = workspace_bytes(steps, batch, width, hidden)
        workspace = torch.empty(room, dtype=torch.uint8, device=x.device)
        ctx.save_for_backward(x, state[0], state[1], output, *last, workspace)
        return output

    @staticmethod
    def backward(_ctx: Any, *_gradients: Any) -> Any:
        raise AssertionError("an estimate has no backward pass")


def _saved_as_on_cpu(layer: nn.LSTM, x: Tensor) -> Tensor:
    """Return the states of an LSTM on the meta device, saving as much as the CPU would."""
    rows = (x.transpose(0, 1) if layer.batch_first else x).contiguous()
    shape = (layer.num_layers, rows.shape[1], layer.hidden_size)
    first, memory = rows.new_zeros(shape), rows.new_zeros(shape)
    for weights, *state in zip(layer.all_weights, first, memory, strict=True):
        rows = _Fused.apply(rows, state, layer.hidden_size, *weights)  # type: ignore[no-untyped-call]
    return rows.transpose(0, 1) if layer.batch_first else rows


def _fits_recurrent(fields: Fields, shapes: Shapes) -> str:
    """The input is batch x time x features, of not too many steps."""
    shape = shapes[0]
    problem = fits_sequence(shape)
    if problem:
        return problem
    steps = shape[1 if fields["batch_first"] else 0]
    if steps > MAX_STEPS:
        return said(
            "it runs at most {max_steps} steps, but its input {shape} has {steps}.",
            max_steps=MAX_STEPS,
            shape=shape_text(shape),
            steps=steps,
        )
    return fits_last(fields, shape, "input_size")


def _gates_per_step(gates: int) -> Operations:
    """Return the rule of a recurrent layer: every gate sums the input and the last state.

    Stacked layers after the first read the states of the one before.
    """

    def count(fields: Fields, inputs: Shapes, _output: Shape) -> int:
        hidden, steps = fields.whole("hidden_size"), math.prod(inputs[0][:-1])
        first = fields.whole("input_size") + hidden
        later = (fields.whole("num_layers") - 1) * 2 * hidden
        return 2 * steps * gates * hidden * (first + later)

    return count


def _recurrent(fields: Fields, name: str, data: Sequence[str]) -> str:
    """Write all outputs of a recurrent layer, or the last step's."""
    last = "[:, -1]" if fields["batch_first"] else "[-1]"
    return f"self.{name}({data[0]})[0]{last if fields['outputs'] == 'last' else ''}"


def _kind(module: type[nn.Module], gates: int, label: str, about: str, *own: Field) -> LayerKind:
    """Return a recurrent kind with this many gates and, after the sizes, fields of its own."""
    return LayerKind(
        label=label,
        help=about,
        module=module,
        fields=(INPUT_SIZE, HIDDEN_SIZE, STACKED, *own, BIAS, BATCH_FIRST, OUTPUTS),
        fits=_fits_recurrent,
        operations=_gates_per_step(gates),
        positional=2,
        code=_recurrent,
        keeps=("outputs",),
        saves_output=True,
        suggests_input=InputHint("input_size", axes=0),
    )


RECURRENT: dict[str, LayerKind] = {
    "RNN": _kind(
        RNN,
        1,
        "Recurrent layer",
        "Mixes each step with the state before it; the gradient walks back through time.",
        NONLINEARITY,
    ),
    "GRU": _kind(
        GRU,
        3,
        "GRU",
        "A recurrent layer whose two gates choose what to forget and what to take over.",
    ),
    "LSTM": _kind(
        LSTM,
        4,
        "LSTM",
        "A recurrent layer with a memory cell that gradients pass almost unchanged.",
    ),
}
