"""A training of what a setting runs: where it begins, what a link gives, and what it leaves."""

from __future__ import annotations

import gc
import resource
import threading
import tracemalloc
import weakref
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.feeding import feed
from experiment.running.work import Progress
from experiment.setting import DEFAULT, Setting, of_preset
from experiment.training.training import Training
from experiment.training.work import LOSS_ALONE, TrainingWork
from experiment.written.address import Experiment, from_address, to_address
from models.build import build
from models.inputs.points import spirals
from models.presets import PRESETS
from models.sgd import Sgd
from models.training import trainer
from models.training.plan import Plan
from models.training.step import Step
from tests.experiment.runs import execute

LEARNING = [key for key in PRESETS if build(PRESETS[key].spec, 0).state_dict()]


def same(one: list[Step], other: list[Step]) -> bool:
    """Whether two trainings came to the same, to the bit."""
    pairs = list(zip(one, other, strict=True))
    frames = [(a.frame, b.frame) for a, b in pairs if a.frame is not None and b.frame is not None]
    return (
        [a.loss for a, _ in pairs] == [b.loss for _, b in pairs]
        and all(np.array_equal(a.norms, b.norms, equal_nan=True) for a, b in pairs)
        and len(frames) > 0
        and all(
            np.array_equal(a.weights[name], b.weights[name])
            for a, b in frames
            for name in a.weights
        )
    )


@pytest.mark.parametrize("key", LEARNING)
def test_the_first_step_is_the_run_that_is_on_screen(key: str) -> None:
    setting = of_preset(key)
    (step,) = TrainingWork(setting, Plan(steps=1)).steps()
    capture = execute(setting).capture
    assert step.frame is not None
    if capture.loss is not None:
        assert step.loss == capture.loss
    found = {each.name: each for each in capture.parameters}
    assert set(found) >= set(step.frame.gradients)
    for name, gradient in step.frame.gradients.items():
        shown = found[name].gradient
        assert shown is not None
        np.testing.assert_array_equal(gradient, shown)
        np.testing.assert_array_equal(step.frame.weights[name], found[name].value)


def test_it_goes_on_from_steps_of_sgd_and_cells_that_were_changed_by_hand() -> None:
    edits = DEFAULT.edits.with_cells("fc.weight", {0: 5.0})
    setting = replace(DEFAULT, edits=edits, sgd=Sgd(0.1, 2))
    (step,) = TrainingWork(setting, Plan(steps=1)).steps()
    assert step.loss == execute(setting).capture.loss


def test_three_steps_on_the_own_input_are_steps_of_sgd() -> None:
    """As *Learn one step* takes them: that network draws nothing."""
    steps = list(TrainingWork(DEFAULT, Plan(rate=0.1, steps=4)).steps())
    learned = execute(replace(DEFAULT, sgd=Sgd(0.1, 3)))
    assert [step.loss for step in steps] == [*learned.losses, learned.capture.loss]


def test_spirals_are_learned_as_a_plain_loop_learns_them() -> None:
    setting, plan = of_preset("spirals"), Plan("spirals", "adam", 0.01, batch=20, steps=30)
    steps = list(TrainingWork(setting, plan).steps())
    module = build(setting.network, setting.seed)
    points, classes = spirals((240, 2), setting.seed), torch.arange(240) % 3
    optimizer = torch.optim.Adam(module.parameters(), lr=0.01)
    generator, left = (
        torch.Generator().manual_seed(setting.seed),
        torch.tensor([], dtype=torch.int64),
    )
    for step in steps:
        if not len(left):
            left = torch.randperm(240, generator=generator)
        chosen, left = left[:20], left[20:]
        loss = F.cross_entropy(module(points[chosen]), classes[chosen])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        assert step.loss == loss.item()
        optimizer.step()
    assert steps[-1].loss < 0.8 * steps[0].loss


@pytest.mark.parametrize("key", ["moons", "lenet", "vanishing"])
def test_a_link_gives_the_same_to_the_bit_in_however_many_chunks(key: str) -> None:
    data = {"moons": "two_moons"}.get(key, "digits")
    training = Training(train=True, train_data=data, train_with="momentum", train_steps=12)
    address = to_address(Experiment(of_preset(key), training=training))
    read, problems = from_address(address)
    assert problems == ()
    progress = Progress(TrainingWork(read.setting, read.training.plan))
    while progress.is_behind(12):
        progress.advance(12, 0.0)
    whole = list(TrainingWork(of_preset(key), training.plan).steps())
    assert same(progress.frames, whole)
    other = TrainingWork(replace(of_preset(key), seed=1), training.plan)
    assert not same(list(other.steps()), whole)


def test_a_network_that_ends_in_log_softmax_keeps_its_loss_and_any_other_gets_cross_entropy() -> (
    None
):
    nll = replace(of_preset("moons"), loss="nll", target="class_0")
    scores = of_preset("moons")
    plan = Plan("two_moons", steps=1)
    (first,), (second,) = (list(TrainingWork(s, plan).steps()) for s in (nll, scores))
    assert first.loss != second.loss
    (third,) = TrainingWork(replace(scores, loss="mse", target="zeros"), plan).steps()
    assert third.loss == second.loss


def test_the_layer_that_made_the_first_number_that_is_not_finite_is_named() -> None:
    steps = list(TrainingWork(DEFAULT, Plan(rate=1000.0)).steps())
    assert len(steps) == 3
    found = steps[-1].trouble
    assert found is not None
    assert found.what == "loss"
    assert found.told.startswith("conv2 (Conv2d) turned finite input into infinite values")
    frame = steps[-1].frame
    assert frame is not None, "the weights with which it went wrong are kept"
    assert all(np.isfinite(each).all() for each in frame.weights.values())


@pytest.mark.parametrize(("key", "rate"), [("test", 20.0), ("unet", 1000.0)])
def test_where_only_the_loss_is_too_large_no_layer_is_blamed(key: str, rate: float) -> None:
    """Its gradient is finite still, and overflows further back: that node is not the first."""
    setting = of_preset(key)
    *_, last = TrainingWork(setting, Plan(rate=rate)).steps()
    assert last.trouble is not None
    assert last.frame is not None
    module = build(setting.network, setting.seed)
    weights = {name: torch.from_numpy(each) for name, each in last.frame.weights.items()}
    module.load_state_dict(weights)
    fed = feed(setting, (1,))
    assert torch.isfinite(module(fed.values)).all()
    assert last.trouble.told == LOSS_ALONE


def test_a_node_is_named_where_loss_is_finite_and_a_gradient_is_not() -> None:
    *_, last = TrainingWork(of_preset("residual"), Plan(rate=10.0)).steps()
    assert last.trouble is not None
    assert last.trouble.what == "gradient"
    assert last.trouble.told.startswith("NativeBatchNormBackward0 in bn2")


def test_the_global_generator_is_left_alone() -> None:
    state = torch.random.get_rng_state()
    list(TrainingWork(of_preset("moons"), Plan("two_moons", "adam", 0.01, steps=5)).steps())
    assert torch.equal(torch.random.get_rng_state(), state)


def rss() -> int:
    """Bytes that the process holds."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def test_memory_is_flat_after_two_hundred_trainings() -> None:
    def once(seed: int) -> None:
        setting = replace(of_preset("moons"), seed=seed)
        list(TrainingWork(setting, Plan("two_moons", "adam", 0.01, steps=4)).steps())

    for seed in range(20):
        once(seed)  # what is kept once, such as budgets and digits, is kept by now
    gc.collect()
    tracemalloc.start()
    before, bytes_before = tracemalloc.get_traced_memory()[0], rss()
    for seed in range(20, 220):
        once(seed)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 500_000
    assert rss() - bytes_before < 50_000_000


@pytest.mark.parametrize("wanted", [3, 8])
def test_nothing_of_a_training_lives_on_once_it_is_dropped(
    wanted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paused at step 3, and done at step 8."""
    made: list[Any] = []
    plain = trainer.learning

    def watched(module: torch.nn.Module) -> dict[str, torch.nn.Parameter]:
        made.append(weakref.ref(module))
        return plain(module)

    monkeypatch.setattr(trainer, "learning", watched)
    threads = threading.active_count()
    progress = Progress(TrainingWork(of_preset("moons"), Plan("two_moons", steps=8)))
    progress.advance(wanted, 60.0)
    assert len(progress.frames) == wanted
    assert made
    assert threading.active_count() == threads
    del progress
    gc.collect()
    assert all(each() is None for each in made)


def test_equal_works_are_equal_and_others_are_not() -> None:
    one = TrainingWork(DEFAULT, Plan())
    assert one == TrainingWork(Setting(), Plan())
    assert hash(one) == hash(TrainingWork(Setting(), Plan()))
    assert one != TrainingWork(replace(DEFAULT, seed=1), Plan())
    assert one != TrainingWork(DEFAULT, Plan(clip=1.0))
