"""Strip, graph, inspector and the card for changes by hand: everything about one run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from experiment.address import Experiment
from experiment.runs import Outcome
from experiment.view import PLAIN
from flow.record import Problem
from models.spec import INPUT
from pages.parts import by_hand, clicked, components, link, proof
from pages.parts.asking import answers
from pages.parts.pickers import pickers, viewed
from pages.parts.take_away import take_away
from pages.parts.text import _, language, say, translated
from pages.parts.turns import in_turn
from viz.heatmap import FigureLabels, figure
from viz.layout import LayoutError
from viz.maps import Map, scales
from viz.markdown import plain
from viz.scene import inspector
from viz.scene.choice import choose
from viz.scene.compare import with_changes
from viz.scene.finding import Finding, block_sums
from viz.scene.inspector import Chosen
from viz.scene.packed import packed
from viz.theme import format_number

GRAPH_HEIGHT = 600
"""Pixels; with strip and header it fills a screen of 900."""
FINDING_HEIGHT = 210
"""Of these, what a finding below the graph takes."""
CHOICES = "choices"
"""Key of the fragment that a choice draws anew."""


def stage(outcome: Outcome, shown: Experiment) -> None:
    """Show one run; ``shown`` is what was run.

    A choice draws only what depends on it, ``_choices``: the graph marks its node by itself. The
    card in which cells are changed by hand is in no fragment, as whatever is done there runs the
    network anew: a run of the whole page replaces one that is under way, where a run of a
    fragment would wait for its end.
    """
    way = st.container(key="way")
    with st.container(key="cards"):
        left, right = st.columns([0.36, 0.64], gap="small")
    with left, st.container(border=True, key="graph_card"):
        card, below = st.container(), st.container()
    _choices(outcome, shown, Places(way, below, right))
    with card:
        if shown.view.hand:
            by_hand.card(link.current(), outcome)
        else:
            _graph(outcome, shown)


@dataclass(frozen=True)
class Places:
    """Where on the page that is drawn which depends on what is chosen."""

    way: DeltaGenerator
    """Strip and steps."""
    below_graph: DeltaGenerator
    inspector: DeltaGenerator


@st.fragment(key=CHOICES)
@in_turn("choices")
def _choices(outcome: Outcome, shown: Experiment, places: Places) -> None:
    """Show strip, steps and inspector.

    The inspector is written first: it is what a choice is waited for, and the browser draws what
    has arrived. While the editor above is open, which shows the layer of a node too, another node
    runs the whole page.
    """
    experiment = _follow(shown)
    if experiment.view.editing and experiment.view.node != shown.view.node:
        st.rerun()
    live, capture = answers(shown.setting), outcome.capture
    chosen, complaints = choose(experiment.view, shown.setting.source.look_at, live, say())
    if complaints:
        st.warning("  \n".join(complaints.values()))
        link.settle(**{field: getattr(PLAIN, field) for field in complaints})
        experiment = link.current()
    link.write_address()
    by_hand.unfit(experiment, outcome)
    with places.inspector, st.container(border=True, key="inspector_card"):
        _inspector(experiment, chosen)
    with places.way:
        components.strip(live.strip(chosen.node.id, language()), "strip", _select)
        step = None if experiment.view.step is None else chosen.order - 1
        components.step(live.steps(step, language()), "step", _go_to_step)
    finding = None if experiment.view.hand else _finding_of(experiment, outcome)
    if finding is not None:
        with places.below_graph:
            _finding(finding, chosen.sample)
    _problems(capture.problems)


def _follow(shown: Experiment) -> Experiment:
    """Return what is chosen; where that is another run or another card, run the whole page."""
    experiment = link.current()
    if experiment.setting != shown.setting or experiment.view.hand != shown.view.hand:
        st.rerun()
    return experiment


def _select(node: str) -> None:
    """Choose a node; while stepping, that is a jump."""
    step = None if link.current().view.step is None else int(node[1:])
    link.change(node=node, part=None, channel=None, step=step)


def _go_to_step(step: int | None) -> None:
    """Take one step of the backward pass, or leave the steps and stay at the node."""
    if step is None:
        link.change(step=None)
    else:
        link.change(node=f"n{step}", part=None, channel=None, step=step)


def _select_in_graph(node: str) -> None:
    """Choose a node; the graph itself need not be drawn anew."""
    _select(node)
    st.rerun(CHOICES)


@st.fragment
@in_turn("graph")
def _graph(outcome: Outcome, shown: Experiment) -> None:
    """Show the graph and what can be changed about its looks."""
    experiment = _follow(shown)
    link.write_address()
    with st.container(horizontal=True, vertical_alignment="center", key="graph_head"):
        st.html(f'<h3 class="head">{escape(_("Autograd graph"))}</h3>')
        with st.popover(_("Show"), icon=":material/tune:"):
            _switch(_("Saved tensors"), "saved", _("Also draw the tensors kept for the backward."))
            _switch(_("Attributes"), "attributes", _("Also write what each node saved: stride, …"))
            _switch(_("Tint by |gradient|"), "tint", _("Fill nodes by their largest gradient."))
            _switch(_("Collapse by layer"), "collapsed", _("One box a layer."))
        if experiment.setting.source.layers is not None:
            st.button(
                _("Change"),
                icon=":material/edit:",
                key="hand_open",
                help=_("Change cells of the input, the target or a weight by hand."),
                on_click=by_hand.show,
                args=(INPUT,),
            )
    finding = _finding_of(experiment, outcome)
    height = GRAPH_HEIGHT if finding is None else GRAPH_HEIGHT - FINDING_HEIGHT
    try:
        data = answers(experiment.setting).graph(height, language(), experiment.view)
    except LayoutError as error:
        st.error(plain(str(error)))
        return
    components.graph(data, "graph", _select_in_graph)


def _switch(label: str, field: str, explanation: str) -> None:
    st.toggle(label, help=explanation, **viewed(field, link.current().value(field)))


def _inspector(experiment: Experiment, chosen: Chosen) -> None:
    shown = inspector.rows(chosen)
    if experiment.view.compare and experiment.setting.edits:
        first = answers(by_hand.before(experiment.setting))
        shown = with_changes(chosen, first)
    head = st.container(horizontal=True, vertical_alignment="center", key="inspector_head")
    controls = st.container(horizontal=True, vertical_alignment="center", key="inspector_controls")
    proven = st.container(key="inspector_proof")
    name, explanation = inspector.title(chosen), inspector.subtitle(chosen)
    with head:
        st.html(f'<h3 class="head">{escape(name)}</h3><p class="head">{escape(explanation)}</p>')
    if any(shown):
        data = packed(chosen, shown, clicked.answer(experiment, chosen, shown))
        components.heatmaps(data, "maps", partial(clicked.clicked, experiment))
    else:
        st.info(_("This node belongs to no layer with parameters."))
    with head:
        _tools(experiment, chosen, shown, name)
    with controls:
        pickers(experiment, chosen, shown)
        by_hand.entries(experiment, chosen)
    if experiment.view.show == "gradient":
        with proven:
            proof.proof(chosen)
        proof.rule(chosen)


def _tools(experiment: Experiment, chosen: Chosen, shown: list[list[Map]], name: str) -> None:
    """Show the buttons that belong to everything in the inspector."""
    with st.container(horizontal=True, vertical_alignment="center", key="inspector_tools"):
        large = _("Open large")
        if st.button(large, icon=":material/open_in_full:", type="tertiary", help=large):
            _large(shown, name)
        address = _("Link")
        with st.popover(address, icon=":material/link:", type="tertiary", help=address):
            st.caption(_("This link opens exactly what is on screen."))
            st.code(link.link(), language=None, wrap_lines=True)
        take_away(experiment, chosen, shown)


def _large(shown: list[list[Map]], name: str) -> None:
    """Open a dialog with the same maps as plotly figures: zoom, colour bar, PNG download."""
    st.dialog(plain(name), width="large")(_figures)(shown)


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


def _finding_of(experiment: Experiment, outcome: Outcome) -> Finding | None:
    """Return what the first network is there to show; None for others."""
    shows = experiment.setting.model == "test" and experiment.setting.spec is None
    return block_sums(outcome.capture) if shows else None


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
        show[problem.severity](plain(problem.message))
