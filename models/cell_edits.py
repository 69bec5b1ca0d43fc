"""Cells that a visitor changed by hand: in the input, in a parameter, in a target.

``Edits`` is frozen and hashable, and written as text short enough for a link. It says where and
what, not what was there before, so it can be laid over whatever a seed or a picture gave.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from flow.said import said
from models.shapes import Shape

MAX_EDITED = 4096
"""Cells that may be changed in all."""
MAX_NAMES = 64
LARGEST = 1e6
"""Largest magnitude of a cell; more is a slip of the keyboard."""
MAX_TEXT = 24_000
"""Characters of edits as text; 4,096 different cells need about 22,000."""
MAX_UNPACKED = 64_000
NAME = re.compile(r"[A-Za-z][\w.]{0,127}", re.ASCII)
HEAD = struct.Struct("<BH")
"""Before each name: its length and its number of cells. After it: how far it is from each changed
cell to the next (uint32), and their values (float32); in this order they shrink best."""


class EditError(ValueError):
    """Edits that cannot be read or do not fit their tensor."""


@dataclass(frozen=True)
class Misfit:
    """Edits that have no place in what is run: the tensor's name, and why."""

    name: str
    sentence: str


@dataclass(frozen=True)
class Edits:
    """Changed cells by the name of their tensor: ``(("input", ((3, 0.5),)), ...)``, sorted.

    Places are row-major positions; values are float32.
    """

    cells: tuple[tuple[str, tuple[tuple[int, float], ...]], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cells)

    def of(self, name: str) -> Mapping[int, float]:
        """Return the changed cells of one tensor."""
        return next((dict(cells) for known, cells in self.cells if known == name), {})

    def names(self) -> Iterator[str]:
        """Yield the names of the tensors that have changed cells."""
        return (name for name, _ in self.cells)

    def with_cells(self, name: str, values: Mapping[int, float]) -> Edits:
        """Return these edits with several more in one tensor."""
        kept = {known: self.of(known) for known in self.names()}
        return _edits({**kept, name: {**self.of(name), **values}})

    def without(self, *names: str) -> Edits:
        """Return these edits without those of some tensors."""
        return Edits(tuple(pair for pair in self.cells if pair[0] not in names))

    def apply(self, name: str, values: Tensor) -> Tensor:
        """Return a copy of a tensor with its changed cells; EditError when one is outside."""
        changed = self.of(name)
        copy = values.detach().clone(memory_format=torch.contiguous_format)
        if changed:
            last = max(changed)
            if last >= copy.numel():
                raise EditError(_outside(name, last, copy.numel()))
            places = torch.tensor(list(changed), device=copy.device)
            copy.view(-1)[places] = torch.tensor(
                list(changed.values()), dtype=copy.dtype, device=copy.device
            )
        return copy

    def misfits(self, shapes: Mapping[str, Shape]) -> tuple[Misfit, ...]:
        """Return which tensors have no place among those that can be edited, and why."""
        found = []
        for name, cells in self.cells:
            if name not in shapes:
                found.append(Misfit(name, _absent(name, len(cells))))
            elif cells[-1][0] >= math.prod(shapes[name]):
                found.append(Misfit(name, _outside(name, cells[-1][0], math.prod(shapes[name]))))
        return tuple(found)

    def plain(self) -> dict[str, list[list[float]]]:
        """Return the edits as a browser holds them: pairs of place and value by tensor."""
        return {name: [[place, value] for place, value in cells] for name, cells in self.cells}

    def to_text(self) -> str:
        """Return the edits as letters, digits, - and _; empty when there are none."""
        if not self.cells:
            return ""
        parts = []
        for name, cells in self.cells:
            places = np.array([place for place, _ in cells], dtype=np.int64)
            values = np.array([value for _, value in cells], dtype="<f4")
            gaps = np.diff(places, prepend=0).astype("<u4")
            parts += [HEAD.pack(len(name), len(cells)), name.encode()]
            parts += [gaps.tobytes(), values.tobytes()]
        packed = zlib.compress(b"".join(parts), level=9)
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


NO_EDITS = Edits()


def _absent(name: str, count: int) -> str:
    return said(
        "{name}: cells were changed ({count}), but nothing here has this name. "
        "Discard the changes or open the network they belong to.",
        name=name,
        count=count,
    )


def _outside(name: str, last: int, cells: int) -> str:
    return said(
        "{name}: cell {last} was changed, but it has only {cells} cells. "
        "Discard the changes or open the network they belong to.",
        name=name,
        last=last,
        cells=cells,
    )


def read_edits(text: str) -> Edits:
    """Return the edits that ``to_text`` wrote; EditError says that it is something else."""
    if not text:
        return Edits()
    if len(text) > MAX_TEXT:
        raise EditError(
            said(
                "changed cells take at most {max_text} characters; {count} came.",
                max_text=MAX_TEXT,
                count=len(text),
            )
        )
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(packed, MAX_UNPACKED)
        if not unpacker.eof:
            raise EditError(said("the changed cells are cut off, or too many."))
        return _edits(_unpacked(plain))
    except (binascii.Error, zlib.error, struct.error, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, EditError):
            raise
        raise EditError(
            said("the changed cells cannot be read; the link may be cut off.")
        ) from None


def _unpacked(plain: bytes) -> dict[str, Mapping[int, float]]:
    found: dict[str, Mapping[int, float]] = {}
    at = 0
    while at < len(plain):
        length, count = HEAD.unpack_from(plain, at)
        at += HEAD.size
        name = plain[at : at + length].decode("ascii")
        at += length
        gaps = np.frombuffer(plain, "<u4", count, at)
        values = np.frombuffer(plain, "<f4", count, at + gaps.nbytes)
        at += gaps.nbytes + values.nbytes
        places = np.cumsum(gaps, dtype=np.int64)
        found[name] = dict(zip(places.tolist(), values.tolist(), strict=True))
    return found


def read_plain(sent: object) -> Edits:
    """Read edits as a browser holds them, see ``Edits.plain``; EditError when they are none."""
    if not isinstance(sent, Mapping) or len(sent) > MAX_NAMES:
        raise EditError(
            said(
                "changed cells are lists, by the name of at most {max_names} tensors.",
                max_names=MAX_NAMES,
            )
        )
    found = {}
    for name, cells in sent.items():
        if (
            not isinstance(name, str)
            or not isinstance(cells, list)
            or not all(map(_is_cell, cells))
        ):
            raise EditError(said("a changed cell is a pair of its place and its value."))
        found[name] = {place: float(value) for place, value in cells}
    return _edits(found)


def _is_cell(sent: object) -> bool:
    return (
        isinstance(sent, list)
        and len(sent) == 2
        and type(sent[0]) is int
        and type(sent[1]) in (int, float)
        and abs(sent[1]) <= LARGEST
    )


def _edits(found: Mapping[str, Mapping[int, float]]) -> Edits:
    """Check and sort; what is checked here holds for every Edits."""
    count = sum(len(cells) for cells in found.values())
    if count > MAX_EDITED or len(found) > MAX_NAMES:
        raise EditError(
            said(
                "at most {max_edited} cells of {max_names} tensors can be changed by hand. "
                "These are {count} of {tensors}; choose another input or fewer cells.",
                max_edited=MAX_EDITED,
                max_names=MAX_NAMES,
                count=count,
                tensors=len(found),
            )
        )
    for name, cells in found.items():
        if not NAME.fullmatch(name):
            raise EditError(said("a changed tensor has a name that no tensor can have."))
        for place, value in cells.items():
            if not 0 <= place < 2**32:
                raise EditError(said("{name}: there is no cell {place}.", name=name, place=place))
            if not math.isfinite(value) or abs(value) > LARGEST:
                raise EditError(
                    said(
                        "{name}: a cell must be a number from {number:g} to {largest:g}. "
                        "It is {value:g}.",
                        name=name,
                        number=-LARGEST,
                        largest=LARGEST,
                        value=value,
                    )
                )
    kept = sorted((name, cells) for name, cells in found.items() if cells)
    return Edits(
        tuple(
            (name, tuple((place, _single(cells[place])) for place in sorted(cells)))
            for name, cells in kept
        )
    )


def _single(value: float) -> float:
    """Round to what a float32 holds, so that a link gives back the same bits."""
    (rounded,) = struct.unpack("<f", struct.pack("<f", value))
    return float(rounded)
