"""Settings become runs, which are kept with their graph so that a further question runs nothing."""

from __future__ import annotations

from _thread import LockType
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from threading import Lock
from time import perf_counter
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import torch
from cachetools import LRUCache

import flow
from experiment.running.turnstile import Tell, Turnstile, untold
from experiment.running.weight import weight
from experiment.setting import Setting
from flow.record import Capture, Shape
from models.budget import Budget
from models.build import LayerError
from models.inputs.shape import InputError
from models.losses import TargetError
from models.own.errors import OwnError
from viz.arrays import captured, total_bytes
from viz.graphs.layout import TIMEOUT_SECONDS, Layout, lay_out

MOST_BYTES = 2**29
"""Of all runs together that are kept. Two are kept however large they are: the one on screen, and
the same with a gradient at its input, which its values are explained with."""
MOST_ANSWER_BYTES = 2**25
"""Of all answers of one run: some dozen tables, which have at most 2 MB each."""
MOST_LAYOUT_BYTES = 2**26
"""Of all drawings of graphs together: some thousand small ones."""
NODE_BYTES = 6_000
"""What the Python objects of one autograd node and its records take besides their arrays."""

Answer = TypeVar("Answer")
During = Callable[[], AbstractContextManager[object]]


class Refused(Exception):  # noqa: N818 - it is an answer to a visitor, not a fault
    """The experiment cannot run; the message is for the visitor."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """A capture, what it was expected to cost, and the milliseconds it took."""

    capture: Capture
    budget: Budget | None
    """None for a module of the command line, whose cost nobody estimates."""
    milliseconds: float
    losses: tuple[float, ...] = ()
    """Before each step of SGD; after the last one it is that of the capture."""

    @property
    def output_shape(self) -> Shape:
        """Shape of what the network returns."""
        return self.budget.output_shape if self.budget else self.capture.outputs[0].shape

    @property
    def parameters(self) -> int:
        """How many numbers the parameters have."""
        return sum(each.value.size for each in self.capture.parameters)


def _answers() -> LRUCache[Hashable, Any]:
    return LRUCache(MOST_ANSWER_BYTES, lambda answer: min(weight(answer), MOST_ANSWER_BYTES))


@dataclass(eq=False)
class _Live:
    """A run with its graph, and what it has answered. All but the run is guarded by the store."""

    run: flow.Run
    outcome: Outcome
    weight: int
    """Bytes that it holds without its answers."""
    answers: LRUCache[Hashable, Any] = field(default_factory=_answers)
    asked: bool = True
    forgotten: bool = False

    @property
    def size(self) -> int:
        """Bytes that it holds, with its answers."""
        return self.weight + int(self.answers.currsize)

    def close_unless_asked(self) -> None:
        """Free the graph and everything that it saved, once nobody asks."""
        if self.forgotten and not self.asked:
            self.run.close()


class _Shelf(LRUCache[str, _Live]):
    """Runs by the key of their setting; the least lately asked one is forgotten first."""

    def popitem(self) -> tuple[str, _Live]:
        """Forget a run."""
        key, live = super().popitem()
        live.forgotten = True
        live.close_unless_asked()
        return key, live


class Runs:
    """Runs of settings for all visitors together; safe to ask from several threads."""

    def __init__(self, most: int = MOST_BYTES, turnstile: Turnstile | None = None) -> None:
        self._turnstile = turnstile or Turnstile()
        self._lock = Lock()
        self._asking: WeakValueDictionary[str, LockType] = WeakValueDictionary()
        """By the key of a setting: its run is made once, and asked by one thread at a time."""
        self._shelf = _Shelf(most, lambda live: min(live.size, max(1, most // 2)))
        self._layouts: LRUCache[tuple[str, float], Layout] = LRUCache(
            MOST_LAYOUT_BYTES,
            lambda layout: 2 * len(layout.svg),  # the text in the key is about as long
        )

    def outcome(
        self, setting: Setting, tell: Tell = untold, during: During = nullcontext
    ) -> Outcome:
        """Run a setting, or return what happened when it ran; ``during`` is open while it runs.

        Raises Refused with a sentence for the visitor, and Busy.
        """
        with self._lock:
            live = self._shelf.get(setting.key)
        if live is not None:
            _refuse_costly(live.outcome.budget)  # it may have been made to be asked at its input
            return live.outcome
        with self.turn(tell), during(), self._asked(setting, setting) as live:
            _refuse_costly(live.outcome.budget)
            return live.outcome

    def ask(
        self,
        setting: Setting,
        question: Hashable,
        answer: Callable[[flow.Run], Answer],
        tell: Tell = untold,
        during: During = nullcontext,
        *,
        at_input: bool = False,
    ) -> Answer:
        """Ask the run of a setting; the answer is kept under the question, unless that is None.

        ``during`` is open while it is computed. ``at_input`` asks the same run with a gradient at
        its input; what that adds to a run that was affordable is not counted. Raises what the
        answer raises, Refused and Busy.
        """
        run = replace(setting, input_gradient=True) if at_input else setting
        with self._lock:
            live = self._shelf.get(run.key)
            if live is not None and question in live.answers:
                return live.answers[question]  # type: ignore[no-any-return]
        with self.turn(tell), during(), self._asked(run, setting) as live:
            if question in live.answers:  # somebody asked it meanwhile
                return live.answers[question]  # type: ignore[no-any-return]
            found = answer(live.run)
            if question is not None:
                self._remember(run.key, live, question, found)
            return found

    def kept(
        self, setting: Setting, question: Hashable, make: Callable[[], Answer], tell: Tell = untold
    ) -> Answer:
        """Return what is made of answers of a setting's run, and keep it as one of them.

        ``make`` may ask. Threads that ask at once may each make it. Raises what ``make`` raises,
        and Busy.
        """
        with self._lock:
            live = self._shelf.get(setting.key)
            if live is not None and question in live.answers:
                return live.answers[question]  # type: ignore[no-any-return]
        with self.turn(tell):
            found = make()
        with self._lock:
            live = self._shelf.get(setting.key)
        if live is not None:
            self._remember(setting.key, live, question, found)
        return found

    def turn(
        self, tell: Tell = untold, *, always: bool = False, ahead: bool = False
    ) -> AbstractContextManager[None]:
        """Wait for a place to compute, which is held for all that is asked meanwhile.

        ``ahead`` is for whoever answers a page that is there. Raises Busy where too many wait,
        unless it is to wait ``always``.
        """
        torch.set_num_threads(1)  # each thread has its own number, and sums depend on it
        return self._turnstile.turn(tell, always=always, ahead=ahead)

    @property
    def idle(self) -> bool:
        """Whether nobody computes and nobody waits for it."""
        return self._turnstile.idle

    def lay_out(self, source: str, timeout: float = TIMEOUT_SECONDS) -> Layout:
        """Return the drawing of DOT text, as ``viz.graphs.layout`` does; equal texts share it."""
        with self._lock:
            known = self._layouts.get((source, timeout))
        if known is None:
            known = lay_out(source, timeout)
            with self._lock:
                self._layouts[source, timeout] = known
        return known

    @contextmanager
    def _asked(self, setting: Setting, priced: Setting) -> Iterator[_Live]:
        """Hand out the run of a setting, which is made where it is not kept."""
        with self._lock:
            asking = self._asking.setdefault(setting.key, Lock())
        with asking:
            with self._lock:
                live = self._shelf.get(setting.key)
                if live is not None:
                    live.asked = True
            if live is None:
                live = _make(setting, priced)
                with self._lock:
                    self._shelf[setting.key] = live
            try:
                yield live
            finally:
                with self._lock:
                    live.asked = False
                    live.close_unless_asked()

    def _remember(self, key: str, live: _Live, question: Hashable, found: object) -> None:
        with self._lock:
            live.answers[question] = found
            if not live.forgotten:
                self._shelf.get(key)  # makes it the newest, so that the others go first
                self._shelf[key] = live  # weighs it anew


def _make(setting: Setting, priced: Setting) -> _Live:
    """Run a setting, if what is ``priced`` can be afforded."""
    try:
        source = setting.source
        _refuse_costly(source.budget(priced))
        prepared = source.prepare(setting)
        began = perf_counter()
        run = prepared.start()
        milliseconds = (perf_counter() - began) * 1e3
        budget = source.budget(setting)
        outcome = Outcome(run.capture, budget, milliseconds, prepared.losses)
    except (LayerError, InputError, TargetError, OwnError, flow.RunError) as error:
        raise Refused(str(error)) from error
    return _Live(run, outcome, _size(outcome))


def _refuse_costly(budget: Budget | None) -> None:
    """Raise Refused where a run costs too much."""
    if budget is not None and budget.refusal:
        raise Refused(budget.refusal)


def _size(outcome: Outcome) -> int:
    """Return the bytes that a run holds: arrays, graph, module and the objects around them."""
    capture = outcome.capture
    arrays = total_bytes(captured(capture))
    budget = outcome.budget
    # What a graph saves and a module holds is, where nobody has counted it, less than the arrays.
    beside = arrays if budget is None else budget.saved_bytes + budget.parameter_bytes
    return arrays + beside + NODE_BYTES * len(capture.nodes)
