"""One sentence about the gradient on its way: what becomes of it, by how much, and where."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TypedDict

from viz.strip.left_out import LEFT_OUT_TEXT, LeftOut, left_out_sentences
from viz.strip.profile import Profile
from viz.strip.stops import Stop
from viz.theme import format_number

DIGITS = 2
"""Significant digits of a factor."""
LITTLE = 0.01
"""Of what it begins with, so little or less of what the loss hands on is said."""
SAME = 1e-6
"""Of two products of float32 numbers along one way, what may part them."""
UNITS = ((1e9, "billion"), (1e6, "million"))

VERDICT_TEXT: Mapping[str, str] = {
    "fine": "**Nothing vanishes here.**",
    "fine_elsewhere": "Where it arrives, nothing vanishes.",
    "vanishes": "**The gradient vanishes.**",
    "explodes": "**The gradient explodes.**",
    "zero": "**The gradient is exactly zero from {name} on.** What {name} hands on is 0 everywhere,"
    " and so is what every layer before it gets.",
    "zero_start": "**The gradient is exactly zero from the start.** What the backward pass begins"
    " with is 0 everywhere.",
    "zero branch": "**What arrives at {name} is exactly 0.** Past it the gradient takes other"
    " ways.",
    "not finite": "**The gradient is not finite from {name} on.** What {name} hands on has NaN or"
    " infinity in it; look there first.",
    "not_finite_start": "**The gradient is not finite from the start.** What the backward pass"
    " begins with has NaN or infinity in it.",
    "hidden": "**A gradient on the way is hidden,** so nothing is said here of what becomes of it.",
    "nothing": "**No layer gets a gradient here:** none is asked for.",
    "total": "From {start} to {end} the largest gradient{whose} goes from {first} to {last}.",
    "shrinks": "From {start} to {end} the largest gradient{whose} shrinks {times} times.",
    "grows": "From {start} to {end} the largest gradient{whose} grows {times} times.",
    "of_all": " of all samples",
    "the_loss": "the {name}",
    "in_loss": "The loss itself hands on only {value}.",
    "least": "**{name}** passes on the least: {ratio} of what arrives.",
    "none_less": "No layer passes on less than arrives.",
    "most": "**{name}** passes on the most: {ratio} times what arrives.",
    "spread_least": "**{kind}** stands on this way {count} times and each time passes on {ratio} of"
    " what arrives, together {product}.",
    "spread_most": "**{kind}** stands on this way {count} times and each time passes on {ratio}"
    " times what arrives, together {product} times.",
    "rest_of": "The rest of this way, **{kinds}**, passes on {ratio} of that.",
    "rest_times": "The rest of this way, **{kinds}**, passes on {ratio} times that.",
    "other_of": "Everything else passes on {ratio} of that.",
    "other_times": "Everything else passes on {ratio} times that.",
    "range": "{low} to {high}",
    "million": "{count} million",
    "billion": "{count} billion",
    **LEFT_OUT_TEXT,
}
"""What the sentence is made of, in English; between ** stands what is emphasised."""


class Words(TypedDict):
    """Some words of the sentence."""

    text: str
    strong: bool


def verdict(
    way: Sequence[Stop],
    seen: Profile,
    text: Mapping[str, str],
    batch: int = 1,
    lost: LeftOut | None = None,
) -> list[Words]:
    """Return the sentence in pieces, each plain or emphasised; first which parameters get nothing.

    Of more samples than one it says that it is about all of them: the boxes show one.
    """
    found: list[Words] = []
    whose = text["of_all"] if batch > 1 else ""
    before = [] if lost is None else left_out_sentences(lost, text)
    for sentence, named in chain(before, _sentences(way, seen, text, bool(before))):
        words = {"whose": whose, **named}
        if found:
            found.append({"text": " ", "strong": False})
        # Names are put in after the marks are found: a name may have any letter.
        for place, part in enumerate(sentence.split("**")):
            if part:
                found.append({"text": part.format(**words), "strong": place % 2 == 1})
    return found


def _sentences(
    way: Sequence[Stop], seen: Profile, text: Mapping[str, str], elsewhere: bool
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield sentences, each with what is to be put in.

    ``elsewhere`` says that some parameters get no gradient, and that this is about the others.
    """
    found = seen.finding
    named = {"name": "" if found.marked is None else way[found.marked].name}
    if found.verdict in ("zero", "not finite"):
        begins = found.marked == len(way) - 1 and seen.ratios[-1] is None
        start = seen.peaks[-1]
        begins = begins and (start == 0 or (start is not None and start - start != 0))
        key = {"zero": "zero_start", "not finite": "not_finite_start"}[found.verdict]
        yield text[key if begins else found.verdict], named
        return
    if found.verdict != "nothing" or not elsewhere:
        yield (
            text["fine_elsewhere" if found.verdict == "fine" and elsewhere else found.verdict],
            named,
        )
    if found.span is None:
        return
    yield from _total(way, seen, found.span, text)
    if found.spread:
        yield _together(way, seen, text)
        yield from _remaining(way, seen, found.span, text)
    elif found.verdict == "zero branch":
        return
    elif found.marked is not None:
        ratio = seen.ratios[found.marked]
        written = "" if ratio is None else format_number(ratio, DIGITS)
        key = "most" if found.verdict == "explodes" else "least"
        yield text[key], {**named, "ratio": written}
    elif any(ratio is not None and way[at].kind != "loss" for at, ratio in enumerate(seen.ratios)):
        yield text["none_less"], {}


def _total(
    way: Sequence[Stop], seen: Profile, span: tuple[int, int], text: Mapping[str, str]
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield what becomes of the gradient on a way, and of the loss where that does much."""
    first, last = (seen.peaks[at] for at in span)
    if not first or last is None:
        return
    start, end = (_called(way[at], text) for at in span)
    names = {"start": start, "end": end}
    if seen.finding.verdict == "explodes":
        yield text["grows"], {**names, "times": _times(last / first, text)}
    elif seen.finding.verdict == "vanishes":
        yield text["shrinks"], {**names, "times": _times(first / last, text)}
    else:
        sizes = {"first": format_number(first), "last": format_number(last)}
        yield text["total"], {**names, **sizes}
    handed = seen.ratios[-1]
    if handed is not None and handed <= LITTLE:
        yield text["in_loss"], {"value": format_number(handed)}


def _called(stop: Stop, text: Mapping[str, str]) -> str:
    """Return the name of a box as it stands within a sentence."""
    return text["the_loss"].format(name=stop.name) if stop.kind == "loss" else stop.name


def _together(
    way: Sequence[Stop], seen: Profile, text: Mapping[str, str]
) -> tuple[str, Mapping[str, str]]:
    """Say what layers of one kind do together."""
    ratios = [seen.ratios[at] or 0.0 for at in seen.finding.spread]
    low, high = (format_number(ratio, DIGITS) for ratio in (min(ratios), max(ratios)))
    each = low if low == high else text["range"].format(low=low, high=high)
    key = "spread_most" if seen.finding.verdict == "explodes" else "spread_least"
    kind = way[seen.finding.spread[0]].type
    product = format_number(math.prod(ratios), DIGITS)
    return text[key], {"count": str(len(ratios)), "kind": kind, "ratio": each, "product": product}


def _remaining(
    way: Sequence[Stop], seen: Profile, span: tuple[int, int], text: Mapping[str, str]
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Say what all others on the way do: with the layers of one kind it makes the whole change.

    They are named where they alone do it, which is so on a way without branches.
    """
    first, last = (seen.peaks[at] for at in span)
    spread, rest = (
        math.prod(seen.ratios[at] or math.nan for at in boxes)
        for boxes in (seen.finding.spread, seen.finding.rest)
    )
    if not first or not last:
        return
    factor = last / first / spread
    ratio = format_number(factor, DIGITS)
    if ratio == "1":
        return
    named = math.isclose(rest, factor, rel_tol=SAME)
    kinds = ", ".join(dict.fromkeys(way[at].type for at in seen.finding.rest))
    key = f"{'rest' if named else 'other'}_{'of' if factor < 1 else 'times'}"
    yield text[key], {"kinds": kinds, "ratio": ratio}


def _times(factor: float, text: Mapping[str, str]) -> str:
    """Write a factor, with the name of its unit where that is large."""
    for unit, name in UNITS:
        if unit <= factor < 1000 * unit:
            return text[name].format(count=format_number(factor / unit, DIGITS))
    return format_number(factor, DIGITS)
