"""Every array of a capture."""

from __future__ import annotations

from collections.abc import Iterator

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
