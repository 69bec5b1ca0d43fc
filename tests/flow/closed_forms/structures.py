"""Operations that mix, move, cut, look up and write cells, in every setting that changes them."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

from tests.flow.operations import CUBE, LINE, MAPS, ROWS, Operation, applied, layer

BATCH, SQUARE = (2, 3, 3), (3, 3)
ROW = torch.tensor([0, 2])
ALONG = torch.tensor([[0, 2], [1, 1], [2, 0]])
MASK = torch.tensor([[True, False, True], [False, False, True], [True, True, False]])
SCORES = [(1, 2, 3, 4)] * 3


def convolved(x: Tensor, kernel: Tensor, transposed: bool) -> Tensor:
    return torch.convolution(x, kernel, None, [2, 1], [1, 0], [1, 2], transposed, [0, 0], 1)


def causal(q: Tensor, k: Tensor, v: Tensor, **more: Any) -> Tensor:
    return F.scaled_dot_product_attention(q, k, v, is_causal=True, **more)


def looked_up(table: Tensor, **more: Any) -> Tensor:
    return F.embedding(torch.tensor([[0, 1, 1], [3, 1, 3]]), table, **more)


def in_bags(table: Tensor, **more: Any) -> Tensor:
    rows, begins = torch.tensor([0, 1, 1, 3, 1]), torch.tensor([0, 2])
    return F.embedding_bag(rows, table, begins, **more)


PRODUCTS: dict[str, Operation] = {
    "addmm": applied(torch.addmm, SQUARE, SQUARE, SQUARE),
    "addmm scaled": applied(lambda *x: torch.addmm(*x, beta=0.5, alpha=2), *[SQUARE] * 3),
    "addmm of a column": applied(torch.addmm, (3, 1), (3, 2), (2, 4)),
    "addmm of a number": applied(torch.addmm, (), (3, 2), (2, 4)),
    "baddbmm": applied(lambda *x: torch.baddbmm(*x, beta=0.5, alpha=2), *[BATCH] * 3),
    "baddbmm of a row": applied(torch.baddbmm, (4,), (2, 3, 2), (2, 2, 4)),
    "addbmm": applied(lambda *x: torch.addbmm(*x, alpha=2), (3, 4), (2, 3, 2), (2, 2, 4)),
    "addmv": applied(lambda *x: torch.addmv(*x, beta=0.5, alpha=2), (3,), (3, 2), (2,)),
    "addr": applied(lambda *x: torch.addr(*x, beta=0.5, alpha=2), (3, 2), (3,), (2,)),
    "outer": applied(torch.outer, (3,), (2,)),
    "vdot": applied(torch.vdot, (4,), (4,)),
    "bmm": applied(torch.bmm, (2, 3, 4), (2, 4, 5)),
    "mv": applied(torch.mv, (3, 4), (4,)),
    "cross": applied(torch.linalg.cross, (2, 3), (2, 3)),
    "cross of columns": applied(lambda x, y: torch.linalg.cross(x, y, dim=0), (3, 2), (3, 1)),
    "inverse": applied(torch.linalg.inv, (3, 3)),
    "inverses": applied(torch.linalg.inv, BATCH),
    "bilinear": layer(lambda: nn.Bilinear(3, 4, 2), (2, 3), (2, 4)),
    "linear of 4 axes": layer(lambda: nn.Linear(4, 3), (2, 1, 3, 4)),
    "cdist": applied(torch.cdist, (3, 4), (2, 4)),
    "cdist of batches": applied(torch.cdist, (2, 3, 4), (1, 2, 4)),
    "cdist by 1": applied(lambda x, y: torch.cdist(x, y, p=1), (3, 4), (2, 4)),
    "cdist by 3": applied(lambda x, y: torch.cdist(x, y, p=3), (3, 4), (2, 4)),
    "cdist of many": applied(torch.cdist, (27, 2), (2, 2)),
    "pdist": applied(F.pdist, (4, 3)),
}

CONVOLUTIONS: dict[str, Operation] = {
    "convolution": applied(lambda x, w: convolved(x, w, False), (2, 2, 5, 6), (3, 2, 3, 2)),
    "convolution transposed": applied(
        lambda x, w: convolved(x, w, True), (2, 3, 3, 4), (3, 2, 3, 2)
    ),
    "convolution that leaves cells out": layer(lambda: nn.Conv2d(1, 1, 1, 3), (1, 1, 5, 5)),
    "convolution without batch": layer(lambda: nn.Conv2d(2, 3, 3), (2, 5, 6)),
    "1d convolution without batch": layer(lambda: nn.Conv1d(2, 3, 3, 2, 1), (2, 6)),
    "transposed without batch": layer(lambda: nn.ConvTranspose2d(2, 3, 3, 2), (2, 3, 3)),
    "circular convolution": layer(
        lambda: nn.Conv1d(2, 2, 3, padding=2, padding_mode="circular"), LINE
    ),
}

POOLS: dict[str, Operation] = {
    "max without batch": applied(lambda x: F.max_pool2d(x, 2), (2, 4, 4)),
    "average without batch": applied(lambda x: F.avg_pool2d(x, 2), (2, 4, 4)),
    "average 1d of maps": applied(
        lambda x: F.avg_pool1d(x, 3, 2, 1, count_include_pad=False), LINE
    ),
    "average 3d padded": applied(lambda x: F.avg_pool3d(x, 3, 2, 1, divisor_override=5), CUBE),
    "adaptive max 1d": applied(lambda x: F.adaptive_max_pool1d(x, 3), LINE),
    "adaptive max 3d": applied(lambda x: F.adaptive_max_pool3d(x, 3), CUBE),
    "adaptive average overlapping": applied(lambda x: F.adaptive_avg_pool2d(x, (4, 4)), MAPS),
    "fractional 2d": applied(
        lambda x: F.fractional_max_pool2d(
            x, 2, output_size=3, _random_samples=torch.full((2, 2, 2), 0.4).to(x)
        ),
        MAPS,
    ),
    "fractional 3d": applied(
        lambda x: F.fractional_max_pool3d(
            x, 2, output_size=2, _random_samples=torch.full((1, 2, 3), 0.4).to(x)
        ),
        CUBE,
    ),
    "power average": applied(lambda x: F.lp_pool2d(x, 2, 2), MAPS),
    "max unpool 3d": applied(
        lambda x: F.max_unpool3d(*F.max_pool3d(x, 2, return_indices=True), [2] * 3), CUBE
    ),
}

RESAMPLING: dict[str, Operation] = {
    "smoothed bilinear": applied(
        lambda x: F.interpolate(x, size=(3, 4), mode="bilinear", antialias=True), MAPS
    ),
    "smoothed bicubic": applied(
        lambda x: F.interpolate(x, size=(2, 9), mode="bicubic", antialias=True), MAPS
    ),
    "smoothed bicubic aligned": applied(
        lambda x: F.interpolate(x, size=(3, 4), mode="bicubic", antialias=True, align_corners=True),
        MAPS,
    ),
    "bicubic by 1.7": applied(lambda x: F.interpolate(x, scale_factor=1.7, mode="bicubic"), MAPS),
    "area": applied(lambda x: F.interpolate(x, size=(3, 4), mode="area"), MAPS),
    "grid": applied(
        lambda x, g: F.grid_sample(x, g, align_corners=False), (2, 2, 3, 4), (2, 3, 2, 2)
    ),
    "grid aligned": applied(
        lambda x, g: F.grid_sample(x, g, align_corners=True), (2, 2, 3, 4), (2, 3, 2, 2)
    ),
    "grid at the border": applied(
        lambda x, g: F.grid_sample(x, g, padding_mode="border", align_corners=False),
        (2, 2, 3, 4),
        (2, 3, 2, 2),
    ),
    "grid of one map": applied(
        lambda x: F.grid_sample(
            x, torch.linspace(-1.2, 1.2, 8).view(1, 2, 2, 2).to(x), align_corners=True
        ),
        (1, 2, 3, 4),
    ),
}

MOVES: dict[str, Operation] = {
    "flip of two axes": applied(lambda x: x.flip(0, -1), MAPS),
    "roll of two axes": applied(lambda x: x.roll((1, -2), (0, -1)), ROWS),
    "roll of all": applied(lambda x: x.roll(5), ROWS),
    "quarter turns": applied(lambda x: x.rot90(3, (1, 2)), BATCH),
    "pixel unshuffle": applied(lambda x: F.pixel_unshuffle(x, 2), (1, 2, 4, 6)),
    "channel shuffle": applied(lambda x: F.channel_shuffle(x, 2), (2, 6, 2, 2)),
    "pixel shuffle of more axes": applied(lambda x: F.pixel_shuffle(x, 2), (2, 1, 8, 2, 3)),
    "moved axis": applied(lambda x: x.movedim(0, -1), MAPS),
    "scalar transposed": applied(lambda x: x.transpose(0, -1).flip(0).roll(1), ()),
    "tile": applied(lambda x: x.repeat(2, 1, 3), ROWS),
    "repeated scalar": applied(lambda x: x.repeat(2, 3), ()),
    "broadcast": applied(lambda x: x.broadcast_to(2, 3, 6), (3, 1)),
    "copied in": applied(lambda x: torch.zeros(2, 3).to(x).copy_(x), (3,)),
    "windows of one axis": applied(lambda x: x.unfold(1, 3, 2), (2, 6, 2)),
    "strides": applied(lambda x: x.as_strided((2, 2), (1, 2), 1), (3, 4)),
    "unfold strided": applied(lambda x: F.unfold(x, (2, 3), (1, 2), (1, 0), (2, 1)), MAPS),
    "unfold without batch": applied(lambda x: F.unfold(x, 2, padding=1), (2, 3, 4)),
    "fold": applied(lambda x: F.fold(x, (4, 5), 2, stride=(1, 2)), (2, 8, 6)),
    "fold padded": applied(lambda x: F.fold(x, (3, 3), 2, padding=1), (1, 4, 16)),
}

CUTS: dict[str, Operation] = {
    "gradient": applied(lambda x: torch.gradient(x)[0], (6,)),
    "trapezoids": applied(torch.cumulative_trapezoid, (6,)),
    "negative slice": applied(lambda x: x[-4:-1:2, ..., -2:], (6, 3)),
    "diagonal": applied(lambda x: x.diagonal(1, 0, 2), (3, 2, 4)),
    "on a diagonal": applied(lambda x: torch.diag_embed(x, -1), (2, 3)),
    "lower triangle": applied(lambda x: x.tril(-1), (2, 3, 4)),
    "upper triangle": applied(lambda x: x.triu(1), (3, 3)),
    "blocks": applied(torch.block_diag, (2, 3), (1, 2), (2,)),
    "cat with a constant": applied(lambda x: torch.cat([torch.ones(3, 2).to(x), x], 1), ROWS),
    "cat with nothing": applied(lambda x, y: torch.cat([x, y], 1), ROWS, (0,)),
    "last of a chunk": applied(lambda x: x.chunk(3, -1)[2], ROWS),
    "unbind from the back": applied(lambda x: x.unbind(-1)[2], ROWS),
    "padding that cuts": applied(lambda x: F.pad(x, (-1, 2, 1, -2)), MAPS),
    "reflection that cuts": applied(lambda x: F.pad(x, (-1, 2, 1, 0), mode="reflect"), MAPS),
    "replication that cuts": applied(lambda x: F.pad(x, (2, -1, 0, 3), mode="replicate"), MAPS),
    "reflection without batch": applied(lambda x: F.pad(x, (1, 2), mode="reflect"), (2, 4)),
}

LOOKUPS: dict[str, Operation] = {
    "two indices": applied(lambda x: x[ROW, ROW], SQUARE),
    "index of the second axis": applied(lambda x: x[:, ROW], (3, 3, 2)),
    "indices apart": applied(lambda x: x[ROW, :, torch.tensor([1, 0])], (3, 3, 2)),
    "index from the back": applied(lambda x: x[torch.tensor([-1, 0, -1])], SQUARE),
    "mask": applied(lambda x: x[MASK], SQUARE),
    "mask of rows": applied(lambda x: x[:, MASK[0]], SQUARE),
    "masked select": applied(lambda x: x.masked_select(MASK[0]), SQUARE),
    "gather of scalar": applied(lambda x: x.gather(0, torch.tensor(0)), ()),
    "take": applied(lambda x: x.take(torch.tensor([[0, -1], [4, 4]])), SQUARE),
    "take along": applied(lambda x: x.take_along_dim(ALONG, 1), SQUARE),
    "repeat interleave": applied(lambda x: x.repeat_interleave(torch.tensor([1, 2, 0]), 0), SQUARE),
    "top two": applied(lambda x: x.topk(2, 0).values, (4, 3)),
    "smallest two": applied(lambda x: x.topk(2, largest=False).values, (3, 5)),
    "sorted down": applied(lambda x: x.sort(0, descending=True).values, (4, 3)),
    "sorted scalar": applied(lambda x: x.sort().values, ()),
    "second smallest": applied(lambda x: x.kthvalue(2, 1).values, ROWS),
    "second smallest kept": applied(lambda x: x.kthvalue(2, 0, keepdim=True).values, ROWS),
    "most frequent": applied(lambda x: x.mode(1).values, ROWS),
    "embedding": applied(looked_up, (5, 3)),
    "embedding by frequency": applied(lambda w: looked_up(w, scale_grad_by_freq=True), (5, 3)),
    "embedding with padding": applied(lambda w: looked_up(w, padding_idx=1), (5, 3)),
    "bag mean": applied(in_bags, (5, 3)),
    "bag mean with padding": applied(lambda w: in_bags(w, padding_idx=1), (5, 3)),
    "bag sum": applied(lambda w: in_bags(w, mode="sum"), (5, 3)),
    "bag largest": applied(lambda w: in_bags(w, mode="max"), (5, 3)),
    "bag weighted": applied(
        lambda w, s: in_bags(w, mode="sum", per_sample_weights=s), (5, 3), (5,)
    ),
}

WRITING: dict[str, Operation] = {
    "index put": applied(lambda x, v: x.index_put((ROW,), v), SQUARE, (2, 3)),
    "index put of a row": applied(lambda x, v: x.index_put((ROW,), v), SQUARE, (3,)),
    "index put adding": applied(
        lambda x, v: x.index_put((torch.tensor([0, 0]),), v, accumulate=True), SQUARE, (2, 3)
    ),
    "put": applied(lambda x, v: x.put(torch.tensor([0, 5]), v), SQUARE, (2,)),
    "scatter": applied(lambda x, v: x.scatter(1, ALONG, v), SQUARE, (3, 2)),
    "scatter of a number": applied(lambda x: x.scatter(1, ALONG, 2.0), SQUARE),
    "scatter add": applied(lambda x, v: x.scatter_add(0, ALONG, v), SQUARE, (3, 2)),
    "index add": applied(lambda x, v: x.index_add(1, ROW, v, alpha=2), SQUARE, (3, 2)),
    "index copy": applied(lambda x, v: x.index_copy(0, ROW, v), SQUARE, (2, 3)),
    "index fill": applied(lambda x: x.index_fill(1, ROW, 2.0), SQUARE),
    "index fill of a tensor": applied(lambda x, v: x.index_fill(1, ROW, v), SQUARE, ()),
    "masked fill": applied(lambda x: x.masked_fill(MASK, 2.0), SQUARE),
    "masked fill of a tensor": applied(lambda x, v: x.masked_fill(MASK[0], v), SQUARE, ()),
    "masked scatter": applied(lambda x, v: x.masked_scatter(MASK, v), SQUARE, (8,)),
    "slice scatter": applied(lambda x, v: x.slice_scatter(v, 1, 0, 3, 2), SQUARE, (3, 2)),
    "select scatter": applied(lambda x, v: x.select_scatter(v, 1, -1), SQUARE, (3,)),
    "diagonal scatter": applied(lambda x, v: x.diagonal_scatter(v, 1), SQUARE, (2,)),
    "native dropout": applied(lambda x: torch.native_dropout(x, 0.25, True)[0], ROWS),
}

NORMS: dict[str, Operation] = {
    "layer norm of everything": layer(lambda: nn.LayerNorm([3, 6]), ROWS),
    "layer norm without affine": layer(lambda: nn.LayerNorm(6, elementwise_affine=False), ROWS),
    "group norm of sequences": layer(lambda: nn.GroupNorm(3, 6), (2, 6, 4)),
    "instance norm of sequences": layer(lambda: nn.InstanceNorm1d(3), (2, 3, 4)),
}

WHOLE: dict[str, Operation] = {
    "attention masked": applied(
        lambda q, k, v: F.scaled_dot_product_attention(
            q, k, v, attn_mask=torch.tensor([[0.0, 1, -2]] * 3).to(q)
        ),
        *SCORES,
    ),
    "attention with shared heads": applied(
        lambda q, k, v: causal(q, k, v, enable_gqa=True),
        (1, 4, 3, 4),
        (1, 2, 3, 4),
        (1, 2, 3, 4),
    ),
    "attention scaled": applied(lambda q, k, v: causal(q, k, v, scale=0.3), *SCORES),
    "attention of other lengths": applied(
        F.scaled_dot_product_attention, (1, 2, 3, 4), (1, 2, 5, 4), (1, 2, 5, 4)
    ),
    "lstm cell": layer(lambda: nn.LSTMCell(2, 3), (2, 2)),
    "gru cell": layer(lambda: nn.GRUCell(2, 3), (2, 2)),
}

STRUCTURES: dict[str, Operation] = {
    name: operation
    for group in (
        PRODUCTS,
        CONVOLUTIONS,
        POOLS,
        RESAMPLING,
        MOVES,
        CUTS,
        LOOKUPS,
        WRITING,
        NORMS,
        WHOLE,
    )
    for name, operation in group.items()
}
