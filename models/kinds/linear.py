"""Linear layers, and tables that are looked up."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from flow.said import said
from models.fields import Fields
from models.kinds.arguments import BIAS, MAX_CHANNELS, MAX_FEATURES, size
from models.kinds.kind import InputHint, LayerKind
from models.kinds.rules import cost
from models.kinds.rules.fits import MAP_DIMENSIONS, fits_last
from models.shapes import Shape, Shapes, shape_text


def _fits_linear(fields: Fields, shapes: Shapes) -> str:
    """The last dimension holds the features."""
    return fits_last(fields, shapes[0], "in_features")


def _features_per_output(fields: Fields, _inputs: Shapes, output: Shape) -> int:
    """Count the sum of all input features for every output cell."""
    return 2 * math.prod(output) * fields.whole("in_features")


def _fits_embedding(_fields: Fields, shapes: Shapes) -> str:
    """One more dimension must be possible."""
    if len(shapes[0]) <= MAP_DIMENSIONS:
        return ""
    return said(
        "it adds a dimension, so its input has at most 4. It is {shape}.",
        shape=shape_text(shapes[0]),
    )


def _looked_up(_fields: Fields, name: str, data: Sequence[str]) -> str:
    """Write a call on whole numbers."""
    return f"self.{name}({data[0]}.long())"


class Embedding(nn.Embedding):
    """A row of a table for each number."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the rows at x, cut to whole numbers; ValueError when there is no such row."""
        rows = x.long()
        if not rows.is_meta:
            self._check(rows)
        return super().forward(rows)

    def _check(self, rows: Tensor) -> None:
        low, high = (int(bound) for bound in torch.aminmax(rows))
        if low < 0 or high >= self.num_embeddings:
            asked = low if low < 0 else high
            raise ValueError(
                said(
                    "the table has rows 0 to {number}, but row {asked} was asked for.",
                    number=self.num_embeddings - 1,
                    asked=asked,
                )
            )


LINEAR: dict[str, LayerKind] = {
    "Linear": LayerKind(
        label="Linear",
        help="Every output is a weighted sum of all input features.",
        module=nn.Linear,
        fields=(
            size("in_features", 1, MAX_FEATURES, "Size of the last dimension that comes in."),
            size("out_features", 1, MAX_FEATURES, "Size of the last dimension that goes out."),
            BIAS,
        ),
        fits=_fits_linear,
        operations=_features_per_output,
        positional=2,
        suggests_input=InputHint("in_features", axes=0),
    ),
    "Embedding": LayerKind(
        label="Embedding",
        help="Looks up a learned row for each whole number; only rows used get a gradient.",
        module=Embedding,
        fields=(
            size("num_embeddings", 16, MAX_FEATURES, "Rows of the table: numbers from 0 on."),
            size("embedding_dim", 4, MAX_CHANNELS, "Features of a row."),
        ),
        fits=_fits_embedding,
        operations=cost.nothing,
        positional=2,
        code=_looked_up,
        rows="num_embeddings",
    ),
}
