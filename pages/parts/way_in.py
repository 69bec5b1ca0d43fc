"""The playground as other pages link to it."""

from __future__ import annotations

import streamlit as st


class Playground(st.Page):
    """The playground, which has the address of the app itself.

    Streamlit writes that address as nothing, so a link with parameters that is opened in a new tab
    would stay on the page that it stands on.
    """

    def __init__(self) -> None:
        super().__init__("playground.py", default=True)

    @property
    def url_path(self) -> str:
        """Where a link leads from any page of the app."""
        return "./"
