"""The experiment of this visitor: one value in the session, mirrored in the address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages.parts.experiment import DEFAULT, Experiment, from_url

EXPERIMENT = "experiment"
ADDRESS = "address"
"""The query parameters that stand for the experiment, as far as the server knows."""
IN_ADDRESS = "in_address"
"""The experiment they stand for."""
CHANGED = "changed"
"""Whether a control has changed the experiment in this run."""
PROBLEMS, RECEIVED = "link_problems", "received"


def follow_address() -> Experiment:
    """Return the experiment, read anew when the visitor opened a link or went back.

    A control was quicker than the browser where both changed: the address that came with it is
    the one before the last change, so it is not read.
    """
    address = st.query_params.to_dict()
    if address != st.session_state.get(ADDRESS) and not st.session_state.get(CHANGED):
        experiment, problems = from_url(address)
        st.session_state[ADDRESS] = address
        st.session_state[EXPERIMENT] = st.session_state[IN_ADDRESS] = experiment
        st.session_state[PROBLEMS] = problems
        st.session_state[RECEIVED] = urlencode(address) if problems else ""
    return current()


def current() -> Experiment:
    """Return the experiment as it stands."""
    experiment: Experiment = st.session_state.get(EXPERIMENT, DEFAULT)
    return experiment


def change(**fields: Any) -> None:
    """Change fields of the experiment; what a link could not say is settled with that."""
    replace_with(replace(current(), **fields))


def replace_with(experiment: Experiment) -> None:
    """Begin another experiment."""
    st.session_state[EXPERIMENT] = experiment
    st.session_state[CHANGED] = True
    st.session_state[PROBLEMS] = ()
    st.session_state[RECEIVED] = ""


def settle(**fields: Any) -> None:
    """Take what is shown in the place of what the address asks for and does not exist.

    The address stays as it came: it is the visitor's, and writing it would add a step to Back.
    """
    settled = replace(current(), **fields)
    if current() == st.session_state.get(IN_ADDRESS):
        st.session_state[IN_ADDRESS] = settled
    st.session_state[EXPERIMENT] = settled


def write_address() -> None:
    """Put the experiment into the address, unless the address stands for it already."""
    st.session_state[CHANGED] = False
    if current() == st.session_state.get(IN_ADDRESS):
        return
    st.session_state[IN_ADDRESS] = current()
    wanted = current().to_url()
    if wanted != st.session_state.get(ADDRESS):
        st.session_state[ADDRESS] = wanted
        st.query_params.from_dict(wanted)


def problems() -> tuple[tuple[str, ...], str]:
    """Return what the last link could not say, and the link's own text."""
    return st.session_state.get(PROBLEMS, ()), st.session_state.get(RECEIVED, "")


def link() -> str:
    """Return the address of what is on screen."""
    base = (st.context.url or "").split("?")[0]
    query = urlencode(current().to_url())
    return f"{base}?{query}" if query else base
