"""The network of the lesson written as one sequence of layers: what other code can hook."""

from __future__ import annotations

from torch import nn

from lessons.grad_cam.digit.network import trained

PLACES = {"conv1": 1, "conv2": 3, "conv3": 6}
"""Of the ReLU behind each convolution."""


def sequence() -> nn.Sequential:
    """The same layers with the same parameters, in a network of their own."""
    layers = nn.Sequential(
        nn.Conv2d(1, 12, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(12, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 16, 3, padding=1),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(16, 10),
    )
    named = {"0": "conv1", "2": "conv2", "5": "conv3", "9": "head"}
    state = trained().state_dict()
    layers.load_state_dict(
        {
            f"{place}.{part}": state[f"{name}.{part}"].clone()
            for place, name in named.items()
            for part in ("weight", "bias")
        }
    )
    return layers.eval()
