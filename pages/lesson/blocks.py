"""The blocks of a step, drawn: one small function a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from inspect import getsource
from textwrap import dedent
from typing import Any

import streamlit as st

from experiment.written.address import VERSION
from lessons import blocks
from lessons.blocks import Block
from lessons.running.recipe import ran
from lessons.showing.derivation import derivation
from models.presets import PRESETS
from pages.lesson import controls, experiment, links, pictures
from pages.lesson.bring import bring
from pages.lesson.desk import Desk
from pages.lesson.maps import maps, walked
from pages.lesson.predict import predict
from pages.lesson.table import write
from pages.lesson.work import work
from pages.parts import components
from pages.parts.text import _, say
from viz.markdown import plain
from viz.scene.formula import worded
from viz.scene.proof import verdicts_data


def draw(desk: Desk, drawn: Sequence[Block]) -> None:
    """Draw blocks from top to bottom."""
    for block in drawn:
        DRAWN[type(block)](desk, block)


def _prose(desk: Desk, block: blocks.Prose) -> None:
    if not block.when(desk.study):
        return
    kept = block.in_room(desk.study)
    with nullcontext() if kept else st.container(key=f"not_in_room_{block.section}"):
        desk.say(block.section, **block.numbers(desk.study))


def _refusal(desk: Desk, block: blocks.Refusal) -> None:
    sentence = block.sentence(desk.study)
    if sentence:
        st.error(plain(sentence))


def _controls(desk: Desk, block: blocks.Controls) -> None:
    with desk.controls():
        draw(desk, block.blocks)


def _columns(desk: Desk, block: blocks.Columns) -> None:
    places = st.columns([block.part, 1 - block.part], gap="medium")
    for place, column in zip(places, (block.left, block.right), strict=True):
        with place:
            draw(desk, column)


def _derivation(desk: Desk, block: blocks.Derivation) -> None:
    """Write the sum, the node's rule in the playground's words, and what other ways compute."""
    run = block.of(ran(desk.recipe))
    place = desk.study[block.choice]
    desk.say(block.section, **derivation(run, place, block.parameter))
    if run.rule is not None:
        sentence = _("`{node}`, as the playground writes it (a bar means gradient):")
        st.markdown(f"{sentence.format(node=run.node)}\n\n${worded(run.rule.formula, say())}$")
    components.proof(verdicts_data(run.checks, say()), desk.key("proof"))


def _uses(desk: Desk, block: blocks.Uses) -> None:
    """Say where it is used, and link the networks of the gallery that do."""
    desk.say(block.section)
    with st.container(horizontal=True, key=desk.key("uses")):
        for key in block.presets:
            st.page_link(
                "playground.py",
                label=plain(_(PRESETS[key].title)),
                icon=":material/open_in_new:",
                query_params={"v": VERSION, "model": key},
            )


def _table(desk: Desk, block: blocks.Table) -> None:
    if block.when(desk.study):
        write(block.grid(desk.study, say()))


def _code(desk: Desk, block: blocks.Code) -> None:
    if block.when(desk.study):
        st.code(dedent(getsource(block.function)), language="python", wrap_lines=True)


def _lines(desk: Desk, block: blocks.Lines) -> None:
    st.code(block.text(desk.study, say()), language="python", wrap_lines=True)


DRAWN: Mapping[type, Callable[[Desk, Any], None]] = {
    blocks.Prose: _prose,
    blocks.Refusal: _refusal,
    blocks.Choose: controls.choose,
    blocks.Again: controls.again,
    blocks.Slide: controls.slide,
    blocks.Paint: controls.paint,
    blocks.Bring: bring,
    blocks.Controls: _controls,
    blocks.Columns: _columns,
    blocks.Maps: maps,
    blocks.Walked: walked,
    blocks.Drawn: pictures.drawn,
    blocks.Overlay: pictures.overlay,
    blocks.Work: work,
    blocks.Uses: _uses,
    blocks.Predict: lambda desk, block: predict(desk, block, draw),
    blocks.Derivation: _derivation,
    blocks.Table: _table,
    blocks.Code: _code,
    blocks.Lines: _lines,
    blocks.Deck: links.deck,
    blocks.Seen: links.seen,
    blocks.Gradients: experiment.gradients,
    blocks.Judged: experiment.judged,
    blocks.Proof: experiment.proof,
    blocks.Walk: experiment.walk,
    blocks.Graph: pictures.graph,
}
"""By kind of block; a test holds it to all there are."""
