"""An experiment as a JSON file that can be read, changed by hand and loaded again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from experiment.setting import DEFAULT_MODEL, with_network
from experiment.written import first_edition
from experiment.written.address import VERSION, Experiment, begun, from_address, to_address
from models.shapes import shape_text
from models.spec import MAX_TEXT, ModelSpec, SpecError, read_spec
from viz.language import Say, english, retold
from viz.markdown import plain

MAX_FILE = 2 * MAX_TEXT
"""Characters of a file: a network, and what a link holds besides."""


class FileError(ValueError):
    """A file that is no experiment; the message is Markdown for the visitor."""


def to_json(experiment: Experiment) -> str:
    """Write the network layer by layer, and the rest as in the address."""
    setting = experiment.setting
    always = {
        "model": setting.model,
        "input_shape": shape_text(setting.shape),
        "input": setting.input,
        "loss": setting.loss,
        "target": setting.target,
        "seed": str(setting.seed),
    }
    rest = {name: text for name, text in {**always, **to_address(experiment)}.items() if text}
    rest.pop("net", None)
    rest.pop("v", None)
    network = setting.network.model_dump(mode="json", exclude_defaults=True)
    file = {"backlight": VERSION, "network": network, "experiment": rest}
    return json.dumps(file, indent=2, ensure_ascii=False) + "\n"


def from_json(text: str, now: Experiment, say: Say = english) -> tuple[Experiment, tuple[str, ...]]:
    """Read what ``to_json`` wrote, or a network alone, which then runs in place of the one of now.

    What the rest of a file could not say becomes a Markdown sentence. Raises FileError when there
    is no network to read.
    """
    if len(text) > MAX_FILE:
        raise FileError(
            say("the file has at most {most:,} characters; {count:,} came.").format(
                most=MAX_FILE, count=len(text)
            )
        )
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise FileError(
            say("this is no JSON. Save one with 'Take away' to see how it looks.")
        ) from (None)
    if not isinstance(read, dict):
        raise FileError(say("a file holds one JSON object in curly brackets."))
    if "network" not in read:
        now = now if now.setting.source.layers is not None else begun(DEFAULT_MODEL)
        setting = with_network(now.setting, _network(read, say), now.setting.shape)
        return replace(now, setting=setting), ()
    version = str(read.get("backlight", VERSION))
    spec = _network(read["network"], say, first=version == first_edition.VERSION)
    parameters = read.get("experiment", {})
    if not isinstance(parameters, dict):
        raise FileError(say("experiment: it must map names to texts."))
    texts = {str(name): str(value) for name, value in parameters.items() if name != "net"}
    experiment, problems = from_address({**texts, "v": version}, say, spec)
    if experiment.setting.source.layers is None:
        experiment = begun(DEFAULT_MODEL)
    setting = with_network(experiment.setting, spec, experiment.setting.shape)
    beside = tuple(with_network(one, one.network, one.shape) for one in experiment.beside)
    return replace(experiment, setting=setting, beside=beside), problems


def _network(given: Any, say: Say, *, first: bool = False) -> ModelSpec:
    text = json.dumps(given)
    try:
        return read_spec(first_edition.completed(text) if first else text)
    except SpecError as error:
        raise FileError(
            plain(say("network: {problem}").format(problem=retold(str(error), say)))
        ) from error
