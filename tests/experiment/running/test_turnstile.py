"""Threads compute in the order in which they came, one at a time as long as each is quick."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Event, Thread

import pytest

from experiment.running import turnstile as module
from experiment.running.turnstile import Busy, Tell, Turnstile, untold

PATIENCE = 60.0
"""Seconds after which a test gives up; it waits for states, not for this."""


class Visitor:
    """A thread that asks for a turn, and stays inside until it may leave."""

    def __init__(self, turnstile: Turnstile, tell: Tell = untold, *, ahead: bool = False) -> None:
        self.inside, self.may_leave = Event(), Event()
        self._ahead = ahead
        self.refused: BaseException | None = None
        self._turnstile, self._tell = turnstile, tell
        self._thread = Thread(target=self._visit)
        self._thread.start()

    def _visit(self) -> None:
        try:
            with self._turnstile.turn(self._tell, ahead=self._ahead):
                self.inside.set()
                assert self.may_leave.wait(PATIENCE)
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            self.refused = error

    def leave(self) -> None:
        self.may_leave.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


def queue_up(
    turnstile: Turnstile, count: int, tell: Tell = untold, *, ahead: bool = False
) -> list[Visitor]:
    """Let visitors come one after the other, each when the one before stands in the queue."""
    visitors: list[Visitor] = []
    while len(visitors) < count:
        before = present(turnstile)
        visitors.append(Visitor(turnstile, tell, ahead=ahead))
        until(lambda before=before: present(turnstile) == before + 1)  # type: ignore[misc]
    return visitors


def present(turnstile: Turnstile) -> int:
    return len(turnstile._inside) + len(turnstile._waiting)


def until(state: Callable[[], bool]) -> None:
    """Wait for a state that another thread brings about."""
    poll, tries = Event(), 0
    while not state():
        tries += 1
        assert tries < PATIENCE * 1000
        poll.wait(0.001)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told, and nobody is ever inside for long."""
    monkeypatch.setattr(module, "PATIENCE", PATIENCE)
    monkeypatch.setattr(module, "LONG", 10 * PATIENCE)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits is told at once; nobody is ever inside for long."""
    monkeypatch.setattr(module, "PATIENCE", 0.001)
    monkeypatch.setattr(module, "LONG", 10 * PATIENCE)


@pytest.mark.usefixtures("patient")
def test_those_who_wait_follow_one_after_the_other_in_the_order_in_which_they_came() -> None:
    visitors = queue_up(Turnstile(places=4), 5)
    for place, visitor in enumerate(visitors):
        assert visitor.inside.wait(PATIENCE)
        assert not any(later.inside.is_set() for later in visitors[place + 1 :])
        visitor.leave()
    assert [visitor.refused for visitor in visitors] == [None] * 5


@pytest.mark.usefixtures("patient")
def test_each_who_goes_ahead_is_followed_by_one_of_those_who_waited() -> None:
    turnstile = Turnstile(places=4)
    inside, first, second = queue_up(turnstile, 3)
    ahead = queue_up(turnstile, 2, ahead=True)
    followed(inside, [ahead[0], first, ahead[1], second])
    late = queue_up(turnstile, 2, ahead=True)
    followed(ahead[0], [first, ahead[1], second, *late])
    followed(first, [ahead[1], second, *late])
    followed(ahead[1], [second, *late])
    for visitor in (second, *late):
        followed(visitor, [])


@pytest.mark.usefixtures("patient")
def test_nobody_goes_ahead_right_after_another_who_went_ahead() -> None:
    turnstile = Turnstile(places=4)
    (inside,) = queue_up(turnstile, 1, ahead=True)
    first, second = queue_up(turnstile, 2)
    (ahead,) = queue_up(turnstile, 1, ahead=True)
    followed(inside, [first, ahead, second])
    followed(first, [ahead, second])
    followed(ahead, [second])
    followed(second, [])


def followed(inside: Visitor, by: list[Visitor]) -> None:
    """Only this one is inside; it leaves, and the next one comes in."""
    assert inside.inside.wait(PATIENCE)
    assert not any(later.inside.is_set() for later in by)
    inside.leave()
    if by:
        assert by[0].inside.wait(PATIENCE)


def test_who_is_inside_for_long_lets_others_in_as_many_as_there_are_places(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.001)
    monkeypatch.setattr(module, "LONG", 0.002)
    visitors = queue_up(Turnstile(places=3), 5)
    for visitor in visitors[:3]:
        assert visitor.inside.wait(PATIENCE)
    assert not any(later.inside.is_set() for later in visitors[3:])
    visitors[1].leave()
    assert visitors[3].inside.wait(PATIENCE)
    assert not visitors[4].inside.is_set()
    for visitor in (*visitors[:1], *visitors[2:]):
        visitor.leave()


def test_a_thread_that_is_inside_need_not_wait_again() -> None:
    turnstile = Turnstile(places=1, longest=1)
    with turnstile.turn():
        turnstile._longest = 0
        with turnstile.turn(), turnstile.turn():
            assert present(turnstile) == 1
        assert present(turnstile) == 1
    assert present(turnstile) == 0


class Told:
    """Notes what somebody who waits is told, and until when."""

    def __init__(self) -> None:
        self.said: list[object] = []

    def __call__(self, before: int) -> AbstractContextManager[object]:
        return self._told(before)

    @contextmanager
    def _told(self, before: int) -> Iterator[None]:
        self.said.append(before)
        yield
        self.said.append("over")


@pytest.mark.usefixtures("impatient")
def test_who_waits_is_told_how_many_are_before_until_that_is_over() -> None:
    turnstile, told = Turnstile(places=1), Told()
    inside, waiting = queue_up(turnstile, 2)
    last = Visitor(turnstile, told)
    until(lambda: bool(told.said))
    assert told.said == [2]
    inside.leave()
    waiting.leave()
    assert last.inside.wait(PATIENCE)
    assert told.said == [2, "over"]
    last.leave()


@pytest.mark.usefixtures("impatient")
def test_who_need_not_wait_is_told_nothing() -> None:
    told = Told()
    with Turnstile(places=1).turn(told):
        pass
    assert told.said == []


@pytest.mark.usefixtures("impatient")
def test_who_gives_up_waiting_leaves_the_queue() -> None:
    class GaveUpError(Exception):
        pass

    def give_up(_before: int) -> AbstractContextManager[object]:
        raise GaveUpError

    turnstile = Turnstile(places=1)
    (inside,) = queue_up(turnstile, 1)
    gone = Visitor(turnstile, give_up)
    until(lambda: gone.refused is not None)
    assert isinstance(gone.refused, GaveUpError)
    assert present(turnstile) == 1
    inside.leave()
    assert present(turnstile) == 0


@pytest.mark.usefixtures("patient")
def test_a_turnstile_is_idle_while_nobody_is_inside_and_nobody_waits() -> None:
    turnstile = Turnstile(places=1)
    assert turnstile.idle
    inside, waiting = queue_up(turnstile, 2)
    assert not turnstile.idle
    inside.leave()
    assert not turnstile.idle
    waiting.leave()
    assert turnstile.idle


def test_a_place_is_free_again_after_an_error() -> None:
    turnstile = Turnstile(places=1)
    with pytest.raises(ZeroDivisionError), turnstile.turn():
        _ = 1 / 0
    with turnstile.turn():
        assert present(turnstile) == 1
    assert present(turnstile) == 0


@pytest.mark.usefixtures("patient")
def test_a_queue_that_is_too_long_is_refused_at_once_in_words() -> None:
    turnstile = Turnstile(places=1, longest=2)
    visitors = queue_up(turnstile, 3)
    with pytest.raises(Busy) as refusal, turnstile.turn():
        pass
    assert str(refusal.value) == (
        "2 pages wait to be made, more than this server takes at once. Nothing is lost: try again "
        "in a moment."
    )
    patient = Thread(target=wait_always, args=(turnstile,))
    patient.start()
    until(lambda: len(turnstile._waiting) == 3)
    for visitor in visitors:
        visitor.leave()
    patient.join(PATIENCE)
    assert not patient.is_alive()
    with turnstile.turn():
        pass


def wait_always(turnstile: Turnstile) -> None:
    with turnstile.turn(always=True):
        pass


@pytest.mark.parametrize("long", [0.0, 10 * PATIENCE])
def test_hundreds_of_threads_all_get_their_turn_and_never_too_many_at_once(
    monkeypatch: pytest.MonkeyPatch, long: float
) -> None:
    monkeypatch.setattr(module, "LONG", long)
    turnstile, lock = Turnstile(places=3, longest=1000), threading.Lock()
    inside, most, done = [0], [0], []

    def visit(number: int) -> None:
        with turnstile.turn():
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            with lock:
                inside[0] -= 1
                done.append(number)

    threads = [Thread(target=visit, args=(number,)) for number in range(300)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(done) == list(range(300))
    assert 1 <= most[0] <= (3 if long == 0 else 1)
    assert present(turnstile) == 0
