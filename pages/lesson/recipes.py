"""What a lesson's setting describes: the layer with its numbers, and what is asked about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

from lessons.convolving import (
    Convolving,
    downstream_exercise,
    kernel_exercise,
    output_exercise,
)
from lessons.exercise import Exercise
from lessons.nearest import Enlarging, Pooling, enlarging_exercise, pooling_exercise
from lessons.trial import Trial
from pages.lesson import maps
from pages.lesson.setting import Setting

Ask = Callable[[Setting], Exercise]
"""Returns an exercise as it is set; raises SettingError where its layer cannot run."""


def convolving_of(setting: Setting) -> Convolving:
    """Return the convolution that a lesson's setting describes."""
    sizes = {each.name: setting[each.name] for each in fields(Convolving) if each.name != "seed"}
    return Convolving(seed=setting.seed, **sizes)


def enlarging_of(setting: Setting) -> Enlarging:
    """Return the upsampling that a lesson's setting describes."""
    return Enlarging(setting["scale"], setting["size"], setting["flat"], setting.seed)


def ask_enlarging(setting: Setting) -> Exercise:
    """Ask for the gradient of the small map."""
    recipe = enlarging_of(setting)
    return enlarging_exercise(recipe, maps.trial(recipe))


def ask_pooling(setting: Setting) -> Exercise:
    """Ask where a max pooling sends the gradient."""
    recipe = Pooling(setting.seed)
    return pooling_exercise(recipe, maps.trial(recipe))


def _asking(kind: Callable[[Convolving, Trial], Exercise]) -> Ask:
    """Ask for what ``kind`` asks of a convolution."""

    def ask(setting: Setting) -> Exercise:
        recipe = convolving_of(setting)
        return kind(recipe, maps.trial(recipe))

    return ask


ask_output = _asking(output_exercise)
ask_kernel = _asking(kernel_exercise)
ask_downstream = _asking(downstream_exercise)
