"""Short labels in the visitor's language: the one that was chosen, else the browser's."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from viz import language as languages
from viz.language import CHOSEN, Say

KEPT = "chosen_language"
"""In the session: what the visitor chose, for the pages whose address does not say so yet."""


def language() -> str:
    """Return the visitor's language, such as ``ko`` or ``pt_BR``."""
    return chosen() or (st.context.locale or "en").replace("-", "_")[:5]


def chosen() -> str:
    """Return the language that the visitor chose; empty where the browser decides."""
    here = languages.chosen(st.query_params.get(CHOSEN, ""))
    if here:
        st.session_state[KEPT] = here
    kept: str = here or st.session_state.get(KEPT, "")
    return kept


def say() -> Say:
    """Return what says our sentences in the visitor's language."""
    return languages.speaking(language())


def _(text: str) -> str:
    """Return a label in the visitor's language."""
    return say()(text)


def translated(words: Mapping[str, str]) -> dict[str, str]:
    """Return the words of a picture from ``viz`` in the visitor's language."""
    return languages.translated(words, say())
