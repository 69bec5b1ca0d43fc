"""The depth profile as a plotly figure: the same numbers, to zoom into and to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from math import log10

import plotly.graph_objects as go

from viz.strip.profile import HIGHEST, LOWEST, UNCHANGED, Profile
from viz.strip.stops import Stop
from viz.strip.strip import STRIP_TEXT, STRIP_WORDS, Strip
from viz.theme import ACCENT, INKS, NON_FINITE, format_number

CHART_TEXT: Mapping[str, str] = {
    "axis": "max |gradient| of the whole batch",
    "arrives": "max |gradient| {value}",
    "passes": "hands on at most {ratio} of that",
    **{name: STRIP_WORDS[name] for name in ("unchanged", "above_axis", "below_axis")},
    **STRIP_TEXT,
}
"""What stands in the figure, in English; pass a translated copy."""
SYMBOLS = {"zero": "circle-open", "above": "triangle-up", "below": "triangle-down"}
TICKS = 30
"""Names below the figure, at most."""


def profile_figure(
    strip: Strip, *, dark: bool = False, text: Mapping[str, str] = CHART_TEXT
) -> go.Figure:
    """Draw how large the gradient is at every layer, on the axis that is the same for every run.

    What is outside of it stands at its edge, as in the workbench, with a note of how far it goes;
    pointing at it gives the number.
    """
    way, seen = strip.way, strip.profile
    return go.Figure(
        data=[*_lines(way, seen), _points(way, seen, text)],
        layout=_layout(way, dark, text),
    )


def _height(stop: Stop) -> float | None:
    """Return where a box stands on the axis; None where there is no gradient."""
    if stop.state == "not finite":
        return HIGHEST
    return None if stop.peak is None else min(max(stop.peak, LOWEST), HIGHEST)


def _lines(way: Sequence[Stop], seen: Profile) -> Iterator[go.Scatter]:
    """Yield the longest way as one line, and thin ones around it."""
    steps = set(pairwise(seen.path))
    for is_main in (True, False):
        across: list[int | None] = []
        up: list[float | None] = []
        for link in seen.links:
            ends = [way[link.source], way[link.target]]
            odd = any(stop.state == "not finite" or stop.peak is None for stop in ends)
            if link.handed is None or odd or ((link.target, link.source) in steps) is not is_main:
                continue
            across += [link.source, link.target, None]
            up += [*map(_height, ends), None]
        yield go.Scatter(
            x=across,
            y=up,
            mode="lines",
            line={"color": ACCENT, "width": 2 if is_main else 1},
            hoverinfo="skip",
        )


def _points(way: Sequence[Stop], seen: Profile, text: Mapping[str, str]) -> go.Scatter:
    shown = [at for at, stop in enumerate(way) if stop.peak is not None]
    return go.Scatter(
        x=shown,
        y=[_height(way[at]) for at in shown],
        mode="markers",
        marker={
            "size": 9,
            "symbol": [SYMBOLS.get(_look(way[at]), "circle") for at in shown],
            "color": [NON_FINITE if way[at].state == "not finite" else ACCENT for at in shown],
        },
        hovertext=[_told(way[at], seen.ratios[at], text) for at in shown],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _look(stop: Stop) -> str:
    if stop.state != "number" or stop.peak is None:
        return stop.state
    return "above" if stop.peak > HIGHEST else "below" if stop.peak < LOWEST else "number"


def _told(stop: Stop, ratio: float | None, text: Mapping[str, str]) -> str:
    """Say what stands at a point: layer, number, what it passes on."""
    lines = [f"<b>{escape(stop.name)}</b>", escape(stop.detail)]
    if stop.peak is not None:
        lines.append(text["arrives"].format(value=format_number(stop.peak)))
    if ratio is not None:
        lines.append(text["passes"].format(ratio=format_number(ratio)))
    return "<br>".join(filter(None, lines))


def _beyond(way: Sequence[Stop], text: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Yield what is said of the points at each edge, between it and the end of the figure."""
    edges: tuple[tuple[str, Callable[[list[float]], float], float, str], ...] = (
        ("above", max, 1, "top"),
        ("below", min, 0, "bottom"),
    )
    for look, extreme, edge, anchor in edges:
        peaks = [each.peak for each in way if each.peak is not None and _look(each) == look]
        if peaks:
            yield {
                "text": text[f"{look}_axis"].format(value=format_number(extreme(peaks))),
                "xref": "paper",
                "x": 0,
                "xanchor": "left",
                "yref": "paper",
                "y": edge,
                "yanchor": anchor,
                "showarrow": False,
            }


def _layout(way: Sequence[Stop], dark: bool, text: Mapping[str, str]) -> dict[str, object]:
    every = -(-len(way) // TICKS)
    ticks = range(0, len(way), every)
    line = "rgba(127, 127, 127, 0.3)"
    return {
        "font": {"color": INKS[dark]},
        "xaxis": {
            "tickvals": list(ticks),
            "ticktext": [escape(way[at].name) for at in ticks],
            "range": [-0.5, len(way) - 0.5],
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
        },
        "yaxis": {
            "type": "log",
            "title": {"text": text["axis"], "standoff": 12},
            "range": [-10, 2],
            "tickvals": [1, 1e-3, 1e-6, 1e-9],
            "ticktext": ["1", "10⁻³", "10⁻⁶", "10⁻⁹"],
            "gridcolor": line,
            "zeroline": False,
            "automargin": True,
        },
        "shapes": [
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": UNCHANGED,
                "y1": UNCHANGED,
                "line": {"color": INKS[dark], "width": 1, "dash": "dot"},
            }
        ],
        "annotations": [
            {
                "text": escape(text["unchanged"]),
                "xref": "paper",
                "x": 1,
                "xanchor": "right",
                "y": log10(UNCHANGED),
                "yanchor": "top",
                "showarrow": False,
            },
            *_beyond(way, text),
        ],
        "paper_bgcolor": "rgba(0, 0, 0, 0)",
        "plot_bgcolor": "rgba(0, 0, 0, 0)",
        "margin": {"l": 16, "r": 16, "t": 16, "b": 16},
        "showlegend": False,
        "height": 400,
    }
