"""The words that the browser says itself, by the view that says them.

A page of the app fetches those of its language from beside the modules (see ``viz.front_code``); a
notebook and the file without a server bring them along. What is said of a run stands in the answers
about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from viz.actions import ACTIONS_WORDS
from viz.cells import CELLS_WORDS
from viz.graphs.autograd import GRAPH_WORDS
from viz.guess import GUESS_WORDS
from viz.language import Say, translated
from viz.maps.rows import Labels
from viz.maps.sums import SUM_WORDS
from viz.paint import PAINT_WORDS
from viz.pictures.line import LINE_WORDS
from viz.pictures.overlay import OVERLAY_WORDS
from viz.pictures.timeline import TIMELINE_WORDS
from viz.share import SHARE_WORDS
from viz.start.words import START_WORDS
from viz.strip.steps import STEPS_WORDS
from viz.strip.strip import STRIP_WORDS
from viz.words.beside import BESIDE_WORDS
from viz.words.editor import EDITOR_WORDS
from viz.words.glossary import glossary_words
from viz.words.hide import HIDE_WORDS
from viz.words.language import LANGUAGE_WORDS
from viz.words.tour import TOUR_WORDS
from viz.words.workbench import ROOM_WORDS, STATUS_WORDS, WORKBENCH_WORDS

FrontWords = Mapping[str, Mapping[str, str]]


def front_words(say: Say) -> FrontWords:
    """Return the words in a visitor's language."""
    return {
        "actions": translated(ACTIONS_WORDS, say),
        "beside": translated(BESIDE_WORDS, say),
        "cells": translated(CELLS_WORDS, say),
        "editor": translated(EDITOR_WORDS, say),
        "glossary": glossary_words(say),
        "graph": translated(GRAPH_WORDS, say),
        "guess": translated(GUESS_WORDS, say),
        "hide": translated(HIDE_WORDS, say),
        "language": translated(LANGUAGE_WORDS, say),
        "line": translated(LINE_WORDS, say),
        "maps": translated(asdict(Labels()), say),
        "overlay": translated(OVERLAY_WORDS, say),
        "paint": translated(PAINT_WORDS, say),
        "room": translated(ROOM_WORDS, say),
        "share": translated(SHARE_WORDS, say),
        "start": translated(START_WORDS, say),
        "status": translated(STATUS_WORDS, say),
        "steps": translated(STEPS_WORDS, say),
        "strip": translated(STRIP_WORDS, say),
        "sum": translated(SUM_WORDS, say),
        "timeline": translated(TIMELINE_WORDS, say),
        "tour": translated(TOUR_WORDS, say),
        "workbench": translated(WORKBENCH_WORDS, say),
    }
