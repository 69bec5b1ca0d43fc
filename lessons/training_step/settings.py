"""What can be set in the lesson on one step of training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lessons.asking.vote import vote
from lessons.by_hand import network
from lessons.by_hand.convolution import Convolution, slide
from lessons.by_hand.layers import Linear, MaxPool, Relu
from lessons.by_hand.losses import CrossEntropy, MeanSquare
from lessons.choosing.choice import Choice, Settable
from lessons.training_step.bugs import BUGS
from lessons.training_step.digits.cnn import KINDS, MOST_STEPS, stacked
from lessons.training_step.digits.curves import BATCHES
from lessons.training_step.digits.training import STARTS
from lessons.training_step.figures import AT
from lessons.training_step.small import HIDDEN, RATES, WIDE
from viz.language import english

ANSWERS: Mapping[str, str] = {
    "equal": english("all equal, to the last bit"),
    "rounding": english("equal up to rounding"),
    "other": english("no: autograd computes other gradients"),
}
PARTS: Mapping[str, Callable[..., Any]] = {
    "Linear": Linear,
    "ReLU": Relu,
    "MSE": MeanSquare,
    "cross entropy": CrossEntropy.backward,
    "log softmax": CrossEntropy.logs,
    "max pooling forward": MaxPool.forward,
    "max pooling": MaxPool.backward,
    "sliding": slide,
    "convolution forward": Convolution.forward,
    "convolution": Convolution.backward,
    "CNN": stacked,
    "network": network.run,
    "step": network.stepped,
}
"""The layers by hand, a part at a time."""

CHOICES: dict[str, Settable] = {
    "vote": vote(ANSWERS),
    "part": Choice("Linear", tuple(PARTS), "Part", looks=True),
    "at": Choice("o", AT, "Gradient of", looks=True),
    "cell": Choice(0, range(HIDDEN * WIDE), "Cell", looks=True),
    "rate": Choice("0.01", RATES, "Learning rate"),
    "bug": Choice("none", tuple(BUGS), "Planted bug", words=BUGS, looks=True),
    "kind": Choice("float32", tuple(KINDS), "Numbers", looks=True),
    "many": Choice(0, range(MOST_STEPS + 1), "Steps in both", looks=True),
    "start": Choice("zeros", tuple(STARTS), "Weights begin as", words=STARTS, looks=True),
    "batch": Choice(16, BATCHES, "Digits in a step, N", looks=True),
}
