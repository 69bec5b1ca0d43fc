"""Sentences that remember how they were made, so that whoever shows them can say them again.

The engine and the models say what is wrong in English, where it is found. Who asked may speak
another language, which only the place that shows the sentence knows. So a sentence is its English
text, and carries the words of it, with places for what differs, and what stands in these places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import reduce

PLACE = re.compile(r"\{[^{}]*\}")


class Said(str):
    """An English text that can be said in another language."""

    __slots__ = ("template", "values")

    template: str
    """Its words, which a catalogue may hold, with places such as ``{layer}`` for the values."""
    values: dict[str, object]
    """What stands in the places; texts among them may be said ones themselves."""

    def __new__(cls, template: str, values: dict[str, object]) -> Said:
        """Fill in the values. Without any, brackets in the words are brackets."""
        made = super().__new__(cls, template.format(**values) if values else template)
        made.template = template
        made.values = values
        return made

    def __str__(self) -> str:
        """Return itself: what an exception was given is what ``str`` makes of it."""
        return self

    def __reduce__(self) -> tuple[type[Said], tuple[str, dict[str, object]]]:
        """Tell pickle and copy how it was made."""
        return Said, (self.template, self.values)

    def spoken(self, say: Callable[[str], str]) -> str:
        """Return it in the language of ``say``, which knows the words of templates."""
        words = say(self.template) if has_words(self.template) else self.template
        if not self.values:
            return words
        values = {name: spoken(value, say) for name, value in self.values.items()}
        return words.format(**values)


def said(template: str, /, **values: object) -> Said:
    """Return a sentence of ours; of an error among its values, what the error says."""
    told = {name: _told(value) for name, value in values.items()}
    return Said(template, told)


def joined(parts: Iterable[object], between: str = " ") -> Said:
    """Return texts one behind the other, each of which keeps its words."""
    values = {f"part{number}": part for number, part in enumerate(parts)}
    return Said(between.join(f"{{{name}}}" for name in values), values)


def chained(parts: Iterable[str], template: str) -> str:
    """Return texts joined two by two: ``{one} and {other}``; empty for none."""
    found = tuple(parts)
    return reduce(lambda one, other: said(template, one=one, other=other), found) if found else ""


def spoken(value: object, say: Callable[[str], str]) -> object:
    """Return a said text in another language, and anything else as it is."""
    return value.spoken(say) if isinstance(value, Said) else value


def has_words(template: str) -> bool:
    """Whether anything stands in a template but places and signs."""
    return any(letter.isalpha() for letter in PLACE.sub("", template))


def _told(value: object) -> object:
    return str(value) if isinstance(value, BaseException) else value
