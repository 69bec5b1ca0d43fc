"""What can be set in the lesson on depth."""

from __future__ import annotations

from lessons.asking.vote import vote
from lessons.choosing.choice import Choice, Settable, Switches
from lessons.depth.stacking import SCALES
from viz.language import english

VOTES = {
    "same": english("about as much as at the output"),
    "share": english("about a fiftieth of a quarter: 0.005"),
    "power": english("about 0.25 multiplied 50 times: 10⁻³⁰"),
    "weights": english("it depends on the weights, too"),
}
LAYERS = (2, 5, 10, 20, 50, 100, 200)
DEEP = (2, 10, 30, 50)
MOST_STEPS = 100
NAMES = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU"}
SHOWN = {"0.5": "0.5", "default": "0.58", "1": "1", "sqrt2": "√2", "2": "2", "4": "4"}
PARTS = (english("Residual addition"), english("Batch norm"))
OFF, SKIP = (False, False), (True, False)


def _activation(default: str, label: str) -> Choice:
    return Choice(default, tuple(NAMES), label, NAMES.__getitem__, looks=True)


def _scale(default: str, label: str) -> Choice:
    return Choice(default, tuple(SCALES), label, SHOWN.__getitem__, looks=True)


CHOICES: dict[str, Settable] = {
    "vote": vote(VOTES),
    "layers": Choice(50, LAYERS, english("Layers"), looks=True),
    "activation": _activation("sigmoid", english("Activation")),
    "scale": _scale("1", "s"),
    "cell": Choice(0, range(4), english("Cell of ∂L/∂a"), looks=True),
    "act_a": _activation("relu", english("Activation of A")),
    "scale_a": _scale("sqrt2", english("s of A")),
    "parts_a": Switches(PARTS, OFF, english("In A"), looks=True),
    "act_b": _activation("relu", english("Activation of B")),
    "scale_b": _scale("default", english("s of B")),
    "parts_b": Switches(PARTS, SKIP, english("In B"), looks=True),
    "deep": Choice(30, DEEP, english("Layers of the network"), looks=True),
    "descended": Choice(0, range(MOST_STEPS + 1), english("Steps of descent"), looks=True),
}
