"""The playground: choose a network, run it once, look at every gradient."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from models.budget import bytes_text
from pages.parts import link, paste
from pages.parts.controls import sidebar
from pages.parts.editor import editor
from pages.parts.execute import Outcome, Refused, devices, execute, execute_own
from pages.parts.experiment import Experiment
from pages.parts.stage import stage
from pages.parts.text import _, plain
from viz.theme import format_number

FRAME = Path(__file__).parent / "parts" / "frame.css"


def page() -> None:
    """Read the experiment, run it, show it."""
    st.html(f"<style>{FRAME.read_text(encoding='utf-8')}</style>")
    experiment = link.follow_address()
    if experiment.device not in devices():
        st.warning(
            _("device: this server has {devices}, not {device}. CPU is used.").format(
                devices=", ".join(devices()), device=experiment.device
            )
        )
        link.settle(device="cpu")
        experiment = link.current()
    sidebar(experiment)
    paste.box()
    _link_problems()
    outcome, refusal = _run(experiment)
    if experiment.editing and not experiment.own:
        editor(experiment, outcome)
    if outcome is None:
        if not (experiment.editing and refusal.of_network):  # else the editor says it
            st.error(plain(str(refusal)))
        link.write_address()
        return
    _cost(outcome)
    stage(outcome, experiment)


def _run(experiment: Experiment) -> tuple[Outcome | None, Refused]:
    """Return what happened, or None and why it did not."""
    try:
        run = execute_own if experiment.own else execute
        return run(experiment.setting), Refused("")
    except Refused as refusal:
        return None, refusal


def _link_problems() -> None:
    """Say what the link could not say, and keep its text."""
    problems, received = link.problems()
    if problems:
        lines = "\n".join(f"- {problem}" for problem in problems)
        st.warning(_("Part of this link could not be read:") + f"\n{lines}")
        st.code(received, language=None, wrap_lines=True)


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
