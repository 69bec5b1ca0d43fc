"""A small MLP on whole numbers: forward, backward, and one step that is worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
import torch
from torch import nn

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, Mistake
from lessons.by_hand import network
from lessons.by_hand.layers import Linear, Relu
from lessons.by_hand.losses import MeanSquare
from lessons.by_hand.network import Network, Pass
from lessons.running.alone import together
from lessons.running.trial import Trial, run_layer
from lessons.training_step import twins
from lessons.training_step.bugs import planted
from models.fields import Fields
from models.sgd import Sgd
from models.spec import INPUT, LayerSpec

RATES = ("0.01", "0.1")
WIDE, HIDDEN, BATCH = 2, 2, 2
LAYERS = ("hidden", "relu", "out")
LARGEST = 3
MOST = 24
"""Of a gradient's entry: more is no longer done in one's head."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """A network, the batch that it sees, and the batch that it saw before."""

    network: Network
    x: Array
    target: Array
    before: Array
    """The input of the batch before; its target was the same."""


@lru_cache(maxsize=128)
def numbers(seed: int) -> Numbers:
    """Draw small whole numbers, with which the ReLU stops a part of the gradient."""
    draw = np.random.default_rng((seed, BATCH))
    while True:
        drawn = _drawn(draw)
        if _is_telling(drawn):
            return drawn


SHAPES = ((HIDDEN, WIDE), (HIDDEN,), (1, HIDDEN), (1,), (BATCH, WIDE), (BATCH, 1), (BATCH, WIDE))
"""Of weight and bias of both layers, the input, the target, and the input before."""


def _drawn(draw: np.random.Generator) -> Numbers:
    counts = np.cumsum([int(np.prod(shape)) for shape in SHAPES])
    cells = draw.integers(1, 2 * LARGEST + 1, counts[-1]).astype(np.float32)
    signed = np.where(cells > LARGEST, LARGEST - cells, cells)
    parts = (
        part.reshape(shape)
        for part, shape in zip(np.split(signed, counts[:-1]), SHAPES, strict=True)
    )
    hidden, shift, out, last, x, target, before = parts
    layers: Network = {"hidden": Linear(hidden, shift), "relu": Relu(), "out": Linear(out, last)}
    return Numbers(layers, x, target, before)


def _is_telling(drawn: Numbers) -> bool:
    """Whether three of four hidden values pass the ReLU, and every mistake can be seen."""
    first = drawn.network["hidden"].forward(drawn.x)
    if (first > 0).sum() != 3 or not first.all():
        return False
    made = network.run(drawn.network, MeanSquare(), drawn.x, drawn.target)
    moves = made.parameters["hidden"][0]
    if not _is_handy(moves) or np.unique(np.abs(moves)).size < moves.size:
        return False
    weight = network.every(drawn.network)["hidden.weight"]
    earlier = network.run(drawn.network, MeanSquare(), drawn.before, drawn.target)
    return bool(
        _is_handy(earlier.parameters["hidden"][0])
        and np.unique(weight).size >= 3
        and made.gradients[-1].all()
        and all((weight != float(rate) * moves).all() for rate in RATES)
        and not _lands_on_zero(drawn, made)
        and _descends(drawn, made)
        and _is_seen(drawn, made)
    )


def _is_handy(gradient: Array) -> bool:
    """Whether no entry is 0, and none too large to be worked out."""
    return bool(gradient.all() and np.abs(gradient).max() <= MOST)


def _lands_on_zero(drawn: Numbers, made: Pass) -> bool:
    """Whether a step cancels a whole parameter: then rounding is all that is left of it."""
    return any(
        bool(np.isclose(after, 0, atol=1e-4).all())
        for rate in RATES
        for after in network.every(
            network.stepped(drawn.network, made.parameters, float(rate))
        ).values()
    )


def _descends(drawn: Numbers, made: Pass) -> bool:
    """Whether a short step makes the loss smaller."""
    after = network.stepped(drawn.network, made.parameters, float(RATES[0]))
    return network.run(after, MeanSquare(), drawn.x, drawn.target).loss < made.loss


def _is_seen(drawn: Numbers, made: Pass) -> bool:
    """Whether every bug makes all those gradients wrong that are made by it."""
    found = {bug: planted(drawn.network, bug) for bug in WRONG}
    ran = {bug: network.run(*of, drawn.x, drawn.target) for bug, of in found.items()}
    return all(wrong(ran[bug], made) == set(WRONG[bug]) for bug in WRONG)


GRADIENTS = ("x", "z", "h", "o")
"""What the input, the values before and after the ReLU, and the output are called."""
PARAMETERS = ("hidden.weight", "hidden.bias", "out.weight", "out.bias")
EVERY = (*GRADIENTS, *PARAMETERS)
WRONG: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "sign": EVERY,
    "sum": EVERY,
    "mask": ("x", "z", "hidden.weight", "hidden.bias"),
    "transposed": ("hidden.weight",),
    "first": ("hidden.bias",),
}
"""Which gradients each bug makes wrong."""


def gradients(made: Pass) -> dict[str, Array]:
    """Return all gradients by name: those of values, then those of parameters."""
    own = [cells for layer in ("hidden", "out") for cells in made.parameters[layer]]
    return dict(zip(EVERY, (*made.gradients, *own), strict=True))


def wrong(made: Pass, right: Pass) -> set[str]:
    """Return which gradients differ."""
    theirs = gradients(right)
    return {name for name, own in gradients(made).items() if (own != theirs[name]).any()}


@dataclass(frozen=True, eq=False)
class Ran:
    """What PyTorch computed."""

    whole: Pass
    samples: tuple[Array, ...]
    """The gradient of ``hidden.weight`` of each sample's own loss."""
    earlier: Array
    """That gradient of the batch before."""
    after: Mapping[str, Array]
    """All parameters after the step."""
    loss_after: float
    layers: Mapping[str, Trial]


@dataclass(frozen=True)
class Small:
    """The MLP; a seed draws its numbers."""

    seed: int = 0
    rate: str = "0.01"

    @property
    def numbers(self) -> Numbers:
        """What it begins with."""
        return numbers(self.seed)

    def run(self) -> Ran:
        """Run it by PyTorch, the whole batch and each sample alone."""
        drawn = self.numbers
        one = partial(twins.run, drawn.network, MeanSquare())
        made = one(drawn.x, drawn.target)
        after, loss = twins.stepped(
            drawn.network, MeanSquare(), drawn.x, drawn.target, float(self.rate)
        )
        return Ran(
            made,
            tuple(
                one(drawn.x[[n]], drawn.target[[n]]).parameters["hidden"][0] for n in range(BATCH)
            ),
            one(drawn.before, drawn.target).parameters["hidden"][0],
            after,
            loss,
            _layers(drawn.network, made),
        )

    def exercises(self) -> Mapping[str, Callable[[Ran], Exercise]]:
        """Ask for a weight after the step."""
        return {"after": partial(after_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open the same numbers, one step later."""
        layers = (
            LayerSpec(name="hidden", kind="Linear", fields=_features(WIDE, HIDDEN)),
            LayerSpec(name="relu", kind="ReLU", inputs=("hidden",)),
            LayerSpec(name="out", kind="Linear", inputs=("relu",), fields=_features(HIDDEN, 1)),
        )
        assert layers[0].inputs == (INPUT,)  # noqa: S101 - it is so where nothing is said
        drawn = self.numbers
        opened = together(layers, drawn.x, drawn.target, network.every(drawn.network))
        learning = Sgd(float(self.rate), 1)
        return replace(opened, setting=replace(opened.setting, loss="mse", sgd=learning))


def _features(wide: int, many: int) -> Fields:
    return Fields({"in_features": wide, "out_features": many})


def _layers(layers: Network, made: Pass) -> Mapping[str, Trial]:
    """Run every layer on what reaches it, with the gradient that arrives."""
    module = twins.twin(layers)
    return {
        name: run_layer(layer, torch.from_numpy(value), torch.from_numpy(upstream))
        for (name, layer), value, upstream in zip(
            _named(module), made.values[:-1], made.gradients[1:], strict=True
        )
    }


def _named(module: nn.Module) -> list[tuple[str, nn.Module]]:
    return list(module.named_children())


def after_exercise(recipe: Small, ran: Ran) -> Exercise:
    """Predict the first layer's weight after the step."""
    rate = float(recipe.rate)
    (weight, _bias) = network.parameters(recipe.numbers.network["hidden"]).values()
    added = sum(ran.samples)
    mean = added / BATCH
    return Exercise(
        "after",
        ran.after["hidden.weight"],
        (
            Mistake("wrong sign", weight + rate * mean),
            Mistake("no learning rate", weight - mean),
            Mistake("summed over the batch", weight - rate * added),
            Mistake("one sample", weight - rate * ran.samples[0]),
            Mistake("added to the old gradient", weight - rate * (mean + ran.earlier)),
        ),
    )
