"""Layers that make maps larger or smaller without learning."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from torch import nn

from flow.said import said
from models.fields import Fields
from models.kinds.arguments import MAX_SCALE, MAX_SIDE, choice, number, pair, size, switch
from models.kinds.kind import LayerKind
from models.kinds.rules import adaptive, cost
from models.kinds.rules.fits import fits_lines, fits_maps
from models.kinds.rules.reading import Cells, Reading, axes_of, blocks, reading
from models.shapes import Shape, Shapes, shape_text

MODES = ("nearest", "nearest-exact", "linear", "bilinear", "bicubic", "area")
MIXED = {"nearest": 0, "nearest-exact": 0, "linear": 2, "bilinear": 4, "bicubic": 16}
"""How many input cells each output cell mixes, one weight for each."""
ALIGNING = ("linear", "bilinear", "bicubic")
"""Modes that know corners; copying cells does not."""
SMALLEST_SCALE = 1 / MAX_SCALE


def _upsampling_agrees(fields: Fields) -> str:
    """Only mixing modes can align corners; a size is given once."""
    if fields["align_corners"] and fields["mode"] not in ALIGNING:
        return said(
            "align_corners needs mode=bilinear, linear or bicubic. Turn it off or change mode."
        )
    if fields["size"] != 0 and min(fields.each("size", 2)) == 0:
        return said(
            "size must be 0 (by scale_factor) or at least 1 each way. It is {size}.",
            size=fields["size"],
        )
    if fields["size"] != 0 and fields["scale_factor"] != 2:
        return said("size already says how large. Set scale_factor back to 2, or size to 0.")
    return ""


def _fits_upsample(fields: Fields, shapes: Shapes) -> str:
    """Three or four dimensions, as the mode needs; an output of at least one cell."""
    mode, shape = fields["mode"], shapes[0]
    axes = len(shape) - 2
    needed = {"linear": (1,), "bilinear": (2,), "bicubic": (2,)}.get(str(mode), (1, 2))
    if axes not in needed:
        wanted = fits_lines if needed == (1,) else fits_maps
        return wanted(fields, shapes)
    if isinstance(fields["size"], tuple) and axes == 1:
        return said(
            "size={size} is height and width, but its input is {shape}.",
            size=fields["size"],
            shape=shape_text(shape),
        )
    scale = fields.number("scale_factor")
    if not fields["size"] and min(int(size * scale) for size in shape[2:]) < 1:
        return said(
            "scale_factor={scale:g} leaves nothing of its {shape} input. "
            "Use a larger scale_factor.",
            scale=scale,
            shape=shape_text(shape[2:]),
        )
    return "" if fields["size"] else _fits_scale(str(mode), shape[2:], scale)


def _fits_scale(mode: str, sizes: Shape, scale: float) -> str:
    """The scale must be what it makes where torch's backward goes by the sizes alone."""
    for cells in sizes:
        wide = int(cells * scale)
        simple = {"nearest": (cells, 2 * cells), "bicubic": (cells,)}.get(mode, ())
        if wide in simple and wide != cells * scale:
            return said(
                "scale_factor={scale:g} makes {wide} cells of {cells}, and torch's backward then "
                "reads other cells than its forward. Use scale_factor={number} or a size.",
                scale=scale,
                wide=wide,
                cells=cells,
                number=wide // cells,
            )
    return ""


def _operations(fields: Fields, inputs: Shapes, output: Shape) -> int:
    """Count a weighted sum of neighbours, or a mean, for every output cell; copies cost nothing."""
    mode = str(fields["mode"])
    if mode == "area":
        return adaptive.means(fields, inputs, output)
    return 2 * MIXED[mode] * math.prod(output)


def _reads(fields: Fields, inputs: Shapes, output: Shape) -> Reading | None:
    """Read the neighbours that an interpolation mixes, those with weight 0 left out."""
    mode, aligned = str(fields["mode"]), bool(fields["align_corners"])
    if mode == "area":
        return adaptive.windows(fields, inputs, output)
    found, steps = [], []
    for cells, wide in axes_of(inputs, output):
        ratio = Fraction(cells, wide)
        if not fields["size"]:
            ratio = 1 / Fraction(fields.number("scale_factor")).limit_denominator(10_000)
        found.append(_neighbours(mode, cells, wide, ratio, aligned=aligned))
        steps.append(Fraction(cells - 1, wide - 1) if aligned and min(cells, wide) > 1 else ratio)
    return reading(found, steps)


def _neighbours(mode: str, size: int, wide: int, ratio: Fraction, *, aligned: bool) -> Cells:
    out = np.arange(wide)[:, None]
    if mode == "nearest":
        return np.minimum(out * ratio.numerator // ratio.denominator, size - 1)
    above, below = (2 * out + 1) * ratio.numerator, 2 * ratio.denominator
    if mode == "nearest-exact":
        return np.minimum(above // below, size - 1)
    above = above - ratio.denominator
    if aligned:
        above, below = out * (size - 1), max(wide - 1, 1)
    if mode != "bicubic":
        above = np.maximum(above, 0)
    low, between = above // below, above % below != 0
    reach = np.arange(-1, 3) if mode == "bicubic" else np.arange(2)
    cells = np.where(between | (reach == 0), low + reach, low)
    return np.clip(cells, 0, size - 1)


def _fits_shuffle(fields: Fields, shapes: Shapes) -> str:
    """The channels must fill the blocks."""
    factor = fields.whole("upscale_factor")
    problem = fits_maps(fields, shapes)
    if problem or shapes[0][1] % factor**2 == 0:
        return problem
    return said(
        "upscale_factor={factor} needs a multiple of {number} channels, but its input "
        "{shape} has {shapes}.",
        factor=factor,
        number=factor**2,
        shape=shape_text(shapes[0]),
        shapes=shapes[0][1],
    )


RESAMPLING: dict[str, LayerKind] = {
    "UpsamplingNearest2d": LayerKind(
        label="Nearest upsampling",
        help="Copies each cell into a block; backward sums the block.",
        module=nn.UpsamplingNearest2d,
        fields=(size("scale_factor", 2, MAX_SCALE, "How many times larger."),),
        fits=fits_maps,
        operations=cost.nothing,
        reads=blocks("scale_factor"),
    ),
    "Upsample": LayerKind(
        label="Upsampling",
        help="Resizes a map by copying cells or by mixing the nearest ones.",
        module=nn.Upsample,
        fields=(
            pair("size", 0, 0, MAX_SIDE, "Height and width that go out; 0: by scale_factor."),
            number(
                "scale_factor",
                2.0,
                SMALLEST_SCALE,
                MAX_SCALE,
                "How many times larger.",
                required=True,
                unless="size",
            ),
            choice("mode", MODES, "How new cells are made."),
            switch("align_corners", False, "Whether corner cells stay at the corners."),
        ),
        verify=_upsampling_agrees,
        fits=_fits_upsample,
        operations=_operations,
        reads=_reads,
    ),
    "PixelShuffle": LayerKind(
        label="Pixel shuffle",
        help="Lays groups of channels out as blocks of cells; the gradient is laid back.",
        module=nn.PixelShuffle,
        fields=(size("upscale_factor", 2, MAX_SCALE, "How many times larger."),),
        fits=_fits_shuffle,
        operations=cost.nothing,
        reads=blocks("upscale_factor"),
        positional=1,
    ),
}
