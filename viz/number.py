"""A whole number that buttons change: data of the ``number`` component, which holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Button:
    """One button, which is gone where it leads nowhere.

    ``{value}`` and ``{name}`` in its words are those of the number, see below.
    """

    step: int
    """What it adds."""
    label: str
    """``{name}`` is the name of the number that it leads to."""
    icon: str
    """Of the Material Symbols, which Streamlit brings."""
    help: str = ""
    """``{value}`` is the number as it stands."""
    primary: bool = False
    key: str = ""
    """A key that presses it from anywhere on the page; empty for none."""


def number_data(
    value: int,
    heard: float | None,
    bounds: tuple[int, int],
    buttons: Sequence[Button],
    *,
    around: bool = False,
    names: Sequence[str] = (),
    place: str = "",
    turns: str = "",
    listed: str = "",
) -> dict[str, Any]:
    """Return the data of the ``number`` component, ready for JSON.

    ``heard`` is since when the component's own number was what it said last. Past the ``bounds`` it
    goes ``around`` or nowhere. ``names`` are those of the numbers from the lower bound on;
    ``place``, a line beside the buttons, may say ``{place}``, counted from 1, and ``{count}``.
    ``turns`` is a selector of what the number turns like a page: buttons lead on from the number
    that is on screen, so that pressing twice turns once, and what is turned is seen from its top.
    ``listed`` is a selector of a list of the names, in which the chosen one is kept in view.
    """
    return {
        "value": value,
        "heard": heard,
        "least": bounds[0],
        "most": bounds[1],
        "around": around,
        "buttons": [asdict(each) for each in buttons],
        "names": list(names),
        "place": place,
        "turns": turns,
        "listed": listed,
    }
