"""Eight threads, each with hooks on a network of its own: nobody sees those of another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import torch

import flow
from flow.hooking.actions import times
from tests.flow.hooking.chains import cnn

THREADS = 8
ROUNDS = 12
VALUE = torch.arange(98.0).reshape(2, 1, 7, 7) / 98


def hooked(seed: int) -> list[bytes]:
    """Return the bytes of all gradients under a hook."""
    with flow.Hooking(cnn(seed), [flow.Hook("full backward", "conv2", times(seed))]) as hooking:
        found = hooking.run(VALUE, loss=torch.sum, seed=seed)
    gradients = [*found.gradients.values(), *found.parameters.values()]
    return [each.tobytes() for each in gradients if each is not None]


def plain(seed: int) -> list[bytes]:
    """Return the bytes of all gradients of a recorded run."""
    with flow.run(cnn(seed), VALUE, loss=torch.sum, seed=seed) as found:
        nodes = [each for node in found.capture.nodes for each in node.upstream]
        return [each.tobytes() for each in nodes if each is not None]


def test_hooks_and_recorded_runs_in_eight_threads_give_the_bits_of_one_alone() -> None:
    together = Barrier(THREADS)

    def alone(seed: int) -> list[bytes]:
        torch.set_num_threads(1)  # sums depend on it
        return (plain if seed % 2 else hooked)(seed)

    def rounds(seed: int) -> list[list[bytes]]:
        together.wait()
        return [alone(seed) for _ in range(ROUNDS)]

    with ThreadPoolExecutor(1) as pool:
        expected = list(pool.map(alone, range(THREADS)))
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(rounds, range(THREADS)))
    assert found == [[each] * ROUNDS for each in expected]
