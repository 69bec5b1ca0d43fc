"""A network as a short text for the address, and back; nothing that comes is trusted."""

from __future__ import annotations

import base64
import binascii
import zlib
from functools import lru_cache

from models.spec import MAX_TEXT, ModelSpec, SpecError, read_spec
from viz.language import Say, english

MAX_PACKED = 100_000
"""Characters of the text; addresses beyond that are cut off on their way anyway."""
KEPT = 64
"""Packed texts that are remembered: the address is written at every step of a visitor."""


@lru_cache(maxsize=KEPT)
def pack(spec: ModelSpec) -> str:
    """Write a network with letters, digits, ``-`` and ``_`` alone."""
    text = spec.model_dump_json(exclude_defaults=True)
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), level=9))
    return packed.decode().rstrip("=")


def unpack(packed: str, say: Say = english) -> ModelSpec:
    """Read what ``pack`` wrote; SpecError says what is wrong with it."""
    return read_spec(unpacked(packed, say))


def unpacked(packed: str, say: Say = english) -> str:
    """Return the JSON text of a packed network, not read yet; SpecError where there is none.

    At most MAX_TEXT bytes are ever decompressed.
    """
    if len(packed) > MAX_PACKED:
        raise SpecError(
            say("it has at most {most} characters; {count} came.").format(
                most=MAX_PACKED, count=len(packed)
            )
        )
    reader = zlib.decompressobj()
    try:
        code = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        text = reader.decompress(code, MAX_TEXT).decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError, ValueError):
        raise SpecError(say("it is cut off or was changed on its way.")) from None
    if reader.unconsumed_tail:
        raise SpecError(
            say("it holds more than the {most} characters of the largest network.").format(
                most=MAX_TEXT
            )
        )
    if not reader.eof or reader.unused_data:
        raise SpecError(say("it is cut off or was changed on its way."))
    return text
