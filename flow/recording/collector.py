"""Keep Python's cyclic collector out of a capture."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collector() -> Iterator[None]:
    """Pause the cyclic garbage collector; half the time of a large capture would go into it.

    The collector belongs to the process. Whoever finds it running switches it off and on
    again, whoever finds it off leaves it alone: with several threads it may come back early,
    which costs time and nothing else, and it is never left off.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
