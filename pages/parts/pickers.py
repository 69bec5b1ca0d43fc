"""The controls above the maps: gradient or values, sample, channel, downstream gradient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, get_args

import streamlit as st

from experiment.address import Experiment
from pages.parts import link
from pages.parts.given import given
from pages.parts.text import _
from viz.maps import Map
from viz.scene import inspector
from viz.scene.inspector import Chosen

ALL_CHANNELS = -1
"""In the channel picker, where None would mean that nothing was chosen."""
SEGMENTS = 4
"""Up to this many samples stand side by side; more go into a list."""


def pickers(experiment: Experiment, chosen: Chosen, shown: list[list[Map]]) -> None:
    """Draw the controls that the shown maps have a use for."""
    labels = {
        "gradient": _("gradient"),
        "values": _("values"),
        "parameters": _("parameters"),
    }
    _segments(
        _("What to show"), "show", list(get_args(inspector.Show)), experiment.view.show, labels.get
    )
    available = inspector.pickers(shown)
    if available.samples > 1:
        samples = list(range(available.samples))
        _one_of(_("Sample"), "sample", samples, chosen.sample, _("sample {index}").format)
    if available.channels > 1:
        _channel_picker(available.channels, chosen.channel, is_matrix=_is_matrix(shown))
    flowing = [place for place, array in enumerate(chosen.node.downstream) if array is not None]
    if experiment.view.show == "gradient" and len(flowing) > 1:
        _pick(
            _("Downstream"),
            "part",
            flowing,
            chosen.part if chosen.part in flowing else flowing[0],
            lambda part: inspector.part_label(chosen, part),
        )


def _one_of(
    label: str, field: str, options: list[int], value: int, show: Callable[..., str]
) -> None:
    if len(options) <= SEGMENTS:
        _segments(label, field, options, value, lambda index: show(index=index))
    else:
        _pick(label, field, options, value, lambda index: show(index=index))


def _is_matrix(shown: list[list[Map]]) -> bool:
    """Whether a sample is one matrix: its first axis is the rows, such as the places of a text."""
    arrays = [each.array for row in shown[:1] for each in row if each.role == "activation"]
    return all(array is None or array.ndim < 4 for array in arrays)


def _channel_picker(count: int, value: int | None, *, is_matrix: bool) -> None:
    every = _("all {count} rows") if is_matrix else _("all {count} channels")
    one = _("row {index}") if is_matrix else _("channel {index}")

    def show(channel: int) -> str:
        if channel == ALL_CHANNELS:
            return every.format(count=count)
        return one.format(index=channel)

    def taken(channel: int) -> int | None:
        return None if channel == ALL_CHANNELS else channel

    options = [ALL_CHANNELS, *range(count)]
    label = _("Row") if is_matrix else _("Channel")
    _pick(label, "channel", options, ALL_CHANNELS if value is None else value, show, taken)


def _segments(label: str, field: str, options: list, value: object, show: Callable) -> None:  # type: ignore[type-arg]
    st.segmented_control(
        label,
        options,
        format_func=show,
        required=True,
        label_visibility="collapsed",
        **viewed(field, value, options),
    )


def _pick(
    label: str,
    field: str,
    options: list[int],
    value: int,
    show: Callable[[int], str],
    taken: Callable[[Any], Any] = lambda value: value,
) -> None:
    st.selectbox(
        label,
        options,
        format_func=show,
        label_visibility="collapsed",
        width=190,
        **viewed(field, value, options, taken),
    )


def viewed(
    field: str,
    value: object,
    among: Sequence[object] = (False, True),
    taken: Callable[[Any], Any] = lambda value: value,
) -> dict[str, Any]:
    """Return key and callback of a widget that chooses a field of the experiment."""

    def take(value: object) -> None:
        link.change(**{field: taken(value)})

    return given(f"view_{field}", value, take, among)
