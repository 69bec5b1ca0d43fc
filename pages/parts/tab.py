"""The title of the browser's tab, by which two tabs are told apart."""

from __future__ import annotations

import streamlit as st


def name_tab(*parts: str) -> None:
    """Call the tab by what is on it, and last by the product."""
    st.set_page_config(page_title=" · ".join((*parts, "Backlight")))
