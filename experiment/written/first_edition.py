"""What a link of the first edition (``v=1``) leaves unsaid: the defaults and presets of its time.

They are kept as data beside this file, so that presets, lessons and layers may change while every
old link goes on showing what it showed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiment.packing import unpacked
from experiment.readers import LONGEST_PROBLEM
from experiment.setting import DEFAULT_MODEL, Setting, of_preset, with_network
from experiment.view import View
from models.layers import LAYERS
from models.presets import PRESETS as TODAY
from models.spec import SpecError, read_spec
from viz.language import Say, retold
from viz.markdown import plain

VERSION = "1"
_KEPT: Mapping[str, Any] = json.loads(
    Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
)
PRESETS: Mapping[str, Mapping[str, Any]] = _KEPT["presets"]
"""By key: network, input, loss and target, which layer and node were looked at first."""
LESSONS: Mapping[str, Mapping[str, Any]] = _KEPT["lessons"]
"""By key: the first step, and what every choice was before anything was chosen."""
KINDS: Mapping[str, Mapping[str, Any]] = _KEPT["kinds"]
"""By kind of layer: the defaults of its fields, which a packed network leaves out."""


def begun(model: str) -> Setting:
    """Return the setting with which a preset of then began."""
    kept = PRESETS[model]
    today = of_preset(model if model in TODAY else DEFAULT_MODEL)
    chosen = {name: kept[name] for name in ("input", "loss", "target")}
    setting = replace(today, **chosen, **_KEPT["setting"])
    network = read_spec(completed(unpacked(kept["net"])))
    return with_network(setting, network, tuple(kept["input_shape"]))


def view(model: str) -> View:
    """Return what of a preset of then was looked at before anything was chosen."""
    kept, today = PRESETS[model], TODAY.get(model)
    known = () if today is None else ([today.look_at, today.node], [today.formerly, ""])
    return View(node="" if kept["look_at"] in known else kept["node"], **_KEPT["view"])


def read_net(text: str, say: Say) -> tuple[Any, str]:
    """Accept a network that was packed then."""
    try:
        return read_spec(completed(unpacked(text, say))), ""
    except SpecError as error:
        return None, plain(retold(str(error), say).splitlines()[0][:LONGEST_PROBLEM])


def completed(text: str) -> str:
    """Return a network's JSON with the fields that it leaves out and that have another default now.

    What is no network comes back as it is.
    """
    other = dict(_other_defaults())
    try:
        network = json.loads(text) if other else None
        for layer in network["layers"] if network else ():
            layer["fields"] = {**other.get(layer["kind"], {}), **layer.get("fields", {})}
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return text
    return json.dumps(network) if network else text


def _other_defaults() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the kinds with fields whose default has changed since, and what it was."""
    for kind, then in KINDS.items():
        now = {field.name: field.default for field in LAYERS[kind].fields} if kind in LAYERS else {}
        kept = {name: tuple(v) if isinstance(v, list) else v for name, v in then.items()}
        found = {name: value for name, value in kept.items() if now.get(name, value) != value}
        if found:
            yield kind, found
