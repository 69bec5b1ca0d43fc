"""One run of ``conv1 -> upsample -> conv2 -> fc`` as the start page tells it.

Every number is read from the run: values, gradients, and the terms that autograd's own node gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from flow.record import GradientPlace, NodeRecord, cell_at
from flow.sparse import CONSTANT
from viz.language import Say
from viz.scene.live import LiveRun
from viz.start.equation import Factor, Summand, equation, is_whole, reads_exactly
from viz.start.picture import Array, largest, map_data, matrix

LAYERS = ("conv1", "upsample", "conv2", "fc")
INPUT, LOSS = 0, len(LAYERS) + 1
"""Places of the boxes around the layers'."""
Lane = str
"""``"value"`` or ``"gradient"``."""


@dataclass(frozen=True)
class Origin:
    """What one number is made of."""

    summands: tuple[Summand, ...]
    cells: tuple[tuple[Lane, int, int], ...]
    """Lane, box and cell of each number on the screen that goes into it."""


NOTHING = Origin((), ())


def story_data(live: LiveRun, say: Say) -> dict[str, Any]:
    """Return boxes, steps and what is said before the first one."""
    teller = _Teller(live, say)
    boxes = [teller.box(place) for place in range(LOSS + 1)]
    loss = teller.values[LOSS].item()
    return {
        "boxes": boxes,
        "steps": [teller.step(place) for place in range(LOSS, INPUT, -1)],
        "before": {
            "lead": say("The values have gone forward"),
            "rest": say(", and the loss is there. Next, its gradient goes back."),
            "parts": equation((), Factor(loss, say("the loss")), say),
        },
    }


class _Teller:
    """Reads one run."""

    def __init__(self, live: LiveRun, say: Say) -> None:
        self._live, self._say = live, say
        capture = live.capture
        layers = [capture.layer(name) for name in LAYERS]
        self.values = [
            matrix(each)
            for each in (capture.inputs[0], *map(_there, (layer.output for layer in layers)))
        ]
        self.values.append(np.array([[capture.loss]], np.float32))
        self._gradients = [matrix(_there(layer.upstream)) for layer in layers]
        self._gradients.append(matrix(_there(capture.nodes[0].upstream[0])))
        self._names = [say("the data"), *LAYERS, say("the loss")]
        self._does = [
            say("the data"),
            say("weighs each cell"),
            say("copies each cell"),
            say("weighs 3×3 cells"),
            say("weighs all 4"),
            say("how wrong"),
        ]

    def box(self, place: int) -> dict[str, Any]:
        """Return a box with both its maps."""
        say = self._say
        titles = {INPUT: say("input"), LOSS: say("loss")}
        value = self._map("value", place, self.values[place], largest(self.values))
        gradient = None
        if place != INPUT:
            scale = largest(self._gradients)
            gradient = self._map("gradient", place, self._gradients[place - 1], scale)
        return {
            "title": titles.get(place, self._names[place]),
            "does": self._does[place],
            "value": value,
            "gradient": gradient,
            "none": say("data stays as it is") if gradient is None else "",
        }

    def step(self, place: int) -> dict[str, Any]:
        """Return what is said when the gradient of a box is there, and the cell it is said of."""
        lead, rest = self._sentence(place)
        return {"box": place, "cell": self._telling(place), "lead": lead, "rest": rest}

    def _telling(self, place: int) -> int:
        """Return the largest cell whose whole sum can be shown and added; the largest of all, else.

        A sum tells more than a single product, so one goes before where there is any.
        """
        gradients = self._gradients[place - 1].reshape(-1)
        order: list[int] = np.argsort(-np.abs(gradients), kind="stable").tolist()
        sums = {cell: self._backward(place, cell).summands for cell in order}
        exact = [
            cell
            for cell in order
            if is_whole(sums[cell])
            and reads_exactly(sums[cell], Factor(gradients[cell].item(), ""))
        ]
        return next((cell for cell in exact if len(sums[cell]) > 1), (exact or order)[0])

    def _sentence(self, place: int) -> tuple[str, str]:
        say = self._say
        match LOSS - place:
            case 0:
                rest = say(": if it grew a little, the loss would grow by just as much.")
                return say("The gradient of the loss is 1"), rest
            case 1:
                rest = say(", times the slope of the squared error.")
                return say("The loss hands its gradient back to fc"), rest
            case 2:
                rest = say(", times each cell's weight.")
                return say("fc hands its gradient back to conv2"), rest
            case 3:
                rest = say(": a cell adds up what each window gives it.")
                return say("conv2 hands its gradient back to upsample"), rest
            case _:
                rest = say(": each cell adds up its four copies.")
                return say("upsample hands its gradient back to conv1"), rest

    def _map(self, lane: Lane, place: int, values: Array, scale: float) -> dict[str, Any]:
        name = partial(self._name, lane, place, values.shape)
        drawn = map_data(values, scale, [name(cell) for cell in range(values.size)])
        for cell, (data, value) in enumerate(
            zip(drawn["cells"], values.reshape(-1).tolist(), strict=True)
        ):
            origin = self._forward(place, cell) if lane == "value" else self._backward(place, cell)
            where = self._where(values.shape, cell)
            this = self._say("this cell, {where}").format(where=where) if where else name(cell)
            data["parts"] = equation(origin.summands, Factor(value, this), self._say)
            data["from"] = origin.cells
        return drawn

    def _name(self, lane: Lane, place: int, shape: Sequence[int], cell: int) -> str:
        """Return what a cell is called."""
        of = self._names[place]
        text = of if lane == "value" else self._say("gradient of {what}").format(what=of)
        where = self._where(shape, cell)
        return f"{text}, {where}" if where else text

    def _where(self, shape: Sequence[int], cell: int) -> str:
        say = self._say
        if tuple(shape) == (1, 1):
            return ""
        if tuple(shape) == (2, 2):
            corners = (say("top left"), say("top right"), say("bottom left"), say("bottom right"))
            return corners[cell]
        row, column = cell_at(cell, tuple(shape))
        return say("row {row}, column {column}").format(row=row + 1, column=column + 1)

    def _forward(self, place: int, cell: int) -> Origin:
        """Return what a value is made of."""
        say = self._say
        if place == INPUT:
            return NOTHING
        before = self.values[place - 1].reshape(-1)
        cells = ("value", place - 1)
        if place == LOSS:
            output = Factor(before.item(), say("output − target, which is 0"))
            return Origin(((output, output),), ((*cells, 0),))
        layer = self._live.capture.layer(LAYERS[place - 1])
        made = self._live.forward_cell(layer.name, cell_at(cell, _there(layer.output).shape))
        summands: list[Summand] = []
        for at, coefficient in zip(made.places.tolist(), made.coefficients.tolist(), strict=True):
            if at == CONSTANT:
                summands.append((Factor(coefficient, say("bias")),))
                continue
            value = Factor(before[at].item(), self._names[place - 1])
            weighed = (Factor(coefficient, say("weight")), value)
            summands.append(weighed if layer.parameters else (value,))
        read = tuple((*cells, at) for at in made.places.tolist() if at != CONSTANT)
        return Origin(tuple(summands), read)

    def _backward(self, place: int, cell: int) -> Origin:
        """Return what a gradient is made of."""
        if place == LOSS:
            return NOTHING
        say, after = self._say, place + 1
        node, part = self._giver(place)
        shape = _there(node.downstream[part]).shape
        found = self._live.explain(node.id, part, cell_at(cell, shape))
        weight = say("slope: 2 × (output − target)") if after == LOSS else say("weight")
        copies = after < LOSS and not self._live.capture.layer(LAYERS[after - 1]).parameters
        summands: list[Summand] = []
        for upstream, coefficient in zip(
            found.upstreams.tolist(), found.coefficients.tolist(), strict=True
        ):
            gradient = Factor(upstream, self._name("gradient", after, (1, 1), 0))
            summands.append((gradient,) if copies else (gradient, Factor(coefficient, weight)))
        return Origin(
            tuple(summands), tuple(("gradient", after, at) for at in found.places.tolist())
        )

    def _giver(self, place: int) -> tuple[NodeRecord, int]:
        """Return the node, and which of its gradients, that a box's gradient comes from."""
        capture = self._live.capture
        if place + 1 == LOSS:
            there: GradientPlace | None = capture.layer(LAYERS[-1]).output_places[0]
        else:
            there = capture.layer(LAYERS[place]).input_places[0]
        assert there is not None  # noqa: S101 - every layer here is on the way of the gradient
        (giver,) = capture.givers[there]
        return giver


def _there(array: Array | None) -> Array:
    assert array is not None  # noqa: S101 - the example's values and gradients all are
    return array
