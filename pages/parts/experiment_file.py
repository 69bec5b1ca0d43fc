"""An experiment as a JSON file that can be read, changed by hand and loaded again."""

from __future__ import annotations

import json
from typing import Any

from models.fitting import shape_text
from models.spec import MAX_TEXT, ModelSpec, SpecError, read_spec
from pages.parts.experiment import (
    DEFAULT_MODEL,
    VERSION,
    Experiment,
    from_url,
    of_preset,
    with_network,
)
from pages.parts.text import _, plain

MAX_FILE = 2 * MAX_TEXT
"""Characters of a file: a network, and what a link holds besides."""


class FileError(ValueError):
    """A file that is no experiment; the message is Markdown for the visitor."""


def to_json(experiment: Experiment) -> str:
    """Write the network layer by layer, and the rest as in the address."""
    always = {
        "model": experiment.model,
        "input_shape": shape_text(experiment.shape),
        "input": experiment.input,
        "loss": experiment.loss,
        "target": experiment.target,
        "seed": str(experiment.seed),
    }
    rest = {name: text for name, text in {**always, **experiment.to_url()}.items() if text}
    rest.pop("net", None)
    rest.pop("v", None)
    network = experiment.network.model_dump(mode="json", exclude_defaults=True)
    file = {"backlight": VERSION, "network": network, "experiment": rest}
    return json.dumps(file, indent=2, ensure_ascii=False) + "\n"


def from_json(text: str, now: Experiment) -> tuple[Experiment, tuple[str, ...]]:
    """Read what ``to_json`` wrote, or a network alone, which then runs in place of the one of now.

    What the rest of a file could not say becomes a Markdown sentence. Raises FileError when there
    is no network to read.
    """
    if len(text) > MAX_FILE:
        raise FileError(
            _("the file has at most {most:,} characters; {count:,} came.").format(
                most=MAX_FILE, count=len(text)
            )
        )
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise FileError(_("this is no JSON. Save one with 'Take away' to see how it looks.")) from (
            None
        )
    if not isinstance(read, dict):
        raise FileError(_("a file holds one JSON object in curly brackets."))
    if "network" not in read:
        now = of_preset(DEFAULT_MODEL) if now.own else now
        return with_network(now, _network(read), now.shape), ()
    spec = _network(read["network"])
    parameters = read.get("experiment", {})
    if not isinstance(parameters, dict):
        raise FileError(_("experiment: it must map names to texts."))
    texts = {str(name): str(value) for name, value in parameters.items() if name != "net"}
    version = str(read.get("backlight", VERSION))
    experiment, problems = from_url({"v": version, **texts}, spec)
    return with_network(experiment, spec, experiment.shape), problems


def _network(given: Any) -> ModelSpec:
    try:
        return read_spec(json.dumps(given))
    except SpecError as error:
        raise FileError(plain(f"network: {error}")) from error
