"""Layers in which tokens attend to tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import Tensor, nn

from flow.said import said
from models.fields import Fields
from models.kinds.arguments import BATCH_FIRST, BIAS, MAX_CHANNELS, choice, number, size, switch
from models.kinds.kind import InputHint, LayerKind
from models.kinds.rules.cost import CELL_BYTES
from models.kinds.rules.fits import divides, fits_last, fits_sequence
from models.shapes import Shape, Shapes, shape_text

MAX_HEADS = 64
WEIGHT_GRADIENTS = 5
"""Gradients of every weight that an attention which is not fused makes."""


class MultiheadAttention(nn.MultiheadAttention):
    """Attention of a sequence to itself, or to a second one."""

    def forward(self, x: Tensor, other: Tensor | None = None) -> Tensor:  # type: ignore[override]
        """Return for each token of x the mix of values that it attends to."""
        read = x if other is None else other
        return super().forward(x, read, read)[0]


class TransformerEncoderLayer(nn.TransformerEncoderLayer):
    """Self-attention and two linear layers, each with a skip and a normalisation.

    torch's own forward would run everything in one fused operation while evaluating without
    gradients; this one always takes the written path, so that evaluating gives the same bits.
    """

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        """Return the tokens, transformed."""
        if self.norm_first:
            x = x + self._sa_block(self.norm1(x), None, None)
            return x + self._ff_block(self.norm2(x))
        x = self.norm1(x + self._sa_block(x, None, None))
        output: Tensor = self.norm2(x + self._ff_block(x))
        return output


def _fits_attention(width: str) -> Callable[[Fields, Shapes], str]:
    """Return the rule: sequences of that many features, the batch alike."""

    def fits(fields: Fields, shapes: Shapes) -> str:
        axis = 0 if fields["batch_first"] else 1
        for shape in shapes:
            problem = fits_sequence(shape) or fits_last(fields, shape, width)
            if problem:
                return problem
        if len({shape[axis] for shape in shapes}) == 1:
            return ""
        came = " and ".join(map(shape_text, shapes))
        return said("its inputs must have one batch size, but are {came}.", came=came)

    return fits


def _batch_and_tokens(fields: Fields, shape: Shape) -> tuple[int, int]:
    batch_axis = 0 if fields["batch_first"] else 1
    return shape[batch_axis], shape[1 - batch_axis]


def _attention(fields: Fields, inputs: Shapes, _output: Shape) -> int:
    """Count four products with square weights, and two of every query with every key."""
    width, (batch, rows) = fields.whole("embed_dim"), _batch_and_tokens(fields, inputs[0])
    _, others = _batch_and_tokens(fields, inputs[-1])
    return 4 * batch * width * (rows * width + others * width + rows * others)


def _encoder(fields: Fields, inputs: Shapes, _output: Shape) -> int:
    """Count self-attention, then two linear layers for each token."""
    width, inner = fields.whole("d_model"), fields.whole("dim_feedforward")
    batch, rows = _batch_and_tokens(fields, inputs[0])
    attending = 4 * batch * width * (2 * rows * width + rows * rows)
    return attending + 4 * batch * rows * width * inner


def _attended(_fields: Fields, name: str, data: Sequence[str]) -> str:
    """Write self-attention, or attention to another sequence."""
    other = data[-1]
    return f"self.{name}({data[0]}, {other}, {other})[0]"


def _attention_saved_beside(fields: Fields, inputs: Shapes, training: bool, frozen: bool) -> int:
    """Return what the CPU saves of a fused attention, less what the meta device shows.

    The CPU keeps the logarithm of each softmax's sum; the meta device keeps scaled queries and
    keys and every weight. Both keep what goes out, but on the meta device only the product that
    learns from it does. With dropout both take the written way.
    """
    if training and fields.number("dropout"):
        return 0
    batch, tokens = _batch_and_tokens(fields, inputs[0])
    width, heads = fields.whole("d_model"), fields.whole("nhead")
    cpu = batch * heads * tokens + (batch * tokens * width if frozen else 0)
    meta = 2 * batch * tokens * width + batch * heads * tokens * tokens
    return CELL_BYTES * (cpu - meta)


def _attention_captured_beside(fields: Fields, inputs: Shapes, training: bool) -> int:
    """Return, below 0, the gradients of the weights, which a fused attention never makes.

    With dropout the CPU takes the written way, as the meta device always does.
    """
    if training and fields.number("dropout"):
        return 0
    batch, tokens = _batch_and_tokens(fields, inputs[0])
    weights = batch * fields.whole("nhead") * tokens * tokens
    return -WEIGHT_GRADIENTS * CELL_BYTES * weights


ATTENTION: dict[str, LayerKind] = {
    "MultiheadAttention": LayerKind(
        label="Attention",
        help="Every token mixes the values of all tokens, weighted by how well they match.",
        module=MultiheadAttention,
        fields=(
            size("embed_dim", 8, MAX_CHANNELS, "Features of a token."),
            size("num_heads", 2, MAX_HEADS, "Heads that share the features equally."),
            number("dropout", 0.0, 0.0, 1.0, "How likely a weight is dropped."),
            BIAS,
            BATCH_FIRST,
        ),
        inputs=(1, 2),
        verify=divides("num_heads", "embed_dim"),
        fits=_fits_attention("embed_dim"),
        operations=_attention,
        positional=2,
        code=_attended,
        suggests_input=InputHint("embed_dim", axes=0),
    ),
    "TransformerEncoderLayer": LayerKind(
        label="Transformer block",
        help="Attention, then two linear layers, each with a skip and a normalisation.",
        module=TransformerEncoderLayer,
        fields=(
            size("d_model", 8, MAX_CHANNELS, "Features of a token."),
            size("nhead", 2, MAX_HEADS, "Heads that share the features equally."),
            size("dim_feedforward", 16, MAX_CHANNELS, "Features between the linear layers."),
            number("dropout", 0.0, 0.0, 1.0, "How likely a drop is.", required=True),
            choice(
                "activation",
                ("relu", "gelu"),
                "What stands between the linear layers.",
                required=True,
            ),
            BATCH_FIRST,
            switch("norm_first", False, "Whether normalisations come first."),
        ),
        verify=divides("nhead", "d_model"),
        fits=_fits_attention("d_model"),
        operations=_encoder,
        saved_beside=_attention_saved_beside,
        captured_beside=_attention_captured_beside,
        positional=2,
        suggests_input=InputHint("d_model", axes=0),
    ),
}
