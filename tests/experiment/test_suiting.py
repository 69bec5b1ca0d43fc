"""What a network gets to run on that came without an experiment, and what shows it first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

import flow
from experiment.setting import Setting, of_preset
from experiment.suiting import suiting, what_runs
from experiment.without_slope import why_all_zero
from experiment.written.address import Experiment, begun
from experiment.written.pasted import Pasted, read
from models.presets.preset import conv, layer, linear, network
from models.spec import INPUT, LayerSpec, ModelSpec
from tests.experiment.runs import execute
from viz.language import english
from viz.scene.worth import worth_seeing

HEAD = "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"


def text(layers: dict[str, str], forward: str) -> str:
    """Write a class."""
    made = "".join(f"        self.{name} = nn.{call}\n" for name, call in layers.items())
    return f"{HEAD}{made}\n    def forward(self, x):\n        return {forward}\n"


LENET = text(
    {"conv": "Conv2d(1, 4, 3)", "pool": "MaxPool2d(2)", "fc": "Linear(36, 10)"},
    "self.fc(self.pool(torch.relu(self.conv(x))).flatten(1))",
)
CASES = {
    "classes": (LENET, ("random", "cross_entropy", "class_0")),
    "log of probabilities": (
        text({"fc": "Linear(4, 3)", "out": "LogSoftmax(1)"}, "self.out(self.fc(x))"),
        ("random", "nll", "class_0"),
    ),
    "one number": (text({"fc": "Linear(4, 1)"}, "self.fc(x)"), ("random", "mse", "random")),
    "a map": (text({"conv": "Conv2d(1, 2, 3)"}, "self.conv(x)"), ("random", "mse", "random")),
    "a normalisation": (
        text({"conv": "Conv2d(1, 2, 3)", "norm": "GroupNorm(1, 2)"}, "self.norm(self.conv(x))"),
        ("random", "mse", "random"),
    ),
    "a softmax": (
        text({"conv": "Conv2d(1, 2, 3)"}, "torch.softmax(self.conv(x), 1)"),
        ("random", "mse", "random"),
    ),
    "words": (
        text({"table": "Embedding(7, 4)", "fc": "Linear(4, 2)"}, "self.fc(self.table(x).mean(1))"),
        ("tokens", "cross_entropy", "class_0"),
    ),
}


@pytest.mark.parametrize("before", ["test", "lenet", "words", "routing", "dilation"])
@pytest.mark.parametrize("case", CASES)
def test_a_pasted_class_gets_what_suits_it_whatever_preset_was_open(case: str, before: str) -> None:
    pasted, chosen = CASES[case]
    setting = read(Pasted(pasted), begun(before)).experiment.setting
    assert (setting.input, setting.loss, setting.target) == chosen
    assert (setting.input_gradient, setting.seed) == (False, 0)
    capture = execute(setting).capture
    gradients = [each.gradient for each in capture.parameters]
    assert all(gradient is not None and np.abs(gradient).max() > 1e-6 for gradient in gradients)
    assert why_all_zero(setting, capture, english) == ""


def test_without_parameters_or_with_frozen_ones_the_input_asks_for_a_gradient() -> None:
    pool = text({"pool": "MaxPool2d(2)"}, "self.pool(x)")
    assert read(Pasted(pool), begun("test")).experiment.setting.input_gradient
    frozen = ModelSpec(
        layers=(LayerSpec(name="a", kind="Linear", fields={"in_features": 3}, frozen=True),)  # type: ignore[arg-type]
    )
    found = read(Pasted(frozen.model_dump_json()), begun("test")).experiment.setting
    assert found.input_gradient
    assert np.abs(execute(found).capture.nodes[-1].upstream[0]).max() > 0  # type: ignore[arg-type]


def test_a_class_that_is_pasted_anew_keeps_what_was_chosen_for_it() -> None:
    first = read(Pasted(LENET), begun("test")).experiment
    chosen = first.changed(input="checkerboard", loss="sum", target="zeros", seed=5)
    wider = LENET.replace("(1, 4, 3)", "(1, 2, 3)").replace("36", "18")
    again = read(Pasted(wider), chosen).experiment.setting
    assert (again.input, again.loss, again.seed) == ("checkerboard", "sum", 5)
    other = read(Pasted(wider.replace("class Net", "class Other")), chosen).experiment.setting
    assert (other.input, other.loss, other.seed) == ("random", "cross_entropy", 5)
    unfit = LENET.replace("36, 10", "36, 2")
    kept = chosen.changed(loss="cross_entropy", target="class_7")
    assert read(Pasted(unfit), kept).experiment.setting.target == "class_0"


def test_what_runs_is_said() -> None:
    setting = read(Pasted(LENET), begun("test")).experiment.setting
    assert what_runs(setting, english) == (
        "input Random, 1x1x8x8; loss Cross entropy; target Class 0"
    )
    assert what_runs(replace(setting, loss="sum"), english).endswith("; loss Sum")


# Lines that are not read

SCRIPT = '''"""A network."""
import torch
WIDE = 3
DEEP = WIDE + 1
size = 5

class Net(nn.Module):
    def __init__(self, size=DEEP):
        super().__init__()
        self.fc = nn.Linear(size, 1)

    def forward(self, x):
        loss = x
        return self.fc(loss)

model = Net()
x = torch.arange(1., 9.).view(2, 4)

loss = model(x).sum()
loss.backward()

def unused():
    return 1

print(model.fc.weight.grad)
'''


def test_lines_of_an_experiment_are_named_and_no_others() -> None:
    """The model reads WIDE and DEEP; the input and the loss are those of the script."""
    (problem,) = read(Pasted(SCRIPT), Experiment()).problems
    assert problem == "Not read\\: lines 5, 25."
    assert read(Pasted(LENET), Experiment()).problems == ()


# Where a loss gives no gradient


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"loss": "cross_entropy", "target": "class_0"}, "With a single class"),
        ({"loss": "mse", "target": "zeros", "edits": "fc"}, "The output equals the target"),
    ],
)
def test_a_loss_that_hands_on_only_zeros_is_named(changes: dict[str, str], said: str) -> None:
    setting = of_preset("test")
    if changes.pop("edits", ""):
        cells = setting.edits.with_cells("fc.weight", dict.fromkeys(range(4), 0.0))
        setting = replace(setting, edits=cells.with_cells("fc.bias", {0: 0.0}))
    setting = replace(setting, **changes)  # type: ignore[arg-type]
    sentence = why_all_zero(setting, execute(setting).capture, english)
    assert sentence.startswith("Every gradient is 0, because the loss (")
    assert said in sentence


def test_a_network_that_stops_its_gradient_itself_is_not_the_losss_fault() -> None:
    spec = network("Dead", linear("a", INPUT, (2, 2)), layer("b", "Scale", "a", factor=0.0))
    setting = Setting(spec=spec, input_shape=(1, 2), loss="sum")
    assert why_all_zero(setting, execute(setting).capture, english) == ""


# The layer to see first


def seen(module: nn.Module, shape: tuple[int, ...]) -> str:
    x = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    with flow.run(module, x, lambda output: output.square().sum()) as run:
        found = worth_seeing(run.capture)
        return run.capture.node(found).layer if found else ""


def test_the_layer_at_which_most_of_the_gradient_is_lost_is_seen_first() -> None:
    small = nn.Linear(8, 8)
    with torch.no_grad():
        small.weight.mul_(1e-3)
    chain = nn.Sequential(nn.Linear(8, 8), nn.Tanh(), small, nn.Tanh(), nn.Linear(8, 8))
    assert seen(chain, (2, 8)) == "2"
    dead = nn.Linear(8, 8)
    with torch.no_grad():
        dead.bias.fill_(-100)
    assert seen(nn.Sequential(nn.Linear(8, 8), dead, nn.ReLU(), nn.Linear(8, 3)), (2, 8)) == "2"


def test_otherwise_it_is_the_middle_one_of_those_where_cells_meet() -> None:
    """A mean over a map spreads its gradient and loses none: no fall."""
    layers = (nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2), nn.AdaptiveAvgPool2d(1))
    chain = nn.Sequential(*layers, nn.Flatten(), nn.Linear(2, 3))
    assert seen(chain, (1, 1, 18, 18)) == "3"
    assert seen(nn.Sequential(nn.Linear(3, 3), nn.Tanh()), (1, 3)) == "1"
    assert seen(nn.Sequential(nn.Linear(3, 3)), (1, 3)) == ""


def test_suiting_does_not_change_what_is_not_of_the_network() -> None:
    setting = Setting(spec=network("One", conv("a", INPUT, (1, 1))), input_shape=(1, 1, 4, 4))
    budget = setting.source.budget(setting)
    assert budget is not None
    found = suiting(replace(setting, seed=9, training=False), budget)
    assert (found.seed, found.training, found.spec) == (9, False, setting.spec)
