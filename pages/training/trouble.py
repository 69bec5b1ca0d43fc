"""Where a training ended because a number was not finite: which one, what made it, what to try."""

from __future__ import annotations

import streamlit as st

from experiment.training.training import Training
from models.sgd import rate_text
from models.training.step import Trouble
from pages.parts.text import _, say
from viz.language import retold
from viz.markdown import plain

MOST_NAMES = 3
"""Parameters that are named; the rest is counted."""


def trouble(training: Training, step: int, found: Trouble) -> None:
    """Say it."""
    st.error(" ".join(map(plain, sentences(training, step, found))))


def sentences(training: Training, step: int, found: Trouble) -> list[str]:
    """Return what is to be said, sentence by sentence."""
    words = {"step": step, "names": _names(found.names)}
    told = {
        "loss": _("Training ended at step {step}: the loss is not finite."),
        "gradient": _("Training ended at step {step}: the gradient of {names} is not finite."),
        "weight": _("Training ended: step {step} made {names} not finite."),
    }
    lines = [told[found.what].format(**words)]
    if found.told:
        lines.append(retold(found.told, say()))
    if step == 0 and found.what != "weight":
        lines.append(_("No step was taken before it: no learning rate would have done."))
        return lines
    lines.append(_("Try a learning rate below {rate}.").format(rate=rate_text(training.train_rate)))
    if not training.train_clip:
        lines.append(_("Or clip the norm of the gradients."))
    return lines


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    if more <= 0:
        return shown
    return _("{names} and {count} more").format(names=shown, count=more)
