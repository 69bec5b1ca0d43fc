"""Several threads that ask one run get the answers that one thread gets."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import fields, is_dataclass
from threading import Barrier, Thread
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

import flow
from flow.errors import RunError
from flow.run import Run

THREADS = 8
EACH = 50
"""Questions of one thread, in an order of its own."""
SWITCH = 1e-5
"""Seconds after which Python looks for another thread: 500 times more often than usual."""

Question = tuple[str, tuple[Any, ...]]


class Branches(nn.Module):
    """A batch normalisation, a pool, a residual: nodes that share tensors, and ones that do not."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3, padding=1)
        self.norm = nn.BatchNorm2d(2)
        self.pool = nn.MaxPool2d(2)
        self.last = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Any:
        flat = self.pool(self.norm(self.conv(x)).relu()).flatten(1)
        return self.last(flat + flat.sin())


class Recomputed(nn.Module):
    """A checkpoint: every question calls a part of the module again."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(4, 4)
        self.norm = nn.BatchNorm1d(4)
        self.last = nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Any:
        return self.last(checkpoint(self.part, x, use_reentrant=False))

    def part(self, x: Tensor) -> Any:
        return self.norm(self.first(x)).tanh()


MODULES: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "branches": (Branches, (3, 1, 4, 4)),
    "checkpoint": (Recomputed, (3, 4)),
}


def questions(run: Run) -> list[Question]:
    found: list[Question] = [("forward", (layer.name,)) for layer in run.capture.layers]
    for node in run.capture.nodes:
        found.append(("check", (node.id,)))
        for which, gradient in enumerate(node.downstream):
            if gradient is not None:
                found += [("table", (node.id, which)), ("handover", (node.id, which))]
                cells = list(np.ndindex(gradient.shape))[:2]
                found += [("explain", (node.id, cell, "downstream", which)) for cell in cells]
        for output, gradient in enumerate(node.upstream):
            if gradient is not None and not node.is_leaf:
                cells = list(np.ndindex(gradient.shape))[:2]
                found += [("reach", (node.id, cell, output)) for cell in cells]
        if node.is_leaf:
            found += [("table", (node.id,)), ("explain", (node.id, (0,) * len(node.shapes[0])))]
    return found


def plain(value: Any) -> Any:
    """Return what an answer says, to the bit, as something that can be compared."""
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, tuple):
        return tuple(plain(part) for part in value)
    if is_dataclass(value):
        return tuple(plain(getattr(value, field.name)) for field in fields(value))
    return repr(value)


def answer(run: Run, question: Question) -> Any:
    name, arguments = question
    try:
        return plain(getattr(run, name)(*arguments))
    except RunError as refusal:
        return str(refusal)


@pytest.fixture
def _restless() -> Iterator[None]:
    """Let Python change threads all the time."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("_restless")
@pytest.mark.parametrize("name", MODULES)
def test_eight_threads_get_the_bits_that_one_thread_gets(name: str) -> None:
    make, shape = MODULES[name]
    torch.manual_seed(0)
    module, x = make(), torch.randn(shape, requires_grad=True)
    before = {key: value.clone() for key, value in module.state_dict().items()}

    def run() -> Run:
        return flow.run(module, x, loss=lambda out: out.square().mean())

    with run() as one, run() as many:
        asked = questions(one)
        expected = [answer(one, question) for question in asked]
        wrong: list[Any] = []
        begin = Barrier(THREADS)

        def work(seed: int) -> None:
            chosen = random.Random(seed)  # noqa: S311 - an order, not a secret
            order = chosen.sample(range(len(asked)), EACH)
            begin.wait()
            for place in order:
                try:
                    found = answer(many, asked[place])
                except Exception as error:  # noqa: BLE001 - whatever a thread raises is told
                    found = error
                if found != expected[place]:
                    wrong.append((asked[place], found))

        threads = [Thread(target=work, args=(seed,)) for seed in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert all(torch.equal(before[key], value) for key, value in module.state_dict().items())


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_the_callers_gradient_mode_changes_no_answer(
    mode: Callable[[], AbstractContextManager[Any]],
) -> None:
    torch.manual_seed(0)
    module, x = Branches(), torch.randn(3, 1, 4, 4, requires_grad=True)
    with flow.run(module, x, loss=lambda out: out.square().mean()) as run:
        asked = questions(run)
        expected = [answer(run, question) for question in asked]
    with flow.run(module, x, loss=lambda out: out.square().mean()) as run, mode():
        assert [answer(run, question) for question in asked] == expected
