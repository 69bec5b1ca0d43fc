"""The page registry: what the navigation lists."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

st.set_page_config(
    page_title="Backlight",
    page_icon=str(Path(__file__).parent / "parts" / "icon.svg"),
    layout="wide",
)
st.navigation([st.Page("playground.py", title="Playground", default=True)]).run()
