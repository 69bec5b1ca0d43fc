"""A visitor's picture as text short enough for a link, and back.

It is kept as small as the input that it is for, so a link holds the very cells that are run; an
input of another size gets them resized.
"""

from __future__ import annotations

import base64
import binascii
import math
import struct
import zlib

import numpy as np

from flow.said import said
from models.inputs.pictures import Pixels, shrink
from models.inputs.shape import InputError
from models.shapes import Shape

MAX_PICTURE = 12_288
"""Cells, such as 3x64x64; they take at most 16,500 characters."""
MAX_TEXT = 17_000
HEAD = struct.Struct("<BHH")
"""Channels, height and width, followed by the cells, row by row and channel by channel."""


def to_text(pixels: Pixels, shape: Shape) -> str:
    """Return a picture, fitted to an input of this shape, as letters, digits, - and _.

    A larger input's picture is kept at most ``MAX_PICTURE`` cells small. InputError when the
    shape has no place for a picture.
    """
    cells = shrink(pixels, _kept(shape))
    channels = 1 if cells.ndim == 2 else cells.shape[0]
    plain = HEAD.pack(channels, *cells.shape[-2:]) + cells.tobytes()
    return base64.urlsafe_b64encode(zlib.compress(plain, level=9)).decode().rstrip("=")


def _kept(shape: Shape) -> Shape:
    """Return the shape with a smaller height and width where it has too many cells for a link."""
    if len(shape) < 2:
        return shape
    channels = shape[-3] if len(shape) > 2 else 1
    share = min(1.0, math.sqrt(MAX_PICTURE / (channels * shape[-2] * shape[-1])))
    sides = tuple(max(1, min(int(side * share), MAX_PICTURE // channels)) for side in shape[-2:])
    return (*shape[:-2], *sides)


def from_text(text: str) -> Pixels:
    """Return the picture that ``to_text`` wrote, as (height, width, 3).

    InputError when it is something else; its size is checked before it is unpacked.
    """
    if len(text) > MAX_TEXT:
        raise InputError(
            said(
                "a picture in a link takes at most {max_text:,} characters; {count:,} came.",
                max_text=MAX_TEXT,
                count=len(text),
            )
        )
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(packed, HEAD.size + MAX_PICTURE)
        if not unpacker.eof:
            raise InputError(said("the picture in the link is cut off, or too large."))
        channels, height, width = HEAD.unpack_from(plain)
    except (binascii.Error, zlib.error, struct.error, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(said("the picture cannot be read; the link may be cut off.")) from None
    count = channels * height * width
    if channels not in (1, 3) or not count or len(plain) != HEAD.size + count:
        raise InputError(said("the picture in the link does not have the size that it says."))
    cells = np.frombuffer(plain, np.uint8, offset=HEAD.size).reshape(channels, height, width)
    return np.ascontiguousarray(np.broadcast_to(cells, (3, height, width)).transpose(1, 2, 0))
