"""The gallery: the lessons, and every preset with a picture of its network and its gradient."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from html import escape

import streamlit as st

from experiment.setting import of_preset
from experiment.written.address import VERSION
from flow.record import Capture
from lessons.catalogue import LESSONS
from lessons.lesson import Lesson
from models.presets import PRESETS, TOPICS, Preset
from models.spec import INPUT
from pages.lesson.page import page_of
from pages.parts.held import arrived_at
from pages.parts.text import _
from pages.parts.turns import runs
from viz.graphs.miniature import Box, miniature
from viz.markdown import plain
from viz.markup import markup
from viz.peak import peak, shown_shape
from viz.scene.choice import first_node
from viz.scene.inspector import default_part
from viz.thumbnail import matrices, thumbnail

KEPT = 128
"""Pictures for all visitors together, light and dark; one has about 10 kB."""


@dataclass(frozen=True)
class Picture:
    """Two SVGs as addresses of images, and the shapes that the second one shows."""

    network: str
    gradients: str
    shapes: tuple[str, str]


def gallery() -> None:
    """Draw the gallery."""
    arrived_at("gallery")
    dark = st.context.theme.type == "dark"
    with st.container(key="gallery"):
        st.markdown(f"# {_('Gallery')}")
        st.markdown(
            _(
                "Lessons, and networks to begin with. The card of a network shows the network, "
                "fuller where the gradient is larger, and the gradients of its outlined layer as "
                "they were computed just now: what arrives, and what is handed on."
            )
        )
        st.markdown(f"## {_('Lessons')}")
        with st.container(key="topic_lessons"):
            for lesson in LESSONS.values():
                _lesson(lesson, dark=dark)
        for topic, title in TOPICS.items():
            st.markdown(f"## {plain(_(title))}")
            with st.container(key=f"topic_{topic}"):
                for preset in PRESETS.values():
                    if preset.topic == topic:
                        _card(preset, dark=dark)


def _lesson(lesson: Lesson, *, dark: bool) -> None:
    with st.container(border=True, key=f"gallery_lesson_{lesson.key}"):
        st.html(markup("lesson_card", picture=_lesson_picture(lesson.key, dark=dark)))
        st.page_link(page_of(lesson), label=_(lesson.title), icon=":material/school:")
        st.html(f'<div class="pictured"><p>{escape(_(lesson.question))}</p></div>')


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _lesson_picture(key: str, *, dark: bool) -> str:
    """Draw the picture of a lesson as the address of an image."""
    with runs().turn(always=True):
        return _address(LESSONS[key].card(dark))


def _card(preset: Preset, *, dark: bool) -> None:
    with st.container(border=True, key=f"gallery_preset_{preset.key}"):
        st.html(_body(preset, picture(preset.key, dark=dark)))
        st.page_link(
            "playground.py",
            label=plain(_(preset.title)),
            icon=":material/arrow_forward:",
            query_params={"v": VERSION, "model": preset.key},
        )
        st.html(f'<div class="pictured"><p>{escape(_(preset.why))}</p></div>')


def _body(preset: Preset, drawn: Picture) -> str:
    network = _("Network of {count} layers").format(count=len(preset.spec.layers))
    arrived, handed = drawn.shapes
    words = _("{layer}: downstream gradient {below}, left of the upstream gradient {above}")
    gradients = words.format(layer=preset.look_at, above=arrived, below=handed)
    return markup(
        "pictured",
        network=drawn.network,
        network_words=network,
        gradients=drawn.gradients,
        gradients_words=gradients,
    )


@st.cache_data(max_entries=KEPT, show_spinner=False)
def picture(key: str, *, dark: bool) -> Picture:
    """Run a preset and draw what its card shows."""
    setting = of_preset(key)
    with runs().turn(always=True):
        capture = runs().outcome(setting).capture
    node = capture.node(first_node(setting.source.look_at, capture))
    above, below = node.upstream[0], node.downstream[default_part(node)]
    assert above is not None  # noqa: S101 - a test goes through every preset
    assert below is not None  # noqa: S101
    return Picture(
        _address(miniature(_boxes(PRESETS[key], capture), dark=dark)),
        _address(thumbnail(*matrices(above, below), dark=dark)),
        (shown_shape(above.shape), shown_shape(below.shape)),
    )


def _boxes(preset: Preset, capture: Capture) -> tuple[Box, ...]:
    """Return the network's input and layers; the input has no gradient of its own here."""
    layers = (
        Box(
            layer.name,
            layer.inputs,
            peak([capture.layer(layer.name).upstream]),
            chosen=layer.name == preset.look_at,
        )
        for layer in preset.spec.layers
    )
    return (Box(INPUT), *layers)


def _address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
