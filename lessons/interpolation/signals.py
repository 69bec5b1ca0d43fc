"""What is resampled in practice: a tone, a year of temperatures, a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from lessons.asking.exercise import Array
from models.inputs.pictures import FIRST_DIGIT, digits

TONE = 12
"""Samples of the tone, over ``PERIODS``."""
PERIODS = 2.5
DENSER = 8
"""New samples for each old one."""
YEAR = (-2.0, 0.0, 5.0, 12.0, 17.0, 22.0, 25.0, 26.0, 21.0, 14.0, 7.0, 1.0)
"""Mean temperature of each month: an example, with plausible numbers for a temperate city."""
WEEKS = 52
PIXELS = 8
"""Of the digit, a side."""
MODES = ("nearest", "nearest-exact", "bilinear", "bicubic")
"""Ways to enlarge a picture."""


@dataclass(frozen=True)
class Signal:
    """Samples, and what PyTorch makes of them; x is the place of a sample."""

    samples: Array
    at: Array
    """Where the new samples stand."""
    nearest: Array
    linear: Array


def wave(at: Array) -> Array:
    """Return the tone itself at these places."""
    sine: Array = np.sin(2 * np.pi * PERIODS * at / TONE)
    return sine


def tone() -> Signal:
    """Return a tone of few samples, resampled to many."""
    return resampled(wave(np.arange(TONE)), TONE * DENSER)


def year() -> Signal:
    """Return a year of months, resampled to weeks."""
    return resampled(np.array(YEAR), WEEKS)


def resampled(samples: Array, new: int) -> Signal:
    """Resample a signal with PyTorch."""
    row = torch.from_numpy(samples)[None, None]
    nearest = F.interpolate(row, size=new, mode="nearest-exact")
    linear = F.interpolate(row, size=new, mode="linear")
    at = (np.arange(new) + 0.5) * samples.size / new - 0.5
    return Signal(samples, at, nearest[0, 0].numpy(), linear[0, 0].numpy())


def enlarged(side: int) -> dict[str, Array]:
    """Return by mode a digit of 8x8 pixels with ``side`` pixels a side: 0 is black, 255 white."""
    digit = 255 * digits((1, 1, PIXELS, PIXELS), FIRST_DIGIT)
    found = {mode: F.interpolate(digit, size=(side, side), mode=mode) for mode in MODES}
    return {mode: _pixels(each) for mode, each in found.items()}


def _pixels(ink: torch.Tensor) -> Array:
    """Return grey on white; what a cubic makes too dark or too light is cut off."""
    grey: Array = (255 - ink[0, 0]).round().clamp(0, 255).byte().numpy()
    return grey
