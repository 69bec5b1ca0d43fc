"""What can be changed by hand before a run: cells of its input, its target and its parameters.

A browser holds the changes itself. It asks for the tensor as it is without any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiment.feeding import TARGET, UPLOAD, first_input, first_target
from experiment.running.runs import Outcome
from experiment.setting import Setting
from flow.record import Array, is_cell
from models.cell_edits import LARGEST, MAX_EDITED
from models.inputs import INPUTS
from models.losses import LOSSES
from models.shapes import Shape, shape_text
from models.spec import INPUT
from models.targets import CLASSES
from viz.language import Say
from viz.maps.heatmap import Role
from viz.paint import Canvas, Tool, leading, pack, plane
from viz.peak import shown_shape
from viz.strip.changes import ByHand


@dataclass(frozen=True, eq=False)
class Changeable:
    """A tensor whose cells can be changed: as it is without changes, and how it is shown."""

    original: Array
    role: Role
    tool: Tool
    below: int = 0
    """Cells are whole numbers below this one; 0 where they are any numbers."""

    @property
    def axes(self) -> Shape:
        """Sizes of the axes that choose a plane of it."""
        return leading(self.original.shape, self.role)


@dataclass(frozen=True)
class Before:
    """A setting without changes by hand, and what happened then."""

    setting: Setting
    outcome: Outcome
    """Before the first step of SGD, where the changes have their place."""
    loss: float | None
    """After the last step."""


def canvas_answer(before: Before, asked: tuple[str, Shape], say: Say) -> bytes:
    """Return one plane of a tensor, what else can be changed, and what is said of both.

    ``asked`` is the tensor's name and the plane. What does not exist is replaced by what comes
    first, and a sentence says so.
    """
    setting, outcome = before.setting, before.outcome
    name, at = asked
    tensors = changeable(setting, outcome)
    problems = []
    if name not in tensors:
        sentence = say("hand: there is no {name} here that could be changed. {first} is shown.")
        problems.append(sentence.format(name=name, first=INPUT))
        name, at = INPUT, ()
    tensor = tensors[name]
    if at and not is_cell(at, tensor.axes):
        sentence = say("plane: {name} has no map {came}. The first one is shown.")
        problems.append(sentence.format(name=name, came=shape_text(at)))
    if not is_cell(at, tensor.axes):
        at = (0,) * len(tensor.axes)
    canvas = Canvas(
        key=name,
        name=f"{name} {shown_shape(tensor.original.shape)}",
        original=tensor.original,
        plane=plane(tensor.original.shape, tensor.role, at),
        tool=tensor.tool,
        whole=tensor.below > 0,
        largest=tensor.below - 1 if tensor.below else LARGEST,
    )
    around = {
        "tensors": [
            {"name": each, "label": f"{_named(each, say)} · {shown_shape(found.original.shape)}"}
            for each, found in tensors.items()
        ],
        "axes": list(_axes(name, at, tensor.axes, say)),
        "at": shape_text(at) if any(at) else "",
        "about": about(setting, name, say),
        "problems": problems,
        "most": MAX_EDITED,
    }
    return pack(canvas, around, before.loss)


def changeable(setting: Setting, outcome: Outcome) -> dict[str, Changeable]:
    """Return every tensor whose cells can be changed, by name.

    ``outcome`` is without changes and before the first step of SGD.
    """
    words, values = setting.words, first_input(setting).numpy()
    tool: Tool = "number" if words else "brush"
    found = {INPUT: Changeable(values, "activation", tool, words.size if words else 0)}
    target = first_target(setting, outcome.output_shape)
    if target is not None:
        classes = 0 if target.is_floating_point() else outcome.output_shape[1]
        found[TARGET] = Changeable(target.numpy(), "activation", "number", classes)
    for layer in outcome.capture.layers:
        for record in layer.parameters:
            found.setdefault(record.name, Changeable(record.value, "parameter", "number"))
    return found


def by_hand(setting: Setting, first: Callable[[], Outcome]) -> ByHand:
    """Return which cells of a setting are changed.

    ``first`` returns what happens without changes, before the first step of SGD.
    """
    changed = [(name, place) for name in setting.edits.names() for place in setting.edits.of(name)]
    names = tuple(setting.edits.names())
    if len(changed) > 1:
        return ByHand(len(changed), names)
    ((name, place),) = changed
    tensor = changeable(setting.unedited, first()).get(name)
    if tensor is None or place >= tensor.original.size:
        return ByHand(1, names)  # the run is without it, and says so
    index = tuple(int(at) for at in np.unravel_index(place, tensor.original.shape))
    now = setting.edits.of(name)[place]
    return ByHand(1, names, (index, float(tensor.original[index]), now))


def about(setting: Setting, name: str, say: Say) -> str:
    """Say what a tensor is and where its cells come from."""
    if name == INPUT and setting.input == UPLOAD:
        return say("What the network is fed: your picture.")
    if name == INPUT:
        kind = INPUTS[setting.input]
        return f"{say('What the network is fed:')} {say(kind.label)}. {say(kind.help)}"
    if name == TARGET and LOSSES[setting.loss].targets == CLASSES:
        return say("The right class of each sample, a whole number counted from 0.")
    if name == TARGET:
        return f"{say('What the loss is computed with:')} {say(LOSSES[setting.loss].help)}"
    if setting.sgd.steps:
        return say(
            "A parameter before the first step of SGD, as the seed made it. Every change runs the "
            "network anew, with all steps."
        )
    return say("A parameter, as the seed made it. Every change runs the network anew.")


def _named(name: str, say: Say) -> str:
    return {INPUT: say("input"), TARGET: say("target")}.get(name, name)


def _axes(name: str, at: Shape, axes: Shape, say: Say) -> Iterator[dict[str, Any]]:
    """Yield what is known of each axis that chooses a plane, and which index is chosen."""
    if name in (INPUT, TARGET):
        known: tuple[str, ...] = (say("Sample"), say("Channel"))
    else:
        known = (say("Output"), say("Input")) if len(axes) == 2 else (say("Row"),)
    for axis, size in enumerate(axes):
        label = known[axis] if axis < len(known) else say("Axis {axis}").format(axis=axis)
        yield {"label": label, "size": size, "at": at[axis], "sample": name == INPUT and axis == 0}
