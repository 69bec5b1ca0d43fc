"""Short labels in the visitor's language: gettext catalogues under ``locale/``, English without.

A translation is one file: ``locale/ko/LC_MESSAGES/backlight.mo``.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).parents[2] / "locale"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Load the catalogue of one language, or the empty one, which leaves English as it is."""
    return gettext.translation("backlight", FOLDER, [language], fallback=True)


def _(text: str) -> str:
    """Return a label in the language of the visitor's browser."""
    language = (st.context.locale or "en").replace("-", "_")[:5]
    return _catalogue(language).gettext(text)
