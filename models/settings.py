"""Settings that several kinds of layers share, and how large each may be."""

from __future__ import annotations

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
MAX_STEPS = 256
"""Time steps of a recurrent layer: each is a handful of nodes."""


def whole(name: str, default: int, low: int, high: int, help: str = "") -> Field:  # noqa: A002
    """Return a field of one whole number."""
    return Field(name, "int", default, low, high, help=help)


def size(name: str, default: int, high: int, help: str = "") -> Field:  # noqa: A002
    """Return a field of one whole number that is always given."""
    return Field(name, "int", default, 1, high, required=True, help=help)


def switch(name: str, default: bool, help: str = "") -> Field:  # noqa: A002
    """Return a field that is on or off."""
    return Field(name, "bool", default, help=help)


def number(name: str, default: float, low: float, high: float, help: str = "") -> Field:  # noqa: A002
    """Return a field of one number."""
    return Field(name, "float", default, low, high, help=help)


def pair(
    name: str,
    default: Value,
    low: int,
    high: int,
    help: str = "",  # noqa: A002
    *,
    words: tuple[str, ...] = (),
    required: bool = False,
) -> Field:
    """Return a field of one whole number, or of two for height and width."""
    return Field(name, "pair", default, low, high, words, required, help=help)


def dimension(name: str, default: int, help: str = "") -> Field:  # noqa: A002
    """Return a field that names a dimension, also from the end (-1 is the last)."""
    return Field(name, "int", default, -MAX_DIMENSION - 1, MAX_DIMENSION, required=True, help=help)


IN_CHANNELS = size("in_channels", 1, MAX_CHANNELS, "Channels that come in.")
OUT_CHANNELS = size("out_channels", 1, MAX_CHANNELS, "Channels that go out, one kernel each.")
BIAS = switch("bias", True, "Whether a learned constant is added.")
EPS = number("eps", 1e-5, 1e-12, 1.0, "Added to the variance.")
AFFINE = switch("affine", True, "Whether a learned scale and shift follow.")
NUM_FEATURES = size("num_features", 1, MAX_CHANNELS, "Channels that come in.")
CEIL_MODE = switch("ceil_mode", False, "Whether windows may start inside and end outside.")
