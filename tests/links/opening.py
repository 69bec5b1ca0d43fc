"""What a link opens, as plain values: the one place here that knows the code of the app."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import numpy as np

from experiment.asking.answers import Answers
from experiment.feeding import UPLOAD, misfits
from experiment.running.runs import Refused
from experiment.setting import Setting as Run
from experiment.view import View
from experiment.written import first_edition
from experiment.written.address import VERSION, Experiment, from_address
from flow.record import Array
from lessons.asking.grading import grade
from lessons.catalogue import LESSONS
from lessons.choosing.study import HINTS, REVEALED, Study
from lessons.lesson import Lesson, Step
from lessons.running.recipe import ran
from lessons.running.trial import SettingError, Trial
from models.inputs import INPUTS
from models.losses import LOSSES
from models.presets import PRESETS
from models.spec import LayerSpec
from models.targets import TARGETS, names_text
from pages.lesson.experiment import within
from pages.parts.held import apart
from pages.parts.turns import runs
from viz.language import english
from viz.maps.rows import Map
from viz.scene import inspector
from viz.scene.choice import choose
from viz.scene.compare import with_changes
from viz.scene.inspector import Chosen

DIGITS = 9
"""Significant digits that tell any two float32 apart."""
SHOWN = ("refused", "loss", "nodes", "chosen", "heading", "maps")
"""What is told of the experiment that a lesson opens."""

VIEWED = (
    *("node", "part", "sample", "channel", "show", "saved", "attributes", "tint", "collapsed"),
    *("step", "editing", "hand", "plane", "compare"),
)
"""What of a run an old link could say is looked at."""

Plain = dict[str, Any]


# The playground


def opened(query: str) -> Plain:
    """Return what the playground reads from a query string, and what it then shows."""
    experiment, problems = from_address(_parameters(query))
    return {
        "problems": _told(problems),
        "setting": _setting_of(experiment.setting),
        "view": {name: _listed(getattr(experiment.view, name)) for name in VIEWED},
        **_shown(experiment),
    }


def _told(problems: Iterable[str]) -> list[str]:
    """Return what is said of a link, without the names of what there is besides today."""
    names = {
        ", ".join(PRESETS): "{presets}",
        ", ".join((*INPUTS, UPLOAD)): "{inputs}",
        ", ".join(LOSSES): "{losses}",
        names_text(tuple(TARGETS)): "{targets}",
        f"this one reads {first_edition.VERSION}, {VERSION}": "this one reads {versions}",
        f"one of {VERSION}, {first_edition.VERSION}": "one of {versions}",
    }
    told = []
    for problem in problems:
        for text, name in names.items():
            problem = problem.replace(text, name)
        told.append(problem)
    return told


def _parameters(query: str) -> dict[str, str]:
    return dict(parse_qsl(query, keep_blank_values=True))


def _listed(value: object) -> object:
    """Return a value as it was held then: all channels were none."""
    if value == "all":
        return None
    return list(value) if isinstance(value, tuple) else value


def _setting_of(run: Run) -> Plain:
    network, picture = run.network, run.picture
    own = network != first_edition.begun(run.model).network
    return {
        "model": run.model,
        "own_network": own,
        "network": network.name,
        "layers": [_written(layer, with_fields=own) for layer in network.layers],
        "drawn": list(network.drawn),
        "input_shape": list(run.shape),
        "input": run.input,
        "picture": hashlib.sha256(picture.encode()).hexdigest() if picture else "",
        "loss": run.loss,
        "target": run.target,
        "seed": run.seed,
        "device": run.device,
        "input_gradient": run.input_gradient,
        "training": run.training,
        "edits": {
            name: {str(place): value for place, value in run.edits.of(name).items()}
            for name in run.edits.names()
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
    setting = replace(experiment.setting, device="cpu")
    live = Answers(runs(), setting)
    try:
        outcome = live.outcome
    except Refused as refusal:
        return {"refused": "".join(str(refusal))}  # its English text, a plain one
    capture = outcome.capture
    look = experiment.view
    if look.channel is None:  # which one is seen first was never told by a link
        look = replace(look, channel="all")
    chosen, complaints = choose(look, setting.source.look_at, live, english)
    found = misfits(setting, outcome.output_shape, capture)
    return {
        "loss": None if capture.loss is None else number(capture.loss),
        "nodes": len(capture.nodes),
        "output_shape": list(outcome.output_shape),
        "misfits": {each.name: "".join(each.sentence) for each in found},
        "chosen": {
            "node": chosen.node.id,
            "name": chosen.node.name,
            "part": chosen.part,
            "sample": chosen.sample,
            "channel": chosen.channel,
            "complaints": complaints,
        },
        "heading": inspector.title(chosen),
        "maps": {
            each.key: _map(each) for row in _rows(setting, experiment.view, chosen) for each in row
        },
    }


def _rows(setting: Run, view: View, chosen: Chosen) -> list[list[Map]]:
    if view.compare and setting.edits:
        first = replace(setting, edits=type(setting.edits)())
        return with_changes(chosen, Answers(runs(), first))
    return inspector.rows(chosen)


def _map(drawn: Map) -> Plain:
    if drawn.array is None:
        return {"missing": drawn.missing}
    return {"sample": drawn.sample, "channel": drawn.channel, **numbers(drawn.array)}


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


def opened_lesson(name: str, query: str) -> Plain:
    """Return what a lesson reads from a query string, and the numbers of its layer."""
    lesson = LESSONS[name]
    own, present, unread = apart(_parameters(query), english)
    study, problems = lesson.beginning.read(own)
    attempts = {key: study.attempt(key) for key, _attempt in study.attempts}
    outside = _shown(within(lesson.step(study).opens(study)))
    trial = _tried(lesson.step(study), study)
    then = first_edition.LESSONS[name]
    was_first = "step" not in own and study.step in ("", then["step"])
    return {
        "problems": _told((*problems, *unread)),
        "setting": {
            "step": "" if was_first else study.step,
            "present": present,
            "seed": study.seed,
            "choices": {key: study[key] for key in lesson.choices if key in then},
            "attempts": {
                key: {"typed": list(one.typed), "hints": one.hints, "revealed": one.revealed}
                for key, one in attempts.items()
            },
        },
        "writes": _written_as_then(study, present, leaving_out=("step",) if was_first else ()),
        "solved": _solved(lesson, study),
        "trial": trial,
        "opens": {key: outside[key] for key in SHOWN if key in outside},
    }


def _written_as_then(study: Study, present: bool, leaving_out: tuple[str, ...]) -> str:
    """Return the link that a study writes, with the version of the first edition.

    No link said the first step. Whether a room is shown it, which the browser writes last today,
    stood before seed and attempts.
    """
    written = {name: text for name, text in study.to_url().items() if name not in leaving_out}
    late = {"seed", *study.form.exercises}
    before = {
        name: text
        for name, text in written.items()
        if name.removesuffix(HINTS).removesuffix(REVEALED) not in late
    }
    parts = {**before, **({"present": "1"} if present else {}), **written}
    version = {"v": first_edition.VERSION}
    return urlencode({**version, **parts, **version} if parts.keys() - version else {})


def _solved(lesson: Lesson, study: Study) -> Plain:
    """Grade what was typed; None where its layer cannot run."""
    solved: Plain = {}
    for step in lesson.steps:
        for key in step.exercises:
            typed = study.attempt(key).typed
            if typed:
                try:
                    solved[key] = grade(step.exercise(key, study), typed).solved
                except SettingError:
                    solved[key] = None
    return solved


def _tried(step: Step, study: Study) -> Plain | None:
    """Run the layer that a step shows; None for a step that shows the Test network."""
    recipe = step.about(study)
    if isinstance(recipe, Experiment):
        return None
    try:
        return _numbers_of(ran(recipe))
    except SettingError as refusal:
        return {"refused": "".join(str(refusal))}  # its English text, a plain one


def _numbers_of(run: object) -> Plain:
    """Write what a recipe ran: a trial, several by name, or a frozen value that holds some."""
    if isinstance(run, Trial):
        return _of_trial(run)
    if isinstance(run, np.ndarray):
        return {"array": numbers(run)}
    if isinstance(run, Mapping):
        return {str(name): _numbers_of(each) for name, each in run.items()}
    if is_dataclass(run):
        return {each.name: _numbers_of(getattr(run, each.name)) for each in fields(run)}
    return {"value": repr(run)}


def _of_trial(run: Trial) -> Plain:
    arrays = {
        "value": run.value,
        "output": run.output,
        "upstream": run.upstream,
        "downstream": run.downstream,
        **{f"gradient of {key}": each.gradient for key, each in run.parameters.items()},
    }
    return {"node": run.node, **{key: numbers(array) for key, array in arrays.items()}}
