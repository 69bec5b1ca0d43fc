"""Steps of SGD: losses, parameters and buffers are, bit for bit, those of torch.optim.SGD."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from models.budget import estimate
from models.build import build
from models.losses import LOSSES
from models.presets import PRESETS
from models.sgd import MAX_RATE, NO_STEPS, Pass, Sgd, learn

CPU = torch.device("cpu")
SEED = 5


def by_torch(
    module: nn.Module, x: Tensor, loss: Callable[[Any], Tensor], sgd: Sgd
) -> tuple[float, ...]:
    """Let torch's own optimizer take the steps; return the loss before each."""
    optimizer = torch.optim.SGD(module.parameters(), lr=sgd.rate)
    losses = []
    for _ in range(sgd.steps):
        with torch.random.fork_rng([]):
            torch.manual_seed(SEED)
            value = loss(module(x))
        losses.append(value.item())
        optimizer.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return tuple(losses)


def same(one: nn.Module, other: nn.Module) -> bool:
    pairs = zip(one.state_dict().items(), other.state_dict().items(), strict=True)
    return all(a == b and torch.equal(x, y) for (a, x), (b, y) in pairs)


@pytest.mark.parametrize(
    "key", [key for key in PRESETS if build(PRESETS[key].spec, 0).state_dict()]
)
def test_every_preset_learns_as_torchs_own_optimizer_lets_it(key: str) -> None:
    preset, sgd = PRESETS[key], Sgd(0.03, 3)
    shape = estimate(preset.spec, preset.input_shape).output_shape
    loss = LOSSES[preset.loss].make(shape, preset.target, SEED)
    ours, theirs = build(preset.spec, SEED), build(preset.spec, SEED)
    losses = learn(Pass(ours, [preset.values(SEED)], loss), sgd, SEED, CPU)
    assert losses == by_torch(theirs, preset.values(SEED), loss, sgd)
    assert same(ours, theirs)
    assert all(parameter.grad is None for parameter in ours.parameters())


class Mixed(nn.Module):
    """A frozen layer, a norm that remembers, dropout, and a layer that nothing reads."""

    def __init__(self) -> None:
        super().__init__()
        self.frozen = nn.Linear(4, 4).requires_grad_(False)
        self.norm = nn.BatchNorm1d(4)
        self.drop = nn.Dropout(0.5)
        self.head = nn.Linear(4, 1)
        self.unread = nn.Linear(2, 2)

    def forward(self, x: Tensor) -> Tensor:
        head: Tensor = self.head(self.drop(self.norm(self.frozen(x))))
        return head


def twins(kind: type[nn.Module]) -> tuple[nn.Module, nn.Module]:
    with torch.random.fork_rng([]):
        torch.manual_seed(1)
        one, other = kind(), kind()
    other.load_state_dict(one.state_dict())
    return one, other


@pytest.mark.parametrize("training", [True, False])
def test_frozen_parameters_stay_and_the_means_of_a_norm_move_as_in_training(training: bool) -> None:
    ours, theirs = twins(Mixed)
    x = torch.arange(24.0).view(6, 4)
    first = {name: tensor.clone() for name, tensor in ours.state_dict().items()}
    one = Pass(ours.train(training), [x], torch.Tensor.mean)
    losses = learn(one, Sgd(0.5, 4), SEED, CPU)
    assert losses == by_torch(theirs.train(training), x, torch.Tensor.mean, Sgd(0.5, 4))
    assert same(ours, theirs)
    moved = {name for name, then in first.items() if not torch.equal(then, ours.state_dict()[name])}
    remembered = {"norm.running_mean", "norm.running_var", "norm.num_batches_tracked"}
    assert moved - remembered == {"norm.weight", "norm.bias", "head.weight", "head.bias"}
    assert (remembered <= moved) == training
    assert ours.state_dict()["norm.num_batches_tracked"] == (4 if training else 0)


def test_every_pass_drops_the_same_cells() -> None:
    """With a rate that moves nothing that float32 could hold, only the draws could differ."""
    module = nn.Sequential(nn.Linear(8, 64), nn.Dropout(0.5))
    state = torch.random.get_rng_state()
    one = Pass(module, [torch.ones(3, 8)], torch.Tensor.sum)
    losses = learn(one, Sgd(1e-300, 5), SEED, CPU)
    assert len(set(losses)) == 1
    assert torch.equal(torch.random.get_rng_state(), state)  # nobody else's numbers were drawn


class Unseeded(nn.Module):
    """Dropout between recurrent layers, whose kernel takes no generator, after a norm."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(3)
        self.memory = nn.GRU(3, 4, num_layers=2, dropout=0.5)

    def forward(self, x: Tensor) -> Tensor:
        return self.memory(self.norm(x))[0]  # type: ignore[no-any-return]


def test_numbers_without_a_generator_are_those_of_the_seed_too() -> None:
    ours, theirs = twins(Unseeded)
    x, sgd = torch.arange(15.0).view(5, 3).sin(), Sgd(0.2, 3)
    state = torch.random.get_rng_state()
    losses = learn(Pass(ours, [x], torch.Tensor.mean), sgd, SEED, CPU)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert losses == by_torch(theirs, x, torch.Tensor.mean, sgd)
    assert same(ours, theirs)


def test_a_step_of_a_line_is_counted_by_hand() -> None:
    """(2w - 6)^2 at w = 1 is 16 with the slope -16: a step of 0.125 leads to w = 3, and to 0."""
    module = nn.Linear(1, 1, bias=False)
    nn.init.ones_(module.weight)
    one = Pass(module, [torch.tensor([[2.0]])], lambda y: F.mse_loss(y, torch.tensor([[6.0]])))
    assert learn(one, Sgd(0.125, 2), SEED, CPU) == (16.0, 0.0)
    assert module.weight.item() == 3


def test_where_nothing_takes_a_gradient_nothing_moves() -> None:
    module = nn.Linear(2, 1).requires_grad_(False)
    before = module.weight.clone()
    losses = learn(Pass(module, [torch.ones(1, 2)], torch.Tensor.sum), Sgd(1, 2), SEED, CPU)
    assert losses[0] == losses[1]
    assert torch.equal(module.weight, before)


def test_too_large_a_rate_ends_in_numbers_that_are_not_finite() -> None:
    module = nn.Linear(4, 4)
    one = Pass(module, [torch.full((1, 4), 100.0)], lambda y: y.square().mean())
    losses = learn(one, Sgd(MAX_RATE, 20), SEED, CPU)
    assert losses[0] < losses[1]
    assert not torch.isfinite(torch.tensor(losses[-1]))


def test_a_rate_is_written_so_that_it_is_read_back_to_the_bit() -> None:
    assert [Sgd(rate, 3).to_text() for rate in (0.1, 1.0, 1e-5, 1 / 3)] == [
        "0.1,3",
        "1,3",
        "1e-05,3",
        "0.3333333333333333,3",
    ]
    assert NO_STEPS.to_text() == "0.1,0"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_steps_are_taken_where_the_run_is() -> None:
    ours, theirs = twins(Mixed)
    x = torch.arange(24.0).view(6, 4)
    there = learn(
        Pass(ours.eval(), [x], torch.Tensor.mean), Sgd(0.1, 3), SEED, torch.device("cuda")
    )
    here = learn(Pass(theirs.eval(), [x], torch.Tensor.mean), Sgd(0.1, 3), SEED, CPU)
    assert {parameter.device.type for parameter in ours.parameters()} == {"cuda"}
    assert there == pytest.approx(here, rel=1e-4)
