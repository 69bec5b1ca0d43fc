"""Answers are made once, however many ask for them, and kept up to a size.

The event loop alone touches what is here, so it needs no lock. What is made runs in threads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache

from experiment.running.weight import weight
from serving.packed import Packed

MOST_BYTES = 2**26
"""Of all answers that are kept, compressed: some thousand."""
THREADS = 64
"""That compute or, nearly all of them, wait for their turn. What comes beyond waits for one of
them, also if it would have its turn first: with eight, a class that came at once waited for the
last page before the first one had its maps."""

Key = tuple[str, Hashable]
"""Of an answer: that of its setting, and the question."""


@dataclass(eq=False)
class _Work:
    """An answer that is being made."""

    future: Future[Packed]
    waiting: int = 0
    """Requests that wait for it."""


class Store:
    """Makes answers and keeps them."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "answering")
        self._underway: dict[Key, _Work] = {}
        self._kept: LRUCache[Key, tuple[Key, Packed]] = LRUCache(most, weight)
        """With their keys, which are weighed too: a network or a picture can stand in one."""

    @property
    def idle(self) -> bool:
        """Whether nothing is being made."""
        return not self._underway

    def kept(self, key: Key) -> Packed | None:
        """Return an answer that was made before."""
        entry = self._kept.get(key)
        return entry and entry[1]

    def made(self, key: Key, make: Callable[[], Packed]) -> Coroutine[Any, Any, Packed]:
        """Have an answer made, and return what waits for it; who asks for the same waits too.

        That raises what ``make`` raises. Where all who wait are cancelled before it begins, it is
        not made.
        """
        return self._wait(key, self._underway.get(key) or self._begin(key, make))

    async def _wait(self, key: Key, work: _Work) -> Packed:
        work.waiting += 1
        try:
            return await asyncio.shield(asyncio.wrap_future(work.future))
        finally:
            work.waiting -= 1
            if not work.waiting and work.future.cancel():
                del self._underway[key]

    def close(self) -> None:
        """Finish what has begun, and begin nothing more."""
        self._threads.shutdown(cancel_futures=True)

    def _begin(self, key: Key, make: Callable[[], Packed]) -> _Work:
        loop = asyncio.get_running_loop()
        work = _Work(self._threads.submit(make))
        self._underway[key] = work
        work.future.add_done_callback(lambda done: loop.call_soon_threadsafe(self._end, key, done))
        return work

    def _end(self, key: Key, done: Future[Packed]) -> None:
        if done.cancelled():  # by the last who waited
            return
        del self._underway[key]
        if done.exception() is None:
            entry = (key, done.result())
            if weight(entry) <= self._kept.maxsize:
                self._kept[key] = entry
