"""Steps of a training: weights and gradients are, bit for bit, those of a plain loop of PyTorch."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from models.sgd import Pass
from models.training.plan import Plan
from models.training.step import MOST_FRAME_BYTES, Step, every
from models.training.trainer import Trainer, frame_bytes

CPU = torch.device("cpu")
SEED = 7


def smooth() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))


def dropping() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 16), nn.Dropout(0.5), nn.ReLU(), nn.Linear(16, 2))


def normed() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))


def half_frozen() -> nn.Module:
    module = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))
    module[0].requires_grad_(False)
    return module


def made(kind: Callable[[], nn.Module]) -> nn.Module:
    with torch.random.fork_rng([]):
        torch.manual_seed(1)
        return kind()


def fed(number: int) -> tuple[Tensor, Tensor]:
    """The batch of a step: another one in each."""
    x = torch.arange(12.0).view(4, 3).add(number).sin()
    return x, torch.tensor([0, 1, 1, 0])


def trained(module: nn.Module, plan: Plan) -> list[Step]:
    def loss(target: Tensor) -> Callable[[Tensor], Tensor]:
        return lambda output: F.cross_entropy(output, target)

    batches = map(fed, itertools.count())
    passes = (Pass(module, [x], loss(target)) for x, target in batches)
    return list(Trainer(module, passes, plan, SEED, lambda _pass, _seed: "said").steps(CPU))


Made = Callable[[Sequence[nn.Parameter]], torch.optim.Optimizer]
PLAIN: dict[str, tuple[Plan, Made]] = {
    "sgd": (Plan(rate=0.2, steps=9), lambda p: torch.optim.SGD(p, lr=0.2)),
    "momentum": (
        Plan(optimizer="momentum", rate=0.05, momentum=0.8, steps=9),
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8),
    ),
    "adam": (
        Plan(optimizer="adam", rate=0.02, steps=9),
        lambda p: torch.optim.Adam(p, lr=0.02),
    ),
}


@pytest.mark.parametrize("clip", [0.0, 0.1])
@pytest.mark.parametrize("kind", [smooth, dropping, normed, half_frozen])
@pytest.mark.parametrize("name", PLAIN)
def test_weights_and_gradients_are_those_of_a_plain_loop(
    name: str, kind: Callable[[], nn.Module], clip: float
) -> None:
    plan, optimizer_of = PLAIN[name]
    steps = trained(made(kind), replace(plan, clip=clip))
    module = made(kind)
    optimizer = optimizer_of(list(module.parameters()))
    assert len(steps) == plan.steps
    for number, step in enumerate(steps):
        assert step.frame is not None
        before = {key: value.clone() for key, value in module.state_dict().items()}
        assert before.keys() == step.frame.weights.keys()
        for key, value in before.items():
            np.testing.assert_array_equal(step.frame.weights[key], value.numpy())
        x, target = fed(number)
        optimizer.zero_grad()
        with torch.random.fork_rng([]):
            torch.manual_seed(SEED + number)
            loss = F.cross_entropy(module(x), target)
        loss.backward()  # type: ignore[no-untyped-call]
        assert step.loss == loss.item()
        learning = {key: each for key, each in module.named_parameters() if each.requires_grad}
        assert tuple(learning) == step.names
        gradients = {
            key: each.grad.clone() for key, each in learning.items() if each.grad is not None
        }
        assert gradients.keys() == step.frame.gradients.keys()
        for key, gradient in gradients.items():
            np.testing.assert_array_equal(step.frame.gradients[key], gradient.numpy())
        if clip:
            torch.nn.utils.clip_grad_norm_(module.parameters(), clip)
        optimizer.step()
        check_norms(step, gradients, clip)
        for place, (key, each) in enumerate(learning.items()):
            moved = np.linalg.norm((each.detach() - before[key]).double().numpy())
            size = np.linalg.norm(before[key].double().numpy())
            expected = moved / size if size else math.nan
            assert step.moved[place] == pytest.approx(expected, rel=1e-4, nan_ok=True)


def check_norms(step: Step, gradients: dict[str, Tensor], clip: float) -> None:
    norms = [np.linalg.norm(each.double().numpy()) for each in gradients.values()]
    np.testing.assert_allclose(step.norms, norms, rtol=1e-5)
    whole = math.sqrt(sum(norm**2 for norm in norms))
    assert step.total == pytest.approx(whole, rel=1e-5)
    expected = min(whole, clip) if clip else whole
    assert step.clipped == pytest.approx(expected, rel=1e-4)


def test_clipping_was_put_to_the_test_where_it_clips() -> None:
    """Otherwise the loop above would hold without it."""
    plan = replace(PLAIN["sgd"][0], clip=0.1)
    assert any(step.clipped < 0.9 * step.total for step in trained(made(smooth), plan))


def test_every_step_drops_other_cells() -> None:
    """With a rate that moves nothing that float32 could hold, only the draws could differ."""
    module = nn.Sequential(nn.Linear(8, 64), nn.Dropout(0.5))
    x = torch.ones(3, 8)
    passes = itertools.repeat(Pass(module, [x], torch.Tensor.sum))
    state = torch.random.get_rng_state()
    plan = Plan(rate=1e-300, steps=5)
    losses = {s.loss for s in Trainer(module, passes, plan, SEED, lambda *_: "").steps(CPU)}
    assert len(losses) == 5
    assert torch.equal(torch.random.get_rng_state(), state), "nobody else's numbers were drawn"


def test_a_step_of_a_line_is_counted_by_hand() -> None:
    """(2w - 6)^2 at w = 1 has the slope -16: clipped to 8, a step of 0.125 leads to w = 2."""
    module = nn.Linear(1, 1, bias=False)
    nn.init.ones_(module.weight)
    one = Pass(module, [torch.tensor([[2.0]])], lambda y: F.mse_loss(y, torch.tensor([[6.0]])))
    plan = Plan(rate=0.125, steps=2, clip=8.0)
    first, second = Trainer(module, itertools.repeat(one), plan, 0, lambda *_: "").steps(CPU)
    assert (first.loss, first.total) == (16.0, 16.0)
    assert first.clipped == pytest.approx(8, rel=1e-6)
    assert first.moved[0] == pytest.approx(1, rel=1e-6)
    assert second.loss == pytest.approx(4, rel=1e-5)


def test_a_loss_that_is_not_finite_ends_it_and_weights_stay() -> None:
    module = nn.Linear(1, 1, bias=False)
    nn.init.ones_(module.weight)
    one = Pass(module, [torch.ones(1, 1)], lambda y: (y - 3).square().sum() * 1e30)
    steps = list(
        Trainer(module, itertools.repeat(one), Plan(rate=1.0), 0, lambda *_: "said").steps(CPU)
    )
    assert [step.trouble is None for step in steps] == [True, False]
    found = steps[-1].trouble
    assert found is not None
    assert (found.what, found.names, found.told) == ("loss", ("weight",), "said")
    assert torch.isfinite(module.weight).all()


@pytest.mark.parametrize("size", [1e30, 1e-30])
def test_norms_of_finite_gradients_are_finite_and_not_zero_though_their_squares_are(
    size: float,
) -> None:
    module = nn.Linear(2, 1)
    one = Pass(module, [torch.tensor([[3 * size, 4 * size]])], torch.Tensor.sum)
    (step,) = Trainer(
        module, itertools.repeat(one), Plan(rate=1e-9, steps=1), 0, lambda *_: ""
    ).steps(CPU)
    np.testing.assert_allclose(step.norms, [5 * size, 1], rtol=1e-6)
    assert step.total == pytest.approx(math.hypot(5 * size, 1), rel=1e-6)
    assert np.isfinite(step.moved).all()


def test_a_gradient_that_is_not_finite_is_named_though_the_loss_is() -> None:
    module = nn.Linear(1, 1)
    nn.init.zeros_(module.weight)
    nn.init.zeros_(module.bias)
    one = Pass(module, [torch.ones(1, 1)], lambda y: y.abs().sqrt().sum())
    (step,) = Trainer(module, itertools.repeat(one), Plan(), 0, lambda *_: "").steps(CPU)
    assert step.loss == 0
    assert step.trouble is not None
    assert (step.trouble.what, step.trouble.names) == ("gradient", ("weight", "bias"))


def test_a_step_that_makes_a_weight_infinite_ends_it() -> None:
    module = nn.Linear(1, 1, bias=False)
    one = Pass(module, [torch.full((1, 1), 1e38)], torch.Tensor.sum)
    (step,) = Trainer(module, itertools.repeat(one), Plan(rate=100.0), 0, lambda *_: "").steps(CPU)
    assert step.trouble is not None
    assert (step.trouble.what, step.trouble.names) == ("weight", ("weight",))


@pytest.mark.parametrize(
    ("size", "steps", "apart"),
    [
        (1, 500, 1),
        (MOST_FRAME_BYTES // 100, 100, 1),
        (MOST_FRAME_BYTES // 100, 101, 2),
        (MOST_FRAME_BYTES // 3, 500, 167),
        (2 * MOST_FRAME_BYTES, 500, 500),
        (0, 3, 1),
    ],
)
def test_frames_are_as_many_as_fit(size: int, steps: int, apart: int) -> None:
    assert every(size, steps) == apart
    kept = len(range(0, steps, apart))
    assert kept == 1 or kept * size <= MOST_FRAME_BYTES


def test_a_frame_holds_weights_buffers_and_gradients() -> None:
    """Linear 3x4 + 4, norm 4 + 4 with means, variances and a count of 8 bytes, Linear 4x2 + 2."""
    learning, buffers = (16 + 8 + 10) * 4, 8 * 4 + 8
    assert frame_bytes(made(normed)) == 2 * learning + buffers


def test_between_the_frames_that_are_kept_steps_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.training.trainer.every", lambda _size, _steps: 4)
    steps = trained(made(smooth), PLAIN["sgd"][0])
    assert [place for place, step in enumerate(steps) if step.frame is not None] == [0, 4, 8]
