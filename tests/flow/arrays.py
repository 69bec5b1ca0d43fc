"""Every array of a capture."""

from __future__ import annotations

from collections.abc import Iterator

from numpy.lib.array_utils import byte_bounds

from flow.record import Array, Capture


def every_array(capture: Capture) -> Iterator[Array]:
    """Yield them all; some come more than once."""
    for node in capture.nodes:
        yield from (a for a in (*node.upstream, *node.downstream, node.value) if a is not None)
    for layer in capture.layers:
        for arrays in (layer.inputs, layer.outputs, layer.upstreams, layer.downstream):
            yield from (a for a in arrays if a is not None)
    for record in capture.parameters:
        yield from (a for a in (record.value, record.gradient) if a is not None)
    yield from (*capture.inputs, *capture.outputs)


def held_bytes(capture: Capture) -> int:
    """Return the bytes of memory in which those arrays lie, each byte once."""
    total, end = 0, 0
    for low, high in sorted(byte_bounds(array) for array in every_array(capture) if array.size):
        total += max(0, high - max(low, end))
        end = max(end, high)
    return total
