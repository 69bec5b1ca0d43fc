"""y = 3x with a vector: what one backward leaves in ``x.grad``, and what a list of calls does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch

from experiment.setting import of_preset
from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, Mistake, choice
from lessons.autograd.tape.play import VALUES, State, play
from lessons.autograd.tape.programs import TRIPLE, VECTOR
from lessons.running.trial import SettingError, Trial, run_layer
from models.kinds.arithmetic import Scale
from viz.language import english

FACTOR = 3.0
CALLS: Mapping[str, str] = {
    "bvr": english("y.backward(v, retain_graph=True)"),
    "bv": english("y.backward(v)"),
    "none": english("x.grad = None"),
    "zeros": english("x.grad.zero_()"),
}
"""What can be done on the list of which ``x.grad`` is predicted; keys are those of ``ACTIONS``."""
TWICE = ("bvr", "bv")
NOTHING_YET = english(
    "Calls: x.grad must be numbers after the last one, and PyTorch says None. End the list with a "
    "backward that runs: after one without retain_graph=True no other does."
)


def triple() -> Experiment:
    """Return y = 3x in the playground, with the same vector."""
    return Experiment(of_preset("triple"))


@dataclass(frozen=True)
class Tripled:
    """One backward through y = 3x, begun with the vector."""

    def run(self) -> Trial:
        """Run the layer of the playground, recorded."""
        value, upstream = torch.tensor(VALUES["x"]), torch.tensor(VECTOR)
        return run_layer(Scale(FACTOR), value, upstream)

    def exercises(self) -> Mapping[str, Callable[[Trial], Exercise]]:
        """Ask for ``x.grad``."""
        return {"grad": grad_exercise}

    def in_playground(self) -> Experiment:
        """Open the same product."""
        return triple()


def grad_exercise(trial: Trial) -> Exercise:
    """Choose what ``x.grad`` holds."""
    vector = np.array(VECTOR)
    cells = {
        "vector ignored": np.full(2, FACTOR),
        "product": FACTOR * vector,
        "factor ignored": vector,
    }
    found = trial.downstream.reshape(-1)
    truth = next(key for key, each in cells.items() if np.allclose(each, found))
    options = {key: f"({each[0]:g}, {each[1]:g})" for key, each in cells.items()}
    return choice("grad", {**options, "error": english("an error")}, truth)


@dataclass(frozen=True)
class Called:
    """A list of calls on y = 3x."""

    calls: tuple[str, ...] = TWICE

    def run(self) -> tuple[State, ...]:
        """Do them one after the other; raises SettingError where no number is left to predict."""
        states = play(TRIPLE, VECTOR, self.calls)
        if states[-1]["x"].grad is None:
            raise SettingError(NOTHING_YET)
        return states

    def exercises(self) -> Mapping[str, Callable[[Sequence[State]], Exercise]]:
        """Ask for ``x.grad`` after the list."""
        return {"calls": partial(calls_exercise, self.calls)}

    def in_playground(self) -> Experiment:
        """Open one backward of it."""
        return triple()


def calls_exercise(calls: Sequence[str], states: Sequence[State]) -> Exercise:
    """Predict ``x.grad`` after the list."""
    found = counted(calls)
    vector = np.array(VECTOR)
    once, none = FACTOR * vector, np.zeros(2)
    scaled = once * FACTOR ** (found.added - 1) if found.added else none
    mistakes: dict[str, Array] = {
        "replaced": once if found.added else none,
        "reset forgotten": found.ever * once,
        "refused counted": found.asked * once,
        "scaled twice": scaled,
        "vector ignored": np.full(2, found.added * FACTOR),
        "factor ignored": found.added * vector,
    }
    return Exercise(
        "calls",
        np.array([states[-1]["x"].grad]),
        tuple(Mistake(key, cells.reshape(1, 2)) for key, cells in mistakes.items()),
    )


@dataclass(frozen=True)
class Counted:
    """How often a list adds to ``x.grad``, as one counts it by hand."""

    added: int
    """Backward passes that ran since the last reset."""
    asked: int
    """Backward passes since then, those that are refused too."""
    ever: int
    """Backward passes that ran since the beginning."""


def counted(calls: Sequence[str]) -> Counted:
    """Count: after a backward without ``retain_graph=True`` none runs any more."""
    added = asked = ever = 0
    freed = False
    for call in calls:
        if call in ("none", "zeros"):
            added = asked = 0
            continue
        asked += 1
        added += not freed
        ever += not freed
        freed = freed or call == "bv"
    return Counted(added, asked, ever)
