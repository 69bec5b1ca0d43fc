"""The pictures of a lesson beside its maps: lines with a movable point, pictures with maps."""

from __future__ import annotations

from lessons.blocks import Drawn, Graph, Overlay
from lessons.choosing.study import Study
from pages.lesson.desk import Desk
from pages.parts import components
from pages.parts.held import is_whole
from pages.parts.text import say
from pages.parts.turns import runs
from viz.graphs.small import small_graph_data
from viz.pictures.line import line_data
from viz.pictures.overlay import overlay_data


def drawn(desk: Desk, block: Drawn) -> None:
    """Draw a line; the browser holds the place of the point on it."""
    line = block.line(desk.study, say())
    most = len(line.moving.places) - 1 if line.moving else 0

    def take(study: Study, place: object) -> Study:
        return study.changed(**{block.choice: place}) if is_whole(place, most) else study

    heard = desk.hear(block.key, take) if block.choice else None
    components.line(line_data(line, heard), desk.key(block.key))


def overlay(desk: Desk, block: Overlay) -> None:
    """Draw pictures with maps over them."""
    if block.when(desk.study):
        components.overlay(overlay_data(block.layers(desk.study, say())), desk.key(block.key))


def graph(desk: Desk, block: Graph) -> None:
    """Draw the graph that variables hold; equal ones are laid out once."""
    told = block.help(desk.study, say())
    data = small_graph_data(block.picture(desk.study), told, runs().lay_out, say())
    components.graph(data, desk.key(block.key))
