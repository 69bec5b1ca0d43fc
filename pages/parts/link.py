"""The experiment of this visitor: one value in the session, mirrored in the address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages.parts.experiment import DEFAULT, Experiment, from_url

EXPERIMENT, WRITTEN, PROBLEMS, RECEIVED = "experiment", "written", "link_problems", "received"


def follow_address() -> Experiment:
    """Return the experiment, read anew when the visitor opened a link or went back."""
    address = st.query_params.to_dict()
    if address != st.session_state.get(WRITTEN):
        experiment, problems = from_url(address)
        st.session_state[EXPERIMENT] = experiment
        st.session_state[PROBLEMS] = problems
        st.session_state[RECEIVED] = urlencode(address) if problems else ""
        write_address()
    return current()


def current() -> Experiment:
    """Return the experiment as it stands."""
    experiment: Experiment = st.session_state.get(EXPERIMENT, DEFAULT)
    return experiment


def change(**fields: Any) -> None:
    """Change fields of the experiment; what a link could not say is settled with that."""
    st.session_state[EXPERIMENT] = replace(current(), **fields)
    st.session_state[PROBLEMS] = ()
    st.session_state[RECEIVED] = ""


def replace_with(experiment: Experiment) -> None:
    """Begin another experiment."""
    st.session_state[EXPERIMENT] = experiment
    st.session_state[PROBLEMS] = ()
    st.session_state[RECEIVED] = ""


def write_address() -> None:
    """Put the experiment into the address, unless it stands there already."""
    wanted = current().to_url()
    st.session_state[WRITTEN] = wanted
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def problems() -> tuple[tuple[str, ...], str]:
    """Return what the last link could not say, and the link's own text."""
    return st.session_state.get(PROBLEMS, ()), st.session_state.get(RECEIVED, "")


def link() -> str:
    """Return the address of what is on screen."""
    base = (st.context.url or "").split("?")[0]
    query = urlencode(current().to_url())
    return f"{base}?{query}" if query else base
