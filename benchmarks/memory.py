"""What torch's CPU allocator hands out during one call."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable

import torch
from torch.profiler import ProfilerActivity, profile

from benchmarks.measure import Contestant


def peak_bytes(contestant: Contestant) -> int:
    """The most bytes that were allocated at once by one call, over what was there before it."""
    with contestant.around():
        return highest(changes_during(contestant.act))


def held_bytes(act: Callable[[], object]) -> int:
    """The bytes that are still allocated after a call while its result is held."""
    held: list[object] = []

    def keep() -> None:
        held.append(act())
        gc.collect()

    return sum(changes_during(keep))


def changes_during(act: Callable[[], object]) -> list[int]:
    """The sizes of allocations (positive) and frees (negative) of one call, in order."""
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as seen:
        act()
    changes = [
        (event.start_ns(), event.nbytes())
        for event in seen.profiler.kineto_results.events()
        if event.name() == "[memory]" and event.device_type() == torch.profiler.DeviceType.CPU
    ]
    return [size for _, size in sorted(changes, key=lambda change: change[0])]


def highest(changes: Iterable[int]) -> int:
    """The highest running sum of allocations (positive) and frees (negative), at least 0."""
    level = peak = 0
    for change in changes:
        level += change
        peak = max(peak, level)
    return peak
