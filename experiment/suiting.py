"""What a network runs on that came without an experiment: an input and a loss that make sense.

Random numbers, because 1, 2, 3, ... grow with the input until they drown a network. A loss of
which the gradient is never 0 by its nature: the cross entropy of class 0 where the output is
samples x classes, elsewhere the squared distance to random numbers. (To zeros that distance is
the same for whatever ends in a normalisation or a softmax, so nothing would flow.)
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from experiment.setting import Setting
from models.budget import Budget
from models.build import LayerError
from models.inputs import INPUTS, TOKENS
from models.inputs.shape import InputError
from models.losses import LOSSES
from models.shapes import Shape, shape_text
from models.spec import ModelSpec
from models.targets import TARGETS
from viz.language import Say

FROM_NOTHING = {"input": "random", "loss": "mse", "target": "random", "input_gradient": "1"}
"""As they stand in an address, for a network that begins without a layer."""


def suiting(setting: Setting, budget: Budget) -> Setting:
    """Return the setting with an input, a loss and a target that suit its network."""
    loss, target = _loss(setting.network, budget.output_shape)
    numbers = setting.words is None
    return replace(
        setting,
        input="random" if numbers else TOKENS,
        picture="",
        loss=loss,
        target=target,
        input_gradient=numbers and not _learns(setting.network, budget),
    )


def stands_in(setting: Setting) -> bool:
    """Tell whether a network of a visitor's runs on what stands in for data that did not come."""
    budget = None
    with suppress(LayerError, InputError):
        budget = setting.source.budget(setting) if setting.spec is not None else None
    return budget is not None and not budget.refusal and suiting(setting, budget) == setting


def _loss(network: ModelSpec, output: Shape) -> tuple[str, str]:
    if len(output) != 2 or output[1] < 2:
        return "mse", "random"
    logarithms = network.layers[-1].kind == "LogSoftmax"
    return ("nll" if logarithms else "cross_entropy"), "class_0"


def _learns(network: ModelSpec, budget: Budget) -> bool:
    """Whether a parameter asks for a gradient; otherwise the input must."""
    pairs = zip(network.layers, budget.layers, strict=True)
    return any(cost.parameters and not layer.frozen for layer, cost in pairs)


def still_suits(setting: Setting, output: Shape) -> bool:
    """Tell whether input and target of a setting go with its network and with this output."""
    kind = INPUTS.get(setting.input)
    fed = setting.words is None if kind is None else kind.suits(setting.words)
    return fed and LOSSES[setting.loss].suits(output, setting.target, setting.labels)


def what_runs(setting: Setting, say: Say) -> str:
    """Say on which input a network runs, and what its output is compared with."""
    kind, loss = INPUTS.get(setting.input), LOSSES[setting.loss]
    words = {
        "input": say(kind.label) if kind else say("your picture"),
        "shape": shape_text(setting.shape),
        "loss": say(loss.label),
    }
    if not loss.targets or setting.target not in TARGETS:
        return say("input {input}, {shape}; loss {loss}").format(**words)
    target = TARGETS[setting.target]
    words["target"] = say(target.label).format(number=target.number)
    return say("input {input}, {shape}; loss {loss}; target {target}").format(**words)
