"""Pictures as inputs: handwritten digits, photographs, and files that a visitor brings.

A picture that is fitted to a shape keeps its proportions: what is too wide or too high is cut
off evenly, the rest is resized by averaging. Values are 0 (black) to 1 (white).
"""

from __future__ import annotations

import gzip
import io
import math
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile
from torch import Tensor

from flow.said import said
from models.inputs.shape import InputError
from models.shapes import Shape, shape_text

DIGITS = 1797
"""As many as scikit-learn brings."""
DIGIT_SIDE = 8
DIGIT_LARGEST = 16.0
"""Ink of the darkest cell of a digit as stored."""
FIRST_DIGIT = 3
"""The stored digits 0 to 9 show 0 to 9, so the first one drawn is a 3."""

PHOTOS = ("flower.jpg", "china.jpg")
"""The photographs that scikit-learn ships."""

MAX_FILE_BYTES = 10 * 2**20
"""Most photographs of a telephone, as it takes them, have fewer."""
MAX_PIXELS = 16_000_000
"""Of a file that is brought; it is looked at before a pixel is decoded."""
MAX_HALVED = 4 * MAX_PIXELS
"""Of a JPEG: beyond MAX_PIXELS it is decoded at half its sides."""
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
CHANNELS = {1: "L", 3: "RGB"}
"""Channels of an input -> Pillow's name for such a picture."""

Pixels = NDArray[np.uint8]
"""(height, width, 3), red, green and blue from 0 to 255."""


def _shipped(*path: str) -> Path:
    """Return a file of scikit-learn's data sets.

    It is found without importing the package, which brings scipy and pandas: two seconds at every
    start, and memory.
    """
    package = find_spec("sklearn")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("No module named 'sklearn'", name="sklearn")
    return Path(package.origin).parent.joinpath("datasets", *path)


@cache
def _digits() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return 1,797 digits of 8x8 with values 0 to 1, and what each shows; both read-only."""
    with gzip.open(_shipped("data", "digits.csv.gz")) as file:
        rows = np.loadtxt(file, delimiter=",")
    cells = rows[:, :-1].reshape(-1, DIGIT_SIDE, DIGIT_SIDE) / DIGIT_LARGEST
    images = cells.astype(np.float32)
    labels = rows[:, -1].astype(np.int64)
    images.setflags(write=False)
    labels.setflags(write=False)
    return images, labels


def digit_labels(count: int, first: int = FIRST_DIGIT) -> tuple[int, ...]:
    """Return what ``count`` digits show, from the stored digit number ``first`` on."""
    return labels_of((first + step) % DIGITS for step in range(count))


def labels_of(numbers: Iterable[int]) -> tuple[int, ...]:
    """Return what the stored digits with these numbers show."""
    labels = _digits()[1]
    return tuple(int(labels[number]) for number in numbers)


def digit_scale(shape: Shape) -> int:
    """Return how many times a digit is enlarged for this shape; InputError when it cannot be.

    A map (..., height, width) must be 8x8 or a multiple of it; a row (batch, 64) is one digit.
    """
    if len(shape) <= 2 and shape[-1] == DIGIT_SIDE**2:
        return 1
    if len(shape) > 2 and shape[-1] == shape[-2] and shape[-1] % DIGIT_SIDE == 0:
        return shape[-1] // DIGIT_SIDE
    raise InputError(
        said(
            "a digit is {digit_side}x{digit_side}, so height and width must be one multiple of "
            "{digit_side}. The shape is {shape}; use 1x1x8x8, 1x1x16x16 or 1x64.",
            digit_side=DIGIT_SIDE,
            shape=shape_text(shape),
        )
    )


def digits(shape: Shape, first: int) -> Tensor:
    """Return a batch of digits of this shape, from the stored digit number ``first`` on."""
    batch = shape[0] if len(shape) > 1 else 1
    return chosen_digits(shape, [(first + step) % DIGITS for step in range(batch)])


def chosen_digits(shape: Shape, numbers: Sequence[int]) -> Tensor:
    """Return a batch of digits of this shape: the stored ones with these numbers."""
    scale, images = digit_scale(shape), _digits()[0]
    batch = len(numbers)
    chosen = images[np.asarray(numbers)]
    if len(shape) <= 2:
        return torch.from_numpy(chosen.reshape(shape))
    enlarged = chosen.repeat(scale, axis=1).repeat(scale, axis=2)
    middle = (1,) * (len(shape) - 3)
    if len(shape) == 3:
        return torch.from_numpy(enlarged)
    return torch.from_numpy(enlarged).view(batch, *middle, *shape[-2:]).expand(shape).clone()


def photo(shape: Shape, number: int) -> Tensor:
    """Return one of the photographs, fitted to the shape."""
    return fit(_photo(PHOTOS[number % len(PHOTOS)]), shape)


@cache
def _photo(name: str) -> Pixels:
    with Image.open(_shipped("images", name)) as picture:
        return np.asarray(picture)


def read(file: bytes) -> Pixels:
    """Decode a picture that a visitor brought; InputError says why it cannot be one.

    The size that the file claims is checked before memory is taken for its pixels.
    """
    if len(file) > MAX_FILE_BYTES:
        raise InputError(
            said(
                "a picture's file has at most {most} MiB. It has {came:.1f}; save it smaller.",
                most=MAX_FILE_BYTES // 2**20,
                came=len(file) / 2**20,
            )
        )
    try:
        with Image.open(io.BytesIO(file), formats=FORMATS) as picture:
            _bounded(picture)
            upright = ImageOps.exif_transpose(picture)
            return np.asarray(_on_white(upright), dtype=np.uint8)
    except InputError:
        raise
    except Image.DecompressionBombError:  # Pillow looks at the size as well
        raise InputError(
            said(
                "a picture has at most {most} million pixels. This one says that it has very "
                "many more; save it smaller.",
                most=MAX_PIXELS // 10**6,
            )
        ) from None
    except UnidentifiedImageError:
        raise InputError(
            said(
                "this file is no picture that can be read. It must be one of {names}.",
                names=", ".join(FORMATS),
            )
        ) from None
    except Exception as error:  # Pillow's decoders raise whatever a broken file leads them to
        raise InputError(
            said(
                "this picture is damaged and cannot be read ({kind}). "
                "Save it again, or choose another.",
                kind=type(error).__name__,
            )
        ) from error


def _bounded(picture: Image.Image) -> None:
    """Refuse a picture with too many pixels; have a JPEG decoded smaller where that will do."""
    halves = isinstance(picture, JpegImageFile)
    most, count = MAX_HALVED if halves else MAX_PIXELS, math.prod(picture.size)
    if count > most:
        raise InputError(
            said(
                "a picture has at most {most} million pixels. This one says "
                "{width}x{height}; save it smaller.",
                most=most // 10**6,
                width=picture.width,
                height=picture.height,
            )
        )
    if count > MAX_PIXELS:
        picture.draft(None, (picture.width // 2, picture.height // 2))


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture in RGB; what was transparent is white, and 16 bits become 8."""
    if picture.mode.startswith("I"):  # which Pillow would cut off at 255
        return Image.fromarray((np.asarray(picture) // 257).astype(np.uint8)).convert("RGB")
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    white = Image.new("RGBA", clear.size, "white")
    return Image.alpha_composite(white, clear).convert("RGB")


def fit(pixels: Pixels, shape: Shape) -> Tensor:
    """Return a picture as (batch, channels, height, width) or less, values 0 to 1.

    Every sample shows the same. InputError when the shape has no place for a picture.
    """
    values = torch.from_numpy(shrink(pixels, shape).astype(np.float32) / np.float32(255))
    return values.expand(shape).clone()


def shrink(pixels: Pixels, shape: Shape) -> Pixels:
    """Return a picture's bytes as (channels, height, width), or (height, width) of a plain map."""
    channels = shape[-3] if len(shape) > 2 else 1
    if len(shape) not in (2, 3, 4) or channels not in CHANNELS:
        raise InputError(
            said(
                "a picture needs an input of batch x 1 x height x width (grey) or batch x 3 x "
                "height x width (red, green, blue). It is {shape}.",
                shape=shape_text(shape),
            )
        )
    height, width = shape[-2:]
    picture = Image.fromarray(pixels).convert(CHANNELS[channels])
    fitted = ImageOps.fit(picture, (width, height), method=Image.Resampling.BOX)
    cells = np.asarray(fitted, dtype=np.uint8)
    if len(shape) == 2:
        return cells
    return cells[None] if channels == 1 else np.ascontiguousarray(cells.transpose(2, 0, 1))
