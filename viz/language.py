"""Words in a visitor's language: gettext catalogues under ``locale/``, English without.

A translation is one file: ``locale/ko/LC_MESSAGES/backlight.mo``.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from flow.said import Said

FOLDER = Path(__file__).parents[1] / "locale"

ENGLISH = "en"
CHOSEN = "lang"
"""The part of an address that says which language a visitor chose; without it the browser does."""
OWN_NAME = "English"
"""What a language is called in itself: each catalogue says its own name in the place of this."""
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(_[A-Za-z]{2,4})?", re.ASCII)

Say = Callable[[str], str]
"""An English sentence or label of ours -> the same in a visitor's language.

Of a sentence with values (``flow.said``), its words and those of its values.
"""


def english(text: str) -> str:
    """Return a sentence as it is: nobody translates it, or somebody who shows it will."""
    return text


def known(language: str) -> str:
    """Return the catalogue of a language, ``ko`` for ``ko-KR``; where there is none, English."""
    name = language.replace("-", "_")
    found = LANGUAGE.fullmatch(name) and gettext.find("backlight", FOLDER, [name])
    return Path(found).parts[-3] if found else ENGLISH


def chosen(text: str) -> str:
    """Return the language that an address chooses; empty where there is none of this name."""
    return text if text in languages() else ""


def preferred(accepted: str) -> str:
    """Return the language that a browser's header ``Accept-Language`` asks for first."""
    return known(accepted.split(",")[0].split(";")[0].strip())


@cache  # every label asks
def languages() -> tuple[str, ...]:
    """Return every language that can be spoken."""
    files = FOLDER.glob("*/LC_MESSAGES/backlight.mo")
    return (ENGLISH, *sorted(file.parts[-3] for file in files))


@lru_cache(maxsize=64)  # a browser may ask for any language
def speaking(language: str) -> Say:
    """Return what says our sentences in a language such as ``ko`` or ``pt_BR``.

    What its catalogue lacks stays English.
    """
    catalogue = gettext.translation("backlight", FOLDER, [language], fallback=True)

    def say(text: str) -> str:
        if isinstance(text, Said):
            return text.spoken(say)
        # The entry under the empty text is the catalogue's own head.
        return catalogue.gettext(text) if text else ""

    return say


def retold(text: str, say: Say) -> str:
    """Return a sentence of the engine in a visitor's language; what is not ours, as it is."""
    return text.spoken(say) if isinstance(text, Said) else text


def translated(words: Mapping[str, str], say: Say) -> dict[str, str]:
    """Return the words of a picture in a visitor's language."""
    return {name: say(text) for name, text in words.items()}
