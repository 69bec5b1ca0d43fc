"""What reductions, softmaxes, choices and class losses must say and give, counted by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor

ROW = (1.0, 3.0, 2.0, 3.0)
"""Mean 9/4, two largest cells."""
LABEL = torch.tensor([1])
LN3 = math.log(3)


@dataclass(frozen=True)
class Reduced:
    """One operation on one row, and the coefficients of one cell."""

    words: str
    """Phrases that its sentence must contain, separated by bars."""
    formula: str
    """Parts that its formula must contain, separated by spaces of two."""
    function: Callable[[Tensor], Tensor]
    cell: int
    slopes: tuple[float, ...]
    """The cell's coefficients that are not 0."""
    names: tuple[str, ...]
    row: tuple[float, ...] = ROW


HANDS: dict[str, Reduced] = {
    "GluBackward0": Reduced(
        "its gate|the value and the sigmoid's slope",
        r"\sigma(b)\,(1 - \sigma(b))  x = [a, b]",
        lambda x: F.glu(x, 0),
        1,
        (0.75,),
        (),
        (5, 4, -LN3, LN3),
    ),
    "SumBackward0": Reduced(
        "Every summand counts once", r"\bar{x}_i = \bar{y}", torch.sum, 0, (1,), ("1 (copy)",)
    ),
    "NansumBackward0": Reduced(
        "summand that is a number|left out",
        r"\text{ is NaN}",
        torch.nansum,
        0,
        (1,),
        ("1 (copy)",),
        (1, math.nan),
    ),
    "MeanBackward0": Reduced(
        "averaged cells|same share",
        r"= \frac{1}{n}  averaged cells",
        torch.mean,
        0,
        (0.25,),
        ("1/4 (mean)",),
    ),
    "TraceBackward0": Reduced(
        "diagonal", "_{ij}", lambda x: x.reshape(2, 2).trace(), 3, (1,), ("1 (copy)",)
    ),
    "ProdBackward0": Reduced(
        "product of all the others",
        r"\prod_{j \ne i} x_j",
        torch.prod,
        0,
        (18,),
        ("product of the others = 18",),
    ),
    "CumsumBackward0": Reduced(
        "every running sum|adds up",
        r"= \sum_{k \ge i} \bar{y}_k",
        lambda x: x.cumsum(0),
        2,
        (1, 1),
        ("1 (copy)",) * 2,
    ),
    "CumprodBackward0": Reduced(
        "running product",
        r"\frac{1}{x_i} \sum_{k \ge i} y_k",
        lambda x: x.cumprod(0),
        2,
        (3, 9),
        (),
    ),
    "LogcumsumexpBackward0": Reduced(
        "softmax share up to there",
        "e^{x_i - y_k}",
        lambda x: x.logcumsumexp(0),
        1,
        (0.75,),
        (),
        (0, LN3),
    ),
    "MaxBackward0": Reduced(
        "Only the largest along the axis|just one",
        "place of the largest}",
        lambda x: x.max(0).values,
        1,
        (1,),
        ("1 (largest)",),
        (1, 3, 2),
    ),
    "MinBackward0": Reduced(
        "Only the smallest along the axis|just one",
        "place of the smallest}",
        lambda x: x.min(0).values,
        0,
        (1,),
        ("1 (smallest)",),
    ),
    "MedianBackward1": Reduced(
        "Only the median along the axis|just one",
        "place of the median}",
        lambda x: x.median(0).values,
        2,
        (1,),
        ("1 (median)",),
    ),
    "NanmedianBackward1": Reduced(
        "Only the median of the numbers along the axis",
        "place of the median of the numbers}",
        lambda x: x.nanmedian(0).values,
        0,
        (1,),
        ("1 (median of the numbers)",),
        (1, math.nan),
    ),
    "MaxBackward1": Reduced(
        "The largest of all|share it",
        r"\frac{1}{k}  equal to the largest}",
        torch.max,
        1,
        (0.5,),
        ("1/2 (largest, with its equals)",),
    ),
    "MinBackward1": Reduced(
        "The smallest of all|share it",
        r"\frac{1}{k}  equal to the smallest}",
        torch.min,
        0,
        (1,),
        ("1 (smallest)",),
    ),
    "MedianBackward0": Reduced(
        "The median of all|share it",
        r"\frac{1}{k}  equal to the median}",
        torch.median,
        2,
        (1,),
        ("1 (median)",),
    ),
    "NanmedianBackward0": Reduced(
        "The median of the numbers of all|share it",
        "equal to the median of the numbers}",
        torch.nanmedian,
        0,
        (1,),
        ("1 (median of the numbers)",),
        (1, math.nan),
    ),
    "AminmaxBackward0": Reduced(
        "smallest cell gets the first|largest the second",
        r"[x_i = \min x]  [x_i = \max x]",
        lambda x: torch.stack(list(x.aminmax())),
        1,
        (0.5,),
        ("1/2 (smallest or largest, with its equals)",),
    ),
    "CummaxBackward0": Reduced(
        "was the largest so far",
        "was the largest up to",
        lambda x: x.cummax(0).values,
        1,
        (1, 1),
        ("1 (copy)",) * 2,
    ),
    "CumminBackward0": Reduced(
        "was the smallest so far",
        "was the smallest up to",
        lambda x: x.cummin(0).values,
        0,
        (1, 1, 1, 1),
        ("1 (copy)",) * 4,
    ),
    "VarBackward0": Reduced(
        "twice its distance from the mean|less the correction",
        r"= \frac{2\,(x_i  "
        r"n - c}\,\bar{y} \quad",
        torch.var,
        2,
        (2 * -0.25 / 3,),
        ("2 (x - mean)/3 = -0.1667",),
    ),
    "VarMeanBackward0": Reduced(
        "for the variance|1/n for the mean",
        r"= \frac{2\,(x_i  \bar{m}",
        lambda x: torch.stack(torch.var_mean(x)),
        2,
        (2 * -0.25 / 3, 0.25),
        ("2 (x - mean)/3 = -0.1667", "1/4 (mean)"),
    ),
    "StdBackward0": Reduced(
        "in deviations|less the correction",
        r"= \frac{x_i  s}\,\bar{y} \quad",
        torch.std,
        0,
        (-1 / 6,),
        ("(x - mean)/(3 std) = -0.1667",),
        (1, 1, 1, 5),
    ),
    "StdMeanBackward0": Reduced(
        "in deviations, and 1/n",
        r"= \frac{x_i  \bar{m}",
        lambda x: torch.stack(torch.std_mean(x)),
        0,
        (-1 / 6, 0.25),
        ("(x - mean)/(3 std) = -0.1667", "1/4 (mean)"),
        (1, 1, 1, 5),
    ),
    "LinalgVectorNormBackward0": Reduced(
        "share of the norm|p = 2",
        r"\operatorname{sign}(x_i)",
        torch.linalg.vector_norm,
        1,
        (0.8,),
        ("x/norm = 0.8",),
        (3, 4),
    ),
    "DistBackward0": Reduced(
        "along the difference|its opposite",
        r"a_i - b_i  \bar{b} = -\bar{a}",
        lambda x: torch.dist(x, torch.zeros_like(x)),
        1,
        (0.8,),
        (),
        (3, 4),
    ),
    "SoftmaxBackward0": Reduced(
        "compete|others lose",
        r"p \odot \left(",
        lambda x: x.softmax(0),
        1,
        (-3 / 16, 3 / 16),
        ("-p q = -0.1875", "p (1 - p) = 0.1875"),
        (0, LN3),
    ),
    "LogSoftmaxBackward0": Reduced(
        "score gets its own gradient|minus",
        r"= \bar{y} - p",
        lambda x: x.log_softmax(0),
        1,
        (-0.75, 0.25),
        ("-p = -0.75", "1 - p = 0.25"),
        (0, LN3),
    ),
    "LogsumexpBackward0": Reduced(
        "by their softmax|gets the most",
        r"\operatorname{softmax}(x)",
        lambda x: x.logsumexp(0),
        1,
        (0.75,),
        ("softmax(x) = 0.75",),
        (0, LN3),
    ),
    "NllLossBackward0": Reduced(
        "right class|minus its weight",
        r"-w_k  \sum_n w_{t_n}",
        lambda x: F.nll_loss(x.expand(2, 4), LABEL.expand(2)),
        1,
        (-0.5,),
        ("-1/2 (right class)",),
    ),
    "MultiMarginLossBackward0": Reduced(
        "margin|right one up",
        r"\max(0, m - x_t + x_i)",
        lambda x: F.multi_margin_loss(x[None], LABEL),
        3,
        (0.25,),
        (),
    ),
    "WhereBackward0": Reduced(
        "side its value was taken from",
        r"[\neg c]",
        lambda x: torch.where(x > 2, x, 0 * x),
        1,
        (1,),
        ("1 (copy)",),
    ),
}
SAME = {
    "SumBackward1": "SumBackward0",
    "MeanBackward1": "MeanBackward0",
    "ProdBackward1": "ProdBackward0",
    "AmaxBackward0": "MaxBackward1",
    "AminBackward0": "MinBackward1",
    "NormBackward0": "LinalgVectorNormBackward0",
    "NormBackward1": "LinalgVectorNormBackward0",
    "SafeSoftmaxBackward0": "SoftmaxBackward0",
    "NllLoss2DBackward0": "NllLossBackward0",
}
"""Nodes of the same operation, along an axis, in two dimensions or under another name."""
