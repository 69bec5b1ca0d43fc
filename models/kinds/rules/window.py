"""Windows that slide over lines and maps: the kernels of convolutions and of pools.

A kind says once how its fields make a ``Window``; rules take the window and ask for no field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from flow.said import joined, said
from models.fields import Fields, Value
from models.kinds.rules.reading import Cells, Reading, axes_of, inside, reading
from models.shapes import Shape, Shapes, shape_text


@dataclass(frozen=True)
class Window:
    """Where a kernel stands: one number for each axis after batch and channels."""

    kernel: Shape
    stride: Shape
    padding: Shape
    dilation: Shape
    can_pad: bool
    """Whether padding is something that the layer can be given."""

    @classmethod
    def of(
        cls,
        axes: int,
        kernel: Value,
        stride: Value = 0,
        padding: Value | None = None,
        dilation: Value = 1,
    ) -> Window:
        """Return the window of these settings; a single number stands for all axes.

        Stride 0 goes as far as the kernel is long. Padding "same" keeps the size, "valid" adds
        none; None says that the layer has no such setting.
        """
        lengths, steps = _each(axes, kernel), _each(axes, dilation)
        frame = 0 if padding in (None, "valid") else padding
        if padding == "same":
            frame = tuple((cells - 1) // 2 for cells in _covered(lengths, steps))
        strides = _each(axes, stride) if stride else lengths
        return cls(lengths, strides, _each(axes, frame), steps, padding is not None)

    @property
    def axes(self) -> int:
        """1 for a line, 2 for a map."""
        return len(self.kernel)

    @property
    def covered(self) -> Shape:
        """Cells from the first to the last one that the (dilated) kernel reads."""
        return _covered(self.kernel, self.dilation)


WindowOf = Callable[[Fields], Window]
"""How a kind's fields make its window."""


def _each(axes: int, value: Value | None) -> Shape:
    if isinstance(value, tuple):
        return value
    assert isinstance(value, int)  # noqa: S101 - the fields of a window hold whole numbers
    return (value,) * axes


def _covered(kernel: Shape, dilation: Shape) -> Shape:
    return tuple(step * (cells - 1) + 1 for cells, step in zip(kernel, dilation, strict=True))


def as_set(sides: Shape) -> str:
    """Return one number for each axis as somebody sets it: ``2`` where all are 2."""
    return str(sides[0]) if len(set(sides)) == 1 else str(sides)


def too_large(window: Window, shape: Shape, most_padding: int) -> str:
    """Say why a kernel is larger than the padded input; empty when it is not.

    ``most_padding`` is how much the layer could be given.
    """
    sizes = shape[2:]
    missing = [cells - size for cells, size in zip(window.covered, sizes, strict=True)]
    if all(more <= 2 * pad for more, pad in zip(missing, window.padding, strict=True)):
        return ""
    reach = ""
    if max(window.dilation) > 1:
        dilation = as_set(window.dilation)
        reach = said(
            " with dilation={dilation} covers {shape} and",
            dilation=dilation,
            shape=shape_text(window.covered),
        )
    padded = (
        said(" (padding={padding})", padding=as_set(window.padding)) if any(window.padding) else ""
    )
    enough = -(-max(missing) // 2)
    helps = window.can_pad and enough <= most_padding
    misfit = said(
        "a {kernel} kernel{reach} does not fit its {sizes} input{padded}.",
        kernel=shape_text(window.kernel),
        reach=reach,
        sizes=shape_text(sizes),
        padded=padded,
    )
    advice = (
        said("Use padding={enough} or a smaller kernel.", enough=enough)
        if helps
        else said("Use a smaller kernel.")
    )
    return joined((misfit, advice))


def taps(window: Window, inputs: Shapes, output: Shape) -> list[Cells]:
    """Return where each tap of each window stands along each axis, also outside of the input."""
    found = []
    for axis, (_, wide) in enumerate(axes_of(inputs, output)):
        begin = np.arange(wide)[:, None] * window.stride[axis] - window.padding[axis]
        found.append(begin + window.dilation[axis] * np.arange(window.kernel[axis]))
    return found


def spread(window: Window, inputs: Shapes, output: Shape) -> Reading | None:
    """The input cells whose kernels reach an output cell, where kernels lie on the output."""
    found = []
    for axis, (size, wide) in enumerate(axes_of(inputs, output)):
        offsets = window.dilation[axis] * np.arange(window.kernel[axis])
        far = np.arange(wide)[:, None] + window.padding[axis] - offsets
        step = window.stride[axis]
        found.append(np.where(far % step, -1, inside(far // step, size)))
    return reading(found, [Fraction(1, step) for step in window.stride])
