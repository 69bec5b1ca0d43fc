"""The maps on screen as plotly figures: zoom, colour bar, PNG download."""

from __future__ import annotations

from dataclasses import asdict
from html import escape

import streamlit as st

from experiment.address import Experiment
from pages.parts import by_hand
from pages.parts.asking import answers
from pages.parts.text import _, say, translated
from pages.parts.turns import in_turn
from viz.heatmap import FigureLabels, figure
from viz.maps import Map, scales
from viz.markdown import plain
from viz.scene import inspector
from viz.scene.choice import choose
from viz.scene.compare import with_changes
from viz.scene.inspector import Chosen


def on_screen(experiment: Experiment) -> tuple[Chosen, list[list[Map]]]:
    """Return what is chosen of a run, and its maps."""
    live = answers(experiment.setting)
    chosen, _complaints = choose(experiment.view, experiment.setting.source.look_at, live, say())
    if experiment.view.compare and experiment.setting.edits:
        return chosen, with_changes(chosen, answers(by_hand.before(experiment.setting)))
    return chosen, inspector.rows(chosen)


@in_turn("large")
def large(experiment: Experiment) -> None:
    """Open a dialog with the maps."""
    chosen, shown = on_screen(experiment)
    st.dialog(plain(inspector.title(chosen)), width="large")(_figures)(shown)


def _figures(shown: list[list[Map]]) -> None:
    dark = st.context.theme.type == "dark"
    bounds = scales(shown)
    # The subtitle says the shape.
    labels = FigureLabels(**translated(asdict(FigureLabels(shape=""))))
    for row in shown:
        for each in row:
            tiles = each.tiles
            if each.array is None or tiles is None or not each.array.size:
                st.caption(plain(f"{each.title}: {each.missing or _('empty')}"))
                continue
            caption = f"<b>{escape(each.title)}</b><br>{escape(each.subtitle)}"
            scale = bounds[each.group]
            picture = figure(
                each.array, tiles, title=caption, scale=scale, dark=dark, labels=labels
            )
            st.plotly_chart(picture, theme=None, key=f"large_{each.key}")
