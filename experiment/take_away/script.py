"""A setting as Python code that gives its gradients, to the bit."""

from __future__ import annotations

from experiment.feeding import feed
from experiment.setting import Setting
from models.budget import estimate
from models.losses import LOSSES
from models.source import Exact, to_script
from models.source import Setting as Written
from viz.language import Say, english


def script(setting: Setting, address: str, say: Say = english) -> str:
    """Return a Python file that gives the setting's gradients; ``address`` is named in it.

    Its comments are in the language of ``say``.
    """
    shape = estimate(setting.network, setting.shape, setting.training).output_shape
    fed, has_target = feed(setting, shape), bool(LOSSES[setting.loss].targets)
    parameters = dict(fed.module.named_parameters())
    run = Written(
        input=setting.input,
        shape=setting.shape,
        loss=setting.loss,
        target=setting.target,
        seed=setting.seed,
        training=setting.training,
        input_gradient=fed.values.requires_grad,
        device=setting.device,
        sgd=setting.sgd,
        exact=Exact(fed.values, parameters, fed.loss.target if has_target else None),
    )
    return to_script(setting.network, run, address, say)
