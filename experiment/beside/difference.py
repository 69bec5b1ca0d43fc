"""What tells two runs apart, and what is the same: compared, not assumed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from experiment.beside.layers import layers_text
from experiment.feeding import TARGET, first_target
from experiment.running.runs import Outcome
from experiment.setting import Setting
from flow.record import Array
from viz.language import Say


@dataclass(frozen=True)
class Side:
    """One of the two: what was to run, and what happened."""

    setting: Setting
    outcome: Outcome


@dataclass(frozen=True)
class Compared:
    """One thing that may differ: what it is called where it does, and where it does not."""

    differs: bool
    different: str
    same: str


def difference(one: Side, other: Side, say: Say) -> str:
    """Say in two sentences what differs, and what is the same to the bit."""
    compared = list(_compared(one, other, say))
    different = ", ".join(each.different for each in compared if each.differs)
    same = ", ".join(each.same for each in compared if not each.differs and each.same)
    if not different:
        return say("Nothing differs: both are the same run.")
    sentences = [say("Different: {what}.").format(what=different)]
    if same:
        sentences.append(say("The same: {what}.").format(what=same))
    return " ".join(sentences)


def _compared(one: Side, other: Side, say: Say) -> Iterator[Compared]:
    a, b = one.setting, other.setting
    layers = layers_text(a, b, say)
    yield Compared(bool(layers), layers, say("layers"))
    yield _input(one, other, say)
    yield _weights(one, other, say)
    yield Compared(a.loss != b.loss, say("loss"), say("loss"))
    yield _target(one, other, say)
    yield Compared(a.seed != b.seed, say("seed"), say("seed"))
    yield Compared(a.training != b.training, say("training mode"), "")
    yield Compared(a.input_gradient != b.input_gradient, say("gradient at the input"), "")
    yield Compared(a.sgd != b.sgd, say("steps of SGD"), "")
    yield Compared(a.device != b.device, say("device"), "")


def _input(one: Side, other: Side, say: Say) -> Compared:
    apart = _apart(one.outcome.capture.inputs, other.outcome.capture.inputs)
    if apart is None:
        return Compared(True, say("shape of the input"), "")
    return Compared(apart[0] > 0, _counted(say("input"), apart, say), say("input"))


def _weights(one: Side, other: Side, say: Say) -> Compared:
    """Compare the parameters by name; where a layer is in one run only, the others."""
    a, b = (
        {each.name: each.value for each in side.outcome.capture.parameters} for side in (one, other)
    )
    both = [name for name in a if name in b and a[name].shape == b[name].shape]
    if not both:
        return Compared(bool(a or b), say("weights"), "")
    name = say("weights") if len(both) == len(a) == len(b) else say("weights that both have")
    apart = _apart([a[each] for each in both], [b[each] for each in both])
    return Compared(bool(apart and apart[0]), _counted(name, apart or (0, 0), say), name)


def _counted(name: str, apart: tuple[int, int], say: Say) -> str:
    return say("{what} ({count:,} of {all:,})").format(what=name, count=apart[0], all=apart[1])


def _apart(one: Sequence[Array], other: Sequence[Array]) -> tuple[int, int] | None:
    """Return in how many cells arrays differ, and how many they have; None for other shapes."""
    if [each.shape for each in one] != [each.shape for each in other]:
        return None
    differing = (
        int(np.sum(~((a == b) | ((a != a) & (b != b)))))  # NaN is as NaN
        for a, b in zip(one, other, strict=True)
    )
    return sum(differing), sum(each.size for each in one)


def _target(one: Side, other: Side, say: Say) -> Compared:
    """Compare the numbers that the outputs are compared with, changed by hand or not."""
    a, b = one.setting, other.setting
    if a.source.layers is None or b.source.layers is None:
        return Compared(a.target != b.target, say("target"), "")
    first, second = (first_target(side.setting, side.outcome.output_shape) for side in (one, other))
    if first is None or second is None:
        return Compared(first is not second, say("target"), "")
    equal = first.shape == second.shape and bool((first == second).all())
    same = equal and a.edits.of(TARGET) == b.edits.of(TARGET)
    return Compared(not same, say("target"), say("target"))
