"""A static picture of one layer of a run."""

from __future__ import annotations

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from flow.record import Array, Capture, LayerRecord
from viz.maps.heatmap import FIGURE_CELLS, figure, largest_magnitude, tile
from viz.peak import shown_shape

WIDTH, HEIGHT = 900, 460


def gradients(
    capture: Capture, layer: str, *, sample: int = 0, channel: int | None = None
) -> go.Figure:
    """Draw what a layer hands on, on the left, and what arrives, on one colour scale.

    ``sample`` and ``channel`` choose what of a batch is drawn; None draws all channels. Raises
    KeyError when the run has no such layer, IndexError when sample or channel does not exist.
    """
    record = _layer(capture, layer)
    handed = next((array for array in record.downstream if array is not None), None)
    maps = [("Downstream ∂L/∂input", handed), ("Upstream ∂L/∂output", record.upstream)]
    scale = max((_largest(array, sample) for _, array in maps if array is not None), default=0.0)
    titles = [f"{title} · {_said(array)}" for title, array in maps]
    picture = make_subplots(cols=2, subplot_titles=titles, horizontal_spacing=0.08)
    for column, (title, array) in enumerate(maps, start=1):
        if array is None or not array.size:
            continue
        tiles = tile(array.shape, sample=sample, channel=_fitting(array, channel))
        drawn = figure(array, tiles.first(FIGURE_CELLS), title=title, scale=scale)
        drawn.update_traces(showscale=column == 1, xaxis=None, yaxis=None)
        picture.add_trace(drawn.data[0], row=1, col=column)
        axis = "x" if column == 1 else f"x{column}"
        picture.update_xaxes(visible=False, constrain="domain", row=1, col=column)
        picture.update_yaxes(
            visible=False,
            autorange="reversed",
            scaleanchor=axis,
            constrain="domain",
            row=1,
            col=column,
        )
    heading = f"{record.name} · {record.kind}({record.detail})"
    return picture.update_layout(title=heading, width=WIDTH, height=HEIGHT, plot_bgcolor="white")


def _layer(capture: Capture, name: str) -> LayerRecord:
    try:
        return capture.layer(name)
    except KeyError:
        names = ", ".join(layer.name for layer in capture.layers)
        raise KeyError(f"there is no layer {name!r}. This run has {names}.") from None


def _said(array: Array | None) -> str:
    return "no gradient" if array is None else shown_shape(array.shape)


def _largest(array: Array, sample: int) -> float:
    if not array.size:
        return 0.0
    return largest_magnitude(tile(array.shape, sample=sample).block(array))


def _fitting(array: Array, channel: int | None) -> int | None:
    """A matrix has no channel to choose."""
    return channel if array.ndim > 2 else None
