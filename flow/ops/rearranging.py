"""Operations that only rearrange cells: other shapes, other axes, other places."""

from __future__ import annotations

import numpy as np

from flow.ops.common.closed import Backward, ClosedForm, Gradients, signed
from flow.ops.common.operation import Operation
from flow.ops.common.places import Positions, reader
from flow.record import Array, Rule


def reshaped(backward: Backward) -> Gradients:
    """Give the same cells, in the same order, the input's shape."""
    return (backward.g.reshape(backward.wants(0) or ()),)


def transposed(backward: Backward) -> Gradients:
    """Swap the same two axes again."""
    g = backward.g
    if backward.name == "TBackward0" or g.ndim < 2:
        return (g.T,)
    return (np.swapaxes(g, backward.axis("dim0", g.ndim), backward.axis("dim1", g.ndim)),)


def _permuted(backward: Backward, places: Positions) -> Array:
    return places.transpose(_dims(backward, places.ndim))


def _dims(backward: Backward, rank: int) -> tuple[int, ...]:
    return tuple(signed(dim) % max(rank, 1) for dim in backward.setting("dims"))


def _flipped(backward: Backward, places: Positions) -> Array:
    return np.flip(places, _dims(backward, places.ndim)) if places.ndim else places


def _rolled(backward: Backward, places: Positions) -> Array:
    shifts = tuple(signed(shift) for shift in backward.setting("shifts"))
    if not backward.setting("dims"):
        return np.roll(places, shifts[0])
    return np.roll(places, shifts, _dims(backward, places.ndim))


def _turned(backward: Backward, places: Positions) -> Array:
    first, second = _dims(backward, places.ndim)
    return np.rot90(places, signed(backward.setting("k")), (first, second))


def _shuffled(backward: Backward, places: Positions) -> Array:
    """Lay every block of r x r channels out as r x r cells."""
    return _unblocked(places, backward.setting("upscale_factor"))


def _unblocked(places: Positions, factor: int) -> Array:
    *lead, channels, height, width = places.shape
    first = len(lead)
    parts = places.reshape(*lead, channels // factor**2, factor, factor, height, width)
    order = (*range(first + 1), first + 3, first + 1, first + 4, first + 2)
    return parts.transpose(order).reshape(*lead, -1, height * factor, width * factor)


def _gathered(backward: Backward, places: Positions) -> Array:
    """Lay every r x r block of cells out as r x r channels."""
    factor = backward.setting("downscale_factor")
    *lead, channels, height, width = places.shape
    first = len(lead)
    parts = places.reshape(*lead, channels, height // factor, factor, width // factor, factor)
    order = (*range(first + 1), first + 2, first + 4, first + 1, first + 3)
    return parts.transpose(order).reshape(*lead, -1, height // factor, width // factor)


def _regrouped(backward: Backward, places: Positions) -> Array:
    """Take one channel of each group in turn."""
    samples, channels, *rest = places.shape
    groups = backward.setting("groups")
    parts = places.reshape(samples, groups, channels // groups, *rest)
    return np.swapaxes(parts, 1, 2).reshape(places.shape)


def _moving(formula: str, sentence: str, closed_form: ClosedForm) -> Operation:
    return Operation(Rule(formula, sentence), closed_form, reads="sum", copies=True, moves=True)


_RESHAPED = _moving(
    r"\bar{x} = \operatorname{reshape}(\bar{y})",
    "The same cells in another shape: the gradient is only reshaped back.",
    reshaped,
)
_TRANSPOSED = _moving(
    r"\bar{x} = \bar{y}^{\top}",
    "Two axes were swapped: the gradient has them swapped back.",
    transposed,
)

OPS = {
    **dict.fromkeys(
        (
            "ViewBackward0",
            "UnsafeViewBackward0",
            "ReshapeAliasBackward0",
            "SqueezeBackward0",
            "SqueezeBackward1",
            "SqueezeBackward2",
            "UnsqueezeBackward0",
        ),
        _RESHAPED,
    ),
    **dict.fromkeys(("TBackward0", "TransposeBackward0", "TransposeBackward1"), _TRANSPOSED),
    "PermuteBackward0": _moving(
        r"\bar{x} = \operatorname{permute}^{-1}(\bar{y})",
        "The axes were put into another order: the gradient has them put back.",
        reader(_permuted),
    ),
    "FlipBackward0": _moving(
        r"\bar{x} = \operatorname{flip}(\bar{y})",
        "The cells were put into reverse order along some axes: the gradient is flipped back.",
        reader(_flipped),
    ),
    "RollBackward0": _moving(
        r"\bar{x} = \operatorname{roll}_{-n}(\bar{y}) \quad \text{for } "
        r"y = \operatorname{roll}_n(x)",
        "The cells were shifted around in a circle: the gradient is shifted back.",
        reader(_rolled),
    ),
    "Rot90Backward0": _moving(
        r"\bar{x} = \operatorname{rot}_{-90 k}(\bar{y}) \quad \text{for } "
        r"y = \operatorname{rot}_{90 k}(x)",
        "The map was turned by quarter turns: the gradient is turned back.",
        reader(_turned),
    ),
    "PixelShuffleBackward0": _moving(
        r"\bar{x} = \operatorname{unshuffle}_r(\bar{y})",
        "Blocks of channels were laid out as blocks of cells: each gradient goes back into its "
        "channel.",
        reader(_shuffled),
    ),
    "PixelUnshuffleBackward0": _moving(
        r"\bar{x} = \operatorname{shuffle}_r(\bar{y})",
        "Blocks of cells were laid out as channels: each gradient goes back to its place in the "
        "block.",
        reader(_gathered),
    ),
    "ChannelShuffleBackward0": _moving(
        r"\bar{x}_{g,c} = \bar{y}_{c,g} \quad \text{for channel } c \text{ of group } g",
        "The channels of the groups were interleaved: each gradient goes back to its channel.",
        reader(_regrouped),
    ),
}
