"""Recurrent layers and their cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from tests.flow.sweep.case import Case, layer

STEPS = (2, 3, 2)


class _First(nn.Module):
    """A layer of which one output goes on, or several."""

    def __init__(self, inner: nn.Module, chosen: Callable[[Any], Any]) -> None:
        super().__init__()
        self.inner, self.chosen = inner, chosen

    def forward(self, *inputs: Tensor) -> Any:
        return self.chosen(self.inner(*inputs))


class _Stated(nn.Module):
    """A recurrent layer that is given its first state."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor, *state: Tensor) -> Any:
        return self.inner(x, state if len(state) > 1 else state[0])


def _first(make: Callable[[], nn.Module], chosen: Callable[[Any], Any]) -> Callable[[], nn.Module]:
    return lambda: _First(make(), chosen)


def _lstm(*sizes: int, **how: Any) -> Callable[[], nn.Module]:
    return lambda: nn.LSTM(*(sizes or (2, 3)), batch_first=True, **how)


def _gru(*sizes: int, **how: Any) -> Callable[[], nn.Module]:
    return lambda: nn.GRU(*(sizes or (2, 3)), batch_first=True, **how)


def _rnn(*sizes: int, **how: Any) -> Callable[[], nn.Module]:
    return lambda: nn.RNN(*(sizes or (2, 3)), batch_first=True, **how)


class _Unrolled(nn.Module):
    """Cells applied step after step."""

    def __init__(self, cell: nn.Module) -> None:
        super().__init__()
        self.cell = cell

    def forward(self, x: Tensor) -> Tensor:
        state: Any = None
        for step in range(x.shape[1]):
            state = self.cell(x[:, step], state)
        return state[0] + state[1] if isinstance(state, tuple) else state


CASES: dict[str, Case] = {
    "lstm": layer(_lstm(), STEPS),
    "lstm output": layer(_first(_lstm(), lambda out: out[0]), STEPS),
    "lstm hidden": layer(_first(_lstm(), lambda out: out[1][0]), STEPS),
    "lstm cell state": layer(_first(_lstm(), lambda out: out[1][1]), STEPS),
    "lstm last step": layer(_first(_lstm(), lambda out: out[0][:, -1]), STEPS),
    "lstm without bias": layer(_lstm(bias=False), STEPS),
    "lstm of two layers": layer(_lstm(2, 2, 2), STEPS),
    "lstm both ways": layer(_lstm(2, 2, bidirectional=True), STEPS),
    "lstm both ways, two layers": layer(_lstm(2, 2, 2, bidirectional=True), (1, 2, 2)),
    "lstm projected": layer(_lstm(2, 3, proj_size=2), STEPS),
    "lstm steps first": layer(lambda: nn.LSTM(2, 3), STEPS),
    "lstm unbatched": layer(_lstm(), (3, 2)),
    "lstm with state": layer(lambda: _Stated(_lstm()()), STEPS, (1, 2, 3), (1, 2, 3)),
    "lstm with dropout": layer(_lstm(2, 2, 2, dropout=0.5), STEPS, repeats=False),
    "lstm in float64": layer(_lstm(), STEPS, dtype=torch.float64),
    "gru": layer(_gru(), STEPS),
    "gru output": layer(_first(_gru(), lambda out: out[0]), STEPS),
    "gru of two layers": layer(_gru(2, 2, 2), STEPS),
    "gru both ways": layer(_gru(2, 2, bidirectional=True), STEPS),
    "gru without bias": layer(_gru(bias=False), STEPS),
    "gru with state": layer(lambda: _Stated(_gru()()), STEPS, (1, 2, 3)),
    "rnn": layer(_rnn(), STEPS),
    "rnn relu": layer(_rnn(nonlinearity="relu"), STEPS),
    "rnn both ways": layer(_rnn(bidirectional=True), STEPS),
    "rnn of two layers": layer(_rnn(2, 2, 2), STEPS),
    "lstm cell": layer(lambda: nn.LSTMCell(2, 3), (2, 2)),
    "lstm cell, h": layer(_first(lambda: nn.LSTMCell(2, 3), lambda out: out[0]), (2, 2)),
    "lstm cell, c": layer(_first(lambda: nn.LSTMCell(2, 3), lambda out: out[1]), (2, 2)),
    "lstm cell, h plus c": layer(
        _first(lambda: nn.LSTMCell(2, 3), lambda out: out[0] + out[1]), (2, 2)
    ),
    "lstm cell with state": layer(lambda: _Stated(nn.LSTMCell(2, 3)), (2, 2), (2, 3), (2, 3)),
    "lstm cell unrolled": layer(lambda: _Unrolled(nn.LSTMCell(2, 2)), STEPS),
    "gru cell": layer(lambda: nn.GRUCell(2, 3), (2, 2)),
    "gru cell with state": layer(lambda: nn.GRUCell(2, 3), (2, 2), (2, 3)),
    "gru cell unrolled": layer(lambda: _Unrolled(nn.GRUCell(2, 2)), STEPS),
    "rnn cell": layer(lambda: nn.RNNCell(2, 3), (2, 2)),
    "rnn cell relu with state": layer(
        lambda: nn.RNNCell(2, 3, nonlinearity="relu"), (2, 2), (2, 3)
    ),
    "rnn cell unbatched": layer(lambda: nn.RNNCell(2, 3), (2,)),
}
