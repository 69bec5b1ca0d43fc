"""Everything that decides what is on screen: one frozen value that round-trips through a URL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

from models.edits import NAME, NO_EDITS, Edits
from models.fitting import Shape, shape_text
from models.inputs import INPUTS, TOKENS, unsuited
from models.losses import LOSSES
from models.own import Own, configured
from models.pictures import FIRST_DIGIT, digit_labels
from models.presets import PRESETS, Preset
from models.spec import INPUT, ModelSpec
from models.tokens import Vocabulary, vocabulary
from pages.parts.packing import pack
from pages.parts.readers import (
    Reader,
    all_or_whole,
    flag,
    matching,
    one_of,
    read_edits,
    read_net,
    read_picture,
    read_plane,
    read_shape,
    read_target,
    shown,
    whole,
)
from pages.parts.text import _, plain

VERSION = "1"
"""Of the encoding; a link of another version is refused in words."""
DEFAULT_MODEL = "test"
OWN = "own"
"""The module that the command line names, where it names one."""
UPLOAD = "upload"
"""The kind of input that is a picture of the visitor's."""
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
    """The preset it began with."""
    spec: ModelSpec | None = None
    """A network of the visitor's own; None for the preset's."""
    input_shape: Shape | None = None
    """Batch size first; None for the preset's."""
    input: str = "arange"
    """Name in ``INPUTS``, or ``UPLOAD`` for ``picture``."""
    picture: str = ""
    """A picture of the visitor's, as ``models.uploaded`` writes it."""
    edits: Edits = NO_EDITS
    """Cells of the input, the target and parameters that were changed by hand."""
    loss: str = "mse"
    target: str = "zeros"
    seed: int = 0
    device: str = "cpu"
    input_gradient: bool = False
    training: bool = True
    """Whether layers such as Dropout and BatchNorm behave as in training."""

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
    editing: bool = False
    """Whether the editor of the network is open."""
    hand: str = ""
    """Name of the tensor whose cells are being changed by hand; empty when none are."""
    plane: Shape = ()
    """Which matrix of that tensor: an index of its leading axes; empty for the first one."""
    compare: bool = False
    """Whether maps also show what the changes by hand did to them."""

    @property
    def preset(self) -> Preset:
        """The preset it began with; KeyError for a module of the command line."""
        return PRESETS[self.model]

    @property
    def own(self) -> Own | None:
        """The module of the command line, where that is run."""
        return configured() if self.model == OWN else None

    @property
    def look_at(self) -> str:
        """The layer to look at first; empty for the first one."""
        return "" if self.own else self.preset.look_at

    @property
    def name(self) -> str:
        """What the network is called."""
        return self.own.title if self.own else self.network.name

    @property
    def network(self) -> ModelSpec:
        """The network that is run."""
        return self.spec or self.preset.spec

    @property
    def words(self) -> Vocabulary | None:
        """Which token ids the network takes; None where it takes none, but numbers."""
        return None if self.own else vocabulary(self.network)

    @property
    def labels(self) -> tuple[int, ...]:
        """What each sample of the input shows; empty where it is no digit."""
        first = {"digit": FIRST_DIGIT, "any_digit": self.seed}.get(self.input)
        samples = self.shape[0] if len(self.shape) > 1 else 1
        return () if first is None else digit_labels(samples, first)

    @property
    def shape(self) -> Shape:
        """Shape of the input, batch size first."""
        own = self.own
        return own.inputs[0].shape if own else self.input_shape or self.preset.input_shape

    @property
    def setting(self) -> Experiment:
        """The same run with nothing chosen yet: equal settings give equal captures."""
        chosen: dict[str, Any] = {name: getattr(DEFAULT, name) for name in LOOKING}
        return replace(self, **chosen)

    def to_url(self) -> dict[str, str]:
        """Write what differs from the preset's defaults as query parameters."""
        plain = of_preset(self.model)
        differing = {
            PARAMETERS.get(field.name, field.name): _written(getattr(self, field.name))
            for field in fields(self)
            if getattr(self, field.name) != getattr(plain, field.name)
        }
        if self.model != DEFAULT_MODEL or default_model() != DEFAULT_MODEL:
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
    "editing",
    "hand",
    "plane",
    "compare",
)
"""The fields that choose what is looked at; they do not change the run."""


PARAMETERS = {"spec": "net"}
"""What a field is called in the address, where that is not its name."""
OF_PRESETS = ("net", "input_shape", "picture", "edits", "editing", "hand", "plane", "compare")
"""Parameters that a module of the command line has no use for."""


def of_preset(model: str) -> Experiment:
    """Return the experiment with which a preset, or the module of the command line, begins."""
    if model == OWN:
        own = configured()
        large = own is not None and own.large
        return Experiment(model=OWN, input="random", loss="mean", collapsed=large)
    preset = PRESETS[model]
    return Experiment(model=model, input=preset.input, loss=preset.loss, target=preset.target)


def offered() -> tuple[str, ...]:
    """Return the models that can be chosen: presets, and what the command line names."""
    return tuple(PRESETS) if configured() is None else (OWN, *PRESETS)


def default_model() -> str:
    """Return the model that an empty address shows."""
    return DEFAULT_MODEL if configured() is None else OWN


DEFAULT = of_preset(DEFAULT_MODEL)


def with_network(experiment: Experiment, spec: ModelSpec, shape: Shape) -> Experiment:
    """Run another network on another shape; what equals the preset's own is the preset's own."""
    preset = experiment.preset
    own: dict[str, Any] = {
        "spec": None if spec == preset.spec else spec,
        "input_shape": None if shape == preset.input_shape else shape,
    }
    fresh = suited(replace(experiment, **own, edits=_still_meant(experiment, spec, shape)))
    if fresh.input == experiment.input:
        return fresh
    return replace(fresh, edits=fresh.edits.without(INPUT))


def suited(experiment: Experiment) -> Experiment:
    """Return the experiment with token ids where the network looks them up, and only there."""
    if not unsuited_input(experiment):
        return experiment
    begun = of_preset(experiment.model).input
    numbers = begun if INPUTS[begun].suits(None) else "random"
    return replace(experiment, input=numbers if experiment.words is None else TOKENS)


def unsuited_input(experiment: Experiment) -> str:
    """Say why the network cannot take this kind of input; empty where it can."""
    words = experiment.words
    if experiment.input == UPLOAD:
        return "" if words is None else unsuited(_("your picture"), words)
    kind = INPUTS[experiment.input]
    return "" if kind.suits(words) else unsuited(_(kind.label), words)


def _still_meant(experiment: Experiment, spec: ModelSpec, shape: Shape) -> Edits:
    """Return the edits without those of tensors whose cells are now others."""
    edits = experiment.edits
    if shape[1:] != experiment.shape[1:]:
        edits = edits.without(INPUT)
    now = {layer.name: layer for layer in spec.layers}
    for layer in experiment.network.layers:
        other = now.get(layer.name, layer)
        if (other.kind, other.fields) != (layer.kind, layer.fields):
            edits = edits.without(*(n for n in edits.names() if n.startswith(f"{layer.name}.")))
    return edits


def from_url(
    parameters: Mapping[str, str], network: ModelSpec | None = None
) -> tuple[Experiment, tuple[str, ...]]:
    """Read query parameters; what cannot be read becomes a Markdown sentence and its default.

    ``network`` runs in place of the preset's, as one in the parameters would.
    """
    problems: list[str] = []
    version = parameters.get("v", VERSION)
    if version != VERSION:
        sentence = _(
            "v: this link was written by another version ({came}; this one reads {version}). "
            "What is understood of it is shown."
        )
        problems.append(sentence.format(came=shown(version), version=VERSION))
    model = parameters.get("model", DEFAULT_MODEL if parameters else default_model())
    if model not in offered():
        sentence = _("model: there is no preset {came}. There are {names}. {default} is shown.")
        names = ", ".join(offered())
        problems.append(sentence.format(came=shown(model), names=names, default=DEFAULT_MODEL))
        model = DEFAULT_MODEL
    experiment = replace(of_preset(model), spec=network)
    for name, text in parameters.items():
        if name in ("v", "model"):
            continue
        if model == OWN and name in OF_PRESETS:
            sentence = _("{name}: a module of the command line is run as it is, without this.")
            problems.append(sentence.format(name=name))
            continue
        if name not in READERS:
            sentence = _("{name}: the link has a part that means nothing here.")
            problems.append(sentence.format(name=shown(name)))
            continue
        value, problem = READERS[name](text)
        if problem:
            problems.append(f"{name}: {problem} {_default_of(experiment, name)}")
        else:
            read: dict[str, Any] = {FIELDS.get(name, name): value}
            experiment = replace(experiment, **read)
    if experiment.input == UPLOAD and not experiment.picture:
        experiment = replace(experiment, input=experiment.preset.input)
        sentence = _("input: {upload} needs a picture, and the link has none that can be read.")
        problems.append(f"{sentence.format(upload=UPLOAD)} {_default_of(experiment, 'input')}")
    fitting = suited(experiment)
    if fitting != experiment and "input" in parameters:
        sentence = plain(unsuited_input(experiment))
        problems.append(f"{sentence} {_default_of(fitting, 'input')}")
    return fitting, tuple(problems)


def _default_of(experiment: Experiment, name: str) -> str:
    value = getattr(experiment, FIELDS.get(name, name))
    if value in ("", None, NO_EDITS, ()):
        return _("The default is used.")
    return _("The default is used: {value}.").format(value=_written(value))


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, ModelSpec):
        return pack(value)
    if isinstance(value, Edits):
        return value.to_text()
    if isinstance(value, tuple):
        return shape_text(value)
    return "all" if value is None else str(value)


READERS: dict[str, Reader] = {
    "net": read_net,
    "input_shape": read_shape,
    "input": one_of({**INPUTS, UPLOAD: None}),
    "picture": read_picture,
    "edits": read_edits,
    "loss": one_of(LOSSES),
    "target": read_target,
    "seed": whole(MAX_SEED),
    "device": matching(DEVICE, "cpu, mps or a CUDA device such as cuda:0"),
    "input_gradient": flag,
    "training": flag,
    "node": matching(NODE, "a node's id such as n5"),
    "part": whole(MAX_INDEX),
    "sample": whole(MAX_INDEX),
    "channel": all_or_whole(MAX_INDEX),
    "show": one_of(dict.fromkeys(get_args(Show))),
    "saved": flag,
    "attributes": flag,
    "tint": flag,
    "collapsed": flag,
    "step": whole(MAX_INDEX),
    "editing": flag,
    "hand": matching(NAME, "a tensor's name such as input or conv1.weight"),
    "plane": read_plane,
    "compare": flag,
}
FIELDS = {parameter: field for field, parameter in PARAMETERS.items()}
