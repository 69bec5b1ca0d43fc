"""A run in a notebook, Jupyter or marimo: the whole workbench, or a static picture of one layer.

import flow
from viz.notebook import show

run = flow.run(model, x, loss=lambda output: output.square().mean())
show(run)
"""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING, overload

import plotly.graph_objects as go

from viz.answering.live import Run
from viz.notebook.static import gradients
from viz.scene.choice import first_node

if TYPE_CHECKING:
    from viz.notebook.widget import Workbench

STATIC_ONLY = "anywidget is not installed, so this is a static picture: pip install anywidget"


@overload
def show(
    run: Run, layer: None = None, *, sample: int = 0, channel: int | None = None
) -> Workbench: ...


@overload
def show(run: Run, layer: str, *, sample: int = 0, channel: int | None = None) -> go.Figure: ...


def show(
    run: Run, layer: str | None = None, *, sample: int = 0, channel: int | None = None
) -> Workbench | go.Figure:
    """Show a run in a notebook.

    Args:
        run: a ``flow.Run``. The workbench asks it for what it shows, so leave it open. How the
            first layer's values are made is known where the input asked for a gradient.
        layer: name of a layer, to get a static picture of its gradients.
        sample: which sample of the batch is seen (first).
        channel: which channel is seen (first); None: all of them.

    Returns:
        Without ``layer`` the whole workbench, a ``viz.notebook.widget.Workbench``: an anywidget,
        whose ``view`` says what is looked at. With it, and with a warning where anywidget is not
        installed, a plotly figure: the layer's downstream gradient left of its upstream gradient,
        on one colour scale.

    Raises:
        KeyError: the run has no such layer.
        IndexError: a picture is asked of a sample or channel that does not exist.

    """
    if layer is None:
        if find_spec("anywidget"):
            from viz.notebook.widget import Workbench

            return Workbench(run, sample=sample, channel=channel)
        warnings.warn(STATIC_ONLY, stacklevel=2)
        layer = run.capture.node(first_node(("", ""), run.capture)).layer
    return gradients(run.capture, layer, sample=sample, channel=channel)
