"""Random numbers of a forward come from the run's seed and from nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from numpy.testing import assert_array_equal
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

import flow
from flow.record import Capture
from tests.flow.networks import plain_backward, squared_mean


class Drawing(nn.Module):
    """A linear layer followed by something that draws."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.kind = kind
        self.rnn = nn.LSTM(4, 4, num_layers=2, dropout=0.5)
        self.attention = nn.MultiheadAttention(4, 2, dropout=0.5)

    def forward(self, x: Tensor) -> Any:
        h = self.fc(x)
        if self.kind == "lstm":
            return self.rnn(h)[0]
        if self.kind == "attention":
            return self.attention(h, h, h)[0]
        return DRAWS[self.kind](h)


DRAWS: dict[str, Any] = {
    "dropout": lambda h: F.dropout(h, 0.5),
    "dropout in place": lambda h: F.dropout(h, 0.5, inplace=True),
    "dropout1d": lambda h: F.dropout1d(h.unsqueeze(0), 0.5),
    "dropout2d": lambda h: F.dropout2d(h.view(1, 3, 2, 2), 0.5),
    "alpha dropout": lambda h: F.alpha_dropout(h, 0.5, training=True),
    "feature alpha dropout": lambda h: F.feature_alpha_dropout(h.unsqueeze(0), 0.5, training=True),
    "rrelu": lambda h: F.rrelu(h, training=True),
    "gumbel softmax": lambda h: F.gumbel_softmax(h),
    "noise": lambda h: h + torch.randn(h.shape),
    "noise like": lambda h: h * torch.rand_like(h) + torch.randn_like(h),
    "normal in place": lambda h: h * torch.empty(4).normal_(1.0, 0.5),
    "normal": lambda h: h * torch.normal(1.0, 0.5, (4,)),
    "bernoulli": lambda h: h * torch.bernoulli(torch.full((4,), 0.5)),
    "permutation": lambda h: h[:, torch.randperm(4)] * h,
    "multinomial": lambda h: h[:, torch.multinomial(torch.ones(4), 2)],
    "integers": lambda h: h * torch.randint(0, 5, (4,)),
    "distribution": lambda h: torch.distributions.Normal(h, 0.5).rsample(),
    "gamma": lambda h: torch.distributions.Gamma(h.exp(), 1.0).rsample(),
    "initialised": lambda h: h @ nn.init.xavier_normal_(torch.empty(4, 4)),
    "fractional pool": lambda h: F.fractional_max_pool2d(
        h.view(1, 1, 1, 12), 1, output_size=(1, 5)
    ),
    "attention function": lambda h: F.scaled_dot_product_attention(
        h[None], h[None], h[None], dropout_p=0.5
    ),
    "new layer": lambda h: nn.Linear(4, 2)(h),
    "lstm": None,
    "attention": None,
}


def capture_of(kind: str, seed: int) -> Capture:
    torch.manual_seed(5)
    module = Drawing(kind)
    state = torch.get_rng_state()
    capture = flow.run(module, X, loss=squared_mean, seed=seed).capture
    assert torch.equal(torch.get_rng_state(), state)
    return capture


X = torch.linspace(-1, 1, 12).view(3, 4)


@pytest.mark.parametrize("kind", DRAWS)
def test_a_forward_that_draws_is_reproducible_by_its_seed(kind: str) -> None:
    one, two, *others = (capture_of(kind, seed) for seed in (3, 3, 4, 5, 6, 7))
    assert one.loss == two.loss
    assert any(one.loss != other.loss for other in others)
    for mine, yours in zip(one.parameters, two.parameters, strict=True):
        if mine.gradient is None:
            assert yours.gradient is None
        else:
            assert_array_equal(mine.gradient, yours.gradient)


@pytest.mark.parametrize("kind", DRAWS)
def test_it_draws_what_the_global_generator_of_that_seed_would_give(kind: str) -> None:
    torch.manual_seed(5)
    module = Drawing(kind)
    torch.manual_seed(3)
    plain = plain_backward(module, X)
    capture = capture_of(kind, 3)
    assert capture.loss == plain.loss.item()
    for record in capture.parameters:
        theirs = plain.gradients[record.name]
        if theirs is not None:
            assert_array_equal(record.gradient, theirs)


def test_evaluation_draws_nothing_and_ignores_the_seed() -> None:
    module = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5)).eval()
    losses = {flow.run(module, X, loss=squared_mean, seed=seed).capture.loss for seed in range(3)}
    assert losses == {squared_mean(module(X)).item()}


def test_a_draw_in_the_middle_changes_no_node_of_the_other_layers() -> None:
    def names(p: float) -> list[str]:
        module = nn.Sequential(
            nn.TransformerEncoderLayer(8, 2, 8, dropout=0.0, batch_first=True), nn.Dropout(p)
        )
        capture = flow.run(module, torch.ones(1, 2, 8), loss=squared_mean).capture
        return [node.name for node in capture.nodes if node.layer != "1"]

    assert names(0.0) == names(0.5)


def test_a_forward_that_seeds_the_global_generator_does_not_move_it() -> None:
    class Seeding(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(4, 4)

        def forward(self, x: Tensor) -> Tensor:
            torch.manual_seed(0)
            return self.fc(x) + torch.randn(4)  # type: ignore[no-any-return]

    module = Seeding()
    state = torch.get_rng_state()
    losses = {flow.run(module, X, loss=squared_mean, seed=seed).capture.loss for seed in (1, 2)}
    assert torch.equal(torch.get_rng_state(), state)
    assert losses == {squared_mean(module(X)).item()}
    torch.set_rng_state(state)


def test_draws_that_no_call_announces_still_follow_the_seed() -> None:
    class Hidden(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(4, 4)

        def forward(self, x: Tensor) -> Tensor:
            with torch._C.DisableTorchFunction():
                noise = torch.randn(4)
            return self.fc(x) + noise  # type: ignore[no-any-return]

    module = Hidden()
    state = torch.get_rng_state()
    one, two, other = (
        flow.run(module, X, loss=squared_mean, seed=seed).capture.loss for seed in (3, 3, 4)
    )
    assert one == two
    assert one != other
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(3)
    assert one == squared_mean(module(X)).item()
