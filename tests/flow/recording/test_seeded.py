"""Seeded gives the bits of torch.manual_seed and leaves the global generator alone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from flow import Seeded

H = torch.linspace(-1, 1, 24).view(2, 3, 4)

DRAWS: dict[str, Callable[[], Any]] = {
    "rand": lambda: torch.rand(3, 3),
    "randn": lambda: torch.randn(3, 3),
    "randn double": lambda: torch.randn(17, dtype=torch.float64),
    "randn complex": lambda: torch.randn(3, dtype=torch.complex64),
    "randint": lambda: torch.randint(0, 100, (20,)),
    "randint range": lambda: torch.randint(5, 9, (20,)),
    "randperm": lambda: torch.randperm(50),
    "rand_like": lambda: torch.rand_like(H),
    "randn_like": lambda: torch.randn_like(H),
    "randint_like": lambda: torch.randint_like(H, 10),
    "normal": lambda: torch.normal(0.0, 2.0, (5,)),
    "normal of tensors": lambda: torch.normal(H, H.abs()),
    "bernoulli": lambda: torch.bernoulli(H.abs()),
    "multinomial": lambda: torch.multinomial(H.abs()[0], 3),
    "poisson": lambda: torch.poisson(H.abs() * 5),
    "uniform_": lambda: torch.empty(9).uniform_(-1, 1),
    "normal_": lambda: torch.empty(9).normal_(),
    "random_": lambda: torch.empty(9).random_(),
    "random_ to": lambda: torch.empty(9).random_(10),
    "random_ from to": lambda: torch.empty(9).random_(5, 10),
    "bernoulli_": lambda: torch.empty(9).bernoulli_(0.3),
    "exponential_": lambda: torch.empty(9).exponential_(),
    "geometric_": lambda: torch.empty(9).geometric_(0.3),
    "cauchy_": lambda: torch.empty(9).cauchy_(),
    "log_normal_": lambda: torch.empty(9).log_normal_(),
    "dropout": lambda: F.dropout(H, 0.5),
    "dropout in place": lambda: F.dropout(H.clone(), 0.5, inplace=True),
    "dropout1d": lambda: F.dropout1d(H),
    "dropout2d": lambda: F.dropout2d(H.unsqueeze(0)),
    "dropout3d": lambda: F.dropout3d(H[None, None]),
    "alpha dropout": lambda: F.alpha_dropout(H, 0.5, training=True),
    "feature alpha dropout": lambda: F.feature_alpha_dropout(H, 0.5, training=True),
    "rrelu": lambda: F.rrelu(H, training=True),
    "gumbel softmax": lambda: F.gumbel_softmax(H),
    "fractional max pool": lambda: F.fractional_max_pool2d(H, 2, output_size=2),
    "binomial": lambda: torch.distributions.Binomial(9, H[0].abs()).sample(),
    "gamma": lambda: torch.distributions.Gamma(H.abs() + 1, 1.0).sample(),
    "dirichlet": lambda: torch.distributions.Dirichlet(H.abs() + 1).sample(),
    "linear": lambda: list(nn.Linear(3, 4).parameters()),
    "convolution": lambda: list(nn.Conv2d(3, 4, 3).parameters()),
    "transposed": lambda: list(nn.ConvTranspose2d(3, 4, 3).parameters()),
    "embedding": lambda: list(nn.Embedding(5, 4).parameters()),
    "lstm": lambda: list(nn.LSTM(3, 4, 2).parameters()),
    "encoder": lambda: list(
        nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 8, batch_first=True), 2).parameters()
    ),
    "orthogonal": lambda: nn.init.orthogonal_(torch.empty(4, 4)),
    "truncated normal": lambda: nn.init.trunc_normal_(torch.empty(9)),
    "kaiming": lambda: nn.init.kaiming_normal_(torch.empty(4, 4)),
    "sparse": lambda: nn.init.sparse_(torch.empty(4, 4), 0.5),
}


def same(one: Any, other: Any) -> bool:
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return torch.equal(one, other)


@pytest.mark.parametrize("name", DRAWS)
def test_draws_are_bitwise_those_of_manual_seed(name: str) -> None:
    torch.manual_seed(11)
    expected = [DRAWS[name](), DRAWS[name]()]
    state = torch.get_rng_state()
    with Seeded(11):
        drawn = [DRAWS[name](), DRAWS[name]()]
    assert same(drawn, expected)
    assert torch.equal(torch.get_rng_state(), state)


def test_another_seed_gives_other_numbers() -> None:
    with Seeded(1):
        one = torch.rand(4)
    with Seeded(2):
        two = torch.rand(4)
    assert not torch.equal(one, two)


def test_a_generator_of_the_callers_own_is_respected() -> None:
    expected = torch.rand(4, generator=torch.Generator().manual_seed(9))
    with Seeded(1):
        drawn = torch.rand(4, generator=torch.Generator().manual_seed(9))
    assert torch.equal(drawn, expected)


def test_gradients_flow_through_seeded_dropout() -> None:
    x = torch.ones(50, requires_grad=True)
    with Seeded(3):
        y = F.dropout(x, 0.25)
    y.sum().backward()
    assert x.grad is not None
    assert torch.equal(x.grad, y.detach())
    assert set(y.unique().tolist()) == {0.0, 4 / 3} or y.unique().numel() == 2


def test_fused_dropout_keeps_the_expected_share_and_scales_the_rest() -> None:
    with Seeded(3):
        values, mask = torch.native_dropout(torch.ones(10_000), 0.25, True)
        same_values, all_kept = torch.native_dropout(H, 0.25, False)
    assert torch.equal(values, mask * torch.tensor(1 / 0.75))
    assert abs(mask.float().mean().item() - 0.75) < 0.02
    assert torch.equal(same_values, H)
    assert bool(all_kept.all())


def test_eight_threads_draw_the_same_bits_while_a_ninth_makes_noise() -> None:
    def build(seed: int) -> list[Tensor]:
        with Seeded(seed):
            module = nn.Sequential(nn.Linear(20, 20), nn.Conv1d(3, 3, 3))
            return [*(p.detach() for p in module.parameters()), F.dropout(torch.ones(100))]

    def make_noise() -> None:
        for _ in range(2000):
            torch.rand(3)

    alone = {seed: build(seed) for seed in range(8)}
    with ThreadPoolExecutor(9) as pool:
        noise = pool.submit(make_noise)
        together = list(pool.map(build, [seed % 8 for seed in range(64)]))
        noise.result()
    for index, drawn in enumerate(together):
        assert same(drawn, alone[index % 8])
