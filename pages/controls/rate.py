"""A learning rate: picked from some that are offered, or typed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from experiment.readers import read_rate
from models.sgd import rate_text
from pages.parts.given import given
from pages.parts.text import say

RATES = ("0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3", "10")
"""Offered, each about three times the one before; any other can be typed."""


def rate(
    name: str, label: str, now: float, take: Callable[[float], None], hint: str | None = None
) -> None:
    """Draw it as a control of this name; what is typed and is no rate is said below it.

    That is said until another rate is typed, or comes from elsewhere.
    """
    problem, text = f"{name}_problem", rate_text(now)

    def typed(answer: str) -> None:
        read, wrong = read_rate(answer.strip(), say())
        st.session_state[problem] = (text, f"{label}: {wrong}" if wrong else "")
        if not wrong:
            take(read)

    st.selectbox(
        label,
        sorted({*RATES, text}, key=float),
        accept_new_options=True,
        help=hint,
        **given(f"control_{name}", text, typed),
    )
    beside, wrong = st.session_state.get(problem, (text, ""))
    if wrong and beside == text:
        st.error(wrong)
