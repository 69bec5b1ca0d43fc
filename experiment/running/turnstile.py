"""Threads compute one after the other, first come first served, as long as each is quick.

Whoever answers a page that a visitor has already goes ahead of those who make new ones: a page
that is there and waits for its maps helps nobody, and where many come at once all would wait for
all. One of the others follows each of them, so that no number of answers keeps new pages out.

Threads of one interpreter that compute at once do not share it, they fight over it: two at once
take longer than the same two one after the other, and eight much longer. Who computes long, in
torch as a rule, lets others in beside, as many in all as there are cores.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from threading import Event, Lock, get_ident
from time import monotonic

LONGEST = 200
"""Threads that may wait; a class of fifty is far from it."""
PATIENCE = 0.5
"""Seconds after which somebody who waits is told."""
LONG = 0.5
"""Seconds after which somebody inside no longer keeps the next one out."""

Tell = Callable[[int], AbstractContextManager[object]]
"""Gets how many are before the one who waits; what it returns is open until that is over."""


class Busy(Exception):  # noqa: N818 - it is an answer to a visitor, not a fault
    """Too many wait already: ``waiting``. ``SENTENCE`` says so to a visitor."""

    SENTENCE = (
        "{waiting} pages wait to be made, more than this server takes at once. Nothing is lost: "
        "try again in a moment."
    )

    def __init__(self, waiting: int) -> None:
        super().__init__(waiting)
        self.waiting = waiting

    def __str__(self) -> str:
        return self.SENTENCE.format(waiting=self.waiting)


@dataclass(eq=False)
class _Ticket:
    ahead: bool
    thread: int = field(default_factory=get_ident)
    since: float = 0.0
    """When it was admitted."""
    admitted: Event = field(default_factory=Event)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def untold(_before: int) -> AbstractContextManager[object]:
    """Tell nobody."""
    return nullcontext()


class Turnstile:
    """Admits a thread when none has just begun, and at most ``places`` at once, in order."""

    def __init__(self, places: int | None = None, longest: int = LONGEST) -> None:
        self._places = places or max(2, cores())  # who computes long lets one in beside
        self._longest = longest
        self._lock = Lock()
        self._waiting: list[_Ticket] = []
        self._inside: list[_Ticket] = []

    @contextmanager
    def turn(
        self, tell: Tell = untold, *, always: bool = False, ahead: bool = False
    ) -> Iterator[None]:
        """Wait for a place, and leave it at the end; a thread that is inside has one already.

        ``ahead`` lets it in as the next one, or after the next one where somebody ahead was last.
        Raises Busy at once where too many wait, unless it is to wait ``always``.
        """
        ticket = _Ticket(ahead)
        with self._lock:
            again = any(ticket.thread == other.thread for other in self._inside)
            if not again:
                self._join(ticket, always=always)
        if again:
            yield
            return
        try:
            if not ticket.admitted.wait(PATIENCE):
                with tell(self._before(ticket)):
                    while not ticket.admitted.wait(LONG / 2):
                        self._look()
            yield
        finally:
            with self._lock:
                (self._inside if ticket in self._inside else self._waiting).remove(ticket)
                self._admit()

    @property
    def idle(self) -> bool:
        """Whether nobody is inside and nobody waits."""
        with self._lock:
            return not self._inside and not self._waiting

    def _join(self, ticket: _Ticket, *, always: bool) -> None:
        """Take a ticket into the queue, or refuse it; the lock is held."""
        if len(self._waiting) >= self._longest and not always:
            raise Busy(len(self._waiting))
        self._waiting.insert(self._place(ticket), ticket)
        self._admit()

    def _place(self, ticket: _Ticket) -> int:
        """Return where in the queue a ticket belongs; the lock is held."""
        if not ticket.ahead:
            return len(self._waiting)
        followed = [place for place, other in enumerate(self._waiting, 2) if other.ahead]
        last_in = any(other.ahead for other in self._inside[-1:])
        return max(followed, default=int(last_in))

    def _before(self, ticket: _Ticket) -> int:
        """Count who is admitted before this one, with those who are inside."""
        with self._lock:
            place = self._waiting.index(ticket) if ticket in self._waiting else 0
            return max(1, place + len(self._inside))

    def _look(self) -> None:
        """Admit the next one where those inside compute long."""
        with self._lock:
            self._admit()

    def _admit(self) -> None:
        """Admit the first one if it may go; the lock is held."""
        now = monotonic()
        if not self._waiting or len(self._inside) >= self._places:
            return
        if all(now - other.since >= LONG for other in self._inside):
            ticket = self._waiting.pop(0)
            ticket.since = now
            self._inside.append(ticket)
            ticket.admitted.set()
