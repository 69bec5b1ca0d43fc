"""What runs: one frozen value. Equal settings give equal runs, to the bit."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Any
from urllib.parse import urlencode

from experiment.feeding import UPLOAD, unsuited_input
from experiment.parameter import differing
from experiment.readers import (
    read_edits,
    read_net,
    read_picture,
    read_sgd,
    read_shape,
    read_target,
)
from experiment.source import OWN, Source, source_of
from models.cell_edits import NO_EDITS, Edits
from models.inputs import INPUTS, TOKENS
from models.inputs.pictures import FIRST_DIGIT, digit_labels
from models.inputs.tokens import Vocabulary
from models.losses import LOSSES
from models.own import configured
from models.presets import PRESETS
from models.sgd import NO_STEPS, Sgd
from models.shapes import Shape
from models.spec import INPUT, ModelSpec
from viz.answering.readers import flag, matching, one_of, whole

DEFAULT_MODEL = "test"
MAX_SEED = 2**32 - 1
DEVICE = re.compile(r"cpu|mps|cuda:\d{1,2}", re.ASCII)


@dataclass(frozen=True)
class Setting:
    """What runs: a network, its input, a loss, and everything else that a number depends on."""

    model: Annotated[str, one_of(PRESETS)] = DEFAULT_MODEL
    """The preset it began with, or ``OWN``."""
    spec: Annotated[ModelSpec | None, read_net, "net"] = None
    """A network of the visitor's own; None for the preset's."""
    input_shape: Annotated[Shape | None, read_shape] = None
    """Batch size first; None for the source's."""
    input: Annotated[str, one_of({**INPUTS, UPLOAD: None})] = "arange"
    """Name in ``INPUTS``, or ``UPLOAD`` for ``picture``."""
    picture: Annotated[str, read_picture] = ""
    """A picture of the visitor's, as ``models.inputs.uploaded`` writes it."""
    edits: Annotated[Edits, read_edits] = NO_EDITS
    """Cells of the input, the target and parameters that were changed by hand."""
    loss: Annotated[str, one_of(LOSSES)] = "mse"
    target: Annotated[str, read_target] = "zeros"
    seed: Annotated[int, whole(MAX_SEED)] = 0
    device: Annotated[str, matching(DEVICE, "cpu, mps or a CUDA device such as cuda:0")] = "cpu"
    input_gradient: Annotated[bool, flag] = False
    training: Annotated[bool, flag] = True
    """Whether layers such as Dropout and BatchNorm behave as in training."""
    sgd: Annotated[Sgd, read_sgd] = NO_STEPS
    """Steps that the parameters have taken, from those of the seed with the changes by hand."""

    @property
    def source(self) -> Source:
        """Where the network comes from."""
        return source_of(self.model, self.spec)

    @property
    def network(self) -> ModelSpec:
        """The layers; only of a source that knows them."""
        layers = self.source.layers
        assert layers is not None, self.model  # noqa: S101 - who asks has looked
        return layers

    @property
    def shape(self) -> Shape:
        """Shape of the input, batch size first."""
        return self.input_shape or self.source.input_shape

    @property
    def words(self) -> Vocabulary | None:
        """Which token ids the network takes; None where it takes none, but numbers."""
        return self.source.words

    @property
    def unedited(self) -> Setting:
        """The same without changes by hand."""
        return replace(self, edits=NO_EDITS) if self.edits else self

    def at_step(self, steps: int) -> Setting:
        """Return the same after so many steps of SGD."""
        return replace(self, sgd=replace(self.sgd, steps=steps))

    @property
    def labels(self) -> tuple[int, ...]:
        """What each sample of the input shows; empty where it is no digit."""
        first = {"digit": FIRST_DIGIT, "any_digit": self.seed}.get(self.input)
        samples = self.shape[0] if len(self.shape) > 1 else 1
        return () if first is None else digit_labels(samples, first)

    @cached_property
    def key(self) -> str:
        """A text that tells settings apart: quicker to compare than thousands of cells."""
        return urlencode({"model": self.model, **dict(differing(self, DEFAULT))})


DEFAULT = Setting()
"""The preset that an empty address runs, as it begins."""


def of_preset(model: str) -> Setting:
    """Return the setting with which a preset, or the module of the command line, begins."""
    plain = Setting(model=model)
    begins = plain.source.beginning
    return replace(plain, **{name: begins[name] for name in begins if hasattr(plain, name)})


def offered() -> tuple[str, ...]:
    """Return the models that can be chosen: presets, and what the command line names."""
    return tuple(PRESETS) if configured() is None else (OWN, *PRESETS)


def default_model() -> str:
    """Return the model that an empty address shows."""
    return DEFAULT_MODEL if configured() is None else OWN


def with_network(setting: Setting, spec: ModelSpec, shape: Shape) -> Setting:
    """Run another network on another shape; what equals the preset's own is the preset's own."""
    preset = PRESETS[setting.model]
    own: dict[str, Any] = {
        "spec": None if spec == preset.spec else spec,
        "input_shape": None if shape == preset.input_shape else shape,
    }
    fresh = suited(replace(setting, **own))
    return replace(fresh, edits=still_meant(setting, fresh))


def suited(setting: Setting) -> Setting:
    """Return the setting with token ids where the network looks them up, and only there."""
    if not unsuited_input(setting):
        return setting
    begun = of_preset(setting.model).input
    numbers = begun if INPUTS[begun].suits(None) else "random"
    return replace(setting, input=numbers if setting.words is None else TOKENS)


def still_meant(before: Setting, after: Setting) -> Edits:
    """Return the edits of the setting before, but for tensors whose cells are now others."""
    edits = before.edits
    if not edits:
        return edits
    if after.shape[1:] != before.shape[1:] or after.input != before.input:
        edits = edits.without(INPUT)
    now = {layer.name: layer for layer in after.network.layers}
    for layer in before.network.layers:
        other = now.get(layer.name, layer)
        if (other.kind, other.fields) != (layer.kind, layer.fields):
            edits = edits.without(*(n for n in edits.names() if n.startswith(f"{layer.name}.")))
    return edits
