"""How large the gradient is at every box, what each passes on, and what is to be said of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from flow.record import Capture
from viz.strip.links import Link, links, longest
from viz.strip.stops import Stop

VANISHED = 1e-3
"""Of the gradient at the model's output, what has vanished when it is the largest that is left at
any box. With one learning rate for all, the layers there then learn a thousand times slower than
the last, so that for any usual number of steps they stay as they began. It is also one of the lines
of the profile, so that the words and the picture agree. What the loss itself does is left out: a
mean over a thousand numbers divides by them, and so would any step of the optimizer."""
EXPLODED = 1 / VANISHED
"""The same the other way: a step that suits the last layers throws others far off."""
SPREAD = 3
"""So many layers of one kind, at least, are told together when together they do most of it."""
UNCHANGED = 2.0**-25
"""Subtracted from a float32 weight of 1, this or less changes nothing: the next smaller float32 is
1 - 2^-24, and half of that step is rounded back to 1."""
HIGHEST, LOWEST = 10.0, 1e-9
"""Ends of the profile's axis, which is the same for every run: a healthy one looks flat on it, and
a vanishing one falls."""

Verdict = Literal[
    "fine", "vanishes", "explodes", "zero", "zero branch", "not finite", "nothing", "hidden"
]


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
    finding: Finding
    """What the sentence below the strip says."""


@dataclass(frozen=True)
class Finding:
    """What becomes of the gradient, and which boxes are to be named."""

    verdict: Verdict
    marked: int | None = None
    """From where on the gradient is zero or not finite, or which box gets zero while those before
    it do not; else the layer that passes on the least, or of an exploding gradient the most."""
    span: tuple[int, int] | None = None
    """From which box to which its largest magnitude is told."""
    spread: tuple[int, ...] = ()
    """Layers of one kind on that way that do most of it together; empty where one layer does."""
    rest: tuple[int, ...] = ()
    """Then, what else on that way hands on more or less than arrives."""


def profile(capture: Capture, way: Sequence[Stop]) -> Profile:
    """Measure the way back through the boxes of the strip."""
    found = links(capture, way)
    peaks = [stop.peak for stop in way]
    handed = [_handed(found, at) for at in range(len(way))]
    ratios = [_ratio(part, peak) for part, peak in zip(handed, peaks, strict=True)]
    path = longest(way, found)
    return Profile(
        peaks=tuple(peaks),
        ratios=tuple(ratios),
        links=tuple(found),
        path=tuple(path),
        finding=_judge(way, found, path, ratios),
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
) -> Finding:
    """Say what the gradient does on its way, and which boxes are to be named."""
    if any(stop.state == "hidden" for stop in way) or any(link.hidden for link in found):
        return Finding("hidden")
    peaks = [stop.peak for stop in way]
    odd = _first(path, [peak is not None and not math.isfinite(peak) for peak in peaks])
    if odd is not None:
        return Finding("not finite", _giver(odd, found, lambda part: not math.isfinite(part)))
    zero = _first(path, [peak == 0 for peak in peaks])
    if zero is not None:
        giver = _giver(zero, found, lambda part: part == 0)
        if not any(peaks[at] for at in _before(giver, found)):
            return Finding("zero", giver)
    if len(path) < 2:
        return Finding("nothing")
    if zero is not None:
        return Finding("zero branch", zero, _span(path, path[-1]))
    return _sized(way, found, path, ratios)


def _sized(
    way: Sequence[Stop],
    found: Sequence[Link],
    path: Sequence[int],
    ratios: Sequence[float | None],
) -> Finding:
    """Say whether a gradient that is a number everywhere vanishes, explodes, or neither.

    Of a run of which only some was kept, it is about the boxes to which a known way leads.
    """
    reached = _before(path[0], [link for link in found if link.handed is not None])
    sizes = {at: size for at in sorted(reached) if (size := way[at].peak)}
    # A layer that hands on as much as arrives, or more, takes nothing away.
    least = _strongest(range(len(way)), way, ratios, -1)
    named = None if least is None or (ratios[least] or 0.0) >= 1 else least
    fine = Finding("fine", named, _span(path, path[-1]))
    if path[1] not in sizes:
        return fine
    smallest, largest = min(sizes, key=sizes.__getitem__), max(sizes, key=sizes.__getitem__)
    shrunk, grown = sizes[smallest] / sizes[path[1]], sizes[largest] / sizes[path[1]]
    if shrunk > VANISHED and grown < EXPLODED:
        return fine
    verdict: Verdict = "vanishes" if shrunk * grown <= 1 else "explodes"
    end, factor, sign = (smallest, shrunk, -1) if verdict == "vanishes" else (largest, grown, 1)
    route = longest(way, found, end)
    marked = _strongest(route[:-1], way, ratios, sign)
    spread = _spread(way, route[:-1], ratios, math.log(factor))
    if not spread:
        return Finding(verdict, marked, _span(path, end))
    rest = [at for at in route[:-1] if way[at].kind != "loss" and ratios[at] != 1]
    return Finding(
        verdict,
        _strongest(spread, way, ratios, sign),
        _span(path, end),
        spread,
        tuple(at for at in rest if at not in spread),
    )


def _span(path: Sequence[int], end: int) -> tuple[int, int]:
    """Return where the way to a box begins: at the model's output, if that is another box."""
    return (path[1] if path[1] != end else path[0]), end


def _spread(
    way: Sequence[Stop],
    route: Sequence[int],
    ratios: Sequence[float | None],
    total: float,
) -> tuple[int, ...]:
    """Return the layers of the kind that does most of a change by this logarithm of a factor.

    A single layer that does half of it alone is told alone.
    """
    kinds: dict[str, list[int]] = {}
    shares: dict[int, float] = {}
    for at in route:
        ratio = ratios[at]
        if ratio and way[at].kind != "loss":
            shares[at] = math.log(ratio) / total
            kinds.setdefault(way[at].type, []).append(at)
    if not shares or max(shares.values()) >= 0.5:
        return ()
    most = max(kinds.values(), key=lambda boxes: sum(shares[at] for at in boxes))
    together = sum(shares[at] for at in most)
    return tuple(most) if len(most) >= SPREAD and together >= 0.5 else ()


def _first(path: Sequence[int], is_so: Sequence[bool]) -> int | None:
    """Return the first box on the way back, or else beside it, whose gradient is so."""
    everywhere = [at for at in reversed(range(len(is_so))) if is_so[at]]
    return next((at for at in path if is_so[at]), next(iter(everywhere), None))


def _giver(reached: int, found: Sequence[Link], is_so: Callable[[float], bool]) -> int:
    """Return the last box that hands on what is so; the box itself where none of them does."""
    parts = [link for link in found if link.source == reached and link.handed is not None]
    return max((link.target for link in parts if is_so(link.handed or 0.0)), default=reached)


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


def _strongest(
    boxes: Iterable[int], way: Sequence[Stop], ratios: Sequence[float | None], sign: int
) -> int | None:
    """Return which of the boxes passes on the most, or for -1 the least: of equal ones the last.

    What the loss hands on is not the network's doing.
    """
    known = {
        at: sign * ratio
        for at in sorted(boxes, reverse=True)
        if (ratio := ratios[at]) is not None and way[at].kind != "loss"
    }
    return max(known, key=known.__getitem__, default=None)
