"""One small case of each operation, counted by hand: values in, upstream in, gradient out, names.

Each number here was worked out on paper from the operation's definition, not by running it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor

Numbers = Any
"""Nested lists of numbers, or one number."""


@dataclass(frozen=True)
class Case:
    """One operation with the gradients that it must hand on."""

    function: Callable[..., Any]
    inputs: tuple[Numbers, ...]
    upstream: Numbers
    gradients: tuple[Numbers, ...]
    cell: tuple[int, ...]
    """The cell of ``which`` whose coefficients are named."""
    names: tuple[str, ...]
    which: int = 0


def grid(*rows: list[float]) -> Numbers:
    """Return one sample of one channel."""
    return [[list(rows)]]


def convolved(x: Tensor, kernel: Tensor) -> Tensor:
    """Read cells 2 q + 2 t - 1: stride 2, dilation 2, padding 1."""
    return F.conv1d(x, kernel, stride=2, padding=1, dilation=2)


def laid_out(x: Tensor, kernel: Tensor) -> Tensor:
    return F.conv_transpose1d(x, kernel, stride=2)


WEIGHTED: dict[str, Case] = {
    # y0 = x[1] w1 (x[-1] is padding), y1 = x[1] w0 + x[3] w1.
    "ConvolutionBackward0": Case(
        convolved,
        ([[[1, 2, 3, 4]]], [[[5, 7]]]),
        [[[10, 100]]],
        ([[[0, 570, 0, 700]]], [[[200, 420]]]),
        (0, 0, 1),
        ("(input 1)[0,0,1]", "(input 1)[0,0,0]"),
    ),
    "AddmmBackward0": Case(
        lambda c, a, b: torch.addmm(c, a, b, beta=0.5, alpha=2),
        ([[1, 1]], [[2, 3]], [[4, 5], [6, 7]]),
        [[1, 10]],
        ([[0.5, 5]], [[108, 152]], [[4, 40], [6, 60]]),
        (0, 1),
        ("0.5 (beta)",),
    ),
    "MmBackward0": Case(
        torch.mm,
        ([[2, 3]], [[4, 5], [6, 7]]),
        [[1, 10]],
        ([[54, 76]], [[2, 20], [3, 30]]),
        (0, 1),
        ("(input 1)[1,0]", "(input 1)[1,1]"),
    ),
    "BmmBackward0": Case(
        torch.bmm,
        ([[[2, 3]]], [[[4], [6]]]),
        [[[10]]],
        ([[[40, 60]]], [[[20], [30]]]),
        (0, 0, 1),
        ("(input 1)[0,1,0]",),
    ),
    "BaddbmmBackward0": Case(
        lambda c, a, b: torch.baddbmm(c, a, b, beta=3, alpha=2),
        ([[[1]]], [[[2, 3]]], [[[4], [6]]]),
        [[[10]]],
        ([[[30]]], [[[80, 120]]], [[[40], [60]]]),
        (0, 0, 1),
        ("2 x (input 2)[0,1,0]",),
        which=1,
    ),
    "AddbmmBackward0": Case(
        torch.addbmm,
        ([[1]], [[[2]], [[3]]], [[[4]], [[5]]]),
        [[10]],
        ([[10]], [[[40]], [[50]]], [[[20]], [[30]]]),
        (1, 0, 0),
        ("(input 1)[1,0,0]",),
        which=2,
    ),
    "MvBackward0": Case(
        torch.mv,
        ([[2, 3], [4, 5]], [6, 7]),
        [1, 10],
        ([[6, 7], [60, 70]], [42, 53]),
        (1,),
        ("(input)[0,1]", "(input)[1,1]"),
        which=1,
    ),
    "AddmvBackward0": Case(
        lambda c, a, v: torch.addmv(c, a, v, alpha=2),
        ([1], [[2, 3]], [6, 7]),
        [10],
        ([10], [[120, 140]], [40, 60]),
        (1,),
        ("2 x (input 1)[0,1]",),
        which=2,
    ),
    "AddrBackward0": Case(
        torch.addr,
        ([[1, 1]], [2], [3, 4]),
        [[1, 10]],
        ([[1, 10]], [43], [2, 20]),
        (0,),
        ("(input 2)[0]", "(input 2)[1]"),
        which=1,
    ),
    "DotBackward0": Case(
        torch.dot, ([2, 3], [4, 5]), 10, ([40, 50], [20, 30]), (1,), ("(input 1)[1]",)
    ),
    # y1 = a2 b0 - a0 b2, y2 = a0 b1 - a1 b0.
    "LinalgCrossBackward0": Case(
        torch.linalg.cross,
        ([2, 3, 4], [5, 6, 7]),
        [1, 10, 100],
        ([530, -493, 44], [-260, 196, -17]),
        (0,),
        ("-(input 1)[2]", "(input 1)[1]"),
    ),
    # B = diag(1/2, 1/4).
    "LinalgInvExBackward0": Case(
        torch.linalg.inv,
        ([[2, 0], [0, 4]],),
        [[1, 10], [100, 1000]],
        ([[-0.25, -1.25], [-12.5, -62.5]],),
        (0, 1),
        (),
    ),
    "TrilinearBackward0": Case(
        lambda x, w, y: F.bilinear(x, y, w),
        ([[2, 3]], [[[5], [7]]], [[4]]),
        [[10]],
        ([[200, 280]], [[[80], [120]]], [[310]]),
        (0, 1),
        (),
    ),
    # Distances 5 and 0: the difference (3, 4) over 5, and nothing where the points meet.
    "CdistBackward0": Case(
        torch.cdist,
        ([[3, 4]], [[0, 0], [3, 4]]),
        [[10, 1]],
        ([[6, 8]], [[-6, -8], [0, 0]]),
        (0, 0),
        (),
    ),
    "PdistBackward0": Case(F.pdist, ([[3, 4], [0, 0]],), [10], ([[6, 8], [-6, -8]],), (0, 0), ()),
    # Half way between 2 and 5 across the first row.
    "GridSampler2DBackward0": Case(
        lambda x: F.grid_sample(x, torch.tensor([[[[0.0, -1.0]]]]).to(x), align_corners=True),
        (grid([2, 5], [7, 9]),),
        grid([10]),
        (grid([5, 5], [0, 0]),),
        (0, 0, 0, 0),
        (),
    ),
}

MAPS: dict[str, Case] = {
    "MaxPool2DWithIndicesBackward0": Case(
        lambda x: F.max_pool2d(x, 2, 1),
        (grid([1, 9, 2], [3, 4, 5]),),
        grid([10, 100]),
        (grid([0, 110, 0], [0, 0, 0]),),
        (0, 0, 0, 1),
        ("1 (winner)", "1 (winner)"),
    ),
    # The windows 0-1 and 2-3 with ceil_mode hold 2 and 1 cells.
    "AvgPool2DBackward0": Case(
        lambda x: F.avg_pool2d(x, (1, 2), ceil_mode=True),
        (grid([1, 2, 3]),),
        grid([10, 100]),
        (grid([5, 5, 100]),),
        (0, 0, 0, 1),
        ("1/2 (average)",),
    ),
    "MaxUnpool2DBackward0": Case(
        lambda x: F.max_unpool2d(x, torch.tensor([[[[3, 4]]]]), [2, 2]),
        (grid([7, 8]),),
        grid([1, 2, 3, 4], [5, 6, 7, 8]),
        (grid([4, 5]),),
        (0, 0, 0, 1),
        ("1 (put back here)",),
    ),
    "UpsampleNearest2DBackward0": Case(
        lambda x: F.interpolate(x, size=(1, 4), mode="nearest"),
        (grid([1, 2]),),
        grid([1, 10, 100, 1000]),
        (grid([11, 1100]),),
        (0, 0, 0, 0),
        ("1 (copy)", "1 (copy)"),
    ),
    # Aligned corners: 0, 1/2, 1 between two cells.
    "UpsampleBilinear2DBackward0": Case(
        lambda x: F.interpolate(x, size=(1, 3), mode="bilinear", align_corners=True),
        (grid([1, 2]),),
        grid([1, 10, 100]),
        (grid([6, 105]),),
        (0, 0, 0, 0),
        ("1 (bilinear)", "1/2 (bilinear)"),
    ),
    # Shrunk by 2, the triangle is 4 cells wide: the first cell weighs 3, 3 and 1 of 7.
    "UpsampleBilinear2DAaBackward0": Case(
        lambda x: F.interpolate(x, size=(1, 2), mode="bilinear", antialias=True),
        (grid([1, 2, 3, 4]),),
        grid([7, 0]),
        (grid([3, 3, 1, 0]),),
        (0, 0, 0, 1),
        (),
    ),
    "ConstantPadNdBackward0": Case(
        lambda x: F.pad(x, (1, -1)), ([5, 6],), [1, 10], ([10, 0],), (0,), ("1 (copy)",)
    ),
    "ReflectionPad1DBackward0": Case(
        lambda x: F.pad(x, (1, 1), mode="reflect"),
        ([[5, 6, 7]],),
        [[1, 10, 100, 1000, 10000]],
        ([[10, 10101, 1000]],),
        (0, 1),
        ("1 (copy)",) * 3,
    ),
    "ReplicationPad1DBackward0": Case(
        lambda x: F.pad(x, (1, 1), mode="replicate"),
        ([[5, 6, 7]],),
        [[1, 10, 100, 1000, 10000]],
        ([[11, 100, 11000]],),
        (0, 0),
        ("1 (copy)",) * 2,
    ),
    "Im2ColBackward0": Case(
        lambda x: F.unfold(x, (1, 2)),
        (grid([5, 6, 7]),),
        [[[1, 10], [100, 1000]]],
        (grid([1, 110, 1000]),),
        (0, 0, 0, 1),
        ("1 (copy)", "1 (copy)"),
    ),
    "Col2ImBackward0": Case(
        lambda x: F.fold(x, (1, 3), (1, 2)),
        ([[[1, 2], [3, 4]]],),
        grid([1, 10, 100]),
        ([[[1, 10], [10, 100]]],),
        (0, 1, 0),
        ("1 (copy)",),
    ),
    # x = -1, 1: mean 0, variance 1; the upstream 3, 1 loses mean 2 and -1 times x.
    "NativeBatchNormBackward0": Case(
        lambda x, w, b: F.batch_norm(x, None, None, w, b, True, eps=1e-30),
        ([[-1], [1]], [2], [0]),
        [[3], [1]],
        ([[0], [0]], [-2], [4]),
        (0,),
        ("normalised x[0,0]", "normalised x[1,0]"),
        which=1,
    ),
    # The same row-wise: two cells are all mean and correlation, so nothing is left.
    "NativeLayerNormBackward0": Case(
        lambda x, w, b: F.layer_norm(x, (2,), w, b, eps=0.0),
        ([[-1, 1]], [1, 3], [0, 0]),
        [[2, 5]],
        ([[0, 0]], [-2, 5], [2, 5]),
        (1,),
        ("normalised x[0,1]",),
        which=1,
    ),
    "NativeGroupNormBackward0": Case(
        lambda x, w, b: F.group_norm(x, 1, w, b, eps=0.0),
        ([[[-1, -1], [1, 1]]], [1, 1], [0, 0]),
        [[[1, 0], [0, 0]]],
        ([[[0.5, -0.5], [0, 0]]], [-1, 0], [1, 0]),
        (1,),
        ("1 (bias)", "1 (bias)"),
        which=2,
    ),
    "NativeDropoutBackward0": Case(
        lambda x: torch.native_dropout(x, 0.0, True)[0],
        ([2, 3],),
        [4, 5],
        ([4, 5],),
        (0,),
        ("1 (kept)",),
    ),
    # One key: the softmax is 1, so only the value hears of the gradient.
    "ScaledDotProductFlashAttentionForCpuBackward0": Case(
        F.scaled_dot_product_attention,
        (grid([1, 2]), grid([3, 4]), grid([5, 6])),
        grid([10, 100]),
        (grid([0, 0]), grid([0, 0]), grid([10, 100])),
        (0, 0, 0, 0),
        (),
        which=2,
    ),
}
