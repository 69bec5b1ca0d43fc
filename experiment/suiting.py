"""What a network runs on that came without an experiment: an input and a loss that make sense.

Random numbers, because 1, 2, 3, ... grow with the input until they drown a network. A loss of
which the gradient is never 0 by its nature: the cross entropy of class 0 where the output is
samples x classes, elsewhere the squared distance to random numbers. (To zeros that distance is
the same for whatever ends in a normalisation or a softmax, so nothing would flow.)
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from experiment.feeding import TARGET
from experiment.setting import Setting
from models.budget import Budget
from models.build import LayerError
from models.inputs import INPUTS, TOKENS
from models.inputs.shape import InputError
from models.losses import LOSSES
from models.presets import PRESETS
from models.shapes import Shape, shape_text
from models.spec import INPUT, ModelSpec
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


def stand_ins(setting: Setting, say: Say) -> str:
    """Say what stands in for data that did not come with a network of a visitor's.

    Empty where nothing does. What the visitor has chosen is left out. A preset that was edited
    has an input and a loss of its own, so there either all of it stands in or nothing.
    """
    spec, budget = setting.spec, None
    with suppress(LayerError, InputError):
        budget = None if spec is None else setting.source.budget(setting)
    if spec is None or budget is None or budget.refusal:
        return ""
    suited = suiting(setting, budget)
    if spec.name == PRESETS[setting.model].spec.name and suited != setting:
        return ""
    loss = setting.loss == suited.loss
    kept = {
        "input": (setting.input, setting.picture) == (suited.input, suited.picture),
        "loss": loss,
        "target": loss and setting.target == suited.target,
    }
    return "; ".join(text for name, text in _parts(setting, say).items() if kept[name])


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
    return "; ".join(_parts(setting, say).values())


def _parts(setting: Setting, say: Say) -> dict[str, str]:
    kind, loss = INPUTS.get(setting.input), LOSSES[setting.loss]
    label, shape = say(kind.label) if kind else say("your picture"), shape_text(setting.shape)
    if setting.edits.of(INPUT):
        label = say("numbers of your own")
    parts = {
        "input": say("input {input}, {shape}").format(input=label, shape=shape),
        "loss": say("loss {loss}").format(loss=say(loss.label)),
    }
    if loss.targets and setting.target in TARGETS:
        target = TARGETS[setting.target]
        told = say(target.label).format(number=target.number)
        if setting.edits.of(TARGET):
            told = say("numbers of your own")
        parts["target"] = say("target {target}").format(target=told)
    return parts
