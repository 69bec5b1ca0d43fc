"""The section of the sidebar that puts another run beside this one: the same, but for one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from experiment.beside import made
from experiment.beside.difference import Side, difference
from experiment.running.runs import Outcome, Refused
from experiment.setting import MAX_SEED, Setting
from experiment.written.address import Experiment
from flow.record import Array
from models.cell_edits import LARGEST, EditError
from models.layers import LAYERS
from models.losses import LOSSES
from models.sgd import MAX_STEPS
from models.spec import INPUT, SpecError
from pages.controls import targets
from pages.parts import link
from pages.parts.asking import execute
from pages.parts.text import _, say
from viz.language import retold
from viz.markdown import plain

PROBLEM = "beside_problem"
"""In the session: why there is no such run."""

Make = Callable[[Setting], Setting]
"""Makes B of A; SpecError and EditError say why there is none."""


@dataclass(frozen=True)
class Way:
    """One way in which B can differ: what it is called, and the controls that say how."""

    label: str
    draw: Callable[[], Make]


@dataclass(frozen=True)
class Beside:
    """What came of running B."""

    apart: str = ""
    """What tells A and B apart; empty where there are not two runs to show."""
    refusal: str = ""
    """Why B cannot run, as Markdown; empty where it can."""
    nodes: bool = False
    """Whether A and B have as many nodes."""


def section(experiment: Experiment, outcome: Outcome | None, first: DeltaGenerator) -> Beside:
    """Draw the section, which stands ``first`` while B is open, and run B."""
    with (
        first if experiment.beside else st.sidebar,
        st.expander(_("Compare with another run"), expanded=bool(experiment.beside), key="beside"),
    ):
        found = Beside()
        if experiment.view.hidden:
            st.caption(_("Nothing is compared while a map is hidden: B could give it away."))
            return found
        if experiment.beside:
            found = Beside() if outcome is None else _compared(experiment, outcome)
            _open(experiment, found)
        else:
            st.caption(_("Run B stands beside this one, A: their gradients, layer by layer."))
        if outcome is not None:
            _offer(experiment, outcome)
        return found


def _open(experiment: Experiment, found: Beside) -> None:
    """Say what differs, and offer to swap both or to close B."""
    if len(experiment.beside) > 1:
        sentence = _("This link holds {count} runs. The first two are compared here.")
        st.caption(sentence.format(count=1 + len(experiment.beside)))
    if found.apart:
        st.markdown(plain(found.apart))
    with st.container(horizontal=True, key="beside_open"):
        st.button(_("Swap"), key="beside_swap", on_click=_swap, args=(found.nodes,))
        st.button(_("Close B"), key="beside_close", on_click=_close)


def _compared(experiment: Experiment, outcome: Outcome) -> Beside:
    """Run B and compare it with A."""
    other = experiment.beside[0]
    try:
        found = execute(other)
    except Refused as refusal:
        sentence = _("B cannot run: {reason} A alone is shown.")
        return Beside(refusal=sentence.format(reason=plain(retold(str(refusal), say()))))
    apart = difference(Side(experiment.setting, outcome), Side(other, found), say())
    nodes = len(outcome.capture.nodes) == len(found.capture.nodes)
    return Beside(apart, nodes=nodes)


def _swap(nodes: bool) -> None:
    """Let B be A; what is looked at stays where both have the same nodes."""
    now = link.current()
    value = replace(now, setting=now.beside[0], beside=(now.setting, *now.beside[1:]))
    link.begin(value if nodes else value.changed(node="", part=None, step=None))


def _close() -> None:
    """Return to A alone, as it was."""
    link.replace_with(replace(link.current(), beside=()))


def _take(make: Make) -> None:
    """Open what is made of A as B."""
    now = link.current()
    try:
        other = make(now.setting)
    except (SpecError, EditError) as problem:
        st.session_state[PROBLEM] = retold(str(problem), say())
        return
    st.session_state.pop(PROBLEM, None)
    beside = (other, *now.beside[1:])
    link.replace_with(replace(now, beside=beside).changed(editing=False, hand=""))


def _offer(experiment: Experiment, outcome: Outcome) -> None:
    """Draw what B is made of, and the button that opens it."""
    ways = {way.label: way for way in _ways(experiment, outcome)}
    opened = bool(experiment.beside)
    question = (
        _("Replace B by the same run, but with") if opened else _("B is the same run, but with")
    )
    label = st.selectbox(question, [*ways], key="beside_way")
    make = ways[label].draw()
    st.button(
        _("Replace B") if opened else _("Run B beside A"),
        key="beside_run",
        width="stretch",
        on_click=_take,
        args=(make,),
    )
    problem = st.session_state.get(PROBLEM, "")
    if problem:
        st.error(plain(problem))


def _ways(experiment: Experiment, outcome: Outcome) -> Iterator[Way]:
    """Yield the ways that this run has a use for."""
    setting = experiment.setting
    yield Way(_("Another seed"), partial(_seed, setting))
    layered = setting.source.layers is not None
    if layered:
        yield from _networks(setting)
    yield Way(_("Another loss"), partial(_loss, setting, layered=layered))
    others = [name for name in targets.options(experiment) if name != setting.target]
    if layered and LOSSES[setting.loss].targets and others:
        yield Way(_("Another target"), partial(_target, others))
    if layered:
        yield Way(_("One weight or pixel"), partial(_cell, setting, outcome))
    if setting.edits:
        yield Way(_("The changes by hand left out"), lambda: _unedited)
    if setting.sgd.steps < MAX_STEPS:
        yield Way(_("One more step of SGD"), lambda: _stepped)


def _networks(setting: Setting) -> Iterator[Way]:
    kinds = made.exchangeable(setting)
    if kinds:
        yield Way(_("Another activation"), partial(_activation, kinds))
    budget = setting.source.budget(setting)
    layers = made.removable(setting, budget.shapes) if budget is not None else []
    if layers:
        yield Way(_("A layer left out"), partial(_layer, layers))
    skips = made.skips(setting)
    if skips:
        yield Way(_("A skip left out"), partial(_skip, skips))


def _seed(setting: Setting) -> Make:
    wanted = setting.seed + 1 if setting.seed < MAX_SEED else 0
    seed = st.number_input(
        _("Seed of B"), min_value=0, max_value=MAX_SEED, value=wanted, step=1, key="beside_seed"
    )
    return lambda a: replace(a, seed=int(seed))


def _loss(setting: Setting, *, layered: bool) -> Make:
    offered = [
        key for key, kind in LOSSES.items() if key != setting.loss and (layered or not kind.given)
    ]
    loss = st.selectbox(
        _("Loss of B"), offered, format_func=lambda key: _(LOSSES[key].label), key="beside_loss"
    )
    return lambda a: made.with_loss(a, loss)


def _target(others: list[str]) -> Make:
    target = st.selectbox(_("Target of B"), others, format_func=targets.label, key="beside_target")
    return lambda a: replace(a, target=target)


def _activation(kinds: Mapping[str, Sequence[str]]) -> Make:
    label = _("{other} for {kind}")
    offered = {
        label.format(other=_(LAYERS[other].label), kind=_(LAYERS[kind].label)): (kind, other)
        for kind, others in kinds.items()
        for other in others
    }
    chosen = st.selectbox(_("Every layer of the kind"), [*offered], key="beside_activation")
    kind, other = offered[chosen]
    return lambda a: made.with_activation(a, kind, other)


def _layer(layers: list[str]) -> Make:
    name = st.selectbox(_("Layer that B lacks"), layers, key="beside_layer")
    return lambda a: made.without_layer(a, name)


def _skip(skips: list[made.Skip]) -> Make:
    skip = st.selectbox(
        _("Skip that B lacks"),
        skips,
        format_func=lambda each: f"{each.source} → {each.layer}",
        key="beside_skip",
    )
    return lambda a: made.without_skip(a, skip)


def _unedited(setting: Setting) -> Setting:
    return setting.unedited


def _stepped(setting: Setting) -> Setting:
    return setting.at_step(setting.sgd.steps + 1)


def _cell(setting: Setting, outcome: Outcome) -> Make:
    """Choose a tensor, a cell of it and a number."""
    arrays = _changeable(setting, outcome)
    tensor = st.selectbox(_("Tensor"), [*arrays], key="beside_tensor")
    array, index = arrays[tensor], []
    with st.container(horizontal=True, key="beside_cell"):
        for axis, size in enumerate(array.shape):
            place = st.number_input(
                _("Index {axis}").format(axis=axis),
                min_value=0,
                max_value=max(size - 1, 1),
                value=0,
                step=1,
                width=88,
                disabled=size == 1,
                key=f"beside_index_{tensor}_{axis}",
            )
            index.append(min(int(place), size - 1))
    at = int(np.ravel_multi_index(index, array.shape))
    now = float(array.reshape(-1)[at])
    value = st.number_input(
        _("Number there in B"),
        min_value=-LARGEST,
        max_value=LARGEST,
        value=0.0,
        step=0.1,
        format="%g",
        help=_("In A it is {number}.").format(number=f"{now:g}"),
        key="beside_value",
    )
    return lambda a: made.with_cell(a, tensor, at, float(value))


def _changeable(setting: Setting, outcome: Outcome) -> dict[str, Array]:
    """Return the tensors of which a cell can be changed: the input, where it has no token ids."""
    capture = outcome.capture
    inputs = {} if setting.words is not None else {INPUT: capture.inputs[0]}
    named = {each.name: each.value for each in capture.parameters if " = " not in each.name}
    return {**named, **inputs}
