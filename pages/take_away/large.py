"""The maps on screen and the depth profile as plotly figures: zoom, colour bar, PNG download."""

from __future__ import annotations

from dataclasses import asdict
from html import escape

import streamlit as st

from experiment.written.address import Experiment
from flow.record import Capture
from pages.parts.asking import answers
from pages.parts.text import _, say, translated
from pages.parts.turns import in_turn
from viz.hidden import is_hidden
from viz.maps.heatmap import FigureLabels, figure
from viz.maps.rows import Map, scales
from viz.markdown import plain
from viz.scene import inspector
from viz.scene.choice import choose
from viz.scene.compare import with_changes
from viz.scene.inspector import Chosen
from viz.strip.chart import CHART_TEXT, profile_figure
from viz.strip.strip import Strip


def on_screen(experiment: Experiment) -> tuple[Chosen, list[list[Map]]]:
    """Return what is chosen of a run, and its maps."""
    hidden = experiment.view.conceals
    live = answers(experiment.setting, hidden)
    chosen, _complaints = choose(experiment.view, experiment.setting.source.look_at, live, say())
    if experiment.view.compare and experiment.setting.edits:
        return chosen, with_changes(chosen, answers(experiment.setting.unedited, hidden))
    return chosen, inspector.rows(chosen)


@in_turn("large")
def large(experiment: Experiment) -> None:
    """Open a dialog with the maps, and the profile of the whole run."""
    chosen, shown = on_screen(experiment)
    st.dialog(plain(inspector.title(chosen)), width="large")(_opened)(chosen.capture, shown)


def _opened(capture: Capture, shown: list[list[Map]]) -> None:
    maps, depth = st.tabs([_("Maps"), _("Depth profile")])
    with maps:
        _figures(shown)
    with depth:
        _profile(capture)


def _profile(capture: Capture) -> None:
    text = translated(CHART_TEXT)
    strip = Strip(capture, text)
    st.markdown(
        "".join(
            f"**{plain(each['text'])}**" if each["strong"] else plain(each["text"])
            for each in strip.verdict
        )
    )
    picture = profile_figure(strip, dark=st.context.theme.type == "dark", text=text)
    st.plotly_chart(picture, theme=None, key="large_profile")


def _figures(shown: list[list[Map]]) -> None:
    bounds = scales(shown)
    for row in shown:
        for place, each in zip(st.columns(len(row)), row, strict=True):
            with place:
                _figure(each, bounds.get(each.group, 0.0))


def _figure(drawn: Map, scale: float) -> None:
    if is_hidden(drawn.array):
        st.caption(plain(f"{drawn.title}: {_('hidden')}"))
        return
    if drawn.array is None or drawn.tiles is None or not drawn.array.size:
        st.caption(plain(f"{drawn.title}: {drawn.missing or _('empty')}"))
        return
    picture = figure(
        drawn.array,
        drawn.tiles,
        title=f"<b>{escape(drawn.title)}</b><br>{escape(drawn.subtitle)}",
        scale=scale,
        dark=st.context.theme.type == "dark",
        # The subtitle says the shape.
        labels=FigureLabels(**translated(asdict(FigureLabels(shape="")))),
    )
    st.plotly_chart(picture, theme=None, key=f"large_{drawn.key}")
