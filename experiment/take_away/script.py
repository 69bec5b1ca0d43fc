"""A setting as Python code that gives its gradients, to the bit."""

from __future__ import annotations

from dataclasses import replace

from experiment.feeding import feed
from experiment.setting import Setting
from experiment.training.losses import loss_name
from models.budget import estimate
from models.losses import LOSSES
from models.source import Exact, Trained, to_script
from models.source import Setting as Written
from models.training.plan import Plan
from viz.language import Say, english


def script(setting: Setting, address: str, say: Say = english, plan: Plan | None = None) -> str:
    """Return a Python file that gives the setting's gradients; ``address`` is named in it.

    With a plan, one that trains the network and prints loss and norm of every step. Its comments
    are in the language of ``say``.
    """
    before = setting if plan is None else replace(setting, input_gradient=False)
    shape = estimate(setting.network, setting.shape, setting.training).output_shape
    fed, has_target = feed(before, shape), bool(LOSSES[setting.loss].targets)
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
        trained=None if plan is None else Trained(plan, loss_name(setting.loss, plan)),
    )
    return to_script(setting.network, run, address, say)
