"""The controls of what the output is compared with: a target, or one cell of the output."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from experiment.written.address import Experiment
from models.losses import LOSSES
from models.shapes import Shape
from models.targets import CELLS, TARGETS, cell_name, chosen_cell, is_inside
from pages.parts import link
from pages.parts.asking import output_shape
from pages.parts.given import given
from pages.parts.text import _

FEW_CLASSES = 10
"""Offered where only a run tells how many classes there are."""


def label(name: str) -> str:
    """Return what a target is called."""
    if chosen_cell(name) is not None:
        return _("A cell of your choice")
    return _(TARGETS[name].label).format(number=TARGETS[name].number)


def options(experiment: Experiment) -> Sequence[str]:
    """Return the targets that suit the loss and, where it is known, the output."""
    kind, shape = LOSSES[experiment.setting.loss], output_shape(experiment.setting)
    if shape is None:
        return kind.targets[:FEW_CLASSES]
    if kind.targets != CELLS or not shape:
        return kind.choices(shape, experiment.setting.labels)
    own = (
        experiment.setting.target
        if chosen_cell(experiment.setting.target)
        else cell_name((0,) * len(shape))
    )
    return (*CELLS, own)


def cell_fields(experiment: Experiment) -> None:
    """Draw one number field for each axis of the output, where one of its cells is chosen."""
    shape, cell = output_shape(experiment.setting), chosen_cell(experiment.setting.target)
    if experiment.setting.loss != "cell" or shape is None or cell is None:
        return
    if not is_inside(cell, shape):
        cell = (0,) * len(shape)  # the run is refused, and says why; any number mends it
    with st.container(horizontal=True, key="cell_fields"):
        for axis, size in enumerate(shape):
            st.number_input(
                _("Index {axis}").format(axis=axis),
                min_value=0,
                max_value=max(size - 1, 1),
                step=1,
                width=88,
                disabled=size == 1,
                **given(f"control_cell_{axis}", cell[axis], partial(_take, axis, cell)),
            )


def _take(axis: int, cell: Shape, index: int) -> None:
    """Choose another cell."""
    link.change(target=cell_name((*cell[:axis], int(index), *cell[axis + 1 :])))
