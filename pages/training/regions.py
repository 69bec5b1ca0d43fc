"""Of points in the plane: which class the network gives each place at a step, under the points."""

from __future__ import annotations

import streamlit as st

from experiment.training.plane import POINTS_SETS, plane
from experiment.written.address import Experiment
from models.build import LayerError
from models.training.step import Frame
from pages.parts import components
from pages.parts.text import _
from viz.pictures.overlay import Layer, overlay_data

OPACITY = 0.4


def regions(experiment: Experiment, frame: Frame) -> None:
    """Draw them where the network is trained on points."""
    if experiment.training.train_data not in POINTS_SETS:
        return
    try:
        seen = plane(experiment.setting, experiment.training.train_data, frame)
    except LayerError:
        return  # it takes batches of the training only
    with st.container(key="training_regions"):
        title = _("What the network says of each place, and the points")
        components.overlay(
            overlay_data([Layer(title, seen.points, seen.classes)], opacity=OPACITY),
            "training_plane",
        )
        st.caption(
            _("Blue: class 0. Red: class 1.")
            if seen.count == 2
            else _("Blue: class 0. No colour: class 1. Red: class 2.")
        )
