"""A run of which some arrays are hidden, with every other one that holds the same numbers.

It hides from a page, not from somebody who edits its link or the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from flow.record import Array, Capture, Edge, LayerRecord, NodeRecord, ParameterRecord, Problem
from viz.arrays import given, placed
from viz.hidden import Concealed, any_hidden, hide

VALUES = (".input", ".output", "output")
"""How the names of forward values end, which can be coefficients of a sum."""
TRIVIAL = (0.0, 1.0, -1.0)
"""Numbers that tell nothing."""


@dataclass(frozen=True, eq=False)
class Cover:
    """What a run shows."""

    capture: Capture
    """The run, with nothing but the shape of what is hidden."""
    concealed: tuple[Concealed, ...] = ()
    secrets: Array = field(default_factory=lambda: np.zeros(0))
    """Hidden forward values."""

    def tells(self, coefficients: Array) -> bool:
        """Whether hidden forward values stand among coefficients."""
        return bool(len(self.secrets)) and bool(np.isin(coefficients, self.secrets).any())


def covered(capture: Capture, hidden: str) -> tuple[str, ...]:
    """Return the names of all arrays of a run from which a hidden one could be read, it first.

    Names are those of ``viz.arrays.placed``, such as ``conv2.downstream``. The same numbers in
    another order or shape count too: a transposed map tells as much as the map. Empty where the
    run has no array of that name.
    """
    arrays = list(placed(capture))
    meant = next((each for name, each in arrays if name == hidden), None)
    if meant is None:
        return ()
    wanted = _numbers(meant)
    return tuple(dict.fromkeys([hidden, *(n for n, each in arrays if _same(each, wanted))]))


def cover(capture: Capture, names: Sequence[str]) -> Cover:
    """Hide arrays of a run by their names. What is given - inputs, parameters - stays."""
    concealed = tuple(_concealed(capture, name) for name in names)
    arrays = dict(placed(capture))
    hiding = [each.name for each in concealed if each.state == "hidden"]
    if not hiding:
        return Cover(capture, concealed)
    replacing = _Replacing({name: arrays[name] for name in hiding})
    shown = replace(
        capture,
        notes=_Shown(capture, replacing),
        inputs=replacing.all(capture.inputs),
        outputs=replacing.all(capture.outputs),
    )
    values = [each.name for each in concealed if _is_value(each)]
    cells = [np.setdiff1d(arrays[name], TRIVIAL) for name in values]
    return Cover(shown, concealed, np.concatenate([np.zeros(0), *cells]))


def _concealed(capture: Capture, name: str) -> Concealed:
    found = covered(capture, name)
    if not found:
        return Concealed(name, "unknown")
    if not set(found).isdisjoint(given(capture)):
        return Concealed(name, "given")
    if dict(placed(capture))[name].dtype.kind != "f":
        return Concealed(name, "not real")
    return Concealed(name, "hidden", found[1:])


def _is_value(each: Concealed) -> bool:
    names = (each.name, *each.also)
    return each.state == "hidden" and any(name.endswith(VALUES) for name in names)


class _Replacing:
    """Puts arrays without numbers in the place of those that are hidden."""

    def __init__(self, hidden: Mapping[str, Array]) -> None:
        self._hidden = {name: (each, _numbers(each)) for name, each in hidden.items()}
        self._known: dict[int, tuple[Array, Array]] = {}
        """By the identity of an array, which is therefore held."""

    def one(self, array: Array | None) -> Array | None:
        """Return an array, or what stands in its place."""
        if array is None:
            return None
        if id(array) not in self._known:
            self._known[id(array)] = array, self._replaced(array)
        return self._known[id(array)][1]

    def all(self, arrays: Sequence[Array | None]) -> tuple[Any, ...]:
        """Return arrays likewise."""
        return tuple(map(self.one, arrays))

    def _replaced(self, array: Array) -> Array:
        for name, (wanted, numbers) in self._hidden.items():
            if _same(array, numbers):
                in_order = np.array_equal(array.ravel(), wanted.ravel(), equal_nan=True)
                return hide(array, name if in_order else f"{name} in another order")
        return array


class _Shown:
    """The notes of a run, without what is hidden."""

    def __init__(self, capture: Capture, replacing: _Replacing) -> None:
        one, all_ = replacing.one, replacing.all
        self._of = capture
        self.layers = tuple(_layer(each, one, all_) for each in capture.layers)
        self.nodes = tuple(_node(each, one, all_) for each in capture.nodes)
        self.parameters = tuple(_parameter(each, one) for each in capture.parameters)

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Every arrow."""
        return self._of.edges

    def problems_of(self, _capture: Capture) -> tuple[Problem, ...]:
        """Return what is odd about the run, but for what is odd about hidden numbers."""
        silent = set(self._silent())
        return tuple(
            each for each in self._of.problems if silent.isdisjoint({each.node, each.layer} - {""})
        )

    def _silent(self) -> Iterator[str]:
        """Yield nodes and layers with something hidden."""
        for node in self.nodes:
            if any_hidden((*node.upstream, *node.downstream)):
                yield node.id
        for layer in self.layers:
            if any_hidden((*layer.inputs, *layer.outputs, *layer.upstreams, *layer.downstream)):
                yield layer.name


One = Callable[[Array | None], Any]
All = Callable[[Sequence[Array | None]], tuple[Any, ...]]


def _layer(layer: LayerRecord, one: One, all_: All) -> LayerRecord:
    return replace(
        layer,
        inputs=all_(layer.inputs),
        outputs=all_(layer.outputs),
        upstreams=all_(layer.upstreams),
        downstream=all_(layer.downstream),
        parameters=tuple(_parameter(each, one) for each in layer.parameters),
    )


def _node(node: NodeRecord, one: One, all_: All) -> NodeRecord:
    return replace(
        node,
        upstream=all_(node.upstream),
        downstream=all_(node.downstream),
        value=one(node.value),
    )


def _parameter(record: ParameterRecord, one: One) -> ParameterRecord:
    return replace(record, value=one(record.value), gradient=one(record.gradient))


def _numbers(array: Array) -> Array:
    return np.sort(array, axis=None)


def _same(array: Array, wanted: Array) -> bool:
    if array.size != wanted.size:
        return False
    both = array.dtype.kind in "fc" and wanted.dtype.kind in "fc"
    return np.array_equal(_numbers(array), wanted, equal_nan=both)
