"""Captured arrays under names that speak for themselves, as files: npz of all, CSV of a few."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from flow.record import INPUT, Array, Capture, LayerRecord, NodeRecord
from viz.hidden import HIDDEN_NAME, is_hidden

MAX_NPZ_BYTES = 64 * 2**20
"""Most bytes of arrays in one file; it is made in memory, for one visitor of many."""
MAX_CSV_CELLS = 200_000
"""Most lines of a CSV file: some 8 MB of text."""


def captured(capture: Capture) -> dict[str, Array]:
    """Return every array of a run by name.

    ``conv1.input``, ``conv1.output``, ``conv1.upstream``, ``conv1.downstream`` (of several:
    ``add.downstream``, ``add.downstream.1``), ``conv1.weight``, ``conv1.weight.grad``; then
    ``input``, ``input.grad``, ``output``, ``loss``. A gradient inside a layer, which no layer
    shows, has the name of its node: ``n3.upstream``. What is hidden is left out.
    """
    found: dict[str, Array] = {}
    for name, array in _named(capture):
        if array is not None and not is_hidden(array):
            found[_free(name, found)] = array
    if capture.loss is not None:
        found[_free("loss", found)] = np.array(capture.loss)
    known = {id(array) for array in found.values()}
    for node in capture.nodes:
        for name, array in _of_node(node):
            if array is not None and id(array) not in known and not is_hidden(array):
                found[_free(name, found)] = array
    return found


def placed(capture: Capture) -> Iterator[tuple[str, Array]]:
    """Yield every array of a run with the name of its place; one in two places comes twice.

    Names are as in ``captured``; those of nodes come after all others, also where a layer shows
    the same array.
    """
    for name, array in _named(capture):
        if array is not None:
            yield name, array
    if capture.loss is not None:
        yield "loss", np.array(capture.loss)
    for node in capture.nodes:
        for name, array in _of_node(node):
            if array is not None:
                yield name, array


def given(capture: Capture) -> frozenset[str]:
    """Return the names of what a run was given, and of its loss: a link tells all of that."""
    inputs = (name for name, _ in _numbered("input", capture.inputs))
    return frozenset(["loss", *inputs, *(each.name for each in capture.parameters)])


def to_hide(capture: Capture) -> dict[int, list[str]]:
    """Return under which names arrays can be hidden, by the identity of the array."""
    said = given(capture)
    found: dict[int, list[str]] = {}
    for name, array in placed(capture):
        if array.dtype.kind == "f" and HIDDEN_NAME.fullmatch(name):
            found.setdefault(id(array), []).append(name)
    return {key: names for key, names in found.items() if said.isdisjoint(names)}


def _named(capture: Capture) -> Iterator[tuple[str, Array | None]]:
    for layer in capture.layers:
        yield from _of_layer(layer)
    for parameter in capture.parameters:
        yield parameter.name, parameter.value
        yield f"{parameter.name}.grad", parameter.gradient
    yield from _numbered("input", capture.inputs)
    yield from _numbered("output", capture.outputs)


def _of_layer(layer: LayerRecord) -> Iterator[tuple[str, Array | None]]:
    yield from _numbered(f"{layer.name}.upstream", layer.upstreams)
    yield from _numbered(f"{layer.name}.downstream", layer.downstream)
    yield from _numbered(f"{layer.name}.input", layer.inputs)
    yield from _numbered(f"{layer.name}.output", layer.outputs)


def _of_node(node: NodeRecord) -> Iterator[tuple[str, Array | None]]:
    """An input that asks for a gradient is a leaf; the gradients of parameters have names."""
    if node.is_leaf and node.parameter.startswith(INPUT):
        yield from _numbered(f"input{node.parameter.removeprefix(INPUT)}.grad", node.upstream)
    elif not node.is_leaf:
        yield from _numbered(f"{node.id}.upstream", node.upstream)
        yield from _numbered(f"{node.id}.downstream", node.downstream)


def _numbered(name: str, arrays: Sequence[Array | None]) -> Iterator[tuple[str, Array | None]]:
    """Name several arrays: the first has no number."""
    for place, array in enumerate(arrays):
        yield (f"{name}.{place}" if place else name), array


def _free(name: str, taken: Mapping[str, Array]) -> str:
    """Return a name that can stand in an archive and that no other array has."""
    wanted = name.replace("/", "_").replace("\\", "_")
    while wanted in taken:
        wanted += "_"
    return wanted


def total_bytes(arrays: Mapping[str, Array]) -> int:
    """Return how many bytes ``npz`` take in memory."""
    return sum(array.nbytes for array in arrays.values())


def npz(arrays: Mapping[str, Array]) -> bytes:
    """Return the arrays as ``numpy.load`` reads them: same names, shapes, dtypes and bits."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **dict(arrays))
    return file.getvalue()


def cells_csv(arrays: Mapping[str, Array]) -> str:
    """Return one line a cell: the tensor's name, the index on each axis, the value.

    Values have as many digits as tell them from every other number of their type.
    """
    axes = max((array.ndim for array in arrays.values()), default=0)
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    write(["tensor", *(f"axis{axis}" for axis in range(axes)), "value"])
    for name, array in arrays.items():
        unused = [""] * (axes - array.ndim)
        indices = np.ndindex(array.shape) if math.prod(array.shape) else ()
        for index in indices:
            write([name, *index, *unused, str(array[index])])
    return text.getvalue()
