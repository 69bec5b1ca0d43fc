"""Below the choice of the input: a picture of the visitor's, and the size of the batch."""

from __future__ import annotations

import math
from dataclasses import replace

import streamlit as st

from experiment.feeding import UPLOAD, fed_ids, unsuited_input
from experiment.setting import of_preset, with_network
from experiment.written.address import Experiment
from models.inputs import INPUTS
from models.inputs.pictures import Pixels
from models.inputs.shape import MAX_CELLS
from models.inputs.tokens import Vocabulary
from models.inputs.uploaded import to_text
from models.spec import INPUT
from pages.parts import link
from pages.parts.given import given
from pages.parts.picture import ask_for_picture, complain
from pages.parts.text import _
from viz.markdown import plain

MAX_BATCH = 64
MOST_IDS = 16
"""Token ids that are written below the choice of the input."""
PICTURE = "control_picture"


def options(experiment: Experiment) -> list[str]:
    """Return the kinds of input that the network takes; one's own picture where there is one."""
    kinds = [*INPUTS, *([UPLOAD] if experiment.setting.picture else [])]
    return [kind for kind in kinds if not unsuited_input(replace(experiment.setting, input=kind))]


def label(kind: str) -> str:
    """Name a kind of input."""
    return _("Your picture") if kind == UPLOAD else _(INPUTS[kind].label)


def explanation() -> str:
    """Say of every kind of input what it is, as a Markdown list."""
    lines = [f"- **{_(kind.label)}**: {plain(_(kind.help))}" for kind in INPUTS.values()]
    return "\n".join([*lines, f"- {_('or a picture of your own, or cells changed by hand.')}"])


def sources(experiment: Experiment) -> None:
    """Draw the ways to feed something of one's own."""
    if experiment.setting.words is not None:
        _ids(experiment, experiment.setting.words)
        return
    with st.container(horizontal=True, key="sources"):
        st.button(
            _("Paint"),
            icon=":material/brush:",
            key="paint_input",
            help=_("Change cells of the input by hand and watch every gradient follow."),
            on_click=link.change,
            kwargs={"hand": INPUT, "plane": ()},
        )
        with st.popover(_("Picture, batch")):
            ask_for_picture(
                _("A picture as the input"),
                PICTURE,
                _take,
                _(
                    "It is cut to the input's proportions, resized, and made grey where the input "
                    "has one channel. Only these cells go into the run and the link."
                ),
            )
            _batch(experiment)
    complain(PICTURE)


def _ids(experiment: Experiment, words: Vocabulary) -> None:
    """Draw the first token ids, and how to change them."""
    shown = fed_ids(experiment.setting).reshape(-1)
    text = " ".join(map(str, shown[:MOST_IDS].tolist())) + (" …" if len(shown) > MOST_IDS else "")
    sentence = _("Ids {ids}: rows of {table}, which has rows 0 to {last}.")
    st.caption(plain(sentence.format(ids=text, table=words.table, last=words.size - 1)))
    with st.container(horizontal=True, key="sources"):
        st.button(
            _("Change ids"),
            icon=":material/edit:",
            key="paint_input",
            help=_("Change single token ids by hand and watch every gradient follow."),
            on_click=link.change,
            kwargs={"hand": INPUT, "plane": ()},
        )
        with st.popover(_("Batch")):
            _batch(experiment)


def _take(pixels: Pixels | None) -> None:
    """Take a picture as the input; where it is taken back, return to the preset's input."""
    now = link.current().setting
    if pixels is None:
        kept = of_preset(now.model).input if now.input == UPLOAD else now.input
        link.change(picture="", input=kept)
        return
    picture = to_text(pixels, now.shape)
    link.change(picture=picture, input=UPLOAD, edits=now.edits.without(INPUT))


def _batch(experiment: Experiment) -> None:
    """Draw how many samples are fed at once; an input of one axis has no batch."""
    shape = experiment.setting.shape
    if len(shape) < 2:
        return
    cells = math.prod(shape[1:])
    st.number_input(
        _("Samples in the batch"),
        min_value=1,
        max_value=max(shape[0], min(MAX_BATCH, MAX_CELLS // cells)),
        step=1,
        **given("control_batch", shape[0], _change_batch),
    )


def _change_batch(samples: int) -> None:
    now = link.current()
    shape = (int(samples), *now.setting.shape[1:])
    setting = with_network(now.setting, now.setting.network, shape)
    link.replace_with(replace(now, setting=setting).changed(sample=0))
