"""Work that is counted, not timed: a busy machine cannot change it."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from models.source.expressions import MAX_STEPS

MOST_CALLS = 50 * MAX_STEPS
"""Calls that a text may cost: a few for each step of the interpreter's own bound."""


@contextmanager
def at_most(calls: int = MOST_CALLS) -> Iterator[None]:
    """Fail as soon as this thread has called more functions, Python's or C's.

    What never ends is stopped too.
    """
    left = calls

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal left
        left -= event in ("call", "c_call")
        if left < 0:
            sys.setprofile(None)
            raise AssertionError(f"more than {calls:,} calls")

    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(None)
    assert left >= 0, "somebody swallowed the error above"


@contextmanager
def at_most_bytes(limit: int) -> Iterator[None]:
    """Fail where Python's own memory grows by more than this."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak <= limit, f"{peak:,} bytes at once"
