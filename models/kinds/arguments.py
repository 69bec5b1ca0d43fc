"""Constructor arguments: short ways to write a field, fields that kinds share, and their limits.

Every short way takes ``required=True`` where the constructor has no default of its own.
"""

from __future__ import annotations

import inspect

from torch import nn

from models.fields import Field, Value

MAX_CHANNELS = 4096
MAX_FEATURES = 1_000_000
MAX_KERNEL = 64
MAX_SCALE = 32
MAX_SIDE = 4096
"""Largest height or width that a layer may be asked for."""
MAX_JOINED = 8
MAX_DIMENSION = 4
"""Last dimension of an input, counted from 0."""


def whole(
    name: str,
    default: int,
    low: int,
    high: int,
    about: str = "",
    *,
    words: tuple[str, ...] = (),
    required: bool = False,
    at_call: bool = False,
) -> Field:
    """Return a field of one whole number, or of one of these words."""
    return Field(name, "int", default, low, high, words, required, at_call, help=about)


def size(name: str, default: int, high: int, about: str = "", *, required: bool = True) -> Field:
    """Return a field of one whole number from 1, which is always given."""
    return Field(name, "int", default, 1, high, required=required, help=about)


def dimension(name: str, default: int, about: str = "", *, required: bool = True) -> Field:
    """Return a field that names a dimension, which is always given; -1 is the last one."""
    low = -MAX_DIMENSION - 1
    return Field(name, "int", default, low, MAX_DIMENSION, required=required, help=about)


def switch(
    name: str, default: bool, about: str = "", *, required: bool = False, at_call: bool = False
) -> Field:
    """Return a field that is on or off."""
    return Field(name, "bool", default, required=required, at_call=at_call, help=about)


def number(
    name: str,
    default: float,
    low: float,
    high: float,
    about: str = "",
    *,
    required: bool = False,
    unless: str = "",
) -> Field:
    """Return a field of one number."""
    return Field(name, "float", default, low, high, (), required, unless=unless, help=about)


def choice(
    name: str,
    choices: tuple[str, ...],
    about: str = "",
    *,
    required: bool = False,
    at_call: bool = False,
) -> Field:
    """Return a field of one of these words; the first one is the default."""
    return Field(name, "choice", choices[0], 0, 0, choices, required, at_call, help=about)


def pair(
    name: str,
    default: Value,
    low: int,
    high: int,
    about: str = "",
    *,
    words: tuple[str, ...] = (),
    required: bool = False,
) -> Field:
    """Return a field of one whole number, or of two for height and width."""
    return Field(name, "pair", default, low, high, words, required, help=about)


def sizes(
    name: str, default: Value, low: int, high: int, about: str = "", *, required: bool = True
) -> Field:
    """Return a field of one to four whole numbers, which are always given."""
    return Field(name, "sizes", default, low, high, required=required, help=about)


IN_CHANNELS = size("in_channels", 1, MAX_CHANNELS, "Channels that come in.")
OUT_CHANNELS = size("out_channels", 1, MAX_CHANNELS, "Channels that go out, one kernel each.")
BIAS = switch("bias", True, "Whether a learned constant is added.")
BATCH_FIRST = switch(
    "batch_first",
    True,
    "Whether the batch comes before the time, as in all other layers.",
    required=True,
)


class ShowsArguments(nn.Module):
    """A module of ours, whose ``repr`` shows its constructor's arguments as torch's own do.

    It holds each as an attribute of the same name.
    """

    def extra_repr(self) -> str:
        """Return what ``repr`` shows between the brackets."""
        values = {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}
        return ", ".join(
            f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}"
            for name, value in values.items()
        )
