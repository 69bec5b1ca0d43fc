"""The part of the sidebar that says how a network is trained over many steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from experiment.training.suiting import suiting
from experiment.training.training import MAX_MOMENTUM, Training
from experiment.written.address import Experiment
from models.training.data import DATA
from models.training.optimizers import OPTIMIZERS
from models.training.plan import MAX_BATCH, MAX_CLIP, MAX_STEPS, OWN_DATA
from pages.controls.rate import rate
from pages.parts import link
from pages.parts.given import given
from pages.parts.text import _
from viz.markdown import plain


def section(experiment: Experiment) -> None:
    """Draw the switch that opens the training, and while it is open how it is done."""
    training = experiment.training
    with st.sidebar, st.container(key="train"):
        st.toggle(
            _("Train over many steps"),
            help=_("Opens below the run: the loss and every layer's gradient, step by step."),
            **given("control_train", training.train, lambda on: link.change(train=on)),
        )
        if training.train:
            _data(experiment)
            _optimizer(training)
            rate(
                "train_rate",
                _("Learning rate of the training"),
                training.train_rate,
                lambda read: planned(train_rate=read),
            )
            _numbers(training)


def planned(**fields: Any) -> None:
    """Change the plan; what was trained by another one is gone."""
    link.change(**fields, train_run=0, train_at=None)


def _into(field: str) -> Callable[[Any], None]:
    return lambda value: planned(**{field: value})


def _data(experiment: Experiment) -> None:
    """Offer data sets; nothing where only the run's own input fits."""
    chosen = experiment.training.train_data
    fitting = list(suiting(experiment.setting))
    offered = fitting if chosen in fitting else [*fitting, chosen]
    if len(offered) == 1:
        return
    lines = [f"- **{_(kind.label)}**: {plain(_(kind.help))}" for kind in DATA.values()]
    own = _("The run's own input and target, the same in every step.")
    st.selectbox(
        _("Data"),
        offered,
        format_func=lambda name: data_label(name),
        help="\n".join([f"- **{data_label(OWN_DATA)}**: {own}", *lines]),
        **given("control_train_data", chosen, _into("train_data"), offered),
    )


def data_label(name: str) -> str:
    """Name what a network is trained on."""
    return _("Own input and target") if name == OWN_DATA else _(DATA[name].label)


def _optimizer(training: Training) -> None:
    def take(name: str) -> None:
        planned(train_with=name, train_rate=OPTIMIZERS[name].rate)

    kinds = OPTIMIZERS.values()
    st.selectbox(
        _("Optimizer"),
        list(OPTIMIZERS),
        format_func=lambda name: _(OPTIMIZERS[name].label),
        help="\n".join(f"- **{_(kind.label)}**: {plain(_(kind.help))}" for kind in kinds),
        **given("control_train_with", training.train_with, take, OPTIMIZERS),
    )


def _numbers(training: Training) -> None:
    with st.container(horizontal=True, key="train_numbers"):
        _whole(_("Steps"), "train_steps", training.train_steps, MAX_STEPS)
        if training.train_data != OWN_DATA:
            _whole(_("Batch"), "train_batch", training.train_batch, MAX_BATCH)
        if OPTIMIZERS[training.train_with].has_momentum:
            st.number_input(
                _("Momentum"),
                min_value=0.0,
                max_value=MAX_MOMENTUM,
                step=0.05,
                format="%.2f",
                width=108,
                **given("control_train_momentum", training.train_momentum, _two("train_momentum")),
            )
        st.number_input(
            _("Clip norm at"),
            min_value=0.0,
            max_value=MAX_CLIP,
            step=0.5,
            format="%.2f",
            width=108,
            help=_(
                "Where the norm of all gradients together is larger, all of them are scaled down "
                "to it, as torch.nn.utils.clip_grad_norm_ does. 0 clips nothing."
            ),
            **given("control_train_clip", training.train_clip, _two("train_clip")),
        )


def _whole(label: str, field: str, value: int, most: int) -> None:
    def take(count: int) -> None:
        planned(**{field: int(count)})

    held = given(f"control_{field}", value, take)
    st.number_input(label, min_value=1, max_value=most, step=1, width=108, **held)


def _two(field: str) -> Callable[[float], None]:
    """Take a number with as many decimals as a link has."""
    return lambda value: planned(**{field: round(float(value), 2)})
