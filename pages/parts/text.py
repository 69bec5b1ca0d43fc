"""Short labels in the language of the visitor's browser."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from viz import language as languages
from viz.language import Say


def language() -> str:
    """Return the language of the visitor's browser, such as ``ko`` or ``pt_BR``."""
    return (st.context.locale or "en").replace("-", "_")[:5]


def say() -> Say:
    """Return what says our sentences in the language of the visitor's browser."""
    return languages.speaking(language())


def _(text: str) -> str:
    """Return a label in the language of the visitor's browser."""
    return say()(text)


def translated(words: Mapping[str, str]) -> dict[str, str]:
    """Return the words of a picture from ``viz`` in the language of the visitor's browser."""
    return languages.translated(words, say())
