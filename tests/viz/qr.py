"""A reader of QR codes, written from ISO/IEC 18004: it knows nothing of what makes them.

It corrects no errors, so a code that it reads is drawn without any.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Dots = NDArray[np.bool_]

FORMAT_MASK = 0b101010000010010
LEVELS = {0b01: "L", 0b00: "M", 0b11: "Q", 0b10: "H"}
BLOCKS: dict[tuple[int, str], tuple[int, ...]] = {
    (1, "L"): (19,), (1, "M"): (16,), (1, "Q"): (13,), (1, "H"): (9,),
    (2, "L"): (34,), (2, "M"): (28,), (2, "Q"): (22,), (2, "H"): (16,),
    (3, "L"): (55,), (3, "M"): (44,), (3, "Q"): (17, 17), (3, "H"): (13, 13),
    (4, "L"): (80,), (4, "M"): (32, 32), (4, "Q"): (24, 24), (4, "H"): (9,) * 4,
    (5, "L"): (108,), (5, "M"): (43, 43), (5, "Q"): (15, 15, 16, 16), (5, "H"): (11, 11, 12, 12),
    (6, "L"): (68, 68), (6, "M"): (27,) * 4, (6, "Q"): (19,) * 4, (6, "H"): (15,) * 4,
    (18, "L"): (120,) * 5 + (121,),
}  # fmt: skip
"""By version and level: how many bytes of data each block holds (table 9)."""
ALIGNED = {1: (), 2: (6, 18), 3: (6, 22), 4: (6, 26), 5: (6, 30), 6: (6, 34), 18: (6, 30, 56, 82)}
"""By version: the rows and columns of alignment patterns (annex E)."""
MASKS = (
    lambda i, j: (i + j) % 2,
    lambda i, j: i % 2,  # noqa: ARG005
    lambda i, j: j % 3,  # noqa: ARG005
    lambda i, j: (i + j) % 3,
    lambda i, j: (i // 2 + j // 3) % 2,
    lambda i, j: i * j % 2 + i * j % 3,
    lambda i, j: (i * j % 2 + i * j % 3) % 2,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2,
)


def decoded(dots: Dots) -> str:
    """Return the text of a code in byte mode; ``dots`` are its modules, True where dark."""
    size = len(dots)
    version = (size - 17) // 4
    level, mask = _format(dots)
    free = ~_reserved(size, version)
    bits = [int(dots[i, j]) ^ (MASKS[mask](i, j) == 0) for i, j in _way(size) if free[i, j]]
    words = [int("".join(map(str, bits[at : at + 8])), 2) for at in range(0, len(bits) - 7, 8)]
    data = "".join(f"{word:08b}" for word in _in_order(words, BLOCKS[version, level]))
    assert data[:4] == "0100", "not in byte mode"
    long = 16 if version >= 10 else 8
    count = int(data[4 : 4 + long], 2)
    text = data[4 + long :]
    return bytes(int(text[8 * at : 8 * at + 8], 2) for at in range(count)).decode()


def _format(dots: Dots) -> tuple[str, int]:
    """Read level and mask, which stand twice."""
    around = [(8, j) for j in (0, 1, 2, 3, 4, 5, 7, 8)] + [(i, 8) for i in (7, 5, 4, 3, 2, 1, 0)]
    last = len(dots) - 1
    apart = [(last - i, 8) for i in range(7)] + [(8, last - j) for j in range(7, -1, -1)]
    one, other = (int("".join(str(int(dots[at])) for at in p), 2) for p in (around, apart))
    assert one == other, "the two formats differ"
    plain = one ^ FORMAT_MASK
    return LEVELS[plain >> 13], plain >> 10 & 0b111


def _reserved(size: int, version: int) -> Dots:
    """Mark the modules that hold no data."""
    taken = np.zeros((size, size), dtype=bool)
    taken[:9, :9] = taken[:9, -8:] = taken[-8:, :9] = True
    taken[6, :] = taken[:, 6] = True
    centres = ALIGNED[version]
    for i in centres:
        for j in centres:
            if (i, j) not in {(6, 6), (6, centres[-1]), (centres[-1], 6)}:
                taken[i - 2 : i + 3, j - 2 : j + 3] = True
    if version >= 7:
        taken[:6, -11:-8] = taken[-11:-8, :6] = True
    return taken


def _way(size: int) -> Iterator[tuple[int, int]]:
    """Walk up and down through pairs of columns, from the right; that of the timing is left out."""
    up = True
    for right in [*range(size - 1, 6, -2), *range(5, 0, -2)]:
        rows = range(size - 1, -1, -1) if up else range(size)
        yield from ((i, j) for i in rows for j in (right, right - 1))
        up = not up


def _in_order(words: list[int], sizes: tuple[int, ...]) -> list[int]:
    """Undo the interleaving of the blocks."""
    blocks: list[list[int]] = [[] for _ in sizes]
    stream = iter(words)
    for place in range(max(sizes)):
        for block, size in zip(blocks, sizes, strict=True):
            if place < size:
                block.append(next(stream))
    return [word for block in blocks for word in block]


def seen(picture: NDArray[np.uint8]) -> tuple[Dots, float]:
    """Find a code in a grey picture that is white around it; return it, and the white in dots."""
    dark = picture < 128
    rows, columns = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    dot = np.flatnonzero(~dark[top + 1, left:])[0] / 7  # the edge of a finder is seven dots long
    size = round((bottom - top) / dot)
    centres = (np.arange(size) + 0.5) / size
    i, j = (
        (top + centres * (bottom - top)).astype(int),
        (left + centres * (right - left)).astype(int),
    )
    height, width = picture.shape
    white = min(top, left, height - bottom, width - right) * size / (bottom - top)
    return dark[np.ix_(i, j)], float(white)
