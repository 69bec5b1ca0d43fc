"""Scaled dot products and the layers that are made of them."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

from tests.flow.sweep.case import Case, layer, op

HEADS = (1, 2, 3, 4)
STEPS = (1, 3, 4)
MASK = torch.tensor([[True, False, True], [True, True, False], [False, True, True]])


def _sdpa(**how: Any) -> Any:
    return lambda q, k, v: F.scaled_dot_product_attention(q, k, v, **how)


def _by_hand(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
    return scores.softmax(-1) @ v


class _WithSelf(nn.Module):
    def __init__(self, attention: nn.MultiheadAttention, weights: bool) -> None:
        super().__init__()
        self.attention, self.weights = attention, weights

    def forward(self, x: Tensor) -> Any:
        out, weights = self.attention(x, x, x, need_weights=self.weights)
        return (out, weights) if self.weights else out


def _multihead(**how: Any) -> Any:
    return lambda: nn.MultiheadAttention(4, 2, batch_first=True, **how)


CASES: dict[str, Case] = {
    "scaled dot product": op(_sdpa(), HEADS, HEADS, HEADS, rounding=4),
    "scaled dot product exchanged": op(
        lambda v, k, q: F.scaled_dot_product_attention(q, k, v), HEADS, HEADS, HEADS, rounding=4
    ),
    "causal": op(_sdpa(is_causal=True), HEADS, HEADS, HEADS, rounding=4),
    "masked": op(_sdpa(attn_mask=MASK), HEADS, HEADS, HEADS, rounding=4),
    "biased": op(
        lambda q, k, v, b: F.scaled_dot_product_attention(q, k, v, attn_mask=b),
        HEADS,
        HEADS,
        HEADS,
        (3, 3),
        rounding=4,
    ),
    "scaled": op(_sdpa(scale=0.3), HEADS, HEADS, HEADS, rounding=4),
    "grouped queries": op(
        _sdpa(enable_gqa=True), (1, 4, 2, 4), (1, 2, 3, 4), (1, 2, 3, 4), rounding=4
    ),
    "three axes": op(_sdpa(), (2, 2, 4), (2, 3, 4), (2, 3, 4), rounding=4),
    "two axes": op(_sdpa(), (2, 4), (3, 4), (3, 4), rounding=4),
    "dropped": op(_sdpa(dropout_p=0.5), HEADS, HEADS, HEADS, rounding=4, repeats=False),
    "self": op(lambda x: F.scaled_dot_product_attention(x, x, x), HEADS, rounding=4),
    "other values' size": op(_sdpa(), HEADS, HEADS, (1, 2, 3, 2), rounding=4),
    "float64": op(_sdpa(), HEADS, HEADS, HEADS, rounding=4, dtype=torch.float64),
    "by hand": op(_by_hand, HEADS, HEADS, HEADS),
    "multihead": layer(_multihead(), STEPS, STEPS, STEPS, rounding=4),
    "multihead of itself": layer(lambda: _WithSelf(_multihead()(), False), STEPS, rounding=4),
    "multihead with weights": layer(lambda: _WithSelf(_multihead()(), True), STEPS, rounding=4),
    "multihead without bias": layer(
        lambda: _WithSelf(_multihead(bias=False)(), False), STEPS, rounding=4
    ),
    "multihead with added bias": layer(
        lambda: _WithSelf(_multihead(add_bias_kv=True)(), True), STEPS, rounding=4
    ),
    "multihead with zero attention": layer(
        lambda: _WithSelf(_multihead(add_zero_attn=True)(), True), STEPS, rounding=4
    ),
    "multihead of other sizes": layer(
        lambda: nn.MultiheadAttention(4, 2, kdim=3, vdim=2, batch_first=True),
        STEPS,
        (1, 2, 3),
        (1, 2, 2),
        rounding=4,
    ),
    "multihead dropped": layer(
        lambda: _WithSelf(_multihead(dropout=0.5)(), False), STEPS, rounding=4, repeats=False
    ),
    "multihead unbatched": layer(
        lambda: _WithSelf(nn.MultiheadAttention(4, 2), False), (3, 4), rounding=4
    ),
    "encoder layer": layer(
        lambda: nn.TransformerEncoderLayer(4, 2, 6, dropout=0.0, batch_first=True),
        STEPS,
        rounding=4,
    ),
    "encoder layer, norm first": layer(
        lambda: nn.TransformerEncoderLayer(
            4, 2, 6, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        ),
        STEPS,
        rounding=4,
    ),
    "encoder layer with dropout": layer(
        lambda: nn.TransformerEncoderLayer(4, 2, 6, dropout=0.1, batch_first=True),
        STEPS,
        rounding=4,
        repeats=False,
    ),
    "decoder layer": layer(
        lambda: nn.TransformerDecoderLayer(4, 2, 6, dropout=0.0, batch_first=True),
        STEPS,
        (1, 2, 4),
        rounding=4,
    ),
}
