"""Lesson: where the maximum stood, and what that tells backward."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from experiment.setting import of_preset
from experiment.written.address import Experiment
from lessons.blocks import (
    Again,
    Choose,
    Columns,
    Controls,
    Derivation,
    Maps,
    Paint,
    Predict,
    Prose,
    Slide,
    Table,
    Uses,
    Walked,
    Work,
)
from lessons.choosing.choice import Choice, Painted, Settable
from lessons.choosing.study import Study
from lessons.lesson import Lesson, Step
from lessons.running.recipe import ran
from lessons.running.trial import Trial
from lessons.showing.card import gradients
from lessons.unpooling import backward, forward, measured
from lessons.unpooling.errors import KIND_WORDS, KINDS, MOST_MAPS
from lessons.unpooling.kept_bytes import PRESET, kept_bytes
from lessons.unpooling.recipe import POOLED, SIDE, Restored, Unpooling, small_map
from lessons.unpooling.shared import (
    indexing,
    many,
    overlapping,
    places_of,
    placing,
    pooled,
    targeted,
    unpooling,
    written,
)
from lessons.unpooling.winner import Winner
from viz.theme import format_number

TARGETS = ("4x4", "4x5", "5x4", "5x5")
"""Sizes that torch takes of this pool and that hold every index."""
WINDOWS = (2, 3)

CHOICES: dict[str, Settable] = {
    "map": Painted("The map"),
    "cell": Choice(0, range(POOLED**2), "Pooled cell", looks=True),
    "kind": Choice("smooth", list(KINDS), "Maps", words=KIND_WORDS, looks=True),
    "many": Choice(0, range(MOST_MAPS + 1), "How many maps", looks=True),
    "target": Choice("5x5", TARGETS, "output_size", looks=True),
    "window": Choice(3, WINDOWS, "Window", "{0}x{0}".format, looks=True),
}

OWN = Controls((Paint("map", lambda study: small_map(study.seed)[0, 0]), Again()))
"""The map to be painted."""
OWN_INDEXED = Controls((Paint("map", lambda study: small_map(indexing(study).seed)[0, 0]), Again()))
"""The map to be painted whose indices are asked for."""


def came_out(kind: str, study: Study) -> bool:
    """Tell whether maps of this kind were asked for."""
    return bool(study["many"]) and bool(study["kind"] == kind)


MANY = Work(
    "errors",
    "many",
    (10, 100, MOST_MAPS),
    many,
    measured.error_curves,
    measured.error_grid,
)
ASKED = (Choose(("kind",)), MANY)
FOUND = (
    *(Prose(f"many {kind}", when=partial(came_out, kind)) for kind in KINDS),
    Prose("many found", when=lambda study: bool(study["many"])),
)
"""What there is to say of each kind of maps, once they were asked for."""


def unet(_study: Study) -> Experiment:
    """Return the U-net whose bytes are counted."""
    return Experiment(of_preset(PRESET))


def of_max(run: Mapping[str, Restored]) -> Trial:
    """Take the max unpooling."""
    return run["max"].unpool


def of_bottom_left(study: Study) -> Mapping[str, str]:
    """Return the pooled cell at the bottom left, with its place in the map."""
    run = ran(indexing(study))["max"]
    index = int(places_of(run)[POOLED])
    row, column = divmod(index, SIDE)
    return {
        "value": format_number(run.pool.output.flat[POOLED]),
        "row": str(row),
        "column": str(column),
    }


def of_first(study: Study) -> Mapping[str, str]:
    """Return the first index, and where it points in each width."""
    index = int(places_of(pooled(study))[0])
    wide = ran(targeted(study)).unpool.output.shape[-1]
    return {
        "index": str(index),
        "old": written(index, SIDE),
        "width": str(wide),
        "new": written(index, wide),
    }


def widens(study: Study) -> bool:
    """Tell whether the size that is asked for has more columns than the old one."""
    return targeted(study).width != SIDE


def of_repeated(study: Study) -> Mapping[str, str]:
    """Return how often the large cell won, and its two gradients."""
    found = backward.overlapped(study)
    place = int(found.won.argmax())
    return {
        "times": str(found.won.flat[place]),
        "chained": format_number(found.chained.flat[place]),
        "measured": format_number(found.nudged.flat[place]),
        "index": str(place),
    }


def of_bytes(_study: Study) -> Mapping[str, str]:
    """Return the share of the indices in all that is kept."""
    found = kept_bytes()
    return {"share": f"{100 * found.indices / found.kept:.0f}"}


LESSON = Lesson(
    key="unpooling",
    title="Unpooling",
    question="Where did the maximum stand?",
    card=gradients(Unpooling(), of_max),
    choices=CHOICES,
    steps=(
        Step(
            "question",
            "Question",
            unpooling,
            (
                Prose("question"),
                Columns(0.6, (Maps("windows", forward.chosen),), (OWN,)),
            ),
        ),
        Step(
            "index",
            "Indices",
            indexing,
            (
                Predict(
                    "index",
                    given=(Maps("unindexed", forward.unindexed),),
                    revealed=(Maps("indexed", forward.indexed),),
                    numbers=of_bottom_left,
                    forward=True,
                ),
                OWN_INDEXED,
            ),
        ),
        Step(
            "ways",
            "Three ways",
            unpooling,
            (Prose("ways"), Maps("ways", forward.three_ways), OWN),
        ),
        Step(
            "lost",
            "Lost",
            unpooling,
            (
                Prose("lost"),
                Columns(0.66, (Maps("lost", forward.lost),), (Prose("lost paint"), OWN)),
            ),
        ),
        Step(
            "many",
            "Many maps",
            lambda study: Winner(unpooling(study)),
            (
                Predict(
                    "winner",
                    given=ASKED,
                    revealed=(*ASKED, *FOUND),
                ),
                Controls((Again(label="Other maps"),)),
            ),
        ),
        Step(
            "places",
            "5x5",
            placing,
            (
                Predict(
                    "places",
                    given=(Maps("to_place", forward.to_place),),
                    revealed=(Maps("placed", forward.placed),),
                    blank="0",
                    forward=True,
                ),
                OWN,
            ),
        ),
        Step(
            "sizes",
            "Sizes",
            targeted,
            (
                Prose("sizes", of_first, when=widens),
                Prose("sizes same", of_first, when=lambda study: not widens(study)),
                Choose(("target",)),
                Maps("sizes", forward.resized),
                Prose("sizes rule"),
            ),
        ),
        Step(
            "gradient",
            "Backward",
            unpooling,
            (
                Predict(
                    "gradient",
                    given=(Maps("arrived", backward.arrived),),
                    revealed=(Maps("fetched", backward.fetched),),
                    after=(Prose("handed on"),),
                ),
                OWN,
            ),
        ),
        Step(
            "back",
            "Ways back",
            unpooling,
            (Prose("back"), Maps("back", backward.three_ways_back), OWN),
        ),
        Step(
            "rule",
            "Rule",
            unpooling,
            (
                Controls((Slide("cell", lambda _study: POOLED**2),)),
                Columns(
                    0.5,
                    (Walked("cell", backward.one_fetch),),
                    (Derivation("rule", "cell", of=of_max),),
                ),
            ),
        ),
        Step(
            "again",
            "Overlap",
            overlapping,
            (
                Prose("again", of_repeated),
                Choose(("window",)),
                Maps("again", backward.repeated),
                Prose("again race"),
                Controls((Again(),)),
            ),
        ),
        Step(
            "chain",
            "Twice",
            overlapping,
            (
                Prose("chain", of_repeated),
                Maps("chain", backward.counted_again),
                Controls((Choose(("window",)), Again())),
            ),
        ),
        Step(
            "bytes",
            "Bytes",
            unet,
            (Prose("bytes"), Table(measured.shares), Prose("bytes found", of_bytes)),
        ),
        Step(
            "end",
            "Takeaways",
            unpooling,
            (
                Uses("used", ("unet", "unpool_max", "unpool_nails", "unpool_nearest")),
                Prose("take away"),
            ),
        ),
    ),
)
