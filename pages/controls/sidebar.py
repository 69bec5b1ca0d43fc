"""The sidebar: every control reads the experiment and writes it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from experiment.beside.made import with_loss
from experiment.setting import MAX_SEED, offered
from experiment.source import OWN
from experiment.written.address import Experiment, begun
from models.losses import LOSSES
from models.own import configured
from models.presets import PRESETS
from pages.controls import paste, sources, targets
from pages.parts import link
from pages.parts.asking import devices
from pages.parts.components import number
from pages.parts.given import given
from pages.parts.held import is_whole
from pages.parts.text import _, say
from viz.markdown import plain
from viz.number import Button, number_data

NEW_WEIGHTS = "new_weights"
"""Key of the button in the session."""


def sidebar(experiment: Experiment) -> DeltaGenerator:
    """Draw the controls of what is run; return the place for what matters more than they do."""
    with st.sidebar:
        st.markdown(f"## Backlight\n{_('see gradients flow backward')}")
        first = st.container(key="first")
        _choice(_("Model"), "model", offered(), partial(_model_label, experiment), _begin)
        st.page_link("gallery.py", label=_("All with pictures"), icon=":material/grid_view:")
        st.caption(plain(experiment.setting.source.description(say())))
        paste.opener()
        if experiment.setting.source.layers is not None:
            _toggle(
                _("Edit the network"),
                "editing",
                _("Add, remove, rewire and set layers; what can run runs at once."),
            )
        kinds = sources.options(experiment)
        _choice(_("Input"), "input", kinds, sources.label, help=sources.explanation())
        if experiment.setting.source.layers is not None:
            sources.sources(experiment)
        losses = _losses(experiment)
        _choice(_("Loss"), "loss", losses, lambda key: _(LOSSES[key].label), _change_loss)
        if LOSSES[experiment.setting.loss].targets:
            _choice(_("Target"), "target", targets.options(experiment), targets.label)
            targets.cell_fields(experiment)
        _seed()
        _choice(_("Device"), "device", devices(), _device_label)
        _input_gradient(experiment)
        _toggle(
            _("Training mode"),
            "training",
            _("On: Dropout drops, BatchNorm uses this batch. Off: as after model.eval()."),
        )
    return first


def _model_label(experiment: Experiment, key: str) -> str:
    named = configured()
    if key == OWN and named is not None:
        return named.title
    title = _(PRESETS[key].title)
    name = experiment.setting.source.name
    if key == experiment.setting.model and name != PRESETS[key].spec.name:
        return _("{name} (your own)").format(name=name)
    changed = experiment.setting.spec is not None or experiment.setting.input_shape is not None
    edited = key == experiment.setting.model and changed
    return _("{title} (edited)").format(title=title) if edited else title


def _losses(experiment: Experiment) -> list[str]:
    """Return the losses; a module of the command line needs one that is a number."""
    known = experiment.setting.source.layers is not None
    return [key for key, kind in LOSSES.items() if known or not kind.given]


def _begin(model: str) -> None:
    """Begin with another preset, keeping the device."""
    now = link.current()
    fresh = begun(model)
    kept = {"device": now.setting.device, "editing": now.view.editing, "train": now.training.train}
    link.begin(fresh.changed(**kept))


def _change_loss(loss: str) -> None:
    setting = with_loss(link.current().setting, loss)
    link.change(loss=loss, target=setting.target)


def _choice(
    label: str,
    field: str,
    options: Sequence[str],
    show: Callable[[str], str],
    take: Callable[[str], None] | None = None,
    help: str | None = None,  # noqa: A002 - Streamlit's name for it
) -> None:
    value = link.current().value(field)
    if value not in options:
        options = [*options, value]
    held = given(f"control_{field}", value, take or _into(field), options)
    st.selectbox(label, options, format_func=show, help=help, **held)


def _into(field: str) -> Callable[[object], None]:
    """Return what puts a value into a field of the experiment."""
    return lambda value: link.change(**{field: value})


def _input_gradient(experiment: Experiment) -> None:
    label = _("Gradient at the input")
    if experiment.setting.words is not None:
        st.toggle(label, disabled=True, help=_("Token ids are whole numbers: they have none."))
        return
    explanation = _("Let the input ask for a gradient too, so that the first layer hands one on.")
    _toggle(label, "input_gradient", explanation)


def _toggle(label: str, field: str, explanation: str) -> None:
    held = given(f"control_{field}", link.current().value(field), _into(field))
    st.toggle(label, help=explanation, **held)


def _seed() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="seed_row"):
        st.number_input(
            _("Seed"),
            min_value=0,
            max_value=MAX_SEED,
            step=1,
            help=_("The same seed gives the same weights, bit for bit, on every visit."),
            **given("control_seed", link.current().setting.seed, _into("seed")),
        )
        number(
            number_data(
                link.current().setting.seed,
                link.hear(NEW_WEIGHTS, _take_seed),
                (0, MAX_SEED),
                [Button(1, _("New weights"), "casino")],
                around=True,
            ),
            NEW_WEIGHTS,
        )
        st.button(_("Reset"), on_click=_reset, icon=":material/restart_alt:")


def _take_seed(experiment: Experiment, seed: object) -> Experiment:
    return experiment.changed(seed=seed) if is_whole(seed, MAX_SEED) else experiment


def _device_label(name: str) -> str:
    return "CPU" if name == "cpu" else name.upper()


def _reset() -> None:
    """Return to the preset's own settings."""
    now = link.current()
    kept = {"editing": now.view.editing, "train": now.training.train}
    link.begin(begun(now.setting.model).changed(**kept))
