"""Why no gradient at all comes out of a loss, in the words of the controls."""

from __future__ import annotations

import numpy as np

from experiment.setting import Setting
from flow.record import LOSS, Capture
from models.losses import LOSSES
from models.targets import CLASSES, TARGETS, VALUES
from viz.language import Say


def why_all_zero(setting: Setting, capture: Capture, say: Say) -> str:
    """Say why every gradient of a model is 0; empty where one is not, or the loss is no cause."""
    if not _starts_with_zeros(capture):
        return ""
    kind = LOSSES[setting.loss]
    target = TARGETS.get(setting.target) if kind.targets else None
    name = say(kind.label)
    if target is not None:
        name = f"{name}, {say(target.label).format(number=target.number)}"
    begin = say("Every gradient is 0, because the loss ({name}) hands on nothing else.")
    return f"{begin.format(name=name)} {_reason(kind.targets, capture, say)}"


def _starts_with_zeros(capture: Capture) -> bool:
    """Whether zeros, and nothing else, arrive at every node outside of the loss."""
    arrays = [
        array
        for node in capture.nodes
        if node.layer != LOSS
        for array in node.upstream
        if array is not None and array.size
    ]
    return bool(arrays) and not any(bool(array.any()) for array in arrays)


def _reason(targets: tuple[str, ...], capture: Capture, say: Say) -> str:
    shape = capture.outputs[0].shape if capture.outputs else ()
    if targets == CLASSES and len(shape) > 1 and shape[1] == 1:
        return say(
            "With a single class its probability is always 1. Choose Mean squared error, or let "
            "the network give two classes or more."
        )
    if targets == VALUES and not np.any(capture.loss):
        return say("The output equals the target in every cell. Choose another target.")
    return say("At this output it does not change with any cell. Choose another loss or target.")
