"""Where a network comes from: layers that are known, or the module that the command line names.

Both answer the same questions, so that nobody else has to ask which of them it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, ClassVar

from torch import Tensor

import flow
from experiment.feeding import feed
from flow.run import available
from flow.said import said
from models.budget import Budget, estimate, repeated
from models.inputs.shape import InputError
from models.inputs.tokens import Vocabulary, vocabulary
from models.losses import LOSSES, TargetError
from models.own import Own, configured
from models.own.errors import OwnError, told
from models.presets import PRESETS
from models.sgd import Pass, learn
from models.shapes import Shape, shape_text
from models.spec import ModelSpec
from models.training.data import DATA
from viz.language import Say

if TYPE_CHECKING:
    from experiment.setting import Setting  # which imports this module

OWN = "own"
"""The module that the command line names, where it names one."""
OF_LAYERS = frozenset(
    ("net", "input_shape", "picture", "edits", "editing", "hand", "plane", "compare")
)
"""Parameters that are about layers which are known."""
KEPT_BUDGETS = 256
"""They depend on the structure alone: a class that tries many seeds shares one."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A network that stands ready, with its input and loss."""

    start: Callable[[], flow.Run]
    """Runs it; raises LayerError, InputError, TargetError, OwnError or RunError."""
    losses: tuple[float, ...]
    """Before each step of SGD that it has taken."""


@dataclass(frozen=True)
class Layers:
    """The network of a preset, or another one that a visitor built or pasted in its place."""

    model: str
    """Key of the preset."""
    spec: ModelSpec | None = None
    """A network of the visitor's; None for the preset's."""
    unused: ClassVar[frozenset[str]] = frozenset()
    """Parameters of an address that it has no use for."""

    @property
    def name(self) -> str:
        """What the network is called."""
        return self.layers.name

    @property
    def layers(self) -> ModelSpec:
        """The network."""
        return self.spec or PRESETS[self.model].spec

    @property
    def look_at(self) -> tuple[str, str]:
        """The layer of the preset to look at first, and the class of its node; "" for the first."""
        preset = PRESETS[self.model]
        if preset.formerly and not any(each.name == preset.look_at for each in self.layers.layers):
            return preset.formerly, ""
        return preset.look_at, preset.node

    @property
    def input_shape(self) -> Shape:
        """Shape of the preset's input."""
        return PRESETS[self.model].input_shape

    @property
    def words(self) -> Vocabulary | None:
        """Which token ids the first layer looks up."""
        return vocabulary(self.layers)

    @property
    def beginning(self) -> Mapping[str, Any]:
        """What its setting begins with: the preset's input, loss and target; and what it learns."""
        preset = PRESETS[self.model]
        data = {"train_data": preset.input} if preset.input in DATA else {}
        return {
            "input": preset.input,
            "loss": preset.loss,
            "target": preset.target,
            "input_gradient": preset.input_gradient,
            **data,
        }

    def budget(self, wanted: Setting) -> Budget:
        """Return what a run costs, from the shapes alone. Raises LayerError and InputError."""
        once = _budget(self.layers, wanted.shape, wanted.training, wanted.input_gradient)
        return repeated(once, wanted.sgd.steps)

    def prepare(self, wanted: Setting) -> Prepared:
        """Build the network with the cells that were changed by hand, then let it learn.

        Raises LayerError, InputError, TargetError or RunError.
        """
        budget = self.budget(wanted)
        fed = feed(wanted, budget.output_shape)
        if not any(each.requires_grad for each in (fed.values, *fed.module.parameters())):
            raise InputError(_nothing_asks(budget, words=self.words is not None))
        losses = _learn(wanted, fed.as_pass())
        run = partial(flow.run, fed.module, fed.values, device=wanted.device, seed=wanted.seed)
        if LOSSES[wanted.loss].given:
            return Prepared(partial(run, upstream=fed.loss.target), losses)
        return Prepared(partial(run, loss=fed.loss), losses)

    def learned(self, wanted: Setting) -> Pass:
        """Return what ``prepare`` runs, for whoever goes on with it; raises the same."""
        one = feed(wanted, self.budget(wanted).output_shape).as_pass()
        _learn(wanted, one)
        return one

    def description(self, say: Say) -> str:
        """Describe the preset, or say how many layers a network of the visitor's has."""
        if self.spec is None:
            return say(PRESETS[self.model].description)
        sentence = say("Your own network; layers: {count}. Reset returns to the preset.")
        return sentence.format(count=len(self.spec.layers))


def _nothing_asks(budget: Budget, *, words: bool) -> str:
    """Say what can be switched on where neither the input nor a parameter asks for a gradient."""
    why = (
        said("every layer with parameters is frozen and the input asks for no gradient")
        if budget.parameters
        else said("no layer has parameters and the input asks for no gradient")
    )
    if words:
        way = said("Switch frozen off at one of the layers.")
    elif budget.parameters:
        way = said("Switch on Gradient at the input, or switch frozen off at one of the layers.")
    else:
        way = said("Switch on Gradient at the input.")
    return said("There is no gradient to show: {why}. {way}", why=why, way=way)


@lru_cache(maxsize=KEPT_BUDGETS)
def _budget(spec: ModelSpec, shape: Shape, training: bool, input_gradient: bool) -> Budget:
    return estimate(spec, shape, training, input_gradient)


@dataclass(frozen=True)
class OwnersFile:
    """The module of the file that the command line names."""

    own: Own
    layers: ClassVar[None] = None
    """Only the file has them."""
    look_at: ClassVar[tuple[str, str]] = ("", "")
    """The first layer."""
    words: ClassVar[None] = None
    """Which whole numbers it takes says the command line."""
    unused: ClassVar[frozenset[str]] = OF_LAYERS
    """What changes layers or their cells."""

    @property
    def name(self) -> str:
        """What the module is called."""
        return self.own.title

    @property
    def input_shape(self) -> Shape:
        """Shape of the first input on the command line."""
        return self.own.inputs[0].shape if self.own.inputs else ()

    @property
    def beginning(self) -> Mapping[str, Any]:
        """An input and a loss that suit any module; a large one is first seen by layer."""
        return {"input": "random", "loss": "mean", "collapsed": self.own.large}

    def budget(self, _wanted: Setting) -> None:
        """Return nothing: only a run tells."""
        return

    def prepare(self, wanted: Setting) -> Prepared:
        """Make a module for this run alone; what goes wrong names the line of the user's file.

        Raises OwnError, InputError, TargetError or RunError.
        """
        one, losses = self._learned(wanted)
        module, values, loss = one.module, one.inputs, one.loss
        for each in values:
            each.requires_grad_(wanted.input_gradient and each.is_floating_point())

        def start() -> flow.Run:
            with self._told():
                return flow.run(module, values, loss, device=wanted.device, seed=wanted.seed)

        return Prepared(start, losses)

    def learned(self, wanted: Setting) -> Pass:
        """Return what ``prepare`` runs, for whoever goes on with it; raises the same."""
        return self._learned(wanted)[0]

    def _learned(self, wanted: Setting) -> tuple[Pass, tuple[float, ...]]:
        own, loss = self.own, LossOfPart(self.own, wanted)
        module = own.make(wanted.seed).train(wanted.training)
        one = Pass(module, own.values(wanted.input, wanted.seed), loss)
        with self._told():
            return one, _learn(wanted, one)

    def _told(self) -> AbstractContextManager[None]:
        """Name the line of the user's file where its forward goes wrong."""
        return told(f"{self.own.title}.forward", InputError, TargetError, flow.RunError)

    def description(self, say: Say) -> str:
        """Say what the command line names, and of which of its outputs the loss is taken."""
        own = self.own
        shapes = ", ".join(shape_text(given.shape) for given in own.inputs)
        sentence = say("{name} on {shapes}, as the command line says.")
        sentence = sentence.format(name=own.name, shapes=shapes)
        if len(own.parts) < 2:
            return sentence
        chosen = next(name for name, taken in own.parts.items() if taken)
        others = ", ".join(name for name, taken in own.parts.items() if not taken)
        more = say("The loss is taken of its output {chosen}, not of {others}; --output chooses.")
        return f"{sentence} {more.format(chosen=chosen, others=others)}"


def _learn(wanted: Setting, one: Pass) -> tuple[float, ...]:
    """Take the steps that are wanted; RunError where the machine does not have the device."""
    if not wanted.sgd.steps:
        return ()
    return learn(one, wanted.sgd, wanted.seed, available(wanted.device))


class LossOfPart:
    """A loss of one part of an output, which may be a tuple or a dictionary."""

    def __init__(self, own: Own, wanted: Setting) -> None:
        kind = LOSSES[wanted.loss]
        if kind.given:
            raise TargetError(
                said("loss: a module of the command line is run with a loss. Choose another one.")
            )
        self.__name__ = kind.name
        self._part = own.part
        self._kind, self._wanted = kind, wanted

    def __call__(self, output: Any) -> Tensor:
        """Return the loss; TargetError says which targets suit an output of that shape."""
        part = self._part(output)
        wanted = self._wanted
        shape = tuple(part.shape)
        return self._kind.make(shape, wanted.target, wanted.seed, wanted.labels)(part)


Source = Layers | OwnersFile
"""A network, as far as it is known before it runs."""


def source_of(model: str, spec: ModelSpec | None) -> Source:
    """Return the source with this key; OwnError where the command line names no module."""
    if model != OWN:
        return Layers(model, spec)
    own = configured()
    if own is None:
        raise OwnError(said("The command line names no module of one's own."))
    return OwnersFile(own)
