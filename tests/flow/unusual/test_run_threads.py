"""Visitors are threads of one process: none may see anything of another's run."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from numpy.testing import assert_array_equal
from torch import nn

import flow
from flow.record import Capture
from tests.flow.arrays import every_array
from tests.flow.networks import CASES, Case, squared_mean

THREADS = 8


def dropping() -> nn.Module:
    """A network that draws random numbers in its forward."""
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(inplace=True), nn.Dropout(0.5), nn.Linear(8, 1))


@pytest.mark.parametrize(
    "case",
    [CASES["cnn"], CASES["encoder"], CASES["in place"], Case(dropping, (3, 4))],
    ids=["cnn", "encoder", "in place", "dropout"],
)
def test_eight_threads_give_the_bits_that_one_thread_gives(case: Case) -> None:
    x = case.input()

    def capture(index: int) -> Capture:
        torch.set_num_threads(1)
        with flow.run(case.build(index), x, loss=squared_mean, seed=index) as run:
            return run.capture

    random = torch.get_rng_state()
    alone = [capture(index) for index in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        together = list(pool.map(capture, [index % THREADS for index in range(THREADS * 4)]))
    for index, found in enumerate(together):
        expected = alone[index % THREADS]
        assert found.loss == expected.loss
        assert found.edges == expected.edges
        assert [(n.name, n.layer, n.call, n.source) for n in found.nodes] == [
            (n.name, n.layer, n.call, n.source) for n in expected.nodes
        ]
        for mine, theirs in zip(every_array(found), every_array(expected), strict=True):
            assert_array_equal(mine, theirs)
    assert torch.equal(torch.get_rng_state(), random)
    assert gc.isenabled()


def test_one_module_is_recorded_by_one_run_at_a_time() -> None:
    class Nested(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(2, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            flow.run(self, x)
            return self.fc(x)  # type: ignore[no-any-return]

    module = Nested()
    with pytest.raises(flow.RunError, match=r"^fc: another run is recording it\. Give each a copy"):
        flow.run(module, torch.ones(1, 2))
    assert "_call_impl" not in module.fc.__dict__


def test_a_run_sees_no_call_of_another_thread() -> None:
    begun, done = threading.Event(), threading.Event()

    class Waiting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(2, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            begun.set()
            assert done.wait(10)
            return self.fc(x)  # type: ignore[no-any-return]

    def elsewhere() -> list[int]:
        assert begun.wait(10)
        other = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
        hooks = [len(child._forward_hooks) for child in other.modules()]
        other(torch.ones(1, 2)).sum().backward()
        done.set()
        return hooks

    with ThreadPoolExecutor(1) as pool:
        hooks = pool.submit(elsewhere)
        capture = flow.run(Waiting(), torch.ones(1, 2)).capture
    assert hooks.result() == [0, 0, 0]
    assert [layer.name for layer in capture.layers] == ["fc"]
    assert [node.name for node in capture.nodes if not node.is_leaf] == [
        "AddmmBackward0",
        "TBackward0",
    ]
