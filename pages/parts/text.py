"""Short labels in the visitor's language: gettext catalogues under ``locale/``, English without.

A translation is one file: ``locale/ko/LC_MESSAGES/backlight.mo``.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).parents[2] / "locale"
SPOKEN: ContextVar[str | None] = ContextVar("spoken", default=None)
"""The language inside ``speaking``; None where the browser says it."""


def language() -> str:
    """Return the language of the visitor's browser, such as ``ko`` or ``pt_BR``."""
    return (SPOKEN.get() or st.context.locale or "en").replace("-", "_")[:5]


@contextmanager
def speaking(words: str) -> Iterator[None]:
    """Write labels in this language where no browser is at hand: while a file is made for it."""
    before = SPOKEN.set(words)
    try:
        yield
    finally:
        SPOKEN.reset(before)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Load the catalogue of one language, or the empty one, which leaves English as it is."""
    return gettext.translation("backlight", FOLDER, [language], fallback=True)


def _(text: str) -> str:
    """Return a label in the language of the visitor's browser."""
    return _catalogue(language()).gettext(text) if text else ""


def translated(words: Mapping[str, str]) -> dict[str, str]:
    """Return the words of a picture from ``viz`` in the language of the visitor's browser."""
    return {name: _(text) for name, text in words.items()}


def plain(text: str) -> str:
    """Escape a sentence of ours for Markdown."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|$~:" else letter for letter in text)


def code(text: str) -> str:
    """Write a visitor's text as a Markdown code span: no address in it becomes a link."""
    line = " ".join(text.split()) or " "
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}" if longest else f"{fence}{line}{fence}"
