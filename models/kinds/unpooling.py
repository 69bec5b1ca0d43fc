"""Layers that undo a pool: values go back to where they came from, or to fixed places."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from flow.said import said
from models.fields import Fields
from models.kinds.arguments import MAX_SCALE, MAX_SIDE, ShowsArguments, size, switch, whole
from models.kinds.kind import LayerKind
from models.kinds.pooling import KERNEL, PADDING, STRIDE, window_agrees
from models.kinds.rules import cost
from models.kinds.rules.fits import fits_maps
from models.kinds.rules.reading import Reading, blocks
from models.kinds.rules.window import Window, spread
from models.shapes import Shape, Shapes, shape_text


def _window(fields: Fields) -> Window:
    return Window.of(2, fields["kernel_size"], fields["stride"], fields["padding"])


def unpool_size(fields: Fields, shapes: Shapes) -> Shape:
    """Return height and width of an unpooled map; shapes: data, pooled, input of the pool."""
    if fields.whole("height"):
        return fields.whole("height"), fields.whole("width")
    if fields["restore"]:
        return shapes[2][-2:]
    return _default_size(_window(fields), shapes[0])


def _default_size(window: Window, shape: Shape) -> Shape:
    """Return the height and width that torch chooses when none is asked for."""
    sides = zip(shape[-2:], window.stride, window.padding, window.kernel, strict=True)
    return tuple(
        (cells - 1) * stride - 2 * padding + kernel for cells, stride, padding, kernel in sides
    )


def _unpool_agrees(fields: Fields) -> str:
    """A size is height and width, or neither where another rule gives it."""
    if bool(fields["height"]) != bool(fields["width"]):
        return said("height and width must both be given, or both be 0.")
    if fields["height"] and fields["restore"]:
        return said("restore already says the size. Turn it off, or set height and width to 0.")
    return window_agrees(_window(fields))


def _fits_unpool(fields: Fields, shapes: Shapes) -> str:
    """As many cells as indices; a size that torch reaches and that holds every index.

    Indices count the cells of the map that was pooled, so a smaller map cannot hold them all.
    """
    problem = fits_maps(fields, shapes)
    if problem:
        return problem
    data, pooled, before = shapes
    if data != pooled:
        return said(
            "it needs one value per index, but its input is {shape} and the pool "
            "gave {indices} indices. Give the layers between them equal shapes.",
            shape=shape_text(data),
            indices=shape_text(pooled),
        )
    window = _window(fields)
    wanted, default = unpool_size(fields, shapes), _default_size(window, data)
    reachable = zip(wanted, default, window.stride, strict=True)
    if any(abs(a - b) >= stride for a, b, stride in reachable) or min(wanted) < 1:
        return said(
            "it cannot make {wanted} of {shape}, only about "
            "{default}. Use the kernel_size and stride of its pool.",
            wanted=shape_text(wanted),
            shape=shape_text(data[-2:]),
            default=shape_text(default),
        )
    if wanted[0] * wanted[1] < before[-2] * before[-1]:
        return said(
            "its indices count the cells of a {shape} map, which do not fit "
            "into {wanted}. Turn restore on or ask for a larger size.",
            shape=shape_text(before[-2:]),
            wanted=shape_text(wanted),
        )
    return ""


def _windows_won(fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """Read the windows that an unpooled cell may have won, where the pool's size is restored."""
    restored = unpool_size(fields, inputs) == inputs[2][2:]
    return spread(_window(fields), inputs[:1], output) if restored else None


class BedOfNails(ShowsArguments):
    """Each cell at the first place of a block of zeros."""

    def __init__(self, scale_factor: int) -> None:
        super().__init__()
        self.scale_factor = scale_factor

    def forward(self, x: Tensor) -> Tensor:
        """Return maps that many times as high and wide: an unpooling to fixed places."""
        factor, (height, width) = self.scale_factor, x.shape[2:]
        places = torch.arange(factor**2 * height * width, device=x.device).view(factor * height, -1)
        corners = places[::factor, ::factor].expand(x.shape).contiguous()
        return F.max_unpool2d(x, corners, [factor, factor])


def _nailed(fields: Fields, _name: str, data: Sequence[str]) -> str:
    """Write a max unpooling to the first cell of every block."""
    factor, x = fields.whole("scale_factor"), data[0]
    places = f"torch.arange({factor**2} * {x}[0, 0].numel()).view({factor} * {x}.shape[2], -1)"
    corners = f"{places}[::{factor}, ::{factor}].expand({x}.shape).contiguous()"
    return f"nn.functional.max_unpool2d({x}, {corners}, {factor})"


UNPOOLS: dict[str, LayerKind] = {
    "MaxUnpool2d": LayerKind(
        label="Max unpooling",
        help="Puts each value back where its max pool found it; all other cells are 0.",
        module=nn.MaxUnpool2d,
        fields=(
            KERNEL,
            STRIDE,
            PADDING,
            switch("restore", True, "Give back the pool's input size.", at_call=True),
            whole("height", 0, 0, MAX_SIDE, "0: as torch computes it.", at_call=True),
            whole("width", 0, 0, MAX_SIDE, "0: as torch computes it.", at_call=True),
        ),
        inputs=(2, 2),
        verify=_unpool_agrees,
        fits=_fits_unpool,
        operations=cost.nothing,
        reads=_windows_won,
        positional=1,
        takes_indices=True,
    ),
    "BedOfNails": LayerKind(
        label="Bed-of-nails unpooling",
        help="Puts each value at the first cell of a block of zeros, wherever it came from.",
        module=BedOfNails,
        fields=(size("scale_factor", 2, MAX_SCALE, "How many times larger."),),
        fits=fits_maps,
        operations=cost.nothing,
        reads=blocks("scale_factor", corner_only=True),
        expression="nn.functional.max_unpool2d",
        code=_nailed,
    ),
}
