"""One sentence about the gradient on its way: what becomes of it, by how much, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict

from viz.strip.profile import VANISHED, Profile
from viz.strip.stops import Stop
from viz.theme import format_number

DIGITS = 2
"""Significant digits of a factor."""
UNITS = ((1e9, "billion"), (1e6, "million"))

VERDICT_TEXT: Mapping[str, str] = {
    "fine": "**Nothing vanishes here.**",
    "vanishes": "**The gradient vanishes.**",
    "explodes": "**The gradient explodes.**",
    "zero": "**The gradient is exactly zero from {name} on.** What {name} hands on is 0 everywhere,"
    " and so is what every layer before it gets.",
    "zero_start": "**The gradient is exactly zero from the start.** What the backward pass begins"
    " with is 0 everywhere.",
    "not finite": "**The gradient is not finite from {name} on.** What {name} hands on has NaN or"
    " infinity in it; look there first.",
    "not_finite_start": "**The gradient is not finite from the start.** What the backward pass"
    " begins with has NaN or infinity in it.",
    "hidden": "**A gradient on the way is hidden,** so nothing is said here of what becomes of it.",
    "nothing": "**No layer gets a gradient here:** none is asked for.",
    "total": "From the {start} to {end} the largest gradient goes from {first} to {last}.",
    "shrinks": "From the {start} to {end} the largest gradient shrinks {times} times.",
    "grows": "From the {start} to {end} the largest gradient grows {times} times.",
    "in_loss": "The loss itself hands on only {value}.",
    "least": "**{name}** passes on the least: {ratio} of what arrives.",
    "none_less": "No layer passes on less than arrives.",
    "most": "**{name}** passes on the most: {ratio} times what arrives.",
    "million": "{count} million",
    "billion": "{count} billion",
}
"""What the sentence is made of, in English; between ** stands what is emphasised."""


class Words(TypedDict):
    """Some words of the sentence."""

    text: str
    strong: bool


def verdict(way: Sequence[Stop], seen: Profile, text: Mapping[str, str]) -> list[Words]:
    """Return the sentence in pieces, each plain or emphasised."""
    found: list[Words] = []
    for sentence, words in _sentences(way, seen, text):
        if found:
            found.append({"text": " ", "strong": False})
        # Names are put in after the marks are found: a name may have any letter.
        for place, part in enumerate(sentence.split("**")):
            if part:
                found.append({"text": part.format(**words), "strong": place % 2 == 1})
    return found


def _sentences(
    way: Sequence[Stop], seen: Profile, text: Mapping[str, str]
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield sentences, each with what is to be put in."""
    named = "" if seen.marked is None else way[seen.marked].name
    if seen.verdict in ("zero", "not finite"):
        begins = seen.marked == seen.path[0] and seen.ratios[seen.path[0]] is None
        start = seen.peaks[seen.path[0]]
        begins = begins and (start == 0 or (start is not None and start - start != 0))
        key = {"zero": "zero_start", "not finite": "not_finite_start"}[seen.verdict]
        yield text[key if begins else seen.verdict], {"name": named}
        return
    yield text[seen.verdict], {}
    if seen.verdict in ("nothing", "hidden"):
        return
    yield from _total(way, seen, text)
    if seen.marked is not None:
        ratio = seen.ratios[seen.marked]
        written = "" if ratio is None else format_number(ratio, DIGITS)
        key = "most" if seen.verdict == "explodes" else "least"
        yield text[key], {"name": named, "ratio": written}
    elif any(ratio is not None and way[at].kind != "loss" for at, ratio in enumerate(seen.ratios)):
        yield text["none_less"], {}


def _total(
    way: Sequence[Stop], seen: Profile, text: Mapping[str, str]
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield what becomes of the gradient on the longest way, the loss included."""
    start, end = seen.path[0], seen.path[-1]
    if seen.verdict == "explodes":
        end = max(seen.path, key=lambda at: seen.peaks[at] or 0.0)
    first, last = seen.peaks[start], seen.peaks[end]
    if not first or last is None:
        return
    names = {"start": way[start].name, "end": way[end].name}
    if seen.verdict == "explodes" and last > first:
        yield text["grows"], {**names, "times": _times(last / first, text)}
        return
    if seen.verdict == "vanishes" and 0 < last < first:
        yield text["shrinks"], {**names, "times": _times(first / last, text)}
        return
    yield text["total"], {**names, "first": format_number(first), "last": format_number(last)}
    handed = seen.ratios[start]
    if seen.verdict == "fine" and handed is not None and handed <= VANISHED:
        yield text["in_loss"], {"value": format_number(handed)}


def _times(factor: float, text: Mapping[str, str]) -> str:
    """Write a factor, with the name of its unit where that is large."""
    for unit, name in UNITS:
        if unit <= factor < 1000 * unit:
            return text[name].format(count=format_number(factor / unit, DIGITS))
    return format_number(factor, DIGITS)
