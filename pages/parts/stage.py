"""Strip, graph and inspector of one run: what reruns when something is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from flow.problems import Problem
from flow.record import Capture
from pages.parts import components, inspector, link
from pages.parts.execute import Outcome, drawing
from pages.parts.experiment import Experiment, Show
from pages.parts.finding import Finding, block_sums
from pages.parts.inspector import Chosen
from pages.parts.text import _
from viz.graph import DrawOptions, graph_data
from viz.heatmap import figure
from viz.layout import LayoutError
from viz.maps import Map, pack, scales
from viz.step import step_data
from viz.strip import strip_data
from viz.theme import format_number

GRAPH_HEIGHT = 600
"""Pixels; with strip and header it fills a screen of 900."""


@st.fragment
def stage(outcome: Outcome) -> None:
    """Show one run; a choice inside reruns only this."""
    experiment = link.current()
    capture = outcome.capture
    chosen, complaints = choose(experiment, capture)
    link.write_address()
    for complaint in complaints:
        st.warning(complaint)
    components.strip(strip_data(capture, chosen.node.id), "strip", _select)
    step = None if experiment.step is None else chosen.order - 1
    components.step(step_data(capture, step), "step", _go_to_step)
    left, right = st.columns([0.36, 0.64], gap="small")
    with left, st.container(border=True, key="graph_card"):
        _graph(experiment)
    with right, st.container(border=True, key="inspector_card"):
        _inspector(experiment, chosen)
    _problems(capture.problems)


def choose(experiment: Experiment, capture: Capture) -> tuple[Chosen, list[str]]:
    """Find the chosen node, part and sample; what does not exist is said and replaced."""
    complaints = []
    ids = {node.id for node in capture.nodes}
    node_id = experiment.node if experiment.step is None else f"n{experiment.step}"
    if node_id not in ids:
        if node_id:
            sentence = _("node: this run has n0 to n{last}, not {node}. The preset's own is shown.")
            complaints.append(sentence.format(last=len(ids) - 1, node=node_id))
        node_id = first_node(experiment, capture)
    node = capture.node(node_id)
    part = experiment.part
    if part >= max(1, len(node.downstream)):
        sentence = _("part: {node} hands on {count} gradients, there is no number {part}.")
        complaints.append(
            sentence.format(node=node.name, count=len(node.downstream), part=experiment.part)
        )
        part = 0
    if not experiment.part:
        part = inspector.default_part(node)
    chosen = Chosen(capture, node, part, experiment.sample, experiment.channel)
    return _within(chosen, experiment.show, complaints), complaints


def _within(chosen: Chosen, show: Show, complaints: list[str]) -> Chosen:
    """Keep sample and channel inside what the chosen maps have."""
    plain = replace(chosen, sample=0, channel=None)
    available = inspector.pickers(inspector.rows(plain, show))
    sample, channel = chosen.sample, chosen.channel
    if sample >= max(1, available.samples):
        if available.samples:
            sentence = _("sample: the batch has samples 0 to {last}, not {sample}. 0 is shown.")
            complaints.append(sentence.format(last=available.samples - 1, sample=sample))
        sample = 0
    if channel is not None and channel >= available.channels:
        if available.channels:
            sentence = _("channel: there are channels 0 to {last}, not {channel}. All are shown.")
            complaints.append(sentence.format(last=available.channels - 1, channel=channel))
        channel = None
    return replace(plain, sample=sample, channel=channel)


def first_node(experiment: Experiment, capture: Capture) -> str:
    """Return the node that the preset wants to be seen first."""
    names = {layer.name: layer for layer in capture.layers}
    layer = names.get(experiment.preset.look_at)
    return layer.nodes[0] if layer is not None and layer.nodes else capture.nodes[0].id


def _select(node: str) -> None:
    """Choose a node; while stepping, that is a jump."""
    step = None if link.current().step is None else int(node[1:])
    link.change(node=node, part=0, channel=None, step=step)


def _go_to_step(step: int | None) -> None:
    """Take one step of the backward pass, or leave the steps and stay at the node."""
    if step is None:
        link.change(step=None)
    else:
        link.change(node=f"n{step}", part=0, channel=None, step=step)


def _graph(experiment: Experiment) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="graph_head"):
        st.html(f'<h3 class="head">{escape(_("Autograd graph"))}</h3>')
        with st.popover(_("Show"), icon=":material/tune:"):
            _switch(_("Saved tensors"), "saved", _("Also draw the tensors kept for the backward."))
            _switch(_("Attributes"), "attributes", _("Also write what each node saved: stride, …"))
            _switch(_("Tint by |gradient|"), "tint", _("Fill nodes by their largest gradient."))
            _switch(_("Collapse by layer"), "collapsed", _("One box a layer."))
    options = DrawOptions(tint=experiment.tint, collapsed=experiment.collapsed)
    try:
        drawn = drawing(experiment.setting, options, experiment.saved, experiment.attributes)
    except LayoutError as error:
        st.error(str(error))
        return
    components.graph(graph_data(drawn, GRAPH_HEIGHT), "graph", _select)


def _switch(label: str, field: str, explanation: str) -> None:
    key = f"view_{field}"
    st.session_state[key] = getattr(link.current(), field)
    st.toggle(label, key=key, help=explanation, on_change=_take(key, field))


def _take(
    key: str, field: str, taken: Callable[[Any], Any] = lambda value: value
) -> Callable[[], None]:
    return lambda: link.change(**{field: taken(st.session_state[key])})


def _inspector(experiment: Experiment, chosen: Chosen) -> None:
    shown = inspector.rows(chosen, experiment.show)
    with st.container(horizontal=True, vertical_alignment="center", key="inspector_head"):
        name, explanation = inspector.title(chosen), inspector.subtitle(chosen)
        st.html(f'<h3 class="head">{escape(name)}</h3><p class="head">{escape(explanation)}</p>')
    with st.container(horizontal=True, vertical_alignment="center", key="inspector_controls"):
        _pickers(experiment, chosen, shown)
        if st.button(_("Open large"), icon=":material/open_in_full:", type="tertiary"):
            _large(shown)
        with st.popover(_("Link"), icon=":material/link:", type="tertiary"):
            st.caption(_("This link opens exactly what is on screen."))
            st.code(link.link(), language=None, wrap_lines=True)
    if any(shown):
        components.heatmaps(pack(shown), "maps")
    else:
        st.info(_("This node belongs to no layer with parameters."))
    finding = block_sums(chosen.capture) if experiment.model == "test" else None
    if finding is not None:
        _finding(finding, chosen.sample)


def _pickers(experiment: Experiment, chosen: Chosen, shown: list[list[Map]]) -> None:
    labels = {
        "gradient": _("gradient"),
        "values": _("values"),
        "parameters": _("parameters"),
    }
    _segments(_("What to show"), "show", list(inspector.SHOWS), experiment.show, labels.get)
    available = inspector.pickers(shown)
    if available.samples > 1:
        samples = list(range(available.samples))
        _one_of(_("Sample"), "sample", samples, chosen.sample, _("sample {index}").format)
    if available.channels > 1:
        _channel_picker(available.channels, chosen.channel)
    flowing = [place for place, array in enumerate(chosen.node.downstream) if array is not None]
    if experiment.show == "gradient" and len(flowing) > 1:
        _pick(
            _("Downstream"),
            "part",
            flowing,
            chosen.part if chosen.part in flowing else flowing[0],
            lambda part: inspector.part_label(chosen, part),
        )


ALL_CHANNELS = -1
"""In the channel picker, where None would mean that nothing was chosen."""
SEGMENTS = 4
"""Up to this many samples stand side by side; more go into a list."""


def _one_of(
    label: str, field: str, options: list[int], value: int, show: Callable[..., str]
) -> None:
    if len(options) <= SEGMENTS:
        _segments(label, field, options, value, lambda index: show(index=index))
    else:
        _pick(label, field, options, value, lambda index: show(index=index))


def _channel_picker(count: int, value: int | None) -> None:
    def show(channel: int) -> str:
        if channel == ALL_CHANNELS:
            return _("all {count} channels").format(count=count)
        return _("channel {index}").format(index=channel)

    def taken(channel: int) -> int | None:
        return None if channel == ALL_CHANNELS else channel

    options = [ALL_CHANNELS, *range(count)]
    _pick(_("Channel"), "channel", options, ALL_CHANNELS if value is None else value, show, taken)


def _segments(label: str, field: str, options: list, value: object, show: Callable) -> None:  # type: ignore[type-arg]
    key = f"view_{field}"
    st.session_state[key] = value
    st.segmented_control(
        label,
        options,
        key=key,
        format_func=show,
        required=True,
        label_visibility="collapsed",
        on_change=_take(key, field),
    )


def _pick(
    label: str,
    field: str,
    options: list[int],
    value: int,
    show: Callable[[int], str],
    taken: Callable[[Any], Any] = lambda value: value,
) -> None:
    key = f"view_{field}"
    st.session_state[key] = value
    st.selectbox(
        label,
        options,
        key=key,
        format_func=show,
        label_visibility="collapsed",
        width=190,
        on_change=_take(key, field, taken),
    )


@st.dialog("Open large", width="large")
def _large(shown: list[list[Map]]) -> None:
    """Show the same maps as plotly figures, with zoom, colour bar and PNG download."""
    dark = st.context.theme.type == "dark"
    bounds = scales(shown)
    for row in shown:
        for each in row:
            tiles = each.tiles
            if each.array is None or tiles is None or not each.array.size:
                st.caption(f"{each.title}: {each.missing or _('empty')}")
                continue
            caption = f"{each.title} {each.subtitle}"
            scale = bounds[each.group]
            picture = figure(each.array, tiles, title=caption, scale=scale, dark=dark)
            st.plotly_chart(picture, theme=None, key=f"large_{each.key}")


def _finding(finding: Finding, sample: int) -> None:
    """State what the preset shows: the block sums beside the gradient one layer further."""
    exact = finding.difference == 0
    verdict = (
        _("equal to the last bit, difference 0")
        if exact
        else _("largest difference {value}").format(value=format_number(finding.difference))
    )
    left = _matrix(finding.summed[sample, 0])
    right = _matrix(finding.below[sample, 0])
    sign = "=" if exact else "≈"
    st.html(
        f'<div class="finding"><div><b>{escape(_("Upstream of upsample, 2x2 blocks added"))}</b>'
        f'{left}</div><span class="sign">{sign}</span>'
        f"<div><b>{escape(_('Gradient at the output of conv1'))}</b>{right}</div>"
        f"<p>{escape(_('Copies forward, sums backward'))}: {escape(verdict)}.</p></div>"
    )


def _matrix(values: object) -> str:
    """Write a small matrix of numbers as an HTML table."""
    rows = "".join(
        f"<tr>{''.join(f'<td>{format_number(cell, 4)}</td>' for cell in row)}</tr>"
        for row in values  # type: ignore[attr-defined]
    )
    return f"<table>{rows}</table>"


def _problems(problems: tuple[Problem, ...]) -> None:
    show = {"error": st.error, "warning": st.warning, "note": st.info}
    for problem in problems:
        show[problem.severity](_plain(problem.message))


def _plain(text: str) -> str:
    """Escape a sentence for Markdown."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|$~:" else letter for letter in text)
