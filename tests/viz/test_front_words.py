"""The browser has every word that its modules say, in the visitor's language."""

from __future__ import annotations

import json
import re

import pytest

from viz.front_code import FOLDER, words_file
from viz.language import english
from viz.words.front import front_words

SAID = re.compile(r"\b(?:words|text|labels)\.(\w+)\b(?!\()")
OTHERWISE = {"length", "digits", "font"}
"""What else ``text`` may have."""
UNITS = ("channels", "slices", "kernels", "rows", "cells")
PACKED = {"empty", *(f"showing_{unit}" for unit in UNITS)}
"""Words of maps that Python puts into their sentences."""


def code(folder: str) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in (FOLDER / folder).glob("*.js"))


@pytest.mark.parametrize(
    "folder",
    [
        "actions",
        "cells",
        "editor",
        "graph",
        "guess",
        "line",
        "overlay",
        "paint",
        "start",
        "steps",
        "strip",
    ],
)
def test_what_a_view_says_is_among_its_words(folder: str) -> None:
    said = set(SAID.findall(code(folder))) - OTHERWISE
    assert said
    words = front_words(english)
    # The menu above the graph has the words of the workbench.
    assert said <= {*words, *words[folder], *(words["workbench"] if folder == "graph" else ())}


def test_every_word_is_said_somewhere() -> None:
    everything = "".join(code(folder.name) for folder in FOLDER.iterdir() if folder.is_dir())
    for part, words in front_words(english).items():
        # Terms of the glossary are pointed at by their key, by any text of a page.
        for name in words.keys() - PACKED if part != "glossary" else ():
            start, _line, _rest = name.partition("_")
            ways = [rf"[.\"\s\[{{]{name}\b", rf"`{start}_\$"]
            ways += [r"\}_help`"] if name.endswith("_help") else []
            assert any(re.search(way, everything) for way in ways), f"{part}: {name}"


def test_every_word_can_be_translated() -> None:
    marked = front_words(lambda text: f"#{text}")
    assert all(word.startswith("#") for words in marked.values() for word in words.values())
    assert json.loads(words_file("en")) == front_words(english)
