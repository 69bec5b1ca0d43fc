"""The prose of a lesson: a Markdown file a language in its folder, cut at its ``##`` headings.

A section may hold ``[[name]]`` where the page puts a number that it has just computed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
FIRST_LANGUAGE = "en"
"""Complete; another language may lack sections, and these are shown in this one."""

_HEADING = re.compile(r"^## +(.+?) *$", re.MULTILINE)
_PLACE = re.compile(r"\[\[(\w+)\]\]")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Text:
    """The sections of one lesson by name."""

    lesson: str
    sections: Mapping[str, str]

    def section(self, name: str, **numbers: str) -> str:
        """Return a section with its places filled in; KeyError names what is missing."""
        if name not in self.sections:
            raise KeyError(f"{self.lesson}: its text has no section {name!r}.")
        return _PLACE.sub(lambda place: self._filled(name, place[1], numbers), self.sections[name])

    def _filled(self, section: str, place: str, numbers: Mapping[str, str]) -> str:
        if place not in numbers:
            raise KeyError(f"{self.lesson}, {section}: no number is given for [[{place}]].")
        return numbers[place]

    def numbered(self, prefix: str) -> tuple[str, ...]:
        """Return the names ``<prefix> 1``, ``<prefix> 2``, ... as far as they exist."""
        names: list[str] = []
        while f"{prefix} {len(names) + 1}" in self.sections:
            names.append(f"{prefix} {len(names) + 1}")
        return tuple(names)


@cache
def read(lesson: str, language: str) -> Text:
    """Return the text of a lesson, in English where the language lacks a section."""
    sections = dict(_sections(FOLDER / lesson / f"{FIRST_LANGUAGE}.md"))
    if _LANGUAGE.fullmatch(language) and (own := FOLDER / lesson / f"{language}.md").is_file():
        sections |= _sections(own)
    return Text(lesson, sections)


def _sections(file: Path) -> dict[str, str]:
    """Cut a file at its headings; what stands before the first one is a note to translators."""
    parts = _HEADING.split(file.read_text(encoding="utf-8"))
    return {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}
