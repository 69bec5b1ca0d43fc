"""How large the gradient is at every box, what each passes on, and what is to be said of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flow.record import Capture
from viz.strip.links import Link, links, longest
from viz.strip.stops import Stop

VANISHED = 1e-3
"""Of the gradient at the model's output, what has vanished when it is the largest that is left at
the other end. With one learning rate for all, the first layers then learn a thousand times slower
than the last, so that for any usual number of steps they stay as they began. It is also one of the
lines of the profile, so that the words and the picture agree. What the loss itself does is left
out: a mean over a thousand numbers divides by them, and so would any step of the optimizer."""
EXPLODED = 1 / VANISHED
"""The same the other way: a step that suits the last layers throws the first ones far off."""
UNCHANGED = 2.0**-25
"""Subtracted from a float32 weight of 1, this or less changes nothing: the next smaller float32 is
1 - 2^-24, and half of that step is rounded back to 1."""
HIGHEST, LOWEST = 10.0, 1e-9
"""Ends of the profile's axis, which is the same for every run: a healthy one looks flat on it, and
a vanishing one falls."""

Verdict = Literal["fine", "vanishes", "explodes", "zero", "not finite", "nothing", "hidden"]


@dataclass(frozen=True)
class Profile:
    """The run as its gradient sees it, from the loss back."""

    peaks: tuple[float | None, ...]
    """max |gradient| of the whole batch at every box; None where there is none."""
    ratios: tuple[float | None, ...]
    """max |what a box hands on| / max |what arrives at it|; None where that says nothing."""
    links: tuple[Link, ...]
    path: tuple[int, ...]
    """The boxes of the longest way back, the loss first."""
    verdict: Verdict
    marked: int | None
    """The box that the verdict names: from which on the gradient is zero or not finite, else the
    layer that passes on the least, or of an exploding gradient the most."""
    factor: float | None
    """What is left at the end of the longest way, of what the loss begins with."""


def profile(capture: Capture, way: Sequence[Stop]) -> Profile:
    """Measure the way back through the boxes of the strip."""
    found = links(capture, way)
    peaks = [stop.peak for stop in way]
    handed = [_handed(found, at) for at in range(len(way))]
    ratios = [_ratio(part, peak) for part, peak in zip(handed, peaks, strict=True)]
    path = longest(way, found)
    verdict, marked = _judge(way, found, path, ratios)
    return Profile(
        peaks=tuple(peaks),
        ratios=tuple(ratios),
        links=tuple(found),
        path=tuple(path),
        verdict=verdict,
        marked=marked,
        factor=_ratio(peaks[path[-1]], peaks[path[0]]),
    )


def _handed(found: Sequence[Link], at: int) -> float | None:
    """Return the largest magnitude that a box hands on to any other one."""
    parts = [link.handed for link in found if link.target == at and link.handed is not None]
    if not parts:
        return None
    return math.nan if any(map(math.isnan, parts)) else max(parts)


def _ratio(part: float | None, whole: float | None) -> float | None:
    """Return part / whole, as far as these are numbers that can be compared."""
    if part is None or whole is None or not whole or not math.isfinite(part + whole):
        return None
    return part / whole


def _judge(
    way: Sequence[Stop],
    found: Sequence[Link],
    path: Sequence[int],
    ratios: Sequence[float | None],
) -> tuple[Verdict, int | None]:
    """Say what the gradient does on its way, and which box is to be named."""
    if any(stop.state == "hidden" for stop in way) or any(link.hidden for link in found):
        return "hidden", None
    peaks = [stop.peak for stop in way]
    odd = _first(path, found, [peak is not None and not math.isfinite(peak) for peak in peaks])
    if odd is not None:
        return "not finite", odd
    zero = _first(path, found, [peak == 0 for peak in peaks])
    if zero is not None and not any(peaks[at] for at in _before(zero, found)):
        return "zero", zero
    if len(path) < 2:
        return "nothing", None
    least, most = _extremes(way, ratios)
    sizes = (peaks[at] for at in path[1:])
    along = [math.nan if size is None else size for size in sizes]
    if along[-1] <= VANISHED * along[0]:
        return "vanishes", least
    if max(along) >= EXPLODED * along[0]:
        return "explodes", most
    # A layer that hands on as much as arrives, or more, takes nothing away.
    return "fine", None if least is None or (ratios[least] or 0.0) >= 1 else least


def _first(path: Sequence[int], found: Sequence[Link], is_so: Sequence[bool]) -> int | None:
    """Return the first box on the way back that hands on what is so, or begins with it."""
    if is_so[path[0]]:
        return path[0]
    reached = next((at for at in path if is_so[at]), None)
    if reached is None:
        everywhere = [at for at in reversed(range(len(is_so))) if is_so[at]]
        reached = next(iter(everywhere), None)
    if reached is None:
        return None
    givers = [link for link in found if link.source == reached and link.handed is not None]
    odd = [link for link in givers if not math.isfinite(link.handed or 0.0)]
    return max((link.target for link in odd or givers), default=reached)


def _before(at: int, found: Sequence[Link]) -> set[int]:
    """Return every box from which a box is computed."""
    seen: set[int] = set()
    ahead = [at]
    while ahead:
        target = ahead.pop()
        new = {link.source for link in found if link.target == target} - seen
        seen |= new
        ahead.extend(new)
    return seen


def _extremes(way: Sequence[Stop], ratios: Sequence[float | None]) -> tuple[int | None, int | None]:
    """Return the boxes that pass on the least and the most; of equal ones the nearest the loss.

    What the loss hands on is not the network's doing.
    """
    known = {
        at: ratio
        for at, ratio in reversed(list(enumerate(ratios)))
        if ratio is not None and way[at].kind != "loss"
    }
    if not known:
        return None, None
    return min(known, key=known.__getitem__), max(known, key=known.__getitem__)
