"""Everything that decides what is on screen: one frozen value that round-trips through a URL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

from models.inputs import INPUTS
from models.losses import LOSSES, TARGETS
from models.presets import PRESETS, Preset
from pages.parts.readers import Reader, flag, matching, one_of, shown, whole
from pages.parts.text import _

VERSION = "1"
"""Of the encoding; a link of another version is refused in words."""
DEFAULT_MODEL = "test"
MAX_SEED = 2**32 - 1
MAX_INDEX = 10**6
"""Bounds what a link may ask for; what exists is checked against the run."""

Show = Literal["gradient", "values", "parameters"]
NODE = re.compile(r"n\d{1,6}", re.ASCII)
DEVICE = re.compile(r"cpu|mps|cuda:\d{1,2}", re.ASCII)


@dataclass(frozen=True)
class Experiment:
    """What is run (first block) and what of it is looked at (second block)."""

    model: str = DEFAULT_MODEL
    input: str = "arange"
    loss: str = "mse"
    target: str = "zeros"
    seed: int = 0
    device: str = "cpu"
    input_gradient: bool = False

    node: str = ""
    """Id of the chosen node; empty for the preset's own choice."""
    part: int | None = None
    """Which downstream gradient of a node that has several; None for the one to see first."""
    sample: int = 0
    channel: int | None = None
    show: Show = "gradient"
    saved: bool = False
    attributes: bool = False
    tint: bool = False
    collapsed: bool = False
    step: int | None = None
    """Place in the backward pass, counted from 0; None when the visitor is not stepping."""

    @property
    def preset(self) -> Preset:
        """The preset whose network is run."""
        return PRESETS[self.model]

    @property
    def setting(self) -> Experiment:
        """The same run with nothing chosen yet: equal settings give equal captures."""
        chosen: dict[str, Any] = {name: getattr(DEFAULT, name) for name in LOOKING}
        return replace(self, **chosen)

    def to_url(self) -> dict[str, str]:
        """Write what differs from the preset's defaults as query parameters."""
        plain = of_preset(self.model)
        differing = {
            field.name: _written(getattr(self, field.name))
            for field in fields(self)
            if getattr(self, field.name) != getattr(plain, field.name)
        }
        if self.model != DEFAULT_MODEL:
            differing["model"] = self.model
        return {"v": VERSION, **differing} if differing else {}


LOOKING = (
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
)
"""The fields that choose what is looked at; they do not change the run."""


def of_preset(model: str) -> Experiment:
    """Return the experiment with which a preset begins."""
    preset = PRESETS[model]
    return Experiment(model=model, input=preset.input, loss=preset.loss, target=preset.target)


DEFAULT = of_preset(DEFAULT_MODEL)


def from_url(parameters: Mapping[str, str]) -> tuple[Experiment, tuple[str, ...]]:
    """Read query parameters; what cannot be read becomes a Markdown sentence and its default."""
    problems: list[str] = []
    version = parameters.get("v", VERSION)
    if version != VERSION:
        sentence = _(
            "v: this link was written by another version ({came}; this one reads {version}). "
            "What is understood of it is shown."
        )
        problems.append(sentence.format(came=shown(version), version=VERSION))
    model = parameters.get("model", DEFAULT_MODEL)
    if model not in PRESETS:
        sentence = _("model: there is no preset {came}. There are {names}. {default} is shown.")
        problems.append(
            sentence.format(came=shown(model), names=", ".join(PRESETS), default=DEFAULT_MODEL)
        )
        model = DEFAULT_MODEL
    experiment = of_preset(model)
    for name, text in parameters.items():
        if name in ("v", "model"):
            continue
        if name not in READERS:
            sentence = _("{name}: the link has a part that means nothing here.")
            problems.append(sentence.format(name=shown(name)))
            continue
        value, problem = READERS[name](text)
        if problem:
            problems.append(f"{name}: {problem} {_default_of(experiment, name)}")
        else:
            read: dict[str, Any] = {name: value}
            experiment = replace(experiment, **read)
    return experiment, tuple(problems)


def _default_of(experiment: Experiment, name: str) -> str:
    value = getattr(experiment, name)
    if value in ("", None):
        return _("The default is used.")
    return _("The default is used: {value}.").format(value=_written(value))


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return "all" if value is None else str(value)


def _channel(text: str) -> tuple[Any, str]:
    if text == "all":
        return None, ""
    return whole(MAX_INDEX, hold="'all' or a whole number from 0 to {largest}")(text)


READERS: dict[str, Reader] = {
    "input": one_of(INPUTS),
    "loss": one_of(LOSSES),
    "target": one_of(TARGETS),
    "seed": whole(MAX_SEED),
    "device": matching(DEVICE, "cpu, mps or a CUDA device such as cuda:0"),
    "input_gradient": flag,
    "node": matching(NODE, "a node's id such as n5"),
    "part": whole(MAX_INDEX),
    "sample": whole(MAX_INDEX),
    "channel": _channel,
    "show": one_of(dict.fromkeys(get_args(Show))),
    "saved": flag,
    "attributes": flag,
    "tint": flag,
    "collapsed": flag,
    "step": whole(MAX_INDEX),
}
