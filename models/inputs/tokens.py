"""Token ids: the whole numbers that a network looks up in the table of an embedding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Int64
from torch import Tensor

from flow.said import said
from models.layers import LAYERS
from models.shapes import Shape
from models.spec import INPUT, LayerSpec, ModelSpec

TABLES = " or ".join(name for name, kind in LAYERS.items() if kind.rows)
"""Kinds that look numbers up."""

Ids = Int64[Tensor, "..."]


@dataclass(frozen=True)
class Vocabulary:
    """Which ids a network can look up: whole numbers from 0 to ``size - 1``."""

    table: str
    """Name of the embedding with the fewest rows."""
    size: int

    @property
    def wanted(self) -> str:
        """What an id must be, in words."""
        return said(
            "a whole number from 0 to {number}, a row of {table}",
            number=self.size - 1,
            table=self.table,
        )

    def ids(self, shape: Shape, seed: int) -> Ids:
        """Return ids of that shape, each equally likely, from a generator of their own."""
        generator = torch.Generator().manual_seed(seed)
        return torch.randint(self.size, shape, generator=generator)

    def problem(self, values: Mapping[int, float]) -> str:
        """Say which of these cells, by their places, is no id; empty when all are."""
        for place, value in values.items():
            if value != int(value) or not 0 <= value < self.size:
                return said(
                    "{input}: a token id must be {wanted}. Cell {place} is {value:g}.",
                    input=INPUT,
                    wanted=self.wanted,
                    place=place,
                    value=value,
                )
        return ""


def vocabulary(spec: ModelSpec) -> Vocabulary | None:
    """Return what the input of a network is looked up in; None where it is not token ids.

    An input is token ids where every path from it leads into an embedding, through nothing but
    layers that pass numbers on unchanged. An input that anything else reads too is not.
    """
    carries, tables = {INPUT}, list[LayerSpec]()
    for layer in spec.layers:
        if not carries.intersection(layer.inputs):
            continue
        if layer.layer_kind.rows:
            tables.append(layer)
        elif layer.layer_kind.passes_tokens:
            carries.add(layer.name)
        else:
            return None
    if not tables:
        return None
    smallest = min(tables, key=_rows)
    return Vocabulary(smallest.name, _rows(smallest))


def _rows(table: LayerSpec) -> int:
    return table.fields.whole(table.layer_kind.rows)
