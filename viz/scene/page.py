"""Tabs of a node: which maps each has, before a sample and a channel are chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flow.record import NodeRecord
from viz.arrays import to_hide
from viz.hidden import Concealed
from viz.language import Say, english
from viz.maps.rows import Map
from viz.scene import inspector
from viz.scene.choice import First
from viz.scene.compare import with_changes
from viz.scene.inspector import Chosen, Show
from viz.scene.live import LiveRun
from viz.strip.changes import ByHand, Changes

Tab = tuple[Show, int]
"""What is shown, and of which downstream gradient."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A run, and what decides how it is shown to somebody."""

    live: LiveRun
    say: Say = english
    first: First = ("", "")
    """What is looked at first."""
    before: LiveRun | None = None
    """The run before the changes by hand, where the maps also show what these did."""
    by_hand: ByHand | None = None
    """Which cells these changed; there where ``before`` is."""
    changeable: bool = False
    """Whether tensors can be changed by hand: where the layers are known."""
    copies: bool = False
    """Whether it is the network that is there to show copies forward and sums backward."""
    concealed: tuple[Concealed, ...] = ()
    """What is hidden from whoever looks."""

    @cached_property
    def to_hide(self) -> Mapping[int, list[str]]:
        """Under which names arrays can be hidden, by the identity of the array."""
        return to_hide(self.live.capture)

    @property
    def changes(self) -> Changes | None:
        """What the boxes of the strip are compared with, where they are."""
        if self.before is None or self.by_hand is None:
            return None
        return Changes(self.before.capture, self.by_hand)


@dataclass(frozen=True, eq=False)
class Page:
    """What the inspector shows of one tab of a node."""

    chosen: Chosen
    rows: list[list[Map]]


def tabs(node: NodeRecord) -> dict[str, Tab]:
    """Return the tabs of a node by name: one for each gradient that it hands on, and two more."""
    first = inspector.default_part(node)
    found: dict[str, Tab] = {
        f"gradient {part}": ("gradient", part) for part in inspector.flowing(node) or [first]
    }
    return {**found, "values": ("values", first), "parameters": ("parameters", first)}


def page(
    scene: Scene, node: NodeRecord, tab: str, sample: int = 0, channel: int | None = None
) -> Page:
    """Return one tab of a node; KeyError where it has no such tab."""
    show, part = tabs(node)[tab]
    live = scene.live
    chosen = Chosen(live, live.capture, node, part, sample, channel, show, scene.say)
    if scene.before is None:
        return Page(chosen, inspector.rows(chosen))
    return Page(chosen, with_changes(chosen, scene.before))


def pages(scene: Scene, node: NodeRecord) -> dict[str, Page]:
    """Return every tab of a node by its name."""
    return {tab: page(scene, node, tab) for tab in tabs(node)}
