"""What layers save for the backward pass where a CPU goes another way than the meta device.

A budget is made on the meta device. A fused LSTM is imitated there; for a fused attention and
for an evaluating batch normalisation the difference is counted.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from models.fields import Fields
from models.shapes import Shapes

CELL_BYTES = 4
PAGE = 4096
VECTOR = 16
"""Cells to which oneDNN rounds a row up."""
GATES = 4
WEIGHT_GRADIENTS = 5
"""Gradients of every weight that an attention which is not fused makes."""


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


def saved_as_on_cpu(layer: nn.LSTM, x: Tensor) -> Tensor:
    """Return the states of an LSTM on the meta device, saving as much as the CPU would."""
    rows = (x.transpose(0, 1) if layer.batch_first else x).contiguous()
    shape = (layer.num_layers, rows.shape[1], layer.hidden_size)
    first, memory = rows.new_zeros(shape), rows.new_zeros(shape)
    for weights, *state in zip(layer.all_weights, first, memory, strict=True):
        rows = _Fused.apply(rows, state, layer.hidden_size, *weights)  # type: ignore[no-untyped-call]
    return rows.transpose(0, 1) if layer.batch_first else rows


def attention_saved_beside(fields: Fields, inputs: Shapes, training: bool, frozen: bool) -> int:
    """Return what the CPU saves of a fused attention, less what the meta device shows.

    The CPU keeps the logarithm of each softmax's sum; the meta device keeps scaled queries and
    keys and every weight. Both keep what goes out, but on the meta device only the product that
    learns from it does. With dropout both take the written way.
    """
    if training and fields.number("dropout"):
        return 0
    batch, tokens = _batch_and_tokens(fields, inputs)
    width, heads = fields.whole("d_model"), fields.whole("nhead")
    cpu = batch * heads * tokens + (batch * tokens * width if frozen else 0)
    meta = 2 * batch * tokens * width + batch * heads * tokens * tokens
    return CELL_BYTES * (cpu - meta)


def attention_captured_beside(fields: Fields, inputs: Shapes, training: bool) -> int:
    """Return, below 0, the gradients of the weights, which a fused attention never makes.

    With dropout the CPU takes the written way, as the meta device always does.
    """
    if training and fields.number("dropout"):
        return 0
    batch, tokens = _batch_and_tokens(fields, inputs)
    weights = batch * fields.whole("nhead") * tokens * tokens
    return -WEIGHT_GRADIENTS * CELL_BYTES * weights


def _batch_and_tokens(fields: Fields, inputs: Shapes) -> tuple[int, int]:
    batch_axis = 0 if fields["batch_first"] else 1
    return inputs[0][batch_axis], inputs[0][1 - batch_axis]


def batch_norm_saved_beside(fields: Fields, _inputs: Shapes, training: bool, _frozen: bool) -> int:
    """Return what the meta device shows too much: mean and deviation, unused in evaluation."""
    return 0 if training else -2 * CELL_BYTES * fields.whole("num_features")
