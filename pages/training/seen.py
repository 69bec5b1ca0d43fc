"""What is seen of a training: its timeline, and of one step and layer the whole gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from experiment.training.layers import by_layer, frame_at, norms_by_layer
from experiment.training.plane import POINTS_SETS
from experiment.written.address import Experiment
from models.training.step import Step
from pages.parts import components, link
from pages.parts.held import is_whole
from pages.training.regions import regions
from pages.training.whole import whole
from viz.pictures.timeline import Timeline, timeline_data

TIMELINE = "training_timeline"
"""Key of the component in the session."""


def training(experiment: Experiment, steps: Sequence[Step], *, goes_on: bool) -> None:
    """Draw the timeline, and beside it one step where nothing goes on.

    Of points the regions stand beside it, and the whole gradient below.
    """
    left, right = st.columns([11, 9], gap="medium")
    with left:
        _timeline(experiment, steps)
    if goes_on or not steps:
        return
    asked = _step(experiment, steps)
    at, frame = frame_at(steps, asked)
    has_regions = experiment.training.train_data in POINTS_SETS
    with left if has_regions else right:
        whole(steps, at, _layer(experiment, steps), asked)
    with right:
        regions(experiment, frame, at)


def _step(experiment: Experiment, steps: Sequence[Step]) -> int:
    """Return the step that is looked at; the last one where none is chosen, or one that is not."""
    at = experiment.training.train_at
    last = len(steps) - 1
    return last if at is None else min(at, last)


def _layer(experiment: Experiment, steps: Sequence[Step]) -> str:
    """Return the layer that is looked at; the first one where there is none of that name."""
    layers = list(by_layer(steps[0].names))
    chosen = experiment.training.train_layer
    return chosen if chosen in layers else layers[0]


def _timeline(experiment: Experiment, steps: Sequence[Step]) -> None:
    layers = list(by_layer(steps[0].names)) if steps else []
    ended = bool(steps) and steps[-1].trouble is not None
    planned = len(steps) if ended else experiment.training.train_steps
    line = Timeline(
        steps=planned,
        losses=[step.loss for step in steps],
        layers=layers,
        norms=norms_by_layer(steps) if steps else np.zeros((0, 0)),
        step=_step(experiment, steps) if steps else 0,
        layer=_layer(experiment, steps) if steps else "",
        clips=experiment.training.train_clip > 0,
    )
    heard = link.hear(TIMELINE, _take)
    components.timeline(timeline_data(line, heard), TIMELINE)


def _take(experiment: Experiment, place: object) -> Experiment:
    """Take the step and the layer that the browser says; what makes no sense is left."""
    if not isinstance(place, Mapping):
        return experiment
    step, layer = place.get("step"), place.get("layer")
    if not is_whole(step, experiment.training.train_steps - 1) or not isinstance(layer, str):
        return experiment
    looked = replace(experiment.training, train_at=step, train_layer=layer)
    return replace(experiment, training=looked)
