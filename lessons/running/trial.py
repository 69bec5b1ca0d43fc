"""Layers, run once by PyTorch on given numbers, with a given upstream gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor, nn

import flow
from flow.ops import rule_of
from flow.record import Check, LayerRecord, Rule
from flow.said import spoken
from flow.sparse import CoefficientTable, ForwardTable
from lessons.asking.exercise import Array
from viz.language import Say

TURNED = "TBackward0"
"""The node of a linear layer that turns its weight: no gradient of its own is asked for."""
OF_INPUT = {"AddmmBackward0": 1}
"""Which input of a node is the layer's, where it is not the first one: here the bias is."""

LAYER = "layer"
"""What the layer is called in the run, so in the names of coefficients: ``layer.weight[0,0]``."""


class SettingError(ValueError):
    """A layer that cannot run as it is set; the message says what must hold and what to do.

    The message is English. A page says ``words`` in the visitor's language, with ``numbers`` in
    their places ``{such}``.
    """

    def __init__(self, words: str, **numbers: int | str) -> None:
        super().__init__(words.format(**numbers) if numbers else words)
        self.words = words
        self.numbers = numbers

    def said(self, say: Say) -> str:
        """Return the message in a visitor's language."""
        numbers = {name: spoken(number, say) for name, number in self.numbers.items()}
        words = say(self.words)
        return words.format(**numbers) if numbers else words


@dataclass(frozen=True, eq=False)
class ParameterTrial:
    """One parameter, its gradient, and the sums behind it."""

    value: Array
    gradient: Array
    table: CoefficientTable


@dataclass(frozen=True, eq=False)
class Trial:
    """What went into a layer, what came out, and how the gradients relate."""

    node: str
    """Name of the layer's autograd node, such as ``ConvolutionBackward0``."""
    rule: Rule | None
    """None where no rule is written for the node."""
    value: Array
    output: Array
    upstream: Array
    """dL/d output, as it was given."""
    downstream: Array
    """dL/d input, as autograd computed it."""
    table: CoefficientTable
    """The sum of upstream cells behind every downstream cell."""
    made: ForwardTable
    """The sum of input cells, and of a constant, that every output cell is."""
    parameters: Mapping[str, ParameterTrial]
    """By their short names: ``weight``, ``bias``."""
    checks: tuple[Check, ...]
    """The node's gradients, computed in three other ways."""


def run_layer(layer: nn.Module, value: Tensor, upstream: Tensor) -> Trial:
    """Run a layer of one autograd node; ``upstream`` is shaped like its output."""
    module = nn.Sequential()
    module.add_module(LAYER, layer)
    return run_layers(module, [value], upstream)[LAYER]


def run_layers(
    module: nn.Module, values: Sequence[Tensor], upstream: Tensor
) -> Mapping[str, Trial]:
    """Run a network on its inputs, each asked for a gradient if it can have one.

    Returns a trial of every layer that is made of one autograd node, by its name: of what reaches
    it first and of what it returns first. That a linear layer turns its weight first does not
    count. ``upstream`` is shaped like the output of the network.
    """
    inputs = [each.detach().clone().requires_grad_(each.is_floating_point()) for each in values]
    with flow.run(module, tuple(inputs), upstream=upstream) as run:
        layers = [each for each in run.capture.layers if len(_operations(run, each)) == 1]
        return {each.name: _tried(run, each) for each in layers}


def _operations(run: flow.Run, layer: LayerRecord) -> list[str]:
    """Return the nodes of a layer that are not those of its parameters."""
    leaves = {each.node for each in layer.parameters}
    own = [node for node in layer.nodes if node not in leaves]
    return [node for node in own if run.capture.node(node).name != TURNED]


def _tried(run: flow.Run, layer: LayerRecord) -> Trial:
    (node,) = _operations(run, layer)
    name = run.capture.node(node).name
    return Trial(
        node=name,
        rule=rule_of(run.capture.node(node)),
        value=_known(layer.inputs[0]),
        output=_known(layer.output),
        upstream=_known(layer.upstreams[0]),
        downstream=_known(layer.downstream[0]),
        table=run.table(node, OF_INPUT.get(name, 0)),
        made=run.forward(layer.name),
        parameters={
            each.name.rpartition(".")[2]: ParameterTrial(
                each.value, each.gradient, run.table(each.node)
            )
            for each in layer.parameters
            if each.gradient is not None and each.node is not None
        },
        checks=run.check(node),
    )


def _known(array: Array | None) -> Array:
    assert array is not None  # noqa: S101 - nothing in a lesson works in place or is cut off
    return array


def terms(table: CoefficientTable, upstream: Array, place: int) -> tuple[tuple[float, float], ...]:
    """Return coefficient and upstream cell of every term behind the cell at a row-major place."""
    rows = np.flatnonzero(table.cells == place)
    if not rows.size:
        return ()
    there = slice(int(table.offsets[rows[0]]), int(table.offsets[rows[0] + 1]))
    cells = upstream.reshape(-1)[table.places[there]]
    return tuple(zip(table.coefficients[there].tolist(), cells.tolist(), strict=True))
