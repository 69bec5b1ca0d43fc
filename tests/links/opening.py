"""What a link opens, as plain values: the one place here that knows the code of the app."""

from __future__ import annotations

import hashlib
import math
import runpy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, urlencode

import numpy as np

from flow.record import Array, Capture
from lessons.catalogue import LESSONS
from lessons.exercise import grade
from lessons.nearest import Enlarging, Pooling
from lessons.trial import SettingError, Trial
from models.inputs import INPUTS
from models.losses import LOSSES
from models.presets import PRESETS
from models.spec import LayerSpec
from models.targets import TARGETS
from pages.parts import inspector, lesson
from pages.parts.choice import choose
from pages.parts.compare import with_changes
from pages.parts.execute import Outcome, Refused, execute
from pages.parts.experiment import READERS, Experiment, from_url
from pages.parts.feeding import misfits
from pages.parts.inspector import Chosen
from pages.parts.lesson import Step
from pages.parts.lesson_maps import trial
from pages.parts.lesson_recipes import enlarging_of
from pages.parts.lesson_setting import Choice, Form, Setting
from scripts.served import ROOT
from viz.maps import Map

DIGITS = 9
"""Significant digits that tell any two float32 apart."""
VIEW = (
    "node",
    "part",
    "sample",
    "channel",
    "show",
    "saved",
    "attributes",
    "tint",
    "collapsed",
    "step",
    "editing",
    "hand",
    "plane",
    "compare",
)
SHOWN = ("refused", "loss", "nodes", "chosen", "heading", "maps")
"""What is told of the experiment that a lesson opens."""

Plain = dict[str, Any]


@dataclass(frozen=True)
class Offer:
    """Everything that a link can name, so that a corpus can be seen to leave nothing out."""

    presets: frozenset[str]
    parameters: frozenset[str]
    inputs: frozenset[str]
    losses: frozenset[str]
    targets: frozenset[str]
    lessons: Mapping[str, frozenset[str]]
    """Lesson -> the parameters of its links."""
    steps: Mapping[str, frozenset[str]]


def offer() -> Offer:
    """Return what links of the app can name."""
    return Offer(
        frozenset(PRESETS),
        frozenset({"v", "model", *READERS}),
        frozenset(INPUTS),
        frozenset(LOSSES),
        frozenset(TARGETS),
        {name: frozenset(_page(name).form.readers) for name in LESSONS},
        {name: frozenset(_page(name).steps) for name in LESSONS},
    )


# The playground


def opened(query: str) -> Plain:
    """Return what the playground reads from a query string, and what it then shows."""
    experiment, problems = from_url(_parameters(query))
    return {
        "problems": list(problems),
        "setting": _setting_of(experiment),
        "view": {name: _listed(getattr(experiment, name)) for name in VIEW},
        **_shown(experiment),
    }


def _parameters(query: str) -> dict[str, str]:
    return dict(parse_qsl(query, keep_blank_values=True))


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _setting_of(experiment: Experiment) -> Plain:
    network, picture = experiment.network, experiment.picture
    own = experiment.spec is not None
    return {
        "model": experiment.model,
        "own_network": own,
        "network": network.name,
        "layers": [_written(layer, with_fields=own) for layer in network.layers],
        "drawn": list(network.drawn),
        "input_shape": list(experiment.shape),
        "input": experiment.input,
        "picture": hashlib.sha256(picture.encode()).hexdigest() if picture else "",
        "loss": experiment.loss,
        "target": experiment.target,
        "seed": experiment.seed,
        "device": experiment.device,
        "input_gradient": experiment.input_gradient,
        "training": experiment.training,
        "edits": {
            name: {str(place): value for place, value in experiment.edits.of(name).items()}
            for name in experiment.edits.names()
        },
    }


def _written(layer: LayerSpec, *, with_fields: bool) -> str:
    """Write a layer as ``conv1 = Conv2d(input)``, of an own network with what was set."""
    defaults = {field.name: field.default for field in layer.layer_kind.fields}
    words = list(layer.inputs)
    if with_fields:
        given = layer.fields.items()
        words += [f"{name}={value}" for name, value in given if value != defaults[name]]
    frozen = " frozen" if layer.frozen else ""
    return f"{layer.name} = {layer.kind}({', '.join(words)}){frozen}"


def _shown(experiment: Experiment) -> Plain:
    """Return what is on screen; a device that is not here is replaced by the CPU."""
    run = replace(experiment, device="cpu")
    try:
        outcome = execute(run.setting)
    except Refused as refusal:
        return {"refused": str(refusal)}
    capture = outcome.capture
    chosen, complaints = choose(run, capture)
    found = misfits(run.setting, outcome.output_shape, capture)
    return {
        "loss": None if capture.loss is None else number(capture.loss),
        "nodes": len(capture.nodes),
        "output_shape": list(outcome.output_shape),
        "misfits": {each.name: each.sentence for each in found},
        "chosen": {
            "node": chosen.node.id,
            "name": chosen.node.name,
            "part": chosen.part,
            "sample": chosen.sample,
            "channel": chosen.channel,
            "complaints": complaints,
        },
        "heading": [inspector.title(chosen), inspector.subtitle(chosen)],
        "maps": [_map(each) for row in _rows(run, chosen, outcome) for each in row],
    }


def _rows(run: Experiment, chosen: Chosen, outcome: Outcome) -> list[list[Map]]:
    if run.compare and run.edits:
        return with_changes(chosen, run.show, _before(run, outcome))
    return inspector.rows(chosen, run.show)


def _before(run: Experiment, outcome: Outcome) -> Capture:
    """Return the run without changes by hand."""
    first = replace(run.setting, edits=type(run.edits)())
    return execute(first).capture if run.edits else outcome.capture


def _map(drawn: Map) -> Plain:
    words = {"key": drawn.key, "title": drawn.title, "subtitle": drawn.subtitle}
    view = {"sample": drawn.sample, "channel": drawn.channel}
    if drawn.array is None:
        return {**words, "missing": drawn.missing}
    return {**words, **view, **numbers(drawn.array)}


def numbers(array: Array) -> Plain:
    """Return the shape of an array, and a few numbers by which to recognise it."""
    cells = array.astype(np.float64).reshape(-1)
    found: Plain = {"shape": list(array.shape)}
    if not cells.size:
        return found
    with np.errstate(invalid="ignore"):  # inf - inf
        several = {"sum": cells.sum(), "abs": np.abs(cells).sum()}
    several |= {"min": cells.min(), "max": cells.max(), "first": cells[0], "last": cells[-1]}
    return {**found, **{name: number(value) for name, value in several.items()}}


def number(value: float) -> float | str:
    """Return a number as JSON can hold it: what is no finite number as a word."""
    value = float(value)
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else str(value)


# Lessons


@dataclass(frozen=True)
class _Page:
    """What the page of a lesson hands over, without drawing any of it."""

    steps: Mapping[str, Step]
    form: Form
    playground: Callable[[Setting], Experiment]
    names: Mapping[str, Any]
    """Everything that its file defines."""


@cache
def _page(name: str) -> _Page:
    found: list[tuple[Any, ...]] = []

    def show(
        _lesson: str,
        steps: Mapping[str, Step],
        choices: Mapping[str, Choice],
        playground: Callable[[Setting], Experiment],
    ) -> None:
        keys = tuple(key for step in steps.values() for key in step.exercises)
        found.append((steps, Form(tuple(steps), keys, choices), playground))

    with patch.object(lesson, "show", show):
        names = runpy.run_path(str(ROOT / "pages" / f"{name}.py"))
    ((steps, form, playground),) = found
    return _Page(steps, form, playground, names)


def opened_lesson(name: str, query: str) -> Plain:
    """Return what a lesson reads from a query string, and the numbers of its layer."""
    page = _page(name)
    setting, problems = Setting(page.form).read(_parameters(query))
    attempts = {key: setting.attempt(key) for key, _attempt in setting.attempts}
    outside = _shown(page.playground(setting))
    return {
        "problems": list(problems),
        "setting": {
            "step": setting.step,
            "present": setting.present,
            "seed": setting.seed,
            "choices": {key: setting[key] for key in page.form.choices},
            "attempts": {
                key: {"typed": list(one.typed), "hints": one.hints, "revealed": one.revealed}
                for key, one in attempts.items()
            },
        },
        "writes": urlencode(setting.to_url()),
        "solved": _solved(page, setting),
        "trial": _tried(name, page, setting),
        "opens": {key: outside[key] for key in SHOWN if key in outside},
    }


def _solved(page: _Page, setting: Setting) -> Plain:
    """Grade what was typed; None where its layer cannot run."""
    solved: Plain = {}
    for step in page.steps.values():
        for key, ask in step.exercises.items():
            typed = setting.attempt(key).typed
            if typed:
                try:
                    solved[key] = grade(ask(setting), typed).solved
                except SettingError:
                    solved[key] = None
    return solved


def _tried(name: str, page: _Page, setting: Setting) -> Plain | None:
    """Run the layer that a step shows; None for a step that shows the Test network."""
    if name == "convolution_backward":
        recipe = page.names["recipe_of"](setting)
    elif setting.step in ("", "question"):
        recipe = Enlarging()
    elif setting.step in ("predict", "rule"):
        recipe = enlarging_of(setting)
    elif setting.step == "router":
        recipe = Pooling(setting.seed)
    else:
        return None
    try:
        return _numbers_of(trial(recipe))
    except SettingError as refusal:
        return {"refused": str(refusal)}


def _numbers_of(run: Trial) -> Plain:
    arrays = {
        "value": run.value,
        "output": run.output,
        "upstream": run.upstream,
        "downstream": run.downstream,
        **{f"gradient of {key}": each.gradient for key, each in run.parameters.items()},
    }
    return {"node": run.node, **{key: numbers(array) for key, array in arrays.items()}}
