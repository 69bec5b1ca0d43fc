"""A visitor's photograph as text short enough for a link, and back.

It is cut to a square and compressed as WebP, with loss. That is decoded in whole numbers, on every
machine to the same pixels (RFC 6386), and what is run is what the link holds, never the file that
came. So the same link gives the same numbers.
"""

from __future__ import annotations

import base64
import binascii
import io
import struct
from bisect import bisect_right

import numpy as np
from PIL import Image

from flow.said import Said, said
from models.inputs.pictures import Pixels, shrink
from models.inputs.shape import InputError

MAX_BYTES = 4_000
"""A link with these is shorter than the 8 kB that common servers take as a request's first line."""
MAX_TEXT = (4 * MAX_BYTES + 2) // 3
HEAD = struct.Struct("<4sI4s4sI3s3sHH")
"""Of a WebP of one lossy picture, up to its width and height."""
START = b"\x9d\x01\x2a"
"""Stands before them."""
BEFORE_SIZE, BEFORE_CHUNK = 8, 20
"""Bytes that the two sizes in the head do not count."""
QUALITIES = range(101)
SHARES = (1, 2, 4, 8)
"""By which detail is given up where no quality is low enough, as it is with noise."""


def to_text(pixels: Pixels, side: int) -> str:
    """Return the middle square of a picture as letters, digits, - and _."""
    cells = shrink(pixels, (1, 3, side, side)).transpose(1, 2, 0)
    kept = _compressed(Image.fromarray(np.ascontiguousarray(cells)))
    return base64.urlsafe_b64encode(kept).decode().rstrip("=")


def _compressed(picture: Image.Image) -> bytes:
    """Return it in the best quality that fits into a link."""
    for share in SHARES:
        soft = _softened(picture, share)
        fitting = bisect_right(QUALITIES, MAX_BYTES, key=lambda each: len(_webp(soft, each)))
        if fitting:
            return _webp(soft, fitting - 1)
    raise InputError(
        said(
            "a picture for a link takes at most {most} bytes. Choose one with fewer details.",
            most=f"{MAX_BYTES:,}",
        )
    )


def _softened(picture: Image.Image, share: int) -> Image.Image:
    if share == 1:
        return picture
    return picture.reduce(share).resize(picture.size, Image.Resampling.BICUBIC)


def _webp(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=quality, method=6)
    return file.getvalue()


def size_of(text: str) -> int:
    """Return how many bytes a picture takes that stands in a link."""
    return 3 * len(text) // 4


def from_text(text: str, side: int) -> Pixels:
    """Return the picture that ``to_text`` wrote, as (side, side, 3).

    InputError when it is something else; its size is checked before it is decoded.
    """
    if len(text) > MAX_TEXT:
        raise InputError(
            said(
                "a picture in this link takes at most {most} characters; {came} came.",
                most=f"{MAX_TEXT:,}",
                came=f"{len(text):,}",
            )
        )
    try:
        file = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InputError(_not_ours(side)) from None
    if not _is_ours(file, side):
        raise InputError(_not_ours(side))
    try:
        with Image.open(io.BytesIO(file), formats=("WEBP",)) as picture:
            return np.asarray(picture.convert("RGB"), dtype=np.uint8)
    except Exception:  # noqa: BLE001 - a decoder raises whatever a broken file leads it to
        raise InputError(_not_ours(side)) from None


def _not_ours(side: int) -> Said:
    return said(
        "the picture in the link must be one of {side}x{side} pixels, as this page writes it. "
        "What came cannot be read; the link may be cut off.",
        side=side,
    )


def _is_ours(file: bytes, side: int) -> bool:
    """Tell whether the head is that of one picture of this size, with nothing after it."""
    if len(file) < HEAD.size:
        return False
    riff, size, webp, kind, chunk, _tag, start, width, height = HEAD.unpack_from(file)
    names = (riff, webp, kind, start) == (b"RIFF", b"WEBP", b"VP8 ", START)
    whole = size + BEFORE_SIZE == len(file) == chunk + chunk % 2 + BEFORE_CHUNK
    return names and whole and width == height == side
