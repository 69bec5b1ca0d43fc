"""What strip and step control show of a run: made once a run and language, not at every choice."""

from __future__ import annotations

from typing import Any

import streamlit as st

from flow.record import Capture
from pages.parts.execute import BY_ADDRESS
from pages.parts.experiment import Experiment
from pages.parts.text import translated
from viz.step import SENTENCE_LIMIT, STEP_TEXT, step_data
from viz.strip import STRIP_TEXT, Strip, make_strip, strip_data

KEPT = 64
"""Strips, and lists of sentences, kept for all visitors together."""
STRIDE = SENTENCE_LIMIT // 4
"""Steps that share one list of sentences in a pass too long for one."""


def strip_of(setting: Experiment, capture: Capture, node: str) -> dict[str, Any]:
    """Return the strip's data with one node chosen."""
    text = translated(STRIP_TEXT)
    return strip_data(capture, node, text, strip=_strip(setting, text, capture))


def steps_of(setting: Experiment, capture: Capture, step: int | None) -> dict[str, Any]:
    """Return the step control's data at one step; None when nobody steps."""
    around = 0
    if step is not None and len(capture.nodes) > SENTENCE_LIMIT:
        around = step // STRIDE * STRIDE
    return {**_steps(setting, translated(STEP_TEXT), around, capture), "step": step}


@st.cache_resource(max_entries=KEPT, show_spinner=False, hash_funcs=BY_ADDRESS)
def _strip(setting: Experiment, text: dict[str, str], _capture: Capture) -> Strip:  # noqa: ARG001
    return make_strip(_capture, text)


@st.cache_resource(max_entries=KEPT, show_spinner=False, hash_funcs=BY_ADDRESS)
def _steps(
    setting: Experiment,  # noqa: ARG001 - with the words, it tells one capture from another
    text: dict[str, str],
    around: int,
    _capture: Capture,
) -> dict[str, Any]:
    return step_data(_capture, around, text)
