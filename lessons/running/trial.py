"""One layer, run once by PyTorch on given numbers, with a given upstream gradient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from torch import Tensor, nn

import flow
from flow.ops import rule_of
from flow.record import Check, Rule
from flow.sparse import CoefficientTable, ForwardTable
from lessons.asking.exercise import Array

LAYER = "layer"
"""What the layer is called in the run, so in the names of coefficients: ``layer.weight[0,0]``."""


class SettingError(ValueError):
    """A layer that cannot run as it is set; the message says what must hold and what to do."""


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
    rule: Rule
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
    value = value.detach().clone().requires_grad_()
    with flow.run(module, value, upstream=upstream) as run:
        record = run.capture.layer(LAYER)
        node = record.nodes[0]
        rule = rule_of(run.capture.node(node))
        assert rule is not None  # noqa: S101 - the layers of the lessons have one
        downstream, output = record.downstream[0], record.output
        assert downstream is not None  # noqa: S101 - the input asks for a gradient
        assert output is not None  # noqa: S101 - nothing here works in place
        return Trial(
            node=run.capture.node(node).name,
            rule=rule,
            value=value.detach().numpy(),
            output=output,
            upstream=upstream.detach().numpy(),
            downstream=downstream,
            table=run.table(node, 0),
            made=run.forward(LAYER),
            parameters={
                each.name.rpartition(".")[2]: ParameterTrial(
                    each.value, each.gradient, run.table(each.node)
                )
                for each in record.parameters
                if each.gradient is not None and each.node is not None
            },
            checks=run.check(node),
        )


def terms(table: CoefficientTable, upstream: Array, place: int) -> tuple[tuple[float, float], ...]:
    """Return coefficient and upstream cell of every term behind the cell at a row-major place."""
    rows = np.flatnonzero(table.cells == place)
    if not rows.size:
        return ()
    there = slice(int(table.offsets[rows[0]]), int(table.offsets[rows[0] + 1]))
    cells = upstream.reshape(-1)[table.places[there]]
    return tuple(zip(table.coefficients[there].tolist(), cells.tolist(), strict=True))
