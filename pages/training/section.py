"""The section below the run in which a network is trained over many steps."""

from __future__ import annotations

import streamlit as st

from experiment.running.runs import Outcome
from experiment.running.work import Progress
from experiment.training.losses import loss_name
from experiment.training.suiting import refusal
from experiment.training.work import TrainingWork
from experiment.written.address import Experiment
from models.losses import LOSSES
from models.sgd import rate_text
from models.training.optimizers import OPTIMIZERS
from models.training.plan import OWN_DATA
from pages.controls.train import data_label
from pages.parts import link
from pages.parts.following import follow, forget, progress_of
from pages.parts.text import _, say
from pages.training import seen
from pages.training.trouble import trouble
from viz.language import retold
from viz.markdown import plain

PROGRESS = "training"
"""Key of what was done in the session, as long as the section is open."""


def section(experiment: Experiment, outcome: Outcome | None) -> None:
    """Draw it where it is open; a network that cannot run is not trained."""
    if not experiment.training.train:
        forget(PROGRESS)
        return
    with st.container(key="training"):
        st.markdown(f"### {_('Training over many steps')}")
        problem = _problem(experiment, outcome)
        if problem:
            st.warning(plain(retold(problem, say())))
            return
        _trained(experiment)


def _problem(experiment: Experiment, outcome: Outcome | None) -> str:
    if outcome is None:
        return _("The network must run before it can be trained.")
    if experiment.view.conceals:
        return _("A map of this run is hidden, and a training would tell it. Reveal it first.")
    parameters = outcome.capture.parameters
    if not any(each.gradient is not None for each in parameters):
        return _("No parameter here gets a gradient, so a step moves nothing.")
    size = sum(each.value.nbytes for each in parameters)
    return refusal(experiment.setting, experiment.training.plan, size)


def _trained(experiment: Experiment) -> None:
    """Do the steps that are asked for, and show them."""
    training = experiment.training
    progress = progress_of(PROGRESS, TrainingWork(experiment.setting, training.plan))
    wanted = training.wanted
    _presses(experiment, progress)

    def draw() -> None:
        goes_on = progress.is_behind(wanted)
        steps = progress.frames[:wanted]
        if goes_on:
            sentence = _("{done} of {wanted} steps").format(done=len(steps), wanted=wanted)
            st.progress(len(steps) / wanted, text=sentence)
        elif steps and steps[-1].trouble is not None:
            trouble(training, len(steps) - 1, steps[-1].trouble)
        seen.training(experiment, steps, goes_on=goes_on)

    follow("training", progress, wanted, draw)


def _presses(experiment: Experiment, progress: Progress) -> None:
    """Offer what can be done next, and say what is trained."""
    training = experiment.training
    wanted = training.wanted
    done = min(len(progress.frames), wanted)
    goes_on = progress.is_behind(wanted)
    over = done == training.train_steps or (progress.is_over and not goes_on)
    with st.container(horizontal=True, vertical_alignment="center", key="train_presses"):
        if goes_on:
            st.button(
                _("Pause"),
                icon=":material/pause:",
                key="train_pause",
                on_click=lambda: link.change(train_run=len(progress.frames)),
            )
        elif not (done and over):
            st.button(
                _("Go on") if done else _("Start"),
                type="primary",
                icon=":material/play_arrow:",
                key="train_start",
                on_click=_run,
                args=(training.train_steps,),
            )
        if wanted:
            st.button(
                _("Begin anew"),
                icon=":material/restart_alt:",
                key="train_reset",
                on_click=_run,
                args=(0,),
            )
        st.caption(plain(_summary(experiment)))


def _run(steps: int) -> None:
    link.change(train_run=steps, train_at=None)


def _summary(experiment: Experiment) -> str:
    """Say in a line how the network is trained."""
    training = experiment.training
    parts = [
        data_label(training.train_data),
        _(OPTIMIZERS[training.train_with].label),
        _("learning rate {rate}").format(rate=rate_text(training.train_rate)),
        _("{count} steps").format(count=training.train_steps),
    ]
    if training.train_clip:
        parts.append(_("norm clipped at {most}").format(most=f"{training.train_clip:g}"))
    if training.train_data != OWN_DATA:
        loss = LOSSES[loss_name(experiment.setting.loss, training.plan)]
        parts.insert(1, _("loss {loss}").format(loss=_(loss.label)))
    return " · ".join(parts)
