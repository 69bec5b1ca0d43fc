"""A header and arrays as one block of bytes for a browser component.

Layout, all little-endian::

    uint32   length of the header
    bytes    header: UTF-8 JSON
    zeros    up to a multiple of 8
    blobs    numbers of one ``type`` each, from a multiple of 8, named by ``offset``, ``count``

``viz/front/packet.js`` reads it.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from viz import theme

ALIGNMENT = 8
Array = NDArray[Any]


class Blobs:
    """The arrays of a block, and where each will stand behind the header."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self._end = 0

    @property
    def size(self) -> int:
        """Bytes of all of them."""
        return self._end

    def add(self, values: Array) -> dict[str, Any]:
        """Append an array and return how the browser finds it."""
        little_endian = values.astype(values.dtype.newbyteorder("<"), copy=False)
        part = _padded(little_endian.tobytes())
        place = {"type": values.dtype.name, "offset": self._end, "count": values.size}
        self.parts.append(part)
        self._end += len(part)
        return place


def palette(blobs: Blobs) -> dict[str, Any]:
    """Return every colour and threshold that a map needs in the browser."""
    return {
        "half": theme.LUT_HALF,
        "light": blobs.add(theme.colour_table(dark=False)),
        "dark": blobs.add(theme.colour_table(dark=True)),
        "inks": list(theme.INKS),
        "non_finite": theme.NON_FINITE,
        "hatch": theme.HATCH,
        "linked": [theme.LINKED, theme.LINKED_EDGE],
        "digits": theme.DIGITS,
        "smallest_plain": theme.SMALLEST_PLAIN,
        "largest_plain": theme.LARGEST_PLAIN,
        "accent": theme.ACCENT,
        "accent_ink": theme.INKS[theme.ink(theme.rgb(theme.ACCENT))],
    }


def assemble(header: Mapping[str, Any], blobs: Blobs) -> bytes:
    """Join the header and the blobs; offsets count from the first blob."""
    encoded = written(header)
    head = _padded(struct.pack("<I", len(encoded)) + encoded)
    return b"".join([head, *blobs.parts])


def header(packet: bytes) -> dict[str, Any]:
    """Return the header of a block; its arrays stay where they are."""
    (length,) = struct.unpack_from("<I", packet)
    read: dict[str, Any] = json.loads(packet[4 : 4 + length])
    return read


def written(value: object) -> bytes:
    """Return JSON, as short as it can be."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def _padded(part: bytes) -> bytes:
    return part + bytes(-len(part) % ALIGNMENT)
