"""The section of the sidebar in which parameters learn: steps of SGD, taken and undone."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from experiment.running.runs import Outcome
from experiment.setting import Setting
from experiment.written.address import Experiment
from models.losses import LOSSES
from models.sgd import MAX_STEPS, Sgd
from pages.controls.rate import rate
from pages.parts import link
from pages.parts.asking import execute
from pages.parts.text import _
from viz.markdown import plain
from viz.theme import DIGITS, format_number

MOST_DIGITS = 9
"""Of a loss: with so many every two float32 numbers differ."""
LEARNED = "sgd_learned"
"""In the session: whether a step was ever taken."""


def section(experiment: Experiment, outcome: Outcome | None) -> None:
    """Draw the controls, and what the last step did to the loss of what was run."""
    setting = experiment.setting
    st.session_state[LEARNED] = bool(st.session_state.get(LEARNED) or setting.sgd.steps)
    with (
        st.sidebar,
        st.expander(_("Learn one step (SGD)"), expanded=st.session_state[LEARNED], key="sgd"),
    ):
        _rate(setting.sgd)
        moving = outcome is None or any(p.gradient is not None for p in outcome.capture.parameters)
        _buttons(setting.sgd, moving=moving)
        if outcome is not None:
            st.markdown("  \n".join(map(plain, result(setting, outcome))))
        if not moving:
            st.caption(_("No parameter here gets a gradient, so a step moves nothing."))
        elif LOSSES[setting.loss].given:
            st.caption(_("There is no loss here: a step lowers the sum of output times vector."))


def _rate(sgd: Sgd) -> None:
    rate(
        "sgd_rate",
        _("Learning rate"),
        sgd.rate,
        lambda read: link.change(sgd=Sgd(read, link.current().setting.sgd.steps)),
        hint=_(
            "A step takes the rate times its gradient from every parameter, as torch.optim.SGD "
            "does. Any rate can be typed; with another one all steps are taken anew."
        ),
    )


def _buttons(sgd: Sgd, *, moving: bool) -> None:
    st.button(
        _("Take a step"),
        type="primary",
        key="sgd_step",
        width="stretch",
        disabled=sgd.steps == MAX_STEPS or not moving,
        help=_("Up to {most} steps. They are in the link.").format(most=MAX_STEPS),
        on_click=_go,
        args=(1,),
    )
    with st.container(horizontal=True, key="sgd_back"):
        none = sgd.steps == 0
        st.button(_("Undo"), key="sgd_undo", disabled=none, on_click=_go, args=(-1,))
        st.button(_("Undo all"), key="sgd_start", disabled=none, on_click=_go, args=(None,))


def _go(by: int | None) -> None:
    """Take a step on or back; None goes back before the first."""
    setting = link.current().setting
    steps = 0 if by is None else min(max(setting.sgd.steps + by, 0), MAX_STEPS)
    link.change(sgd=setting.at_step(steps).sgd)


def result(setting: Setting, outcome: Outcome) -> list[str]:
    """Say in a line what the last step did to the loss, and in another what all of them did."""
    now, steps = outcome.capture.loss, setting.sgd.steps
    if now is None:
        return [_("Step {step}").format(step=steps)]
    if not outcome.losses:
        return [_("Loss {loss}, before the first step").format(loss=format_number(now))]
    before, after = pair(outcome.losses[-1], now)
    words = {"step": steps, "before": before, "after": after}
    lines = [_("Step {step}: loss {before} → {after}").format(**words)]
    if steps > 1:
        before, after = pair(outcome.losses[0], now)
        lines.append(_("In all: loss {before} → {after}").format(before=before, after=after))
    return lines


def pair(before: float, after: float) -> tuple[str, str]:
    """Write two losses with as few digits as tell them apart."""
    for digits in range(DIGITS, MOST_DIGITS + 1):
        texts = format_number(before, digits), format_number(after, digits)
        if texts[0] != texts[1]:
            break
    return texts


def trouble(setting: Setting, outcome: Outcome) -> str:
    """Say after which step the loss was no finite number any more, and why; empty where it is."""
    now = outcome.capture.loss
    if not outcome.losses or now is None:
        return ""
    losses = (*outcome.losses, now)
    step = next((step for step, loss in enumerate(losses) if not math.isfinite(loss)), None)
    if step is None:
        return ""
    words = {"step": step, "loss": format_number(losses[step]), "rate": setting.sgd.rate_text}
    if step == 0:
        return _("The loss is {loss} before the first step: no step can lower it.").format(**words)
    if not _finite(execute(setting.at_step(step - 1))):
        sentence = _(
            "After step {step} the loss is {loss}: a gradient of that step is not finite, so no "
            "learning rate would have done. Undo steps."
        )
        return sentence.format(**words)
    sentence = _(
        "After step {step} the loss is {loss}: the learning rate {rate} is too large for this run. "
        "Undo steps, or choose a smaller rate."
    )
    return sentence.format(**words)


def _finite(outcome: Outcome) -> bool:
    gradients = [record.gradient for record in outcome.capture.parameters]
    return all(np.isfinite(each).all() for each in gradients if each is not None)
