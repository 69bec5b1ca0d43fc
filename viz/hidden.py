"""Arrays whose numbers somebody hid: their shape is known, and nothing else.

What is made of one is hidden too, or NaN. So nothing that reads a run whose arrays were replaced by
these can tell their numbers, whether or not it knows of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard

import numpy as np
from numpy.typing import NDArray

from flow.record import Array

MOST_HIDDEN = 4
"""Maps that one link can hide."""
NAME = r"[\w.#()=\[\] -]{1,160}"
HIDDEN_NAME = re.compile(NAME)
"""Of an array, as ``viz.arrays`` names it."""
HIDDEN_NAMES = re.compile(rf"({NAME}(,{NAME}){{0,{MOST_HIDDEN - 1}}})?")
BETWEEN = ","
HIDDEN_MEANING = "at most four names of maps such as conv2.downstream, with commas between"


State = Literal["hidden", "unknown", "given", "not real"]


@dataclass(frozen=True)
class Concealed:
    """A name under which something was to be hidden, and what became of it."""

    name: str
    state: State
    also: tuple[str, ...] = ()
    """The names of all other arrays with the same numbers."""


class Hidden(np.ndarray[Any, np.dtype[Any]]):
    """An array of NaN in the place of another one, with its shape and dtype."""

    name: str = ""
    """What it was hidden as; equal names have equal cells in the same order."""

    def __array_finalize__(self, made_of: object) -> None:
        """Keep the name."""
        self.name = getattr(made_of, "name", "")


def hide(array: Array, name: str) -> Hidden:
    """Return what stands in the place of an array of floating-point numbers."""
    nothing: NDArray[Any] = np.broadcast_to(np.array(np.nan, array.dtype), array.shape)
    hidden = nothing.view(Hidden)
    hidden.name = name
    return hidden


def is_hidden(array: Array | None) -> TypeGuard[Hidden]:
    """Whether the numbers of an array are hidden."""
    return isinstance(array, Hidden)


def any_hidden(arrays: Iterable[Array | None]) -> bool:
    """Whether some of these arrays are hidden."""
    return any(map(is_hidden, arrays))


def names_in(text: str) -> tuple[str, ...]:
    """Return the names that a link hides, each once."""
    return tuple(dict.fromkeys(filter(None, text.split(BETWEEN))))
