"""About how many bytes a frozen value holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

OBJECT = 64
"""Bytes of a small object."""
SAMPLE = 8
"""Members of a long sequence that are weighed for all of them."""


def weight(value: Any) -> int:
    """Return about how many bytes a value of dataclasses, containers, texts and arrays holds.

    What it holds several times is counted several times.
    """
    if isinstance(value, np.ndarray):
        return OBJECT + value.nbytes
    if isinstance(value, str | bytes):
        return OBJECT + len(value)
    if isinstance(value, Mapping):
        return OBJECT + _all(list(value)) + _all(list(value.values()))
    if isinstance(value, tuple | list):
        return OBJECT + _all(value)
    if is_dataclass(value):
        return OBJECT + sum(weight(getattr(value, field.name)) for field in fields(value))
    return OBJECT


def _all(members: tuple[Any, ...] | list[Any]) -> int:
    if len(members) <= SAMPLE:
        return sum(map(weight, members))
    picked = members[:: len(members) // SAMPLE]
    return sum(map(weight, picked)) * len(members) // len(picked)
