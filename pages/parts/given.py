"""Widgets whose value is changed by more than the widget.

A browser that has not heard of such a change yet sends the old value along with the next press of
anything, and Streamlit takes that for a choice of the visitor's. So a widget that is given another
value than its own last one goes on under another key. What comes under the old one is left; so is
what it was given, which comes as new where it was not drawn for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

GIVEN = "given"
"""Where the session keeps name -> how often others changed the value, and the value."""


def given(
    name: str, value: object, take: Callable[[Any], None], among: Collection[object] | None = None
) -> dict[str, Any]:
    """Return key and callback of a widget that shows ``value`` and hands on what is chosen.

    What is not ``among`` the options is left: of two quick choices the second can name an option
    of a list that has changed since, and comes as its bare label.
    """
    serials = st.session_state.setdefault(GIVEN, {})
    serial, last = serials.get(name, (0, value))
    if last != value:
        serial += 1
    serials[name] = serial, value
    key = f"{name}_{serial}" if serial else name
    st.session_state[key] = value

    def taken() -> None:
        now, before = serials[name]
        chosen = st.session_state[key]
        offered = among is None or chosen in among
        if now == serial and offered and chosen != before:
            serials[name] = serial, chosen
            take(chosen)

    return {"key": key, "on_change": taken}
