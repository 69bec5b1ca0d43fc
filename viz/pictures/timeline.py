"""A training over its steps: the loss as a curve, and below it a row of colours for every layer.

The browser holds which step and which layer are looked at. Colours say the norm of a layer's
gradient on a logarithmic scale, which it finds from the ends that stand here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viz.language import english
from viz.pictures.axis import Axis, axis, decades, log_axis, tick_texts, tidy_ticks
from viz.theme import (
    DIGITS,
    LARGEST_PLAIN,
    NON_FINITE,
    SMALLEST_PLAIN,
    format_number,
)

SENT_DIGITS = 5
"""Of every number that is sent: more than are written."""

TIMELINE_WORDS: Mapping[str, str] = {
    "loss": english("Loss"),
    "log_loss": english("Loss, on a logarithmic scale"),
    "step": english("Step"),
    "scale": english("Norm of a layer's gradient, on a logarithmic scale:"),
    "scale_unclipped": english(
        "Norm of a layer's gradient before clipping, on a logarithmic scale:"
    ),
    "zero": english("no colour: exactly 0"),
    "odd": english("not finite"),
    "none": english("no steps yet"),
    "said": english("Step {step}: loss {loss} · {layer}: norm of the gradient {norm}"),
    "summary": english(
        "Loss and gradient norms over {count} steps. Loss from {first} to {last}. Layers: {layers}."
    ),
    "move": english(
        "Drag or press in the picture. Arrow keys choose step and layer, space plays the steps."
    ),
}
"""What the browser says, in English."""


@dataclass(frozen=True, eq=False)
class Timeline:
    """The numbers of a training as far as it is."""

    steps: int
    """So many are planned: the picture has room for all of them from the start."""
    losses: Sequence[float]
    """Before each step that was done."""
    layers: Sequence[str]
    """Names, in the order of the network."""
    norms: NDArray[np.float64]
    """Norm of the gradient, one row a layer and one column a step; NaN where it is not finite."""
    step: int
    """Which one is looked at."""
    layer: str
    clips: bool = False
    """Whether gradients were clipped after their norms were taken."""

    def check(self) -> None:
        """Raise ValueError unless every step that was done has a norm for every layer."""
        wanted = (len(self.layers), len(self.losses))
        if self.norms.shape != wanted:
            raise ValueError(f"norms are layers x steps, {wanted}, but {self.norms.shape} came")
        if len(self.losses) > self.steps:
            raise ValueError(f"{self.steps} steps were planned, but {len(self.losses)} came")


def timeline_data(line: Timeline, heard: float | None) -> dict[str, Any]:
    """Return the data of the ``timeline`` component, ready for JSON.

    ``heard`` is since when what is looked at was what the browser said last. Raises ValueError
    where the numbers do not belong together.
    """
    line.check()
    low, high = ends(line.norms)
    ticks = [tick for tick in tidy_ticks(0, max(line.steps - 1, 1)) if tick == int(tick)]
    texts = tick_texts(ticks)
    return {
        "steps": line.steps,
        "losses": _sent(line.losses),
        "axis": _loss_axis(line.losses).data() | {"log": _is_log(line.losses)},
        "ticks": [{"at": at, "text": text} for at, text in zip(ticks, texts, strict=True)],
        "layers": list(line.layers),
        "norms": [_sent(row) for row in line.norms],
        "scale": {"low": low, "high": high, "ends": [format_number(low), format_number(high)]},
        "clips": line.clips,
        "value": {"step": line.step, "layer": line.layer},
        "heard": heard,
        "theme": {
            "digits": DIGITS,
            "smallest_plain": SMALLEST_PLAIN,
            "largest_plain": LARGEST_PLAIN,
            "non_finite": NON_FINITE,
        },
    }


MARGIN = 0.06
"""Free room above and below the loss curve, as a part of its height."""
LOG_FROM = 3
"""Decades that losses span, from which on an even scale would flatten all but the largest."""


def _is_log(losses: Sequence[float]) -> bool:
    return decades(losses) >= LOG_FROM


def _loss_axis(losses: Sequence[float]) -> Axis:
    if _is_log(losses):
        return log_axis("", losses, margin=MARGIN)
    return axis("", losses, margin=MARGIN)


MOST_DECADES = 8
"""Smaller norms have the colour of the lowest end: one faint step leaves the others theirs."""


def ends(norms: NDArray[np.float64]) -> tuple[float, float]:
    """Return the ends of the colour scale: the smallest and the largest norm that is not 0."""
    seen = norms[np.isfinite(norms) & (norms > 0)]
    if not seen.size:
        return 0.1, 1.0
    low, high = float(seen.min()), float(seen.max())
    low = max(low, high * 10.0**-MOST_DECADES)
    return (low, high) if low < high else (low / 10, high)


def _sent(values: Iterable[float]) -> list[float | None]:
    """Return numbers for JSON, in few digits; None where one is not finite."""
    return [float(f"{each:.{SENT_DIGITS}g}") if math.isfinite(each) else None for each in values]
