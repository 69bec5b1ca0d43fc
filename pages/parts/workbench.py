"""The workbench on the page: what it is told, and the one message that comes from it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import streamlit as st

from experiment.written.address import (
    VERSION,
    Experiment,
    base_query,
    begun,
    run_query,
    training_query,
    unedited_query,
)
from pages.parts import link
from pages.parts.components import workbench as component
from pages.parts.text import language
from pages.take_away.menu import file_name, tools
from serving.version import version

HEARING = "workbench_heard"
"""In the session once the workbench has been mounted."""


@st.fragment(key="workbench_fragment")
def workbench(shown: Experiment, runs: bool, apart: str) -> None:
    """Mount the workbench for what was run; ``runs`` tells whether it could be.

    ``apart`` says what tells it from the run beside it; empty where none is shown.

    A message of its own runs this alone. Where it says more than what is looked at, it runs the
    whole page: another run has other controls beside it.
    """
    experiment = link.current()
    if _on_the_page(experiment) != _on_the_page(shown):
        st.rerun()
    if runs:
        tools(experiment)
    said = component(_data(experiment, runs=runs, apart=apart), link.WORKBENCH, link.current)
    _recover(said)


def _on_the_page(experiment: Experiment) -> tuple[object, ...]:
    """Return what more than the workbench depends on."""
    hides = experiment.training.train and experiment.view.conceals
    return experiment.setting, experiment.beside, experiment.view.editing, hides


def _data(experiment: Experiment, *, runs: bool, apart: str) -> dict[str, Any]:
    """Return what the workbench is told."""
    setting, heard = experiment.setting, link.heard()
    return {
        "answers": f"answers/{version()}/",
        "language": language(),
        "version": VERSION,
        "query": run_query(experiment),
        "run": unedited_query(experiment),
        "base": base_query(experiment),
        "decided": link.decided(),
        "also": training_query(experiment),
        "view": experiment.view.plain(),
        "edits": setting.edits.plain(),
        "heard": heard and {"view": heard.view.plain(), "edits": heard.setting.edits.plain()},
        "since": link.since(),
        "linked": link.is_in_address(),
        "begun": begun(setting.model).view.plain(),
        "runs": runs,
        "layers": setting.source.layers is not None,
        "file": file_name(experiment),
        "beside": _beside(experiment, apart) if apart else None,
    }


def _beside(experiment: Experiment, apart: str) -> dict[str, str]:
    """Return the queries of both runs, each alone, and what tells them apart."""
    a, b = experiment.setting, experiment.beside[0]
    return {"a": run_query(Experiment(a)), "b": run_query(Experiment(b)), "apart": apart}


def _recover(said: object) -> None:
    """After a restart of the server take over what the browser still shows.

    The session is new, but the page was not loaded anew: the first message tells what it shows.
    """
    known = st.session_state.setdefault(HEARING, False)
    st.session_state[HEARING] = True
    message = link.read(said)
    now = link.current()
    if known or message is None:
        return
    if (message.base, message.run or unedited_query(now)) == (base_query(now), unedited_query(now)):
        return
    link.open_address(dict(parse_qsl(message.base if message.run is None else message.run)))
    link.replace_with(message.onto(link.current()))
    st.rerun()
