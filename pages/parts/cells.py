"""What stands behind the shown cells: the sums they are, and answers about single cells."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

import streamlit as st

import flow
from flow.record import Array, Explanation, ForwardTable, ParameterRecord
from flow.rules import RULES
from pages.parts import inspector
from pages.parts.execute import (
    explain,
    forward,
    forward_cell,
    forward_reach,
    reach,
    table,
)
from pages.parts.experiment import Experiment
from pages.parts.inspector import Chosen
from pages.parts.text import _, translated
from viz.heatmap import Shape
from viz.links import Answer, Link, Rule, Words
from viz.maps import Map

CLICKED = "clicked_cell"
UPSTREAM, DOWNSTREAM, OUTPUT, INPUT = "upstream", "downstream", "output0", "input0"

Shown = Sequence[Sequence[Map]]
Asked = tuple[Experiment, str, Shape]
"""What was on screen when a cell was clicked, the key of its map, and its index."""


def links(experiment: Experiment, chosen: Chosen, shown: Shown) -> list[Link]:
    """Return the sums behind the shown cells: of gradients, parameter gradients or values.

    Empty where no two of the shown maps are the sides of one node or layer.
    """
    arrays = _arrays(shown)
    if experiment.show == "values":
        return _values(experiment, chosen, shown)
    if experiment.show != "gradient" or UPSTREAM not in arrays or chosen.node.is_leaf:
        return []
    output = _output(chosen)
    words = _words(chosen, shown)
    found = []
    if DOWNSTREAM in arrays:
        sums = table(experiment.setting, chosen.node.id, chosen.part, chosen.sample)
        link = Link.from_table(
            sums, DOWNSTREAM, UPSTREAM, output=output, words=words, rule=_between(chosen)
        )
        found.append(_tapped(link, chosen, arrays))
    return found + _of_parameters(experiment, chosen, arrays, words)


def _arrays(shown: Shown) -> dict[str, Array]:
    return {each.key: each.array for row in shown for each in row if each.array is not None}


def _of_parameters(
    experiment: Experiment, chosen: Chosen, arrays: Mapping[str, Array], words: Words
) -> list[Link]:
    """Return the sums behind the layer's parameter gradients that this node made."""
    found = []
    for record in chosen.layer.parameters if chosen.layer is not None else ():
        key = f"gradient:{record.name}"
        if record.node is None or key not in arrays:
            continue
        sums = table(experiment.setting, record.node, 0, None)
        if sums.node != chosen.node.id:
            continue
        own = _of_parameter(words, record.name)
        link = Link.from_table(sums, key, UPSTREAM, output=_output(chosen), words=own)
        found.append(link.tapping(INPUT, arrays[INPUT].shape) if INPUT in arrays else link)
    return found


def _of_parameter(words: Words, name: str) -> Words:
    """Return the words around a cell of a parameter's gradient, which no channel restricts."""
    large = translated({"large": Words().large})["large"]
    return replace(words, explained=f"∂L/∂{name}", large=large)


def _values(experiment: Experiment, chosen: Chosen, shown: Shown) -> list[Link]:
    """Return how the layer's output values are made of its input values."""
    inputs = _inputs(chosen)
    if chosen.layer is None or not inputs or not {OUTPUT, *inputs} <= set(_arrays(shown)):
        return []
    made = forward(experiment.setting, chosen.layer.name, chosen.sample)
    words = _forward_words(chosen, shown, made)
    if made.note:
        return [Link.asked(OUTPUT, key, words=words) for key in inputs] if made.shape else []
    return Link.of_forward(made, OUTPUT, inputs, words=words)


def _inputs(chosen: Chosen) -> list[str]:
    """Return the keys of the layer's inputs that hold real numbers."""
    layer = chosen.layer
    if layer is None:
        return []
    return [
        f"input{which}"
        for which, value in enumerate(layer.inputs)
        if value is None or value.dtype.kind == "f"
    ]


def _words(chosen: Chosen, shown: Shown) -> Words:
    """Return the words around a sum; where all channels are shown, one may be chosen."""
    words = Words(**translated(asdict(Words())))
    if chosen.channel is not None or inspector.pickers(shown).channels < 2:
        return words
    large = _(
        "All channels together are too many cells to point at: choose one channel above, or click "
        "a cell (or press Enter), and its sum comes."
    )
    return replace(words, large=large)


def _forward_words(chosen: Chosen, shown: Shown, made: ForwardTable) -> Words:
    """Return the words around an output value."""
    total = _("computed alone {value}") if made.function else ""
    words = _words(chosen, shown)
    return replace(
        words,
        explained=_("output"),
        hint=_("Point at an output cell: the input cells it is made of light up."),
        nothing=_("No input cell is read here, so it is 0."),
        total=total or words.total,
        recorded=_("recorded {value}"),
    )


def _output(chosen: Chosen) -> int:
    """Return which output's gradient is shown as the upstream map."""
    arrived = chosen.node.upstream
    return next((place for place, array in enumerate(arrived) if array is not None), 0)


def _tapped(link: Link, chosen: Chosen, arrays: Mapping[str, Array]) -> Link:
    """Let the kernel taps of a convolution light up in the map of the kernel's gradient."""
    for record in chosen.layer.parameters if chosen.layer is not None else ():
        key = f"gradient:{record.name}"
        if any(name.startswith(f"{record.name}[") for name in link.names) and key in arrays:
            return link.tapping(key, record.value.shape)
    return link


def _between(chosen: Chosen) -> Rule | None:
    rule = RULES.get(chosen.node.name)
    return None if rule is None else Rule(sentences=(_(rule.sentence),))


def clicked(experiment: Experiment, sent: object) -> None:
    """Remember a cell that the browser could not explain by itself."""
    st.session_state[CLICKED] = asked_about(experiment, sent)


def asked_about(experiment: Experiment, sent: object) -> Asked | None:
    """Read what the browser sent; None where it does not name a cell."""
    if not isinstance(sent, dict):
        return None
    key, index = sent.get("map"), sent.get("index")
    if not isinstance(key, str) or not isinstance(index, list):
        return None
    if not all(type(place) is int for place in index):
        return None
    return experiment, key, tuple(index)


def answer(experiment: Experiment, chosen: Chosen, shown: Shown) -> Answer | None:
    """Return what stands behind the cell that the browser asked about, if it asked."""
    asked: Asked | None = st.session_state.get(CLICKED)
    if asked is None or asked[0] != experiment:
        return None
    _experiment, key, cell = asked
    arrays = _arrays(shown)
    if key not in arrays or not _is_cell(cell, arrays[key].shape):
        return None
    try:
        if experiment.show == "values":
            return _forward_answer(experiment, chosen, shown, key, cell)
        return _answer(experiment, chosen, shown, key, cell)
    except flow.ExplainError as reason:
        return Answer(key, cell, (), str(reason))


def _is_cell(cell: Shape, shape: Shape) -> bool:
    return len(cell) == len(shape) and all(
        0 <= at < size for at, size in zip(cell, shape, strict=True)
    )


def _answer(
    experiment: Experiment, chosen: Chosen, shown: Shown, key: str, cell: Shape
) -> Answer | None:
    """Explain one cell of a gradient, or follow one upstream cell."""
    arrays = _arrays(shown)
    parameter = _parameter(chosen, key)
    if parameter is not None:
        return _parameter_answer(experiment, chosen, shown, parameter, cell)
    if key not in (UPSTREAM, DOWNSTREAM) or not {UPSTREAM, DOWNSTREAM} <= set(arrays):
        return None
    setting, node, words = experiment.setting, chosen.node.id, _words(chosen, shown)
    shape = arrays[key].shape
    if key == UPSTREAM:
        fed = reach(setting, node, cell, _output(chosen))
        return Answer.of_reach(fed, DOWNSTREAM, UPSTREAM, shape, chosen.part, words=words)
    found = explain(setting, node, chosen.part, cell)
    if _is_refused(found):
        return Answer(key, cell, (), found.note)
    return Answer.of_sum(found, DOWNSTREAM, [UPSTREAM], shape, words=words)


def _is_refused(found: Explanation) -> bool:
    return math.isnan(abs(found.total)) and not len(found.coefficients)


def _parameter(chosen: Chosen, key: str) -> ParameterRecord | None:
    """Return the layer's parameter whose gradient the map of this key shows."""
    parameters = chosen.layer.parameters if chosen.layer is not None else ()
    return next((each for each in parameters if key == f"gradient:{each.name}"), None)


def _parameter_answer(
    experiment: Experiment, chosen: Chosen, shown: Shown, parameter: ParameterRecord, cell: Shape
) -> Answer | None:
    """Explain one cell of a parameter's gradient."""
    arrays, key = _arrays(shown), f"gradient:{parameter.name}"
    if parameter.node is None or UPSTREAM not in arrays:
        return None
    found = explain(experiment.setting, parameter.node, 0, cell)
    if found.node != chosen.node.id:
        return None
    if _is_refused(found):
        return Answer(key, cell, (), found.note)
    words = _of_parameter(_words(chosen, shown), parameter.name)
    # The node may hold the parameter in another shape, as linear layers do.
    here = replace(found, cell=cell)
    answer = Answer.of_sum(here, key, [UPSTREAM], arrays[key].shape, words=words)
    if INPUT not in arrays:
        return answer
    tapped = tuple(link.tapping(INPUT, arrays[INPUT].shape) for link in answer.links)
    return replace(answer, links=tapped)


def _forward_answer(
    experiment: Experiment, chosen: Chosen, shown: Shown, key: str, cell: Shape
) -> Answer | None:
    """Explain one output value, or follow one input value."""
    inputs, layer = _inputs(chosen), chosen.layer
    if layer is None or key not in (OUTPUT, *inputs):
        return None
    if not {OUTPUT, *inputs} <= set(_arrays(shown)):
        return None
    if key == OUTPUT:
        made = forward_cell(experiment.setting, layer.name, cell)
    else:
        made = forward_reach(experiment.setting, layer.name, inputs.index(key), cell)
    words = _forward_words(chosen, shown, made)
    found = Link.of_forward(made, OUTPUT, inputs, words=words) if not made.note else []
    return Answer(key, cell, tuple(found), made.note)
