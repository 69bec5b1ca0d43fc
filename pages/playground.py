"""The playground: choose a network, run it once, look at every gradient."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from experiment.running.runs import Outcome, Refused
from experiment.running.turnstile import Busy
from experiment.written.address import Experiment
from models.budget import bytes_text
from pages.controls import beside, paste, sgd, train
from pages.controls.sidebar import sidebar
from pages.parts import link
from pages.parts.asking import devices, execute
from pages.parts.stage import stage
from pages.parts.tab import name_tab
from pages.parts.text import _, say
from pages.parts.turns import refuse, runs, tell, waiting_room
from pages.training.section import section as training
from viz.language import retold
from viz.markdown import plain
from viz.theme import format_number


def page() -> None:
    """Read the experiment, run it, show it."""
    waiting_room("page")
    try:
        with runs().turn(tell):
            _show(*_controls())
    except Busy as busy:
        experiment, first = _controls()
        refuse(busy, "page")
        sgd.section(experiment, None)
        train.section(experiment)
        beside.section(experiment, None, first)
        stage(None, experiment)


def _controls() -> tuple[Experiment, DeltaGenerator]:
    """Draw what decides what is run; return it, and the place above all controls."""
    experiment = link.follow_address()
    if experiment.setting.device not in devices():
        st.warning(
            _("device: this server has {devices}, not {device}. CPU is used.").format(
                devices=", ".join(devices()), device=experiment.setting.device
            )
        )
        link.settle(device="cpu")
        experiment = link.current()
    name_tab(experiment.setting.source.name, _("Playground"))
    first = sidebar(experiment)
    paste.box()
    link.show_problems()
    paste.notice(experiment)
    return experiment, first


def _show(experiment: Experiment, first: DeltaGenerator) -> None:
    """Run the experiment and show it, or say why it cannot run."""
    above = st.container(key="above")
    outcome, refusal = _run(experiment)
    with above:
        if outcome is None and not _is_edited(experiment):
            st.error(plain(retold(str(refusal), say())))  # else the editor says it
        trouble = "" if outcome is None else sgd.trouble(experiment.setting, outcome)
        if trouble:
            st.warning(plain(trouble))
    sgd.section(experiment, outcome)
    train.section(experiment)
    found = beside.section(experiment, outcome, first)
    if found.refusal:
        above.error(found.refusal)
    if outcome is not None:
        _cost(outcome)
    stage(outcome, experiment, found.apart)
    training(experiment, outcome)


def _is_edited(experiment: Experiment) -> bool:
    return experiment.view.editing and experiment.setting.source.layers is not None


def _run(experiment: Experiment) -> tuple[Outcome | None, Refused]:
    """Return what happened, or None and why it did not."""
    try:
        return execute(experiment.setting), Refused("")
    except Refused as refusal:
        return None, refusal


def _cost(outcome: Outcome) -> None:
    """Write the budget line: what the run cost."""
    budget = outcome.budget
    facts = [_("{parameters:,} parameters").format(parameters=outcome.parameters)]
    if budget is not None:
        kept = bytes_text(budget.saved_bytes)
        facts.append(_("{saved} kept for the backward").format(saved=kept))
    time = format_number(outcome.milliseconds, 2)
    facts.append(_("recorded in {time} ms").format(time=time))
    with st.sidebar:
        st.caption(" · ".join(facts))


page()
