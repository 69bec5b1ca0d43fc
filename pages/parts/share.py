"""Links that are handed out, behind one button: each to be copied, and to be scanned."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.parts import components
from pages.parts.text import _, say
from viz.share import Offer, share_data


def share(page: str, offers: Callable[[], Sequence[Offer]]) -> None:
    """Offer links of a page; they and their codes are made when the visitor asks for them."""
    menu = st.popover(
        _("Share"), icon=":material/share:", type="tertiary", key="share", on_change="rerun"
    )
    if menu.open:
        with menu:
            components.share(share_data(offers(), say()), f"{page}_share")
