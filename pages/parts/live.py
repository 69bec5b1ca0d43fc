"""Runs that are kept with their graph, so that one question more costs no run more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock

import flow


class Live:
    """One run that several visitors may ask, one at a time. It is freed when it is forgotten."""

    def __init__(self, make: Callable[[], flow.Run]) -> None:
        self._make = make
        self._lock = RLock()
        self._run: flow.Run | None = make()

    @contextmanager
    def asked(self) -> Iterator[flow.Run]:
        """Hand out the run for one question; where it was freed meanwhile, another one like it."""
        with self._lock:
            if self._run is not None:
                yield self._run
                return
        with self._make() as again:
            yield again

    def close(self) -> None:
        """Free the graph and everything it saved, once nobody asks."""
        with self._lock:
            run, self._run = self._run, None
            if run is not None:
                run.close()
