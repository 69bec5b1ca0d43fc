"""A bias before a batch norm: what its gradient is, predicted and measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from experiment.setting import Setting, with_network
from experiment.written.address import Experiment
from lessons.asking.exercise import Exercise, choice
from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from models.build import build
from models.fields import Fields
from models.inputs import INPUTS
from models.spec import LayerSpec, ModelSpec
from viz.language import Say, english

SHAPE = (4, 1, 6, 6)
CHANNELS = 2
SPEC = ModelSpec(
    name="BiasBeforeNorm",
    layers=(
        LayerSpec(
            name="conv",
            kind="Conv2d",
            fields=Fields(
                {"in_channels": 1, "out_channels": CHANNELS, "kernel_size": 3, "padding": 1}
            ),
        ),
        LayerSpec(
            name="bn",
            kind="BatchNorm2d",
            inputs=("conv",),
            fields=Fields({"num_features": CHANNELS}),
        ),
    ),
)
ANSWERS = {
    "zero": english("0, up to rounding"),
    "weight": english("about as large as the weight's"),
    "sum": english("the sum of what arrives at the batch norm's output"),
    "none": english("None: it takes no gradient"),
}
NOTHING = 1e-4
"""Of the weight's gradient: what is smaller is rounding."""
A_LOT = 10.0
"""By how much the bias is moved."""


@dataclass(frozen=True, eq=False)
class Measured:
    """The largest of each parameter's gradient, by its name, and what moving the bias does."""

    single: Mapping[str, float]
    double: Mapping[str, float]
    moved: float
    """How far the output moves at most when A_LOT is added to the bias."""


@dataclass(frozen=True)
class Biased:
    """A convolution with a bias, and a batch norm; a seed draws their numbers."""

    seed: int = 0

    def run(self) -> Measured:
        """Run it in float32 and in float64."""
        single, moved = self._gradients(torch.float32)
        double, _moved = self._gradients(torch.float64)
        return Measured(single, double, moved)

    def _gradients(self, dtype: torch.dtype) -> tuple[Mapping[str, float], float]:
        model = build(SPEC, self.seed).to(dtype)
        value = INPUTS["random"].make(SHAPE, self.seed, None).to(dtype)
        with torch.enable_grad():
            output = model(value)
            wanted = INPUTS["checkerboard"].make(tuple(output.shape)).to(dtype)
            loss = nn.functional.mse_loss(output, wanted)
            names = [name for name, _parameter in model.named_parameters()]
            gradients = torch.autograd.grad(loss, list(model.parameters()))
        found = {name: _largest(each) for name, each in zip(names, gradients, strict=True)}
        return found, _moved(model, value, output)

    def exercises(self) -> Mapping[str, Callable[[Measured], Exercise]]:
        """Ask what the gradient of the bias is."""
        return {"bias": bias_exercise}

    def in_playground(self) -> Experiment:
        """Open the same two layers with the same numbers."""
        plain = Setting(input="random", loss="mse", target="checkerboard", seed=self.seed)
        return Experiment(with_network(plain, SPEC, SHAPE))


def _largest(cells: Tensor) -> float:
    return float(cells.abs().max())


def _moved(model: nn.Module, value: Tensor, output: Tensor) -> float:
    with torch.no_grad():
        model.get_parameter("conv.bias").add_(A_LOT)
        return _largest(model(value) - output)


def bias_exercise(found: Measured) -> Exercise:
    """Choose what the gradient of the bias is."""
    bias, weight = found.single["conv.bias"], found.single["conv.weight"]
    return choice("bias", ANSWERS, "zero" if bias < NOTHING * weight else "weight")


# What it shows


def biased(study: Study) -> Biased:
    """Return the two layers that are set."""
    return Biased(study.seed)


def gradients(study: Study, say: Say) -> Grid:
    """List the largest gradient of each parameter."""
    found = ran(biased(study))
    rows = [
        (f"`{name}`", f"{single:.2g}", f"{found.double[name]:.2g}")
        for name, single in found.single.items()
    ]
    return Grid((say("parameter"), "float32", "float64"), rows, frozenset({1, 2}))


def of_bias(study: Study) -> Mapping[str, str]:
    """Return what was measured beside the gradients."""
    found = ran(biased(study))
    return {"lot": f"{A_LOT:g}", "moved": f"{found.moved:.6f}"}
