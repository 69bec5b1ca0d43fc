"""The arithmetic of a comparison: alternate the contestants, take medians, divide."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from statistics import median

Action = Callable[[], object]
Problems = dict[str, str]


@dataclass(frozen=True)
class Contestant:
    """What is timed, and what goes untimed around each call (patches that are put on and off)."""

    act: Action
    around: Callable[[], AbstractContextManager[object]] = nullcontext


@dataclass(frozen=True)
class Effort:
    """How long a contestant is measured: until one limit is reached, but `at_least` times."""

    seconds: float = 3.0
    at_least: int = 5
    at_most: int = 200


@dataclass(frozen=True)
class Result:
    """The samples of one contestant, or why there are none."""

    samples: tuple[float, ...] = ()
    problem: str = ""

    @property
    def middle(self) -> float:
        """The median; NaN when nothing could be measured."""
        return median(self.samples) if self.samples else math.nan


def ready(makers: Mapping[str, Callable[[], Contestant]]) -> tuple[dict[str, Contestant], Problems]:
    """Make every contestant and call it once, untimed; the second value says who failed and why."""
    able: dict[str, Contestant] = {}
    problems: Problems = {}
    for name, make in makers.items():
        try:
            contestant = make()
            with contestant.around():
                contestant.act()
        except Exception as error:  # noqa: BLE001 - whatever a foreign tool raises is its result
            problems[name] = reason(error)
        else:
            able[name] = contestant
    return able, problems


def alternate(contestants: Mapping[str, Contestant], effort: Effort) -> dict[str, Result]:
    """Time each contestant once a round, in milliseconds, so that a slow minute hits them alike."""
    samples: dict[str, list[float]] = {name: [] for name in contestants}
    while unfinished := [name for name, taken in samples.items() if not enough(taken, effort)]:
        for name in unfinished:
            gc.collect()  # nobody pays for the garbage of the one before
            with contestants[name].around():
                samples[name].append(milliseconds(contestants[name].act))
    return {name: Result(tuple(taken)) for name, taken in samples.items()}


def enough(samples: Sequence[float], effort: Effort) -> bool:
    """Whether these samples (in milliseconds) are all that is wanted of a contestant."""
    if len(samples) < effort.at_least:
        return False
    return len(samples) >= effort.at_most or sum(samples) >= effort.seconds * 1e3


def milliseconds(action: Action) -> float:
    """The time of one call."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1e3


def reason(error: BaseException) -> str:
    """What went wrong in one short line, fit for a table cell."""
    text = " ".join(str(error).split()).replace("|", "/") or "no message"
    return f"{type(error).__name__}: {text if len(text) <= 60 else text[:57] + '...'}"


def ratio(value: float, base: float) -> float:
    """`value` over `base`; NaN when the base is not a positive number."""
    return value / base if base > 0 else math.nan


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of all values do not exceed."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
