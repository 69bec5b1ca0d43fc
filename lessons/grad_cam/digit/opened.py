"""The layers of the network in the playground; the trained parameters are too many for a link."""

from __future__ import annotations

from experiment.written.address import Experiment
from lessons.asking.exercise import Array
from lessons.grad_cam.digit.network import CHANNELS, CLASSES, LAST
from lessons.running.alone import together
from models.fields import Fields, Value
from models.spec import INPUT, LayerSpec


def opened(image: Array, upstream: Array) -> Experiment:
    """Open the layers on a digit; ``upstream`` is 1 for the class that is asked about."""
    layers: list[LayerSpec] = []

    def add(name: str, kind: str, **fields: Value) -> None:
        reads = layers[-1].name if layers else INPUT
        layers.append(LayerSpec(name=name, kind=kind, inputs=(reads,), fields=Fields(fields)))

    channels = 1
    for count, (name, wide) in enumerate(CHANNELS.items(), 1):
        if name == LAST:
            add("pool", "MaxPool2d", kernel_size=2)
        add(name, "Conv2d", in_channels=channels, out_channels=wide, kernel_size=3, padding=1)
        add(f"relu{count}", "ReLU")
        channels = wide
    add("mean", "AdaptiveAvgPool2d", output_size=1)
    add("flatten", "Flatten")
    add("head", "Linear", in_features=channels, out_features=CLASSES)
    return together(layers, image, upstream)
