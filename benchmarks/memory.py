"""The peak of torch's CPU allocator during one call."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch.profiler import ProfilerActivity, profile

from benchmarks.measure import Contestant


def peak_bytes(contestant: Contestant) -> int:
    """The most bytes that were allocated at once by one call, over what was there before it."""
    with (
        contestant.around(),
        profile(activities=[ProfilerActivity.CPU], profile_memory=True) as seen,
    ):
        contestant.act()
    results = seen.profiler.kineto_results
    changes = [
        (event.start_ns(), event.nbytes())
        for event in results.events()
        if event.name() == "[memory]" and event.device_type() == torch.profiler.DeviceType.CPU
    ]
    return highest(size for _, size in sorted(changes, key=lambda change: change[0]))


def highest(changes: Iterable[int]) -> int:
    """The highest running sum of allocations (positive) and frees (negative), at least 0."""
    level = peak = 0
    for change in changes:
        level += change
        peak = max(peak, level)
    return peak
