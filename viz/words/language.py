"""Which languages there are to choose from, each called by its own name."""

from __future__ import annotations

from collections.abc import Mapping

from viz.language import OWN_NAME, english, languages, speaking

LANGUAGE_WORDS: Mapping[str, str] = {
    "label": english("Language"),
    "skip": english("Skip to main content"),
}
"""What the choice is called, and what Streamlit says only in English."""
NAME = english(OWN_NAME)


def own_names() -> dict[str, str]:
    """Return every language and its name in itself."""
    return {language: speaking(language)(NAME) for language in languages()}
