"""The card in which cells are changed by hand: input, target or a parameter, and what it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from html import escape

import numpy as np
import streamlit as st
import torch

from experiment.address import Experiment
from experiment.feeding import (
    TARGET,
    UPLOAD,
    check_classes,
    check_ids,
    first_input,
    first_target,
    misfits,
)
from experiment.runs import Outcome
from experiment.setting import Setting
from flow.record import Array, Capture
from models.cell_edits import LARGEST, NO_EDITS, EditError, Edits
from models.inputs import INPUTS
from models.losses import LOSSES
from models.spec import INPUT
from models.targets import CLASSES
from pages.parts import components, link
from pages.parts.asking import execute
from pages.parts.given import given
from pages.parts.origins import origin, stroked
from pages.parts.strokes import read_strokes
from pages.parts.text import _, translated
from viz.heatmap import Role, Shape
from viz.markdown import plain
from viz.paint import Canvas, PaintLabels, Tool, leading, pack, plane
from viz.peak import shape_text
from viz.theme import format_number

ANSWERED, REFUSED = "hand_answered", "hand_refused"
"""The last message of the browser that was taken, and why it was refused."""
DRAWINGS = "hand_drawings"
"""How often the grid was drawn."""


@dataclass(frozen=True, eq=False)
class Changeable:
    """Something whose cells can be changed: as it was before, and how it is looked at."""

    original: Array
    role: Role
    tool: Tool
    below: int = 0
    """Cells are whole numbers below this one; 0 where they are any numbers."""


def before(setting: Setting) -> Setting:
    """Return the same setting without changes by hand."""
    return replace(setting, edits=NO_EDITS) if setting.edits else setting


def card(experiment: Experiment, outcome: Outcome) -> None:
    """Draw the card."""
    edited = experiment.setting.edits
    first = execute(before(experiment.setting)) if edited else outcome
    tensors = _tensors(experiment, outcome, first.capture)
    name, at = _chosen(experiment, tensors)
    with st.container(horizontal=True, vertical_alignment="center", key="hand_head"):
        st.html(f'<h3 class="head">{escape(_("Change by hand"))}</h3>')
        st.button(_("Graph"), icon=":material/account_tree:", key="hand_done", on_click=_close)
    with st.container(horizontal=True, vertical_alignment="bottom", key="hand_pickers"):
        _tensor_picker(name, tensors, experiment.setting.edits)
        _plane_pickers(name, at, leading(tensors[name].original.shape, tensors[name].role))
    st.caption(plain(_about(name, experiment)))
    refused = st.session_state.pop(REFUSED, "")
    if refused:
        st.error(plain(refused))
    components.paint(
        _packed(name, at, tensors[name], experiment), "paint", partial(_stroke, tensors=tensors)
    )
    _effect(first.capture, outcome.capture)
    _discards(name, experiment)


def unfit(experiment: Experiment, outcome: Outcome) -> None:
    """Say which changes by hand have no place in this run, and offer to discard them."""
    if not experiment.setting.edits:
        return
    found = misfits(experiment.setting, outcome.output_shape, outcome.capture)
    if not found:
        return
    lines = "  \n".join(plain(misfit.sentence) for misfit in found)
    st.warning(f"{lines}  \n{_('Everything else runs as it is shown.')}")
    names = tuple(misfit.name for misfit in found)
    st.button(_("Discard changes"), key="hand_unfit", on_click=_discard, args=names)


def show(name: str) -> None:
    """Open the card with one tensor."""
    link.change(hand=name, plane=())


def _close() -> None:
    link.change(hand="", plane=())


def _tensors(experiment: Experiment, outcome: Outcome, first: Capture) -> dict[str, Changeable]:
    """Return everything whose cells can be changed, by name."""
    words, values = experiment.setting.words, first_input(experiment.setting).numpy()
    fed = Changeable(
        values, "activation", "number" if words else "brush", words.size if words else 0
    )
    found = {INPUT: fed}
    target = first_target(experiment.setting, outcome.output_shape)
    if target is not None:
        classes = 0 if target.is_floating_point() else outcome.output_shape[1]
        found[TARGET] = Changeable(target.numpy(), "activation", "number", classes)
    for layer in first.layers:
        for record in layer.parameters:
            found.setdefault(record.name, Changeable(record.value, "parameter", "number"))
    return found


def _chosen(experiment: Experiment, tensors: Mapping[str, Changeable]) -> tuple[str, Shape]:
    """Return the chosen tensor and plane; what does not exist is replaced, and that is said."""
    name, at = experiment.view.hand, experiment.view.plane
    if name not in tensors:
        sentence = _("hand: nothing here that could be changed is called {name}. It shows {first}.")
        st.warning(sentence.format(name=plain(name), first=INPUT))
        name, at = INPUT, ()
    axes = leading(tensors[name].original.shape, tensors[name].role)
    fits = len(at) == len(axes) and all(i < size for i, size in zip(at, axes, strict=True))
    if not fits:
        if at:
            sentence = _("plane: {name} has no map {came}. The first one is shown.")
            st.warning(sentence.format(name=plain(name), came="x".join(map(str, at))))
        at = (0,) * len(axes)
    if (name, at) != (experiment.view.hand, experiment.view.plane):
        link.settle(hand=name, plane=at if any(at) else ())
    return name, at


def _tensor_picker(name: str, tensors: Mapping[str, Changeable], edits: Edits) -> None:
    def label(each: str) -> str:
        named = {INPUT: _("input"), TARGET: _("target")}.get(each, each)
        text = f"{named} · {shape_text(tensors[each].original.shape)}"
        count = len(edits.of(each))
        return _("{tensor} · {count} changed").format(tensor=text, count=count) if count else text

    held = given("view_hand", name, show, tensors)
    st.selectbox(_("What to change"), list(tensors), format_func=label, **held)


def _plane_pickers(name: str, at: Shape, axes: Shape) -> None:
    """Draw one number field for each leading axis that has more than one index."""
    for axis, size in enumerate(axes):
        if size == 1:
            continue
        st.number_input(
            _axis_label(name, axis, len(axes)),
            min_value=0,
            max_value=size - 1,
            step=1,
            width=96,
            **given(f"view_plane_{axis}", at[axis], partial(_take_plane, axis, at)),
        )


def _axis_label(name: str, axis: int, count: int) -> str:
    if name in (INPUT, TARGET):
        known: tuple[str, ...] = (_("Sample"), _("Channel"))
    else:
        known = (_("Output"), _("Input")) if count == 2 else (_("Row"),)
    return known[axis] if axis < len(known) else _("Axis {axis}").format(axis=axis)


def _take_plane(axis: int, at: Shape, index: int) -> None:
    """Show another map of the tensor; a sample is then looked at in the inspector too."""
    now = (*at[:axis], int(index), *at[axis + 1 :])
    experiment = link.current()
    same_sample = {"sample": now[0]} if experiment.view.hand == INPUT and axis == 0 else {}
    link.change(plane=now if any(now) else (), **same_sample)


def _about(name: str, experiment: Experiment) -> str:
    """Say what the tensor is and where its cells came from."""
    if name == INPUT and experiment.setting.input == UPLOAD:
        return _("What the network is fed: your picture.")
    if name == INPUT:
        kind = INPUTS[experiment.setting.input]
        return f"{_('What the network is fed:')} {_(kind.label)}. {_(kind.help)}"
    if name == TARGET and LOSSES[experiment.setting.loss].targets == CLASSES:
        return _("The right class of each sample, a whole number counted from 0.")
    if name == TARGET:
        return f"{_('What the loss is computed with:')} {_(LOSSES[experiment.setting.loss].help)}"
    return _("A parameter, as the seed made it. Every change runs the network anew.")


def _packed(name: str, at: Shape, tensor: Changeable, experiment: Experiment) -> bytes:
    original = np.ascontiguousarray(tensor.original)
    places = experiment.setting.edits.of(name)
    fitting = all(place < original.size for place in places) and not _problem(
        experiment, experiment.setting.edits, {name: tensor}
    )
    values = (
        experiment.setting.edits.apply(name, torch.tensor(original)).numpy()
        if fitting
        else original
    )
    words = Canvas(
        key=name,
        name=f"{name} {shape_text(original.shape)}",
        values=values,
        original=original,
        edited=list(places) if fitting else [],
        plane=plane(original.shape, tensor.role, at),
        tool=tensor.tool,
        whole=tensor.below > 0,
        origin=origin(name, original.shape, experiment.setting.edits),
    )
    st.session_state[DRAWINGS] = st.session_state.get(DRAWINGS, 0) + 1
    return pack(
        words,
        answered=st.session_state.get(ANSWERED, 0),
        drawing=st.session_state[DRAWINGS],
        largest=tensor.below - 1 if tensor.below else LARGEST,
        labels=PaintLabels(**translated(asdict(PaintLabels()))),
    )


def _problem(experiment: Experiment, edits: Edits, tensors: Mapping[str, Changeable]) -> str:
    """Say which changed cell of these tensors is no id or no class; empty when all may stand."""
    try:
        if INPUT in tensors:
            check_ids(experiment.setting, edits)
        if TARGET in tensors and tensors[TARGET].below:
            check_classes(edits, tensors[TARGET].below)
    except EditError as error:
        return str(error)
    return ""


def _stroke(sent: object, tensors: Mapping[str, Changeable]) -> None:
    """Take over what was changed in the browser, or say why it cannot be."""
    strokes = read_strokes(sent, {name: tensor.original.size for name, tensor in tensors.items()})
    if strokes is None:
        return
    st.session_state[ANSWERED] = strokes.serial
    now = link.current()
    try:
        edits = strokes.onto(now.setting.edits)
    except EditError as error:
        st.session_state[REFUSED] = str(error)
        return
    changed = {
        n: tensors[n] for n, _cells in strokes.tensors if edits.of(n) != now.setting.edits.of(n)
    }
    problem = _problem(now, edits, changed)
    if problem:
        st.session_state[REFUSED] = problem
        return
    stroked((name for name, _cells in strokes.tensors), edits)
    link.change(edits=edits)


def _effect(first: Capture, now: Capture) -> None:
    """Write the loss before and after."""
    if first.loss is None or now.loss is None:
        return
    words = f"<span>{escape(_('Loss'))}</span> <b>{format_number(first.loss, 4)}</b>"
    if now is not first:
        change = now.loss - first.loss
        signed = f"{'+' if change > 0 else ''}{format_number(change)}"
        words += f" → <b>{format_number(now.loss, 4)}</b> <span>({signed})</span>"
    st.html(f'<p class="effect">{words}</p>')


def _discards(name: str, experiment: Experiment) -> None:
    """Offer to discard changes."""
    edits = experiment.setting.edits
    with st.container(horizontal=True, vertical_alignment="center", key="hand_foot"):
        if edits.of(name):
            label = _("Discard changes of {name}").format(name=plain(name))
            st.button(label, key="hand_discard", on_click=_discard, args=(name,))
        if set(edits.names()) - {name}:
            st.button(
                _("Discard all changes"),
                key="hand_discard_all",
                on_click=_discard,
                args=tuple(edits.names()),
            )


def _discard(*names: str) -> None:
    link.change(edits=link.current().setting.edits.without(*names))
