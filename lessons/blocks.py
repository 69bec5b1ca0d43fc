"""What a step of a lesson is made of, as data: one class a kind of block.

``pages/lesson/blocks.py`` draws each kind. What depends on the visitor is a function of the study:
where one is, what was chosen, and how far the exercises are. A function that takes a ``Chosen`` is
asked at the node of a step that is about an experiment of the playground. Labels and the titles of
maps are English, marked by ``viz.language.english``, and said by the page; what a function says
itself, it says by the ``say`` that it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiment.running.work import LongWork
from experiment.written.address import Experiment
from flow.record import GraphPicture
from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.running.recipe import Recipe
from lessons.running.trial import Trial
from lessons.showing.figure import Figure
from lessons.showing.grid import Grid
from viz.language import Say
from viz.maps.rows import Map
from viz.pictures.line import Line
from viz.pictures.overlay import Layer
from viz.scene.inspector import Chosen

About = Callable[[Study], Recipe[Any] | Experiment]
"""What a step is about, and what its link opens in the playground."""
Numbers = Callable[[Study], Mapping[str, str]]
"""Fills the places ``[[such]]`` of a section."""


def nothing(_study: Study) -> Mapping[str, str]:
    """Fill no place."""
    return {}


def own(run: Trial) -> Trial:
    """Take a run that is of one layer as it is."""
    return run


def always(_study: Study) -> bool:
    """Show it whatever is set."""
    return True


@dataclass(frozen=True)
class Prose:
    """A section of the lesson's text."""

    section: str
    numbers: Numbers = nothing
    when: Callable[[Study], bool] = always
    in_room: Callable[[Study], bool] = always
    """Whether a room sees it, too."""


@dataclass(frozen=True)
class Refusal:
    """What a layer says that cannot do what the step tries; nothing where it can."""

    sentence: Callable[[Study], str]


@dataclass(frozen=True)
class Choose:
    """Choices of the lesson; ``compact`` folds lists of them under a line of what is chosen."""

    names: Sequence[str]
    compact: bool = False
    when: Callable[[Study], bool] = always


@dataclass(frozen=True)
class Again:
    """Other numbers of the same kind: the next seed."""

    seed: str = "seed"
    """The study's own, or a choice of the lesson."""
    label: str = "New numbers"


@dataclass(frozen=True)
class Slide:
    """A slider through the cells of a map; a choice of the lesson holds the place."""

    choice: str
    count: Callable[[Study], int]
    first: int = 1
    """How the first one is counted."""
    follows: bool = False
    """Whether who stands at the last place goes on to the next one that comes."""


@dataclass(frozen=True)
class Paint:
    """The cells of a small map, to be typed or painted; a ``Painted`` choice holds them."""

    choice: str
    standard: Callable[[Study], Array]
    """What they are while nothing is painted; its last two axes are rows and columns."""
    palette: Sequence[float] = (-2, -1, 0, 1, 2, 5, 10)


@dataclass(frozen=True)
class Bring:
    """A photograph of the visitor's own; a ``Pictured`` choice holds it."""

    choice: str
    back: str
    """The label of what gives it up."""
    when: Callable[[Study], bool] = always


@dataclass(frozen=True)
class Controls:
    """What is set in a step; for a room it is folded away."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Columns:
    """Blocks in two columns."""

    part: float
    """Of the width, that the left one has."""
    left: tuple[Block, ...]
    right: tuple[Block, ...]


@dataclass(frozen=True)
class Maps:
    """Maps, and the sums between them."""

    key: str
    """Unique in the lesson."""
    figure: Callable[[Study], Figure]


@dataclass(frozen=True)
class Walked:
    """Maps with one sum; a cell of the map that it explains is pinned, and a choice holds where."""

    choice: str
    figure: Callable[[Study], Figure]


@dataclass(frozen=True)
class Drawn:
    """A line through points, curves and bars; on it a point may be moved, and a choice holds it."""

    key: str
    """Unique in the lesson."""
    line: Callable[[Study, Say], Line]
    choice: str = ""
    """Holds the place of the point; empty where none is moved."""


@dataclass(frozen=True)
class Overlay:
    """Pictures, each with a map over it."""

    key: str
    """Unique in the lesson."""
    layers: Callable[[Study, Say], Sequence[Layer]]
    when: Callable[[Study], bool] = always


@dataclass(frozen=True)
class Work:
    """Long work: how many steps, how far it is, and what came of it so far.

    It is done step by step after the page is drawn, and what came of it is drawn anew meanwhile.
    """

    key: str
    """Unique in the lesson."""
    choice: str
    """Holds how many steps were asked for."""
    offered: Sequence[int]
    """Numbers of steps that buttons offer, ascending."""
    work: Callable[[Study], LongWork[Any]]
    drawn: Callable[[Study, Sequence[Any], Say], Line]
    """Makes a picture of what the steps so far came to."""
    told: Callable[[Study, Sequence[Any], Say], Grid] | None = None
    """Makes a small table of it."""


@dataclass(frozen=True)
class Uses:
    """A section on where this is used, and the networks of the gallery that do."""

    section: str
    presets: Sequence[str]
    """Their keys."""


@dataclass(frozen=True)
class Predict:
    """Something to predict: an exercise of the step's recipe.

    Its sections are ``<key> task``, ``<key> hint 1``, ..., ``<key> right`` and
    ``<key> mistake: <mistake>``.
    """

    key: str
    given: tuple[Block, ...]
    """Stands beside the cells until they are right or the answer is asked for."""
    revealed: tuple[Block, ...]
    """Stands there from then on."""
    after: tuple[Block, ...] = ()
    """Below, from then on."""
    numbers: Numbers = nothing
    blank: str = ""
    """What an empty cell counts as when it is checked."""
    forward: bool = False
    """Whether values are predicted, which stand right of what they are made of. A gradient goes
    from right to left, and so its cells stand on the left."""
    said_below: bool = False
    """Whether verdict and hints stand below all of it, as wide as the page: so they fit in a room
    where what is given is not tall."""


@dataclass(frozen=True)
class Derivation:
    """A section with the sum behind one cell, the rule of the node, and its proof.

    The section has places for ``index``, ``value``, ``terms``, ``count`` and ``total``.
    """

    section: str
    choice: str
    """Holds the row-major place of the cell, in the downstream gradient or in the parameter's."""
    parameter: str = ""
    of: Callable[[Any], Trial] = own
    """Takes the layer from what the step's recipe runs."""


@dataclass(frozen=True)
class Table:
    """A small table."""

    grid: Callable[[Study, Say], Grid]
    when: Callable[[Study], bool] = always


@dataclass(frozen=True)
class Code:
    """A function that one may read."""

    function: Callable[..., Any]
    when: Callable[[Study], bool] = always


@dataclass(frozen=True)
class Lines:
    """Lines of code that one may read."""

    text: Callable[[Study, Say], str]


@dataclass(frozen=True)
class Deck:
    """A list of steps, each by its claim; a click opens it."""

    claims: Mapping[str, str]
    """The sections that hold the claims, by the keys of the steps."""


@dataclass(frozen=True)
class Place:
    """A place of the app: a lesson's step, or a network in the playground."""

    page: str
    """Key of a lesson; empty for the playground."""
    query: Mapping[str, str]
    """The rest of its address."""


@dataclass(frozen=True)
class Seen:
    """Links to places where the app shows it live."""

    places: Sequence[Place]


@dataclass(frozen=True)
class Gradients:
    """What arrives at the node of an experiment, what it hands on, and a prediction of that."""

    predicted: Callable[[Chosen], Map]


@dataclass(frozen=True)
class Judged:
    """A small table about the node of an experiment."""

    grid: Callable[[Study, Chosen], Grid]


@dataclass(frozen=True)
class Proof:
    """How the gradients of the node of an experiment compare with other ways to get them."""


@dataclass(frozen=True)
class Walk:
    """The backward pass of an experiment, step by step, on its graph."""

    choice: str
    """Counts the steps from 1; 0 while nobody walks."""


@dataclass(frozen=True)
class Graph:
    """The graph that variables hold, as torchviz draws it."""

    key: str
    """Unique in the lesson."""
    picture: Callable[[Study], GraphPicture]
    help: Callable[[Study, Say], Mapping[str, str]]
    """What a box is, in the visitor's language, by its id."""


Block = (
    Prose
    | Refusal
    | Choose
    | Again
    | Slide
    | Paint
    | Bring
    | Controls
    | Columns
    | Maps
    | Walked
    | Drawn
    | Overlay
    | Work
    | Uses
    | Predict
    | Derivation
    | Table
    | Code
    | Lines
    | Deck
    | Seen
    | Gradients
    | Judged
    | Proof
    | Walk
    | Graph
)


def within(blocks: Sequence[Block]) -> Iterator[Block]:
    """Go through blocks and all that stand inside them, in their order."""
    for block in blocks:
        yield block
        if isinstance(block, Controls):
            yield from within(block.blocks)
        elif isinstance(block, Columns):
            yield from within((*block.left, *block.right))
        elif isinstance(block, Predict):
            yield from within((*block.given, *block.revealed, *block.after))
