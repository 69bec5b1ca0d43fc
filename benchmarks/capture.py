"""Time and peak memory of a capture over plain forward and backward, beside other tools."""

from __future__ import annotations

import gc
import math
import warnings
from collections.abc import Callable, Mapping

import torch

import flow
from benchmarks.contestants import CONTESTANTS
from benchmarks.measure import Contestant, Effort, Problems, alternate, ratio, ready
from benchmarks.memory import held_bytes, peak_bytes
from benchmarks.networks import CASES, Case
from benchmarks.table import number, table, times

PLAIN = "plain"
SEED = 0


def report(effort: Effort | None = None) -> str:
    """Measure every network; two tables and what could not be measured."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")  # torch warns of hooks on a first layer, torchlens of much
    time_rows, memory_rows = [], []
    problems: list[str] = []
    for name, build in CASES.items():
        contestants, failed = ready(makers(build))
        gc.freeze()  # what is loaded by now is no garbage: collecting between the calls is quick
        problems += [f"{who} on {name}: {why}" for who, why in failed.items()]
        taken = alternate(contestants, effort or Effort())
        middles = {who: result.middle for who, result in taken.items()}
        peaks = {who: float(peak_bytes(contestant)) for who, contestant in contestants.items()}
        plain_ms = number(middles.get(PLAIN, math.nan), " ms")
        time_rows.append([name, plain_ms, *cells(middles, failed)])
        plain_mib = number(peaks.get(PLAIN, math.nan) / 2**20, " MiB")
        memory_rows.append([name, plain_mib, *cells(peaks, failed)])
    return "\n\n".join(
        (
            "## Recording one forward and backward",
            "Time: median, over plain forward and backward on the same network, "
            "contestants taking turns, one thread.",
            table(["network", PLAIN, *others()], time_rows),
            "Peak of torch's allocator, over the peak of plain forward and backward.",
            table(["network", PLAIN, *others()], memory_rows),
            "What an open run holds of torch's allocator, ResNet-18 at 224x224.",
            table(["kept", "held"], held_rows()),
            *(
                ["Not measured:\n\n" + "\n".join(f"- {line}" for line in problems)]
                if problems
                else []
            ),
        )
    )


KEPT: Mapping[str, tuple[str, ...] | None] = {
    "everything": None,
    "the last stage, with 32 MiB of its weights' gradients": ("10", "11"),
    "the first convolution": ("0",),
}
"""Which layers of ResNet-18 are kept."""


def held_rows() -> list[list[str]]:
    """What an open run of ResNet-18 holds, by what it keeps."""
    torch.manual_seed(SEED)
    case = CASES["ResNet-18, 224x224"]()

    def act(keep: tuple[str, ...] | None) -> Callable[[], flow.Run]:
        return lambda: flow.run(case.module, case.input, loss=case.loss, keep=keep)

    act(None)().close()
    return [[what, number(held_bytes(act(keep)) / 2**20, " MiB")] for what, keep in KEPT.items()]


def makers(build: Callable[[], Case]) -> Mapping[str, Callable[[], Contestant]]:
    """Each contestant on a network of its own, with the same weights and input."""

    def maker(name: str) -> Callable[[], Contestant]:
        def make() -> Contestant:
            torch.manual_seed(SEED)
            return CONTESTANTS[name](build())

        return make

    return {name: maker(name) for name in CONTESTANTS}


def others() -> list[str]:
    """The columns beside plain."""
    return [name for name in CONTESTANTS if name != PLAIN]


def cells(values: Mapping[str, float], failed: Problems) -> list[str]:
    """One cell per contestant: its ratio to plain, or why there is none."""
    base = values.get(PLAIN, math.nan)
    return [
        f"({failed[name].partition(':')[0]})"
        if name in failed
        else times(ratio(values[name], base))
        for name in others()
    ]


if __name__ == "__main__":
    print(report())
