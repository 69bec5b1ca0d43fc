"""Recurrent and attention layers as torch has them, with one output each.

Each class has torch's own name, arguments and parameters; only ``forward`` differs.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.fused import saved_as_on_cpu


def _told(output: Tensor, outputs: str, *, batch_first: bool) -> Tensor:
    """Return the outputs of all steps, or of the last one."""
    if outputs == "all":
        return output
    return output[:, -1] if batch_first else output[-1]


class RNN(nn.RNN):
    """A plain recurrent layer."""

    outputs = "all"
    """Whether ``all`` steps or the ``last`` one are told."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
    ) -> None:
        super().__init__(
            input_size,
            hidden_size,
            num_layers=num_layers,
            nonlinearity=nonlinearity,
            bias=bias,
            batch_first=batch_first,
        )

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        """Return the states of all steps, or the last one; the first state is 0."""
        return _told(super().forward(x)[0], self.outputs, batch_first=self.batch_first)


class GRU(nn.GRU):
    """A recurrent layer with two gates."""

    outputs = "all"
    """Whether ``all`` steps or the ``last`` one are told."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
    ) -> None:
        super().__init__(
            input_size,
            hidden_size,
            num_layers=num_layers,
            bias=bias,
            batch_first=batch_first,
        )

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        """Return the states of all steps, or the last one; the first state is 0."""
        return _told(super().forward(x)[0], self.outputs, batch_first=self.batch_first)


class LSTM(nn.LSTM):
    """A recurrent layer with three gates and a memory cell."""

    outputs = "all"
    """Whether ``all`` steps or the ``last`` one are told."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
    ) -> None:
        super().__init__(
            input_size,
            hidden_size,
            num_layers=num_layers,
            bias=bias,
            batch_first=batch_first,
        )

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        """Return the states of all steps, or the last one; the first state is 0."""
        states = saved_as_on_cpu(self, x) if x.is_meta else super().forward(x)[0]
        return _told(states, self.outputs, batch_first=self.batch_first)


class MultiheadAttention(nn.MultiheadAttention):
    """Attention of a sequence to itself, or to a second one."""

    def forward(self, x: Tensor, other: Tensor | None = None) -> Tensor:  # type: ignore[override]
        """Return for each token of x the mix of values that it attends to."""
        read = x if other is None else other
        return super().forward(x, read, read)[0]


class TransformerEncoderLayer(nn.TransformerEncoderLayer):
    """Self-attention and two linear layers, each with a skip and a normalisation.

    torch's own forward would run everything in one fused operation while evaluating without
    gradients; this one always takes the written path, so that evaluating gives the same bits.
    """

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        """Return the tokens, transformed."""
        if self.norm_first:
            x = x + self._sa_block(self.norm1(x), None, None)
            return x + self._ff_block(self.norm2(x))
        x = self.norm1(x + self._sa_block(x, None, None))
        output: Tensor = self.norm2(x + self._ff_block(x))
        return output


class Embedding(nn.Embedding):
    """A row of a table for each number."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the rows at x, cut to whole numbers; ValueError when there is no such row."""
        rows = x.long()
        if not rows.is_meta:
            self._check(rows)
        return super().forward(rows)

    def _check(self, rows: Tensor) -> None:
        low, high = (int(bound) for bound in torch.aminmax(rows))
        if low < 0 or high >= self.num_embeddings:
            asked = low if low < 0 else high
            raise ValueError(
                f"the table has rows 0 to {self.num_embeddings - 1}, but row {asked} was asked for."
            )
