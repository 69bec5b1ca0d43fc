"""Of points in the plane: which class the network gives each place at a step, under the points."""

from __future__ import annotations

from base64 import b64encode

import streamlit as st

from experiment.training.plane import POINTS_SETS, plane
from experiment.written.address import Experiment
from models.build import LayerError
from models.training.step import Frame
from pages.parts.text import _
from viz.markdown import plain
from viz.markup import markup
from viz.pictures.plane import plane_svg


def regions(experiment: Experiment, frame: Frame, step: int) -> None:
    """Draw them where the network is trained on points, as the step found it."""
    if experiment.training.train_data not in POINTS_SETS:
        return
    try:
        seen = plane(experiment.setting, experiment.training.train_data, frame)
    except LayerError:
        return  # it takes batches of the training only
    with st.container(key="training_regions"):
        title = _("Decision regions, and the points")
        st.markdown(f"**{plain(title)}**")
        encoded = b64encode(plane_svg(seen).encode()).decode()
        st.html(markup("plane", picture=f"data:image/svg+xml;base64,{encoded}", title=title))
        colours = (
            _("Blue: class 0. Red: class 1.")
            if seen.count == 2
            else _("Blue: class 0. White: class 1. Red: class 2.")
        )
        st.caption(f"{_('The network before step {step}.').format(step=step)} {colours}")
