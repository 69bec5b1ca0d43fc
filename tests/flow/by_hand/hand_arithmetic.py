"""Arithmetic and losses at a point, counted by hand."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it

from tests.flow.by_hand.hand import LN2, LN3, SIGMOID, Hand, mean, one

ARITHMETIC: dict[str, Hand] = {
    "AddBackward0": Hand(
        "Each summand|broadcast|alpha",
        lambda a, b: torch.add(a, b, alpha=3),
        (2, 5),
        (1, 3),
        ("1 (copy)", "3 (factor)"),
        {"alpha": 3},
    ),
    "SubBackward0": Hand(
        "What was added|minus alpha",
        lambda a, b: torch.sub(a, b, alpha=3),
        (2, 5),
        (1, -3),
        ("1 (copy)", "-3 (factor)"),
        {"alpha": 3},
    ),
    "RsubBackward0": Hand(
        "taken away comes first|minus alpha",
        lambda a, b: torch.rsub(a, b, alpha=3),
        (2, 5),
        (-3, 1),
        ("-3 (factor)", "1 (copy)"),
        {"alpha": 3},
    ),
    "MulBackward0": Hand(
        "Each factor|the other factor.", torch.mul, (2, 5), (5, 2), ("(input 1)[0]", "(input)[0]")
    ),
    "DivBackward0": Hand(
        "numerator|divisor|one more division",
        torch.div,
        (3, 2),
        (0.5, -0.75),
        ("1/(input 1)[0]", "-a/b^2 = -0.75"),
    ),
    "DivBackward2": Hand(
        "quotient was rounded|staircase",
        lambda a, b: torch.div(a, b, rounding_mode="floor"),
        (3, 2),
        (0, 0),
        ("", ""),
    ),
    "PowBackward1": Hand(
        "base|power function|exponent",
        torch.pow,
        (2, 3),
        (12, 8 * LN2),
        ("b a^(b - 1) = 12", "a^b log(a) = 5.545"),
    ),
    "PowBackward2": one(
        "number was raised to the power of x|log(c)",
        lambda x: 3**x,
        2,
        9 * LN3,
        "c^x log(c) = 9.888",
        c=3,
    ),
    "RemainderBackward0": Hand(
        "remainder rises|jumps", lambda a: torch.remainder(a, 3), (7,), (1,), ("1 (copy)",)
    ),
    "RemainderBackward1": Hand(
        "divisor|floor of the quotient",
        torch.remainder,
        (-7, 3),
        (1, 3),
        ("1 (copy)", "-floor(a/b) = 3"),
    ),
    "FmodBackward0": Hand(
        "fmod takes away|unchanged", lambda a: a.fmod(3), (7,), (1,), ("1 (copy)",)
    ),
    "FmodBackward1": Hand(
        "divisor|cut off towards 0",
        torch.fmod,
        (-7, 3),
        (1, 2),
        ("1 (copy)", "-trunc(a/b) = 2"),
    ),
    "LerpBackward0": Hand(
        "two ends share|mixture.",
        lambda a, b: torch.lerp(a, b, 0.25),
        (2, 5),
        (0.75, 0.25),
        ("0.75 (factor)", "0.25 (factor)"),
        {"w": 0.25},
    ),
    "LerpBackward1": Hand(
        "two ends share|the weight",
        torch.lerp,
        (2, 5, 0.25),
        (0.75, 0.25, 3),
        ("1 - w = 0.75", "w = 0.25", "b - a = 3"),
    ),
    "AddcmulBackward0": Hand(
        "summand|each factor|the value",
        lambda x, a, b: torch.addcmul(x, a, b, value=2),
        (1, 3, 5),
        (1, 10, 6),
        ("1 (copy)", "v b = 10", "v a = 6"),
        {"v": 2},
    ),
    "AddcdivBackward0": Hand(
        "summand|numerator and divisor",
        lambda x, a, b: torch.addcdiv(x, a, b, value=2),
        (1, 3, 4),
        (1, 0.5, -0.375),
        ("1 (copy)", "v/b = 0.5", "-v a/b^2 = -0.375"),
        {"v": 2},
    ),
    "Atan2Backward0": Hand(
        "squared radius|b negated",
        torch.atan2,
        (3, 4),
        (0.16, -0.12),
        ("b/(a^2 + b^2) = 0.16", "-a/(a^2 + b^2) = -0.12"),
    ),
    "HypotBackward0": Hand(
        "triangle|hypotenuse",
        torch.hypot,
        (3, 4),
        (0.6, 0.8),
        ("a/sqrt(a^2 + b^2) = 0.6", "b/sqrt(a^2 + b^2) = 0.8"),
    ),
    "XlogyBackward0": Hand(
        "log(b)|a/b", torch.xlogy, (3, 2), (LN2, 1.5), ("log(b) = 0.6931", "a/b = 1.5")
    ),
    "LogaddexpBackward0": Hand(
        "a softmax of two:",
        torch.logaddexp,
        (0.5, 0),
        (SIGMOID, 1 - SIGMOID),
        ("sigmoid(a - b) = 0.6225", "sigmoid(b - a) = 0.3775"),
    ),
    "Logaddexp2Backward0": Hand(
        "softmax of two with base 2",
        torch.logaddexp2,
        (1, 0),
        (2 / 3, 1 / 3),
        ("sigmoid((a - b) log(2)) = 0.6667", "sigmoid((b - a) log(2)) = 0.3333"),
    ),
    "MaximumBackward0": Hand(
        "larger of the two|each gets half", torch.maximum, (1, 2), (0, 1), ("", "1 (a < b)")
    ),
    "MinimumBackward0": Hand(
        "smaller of the two|each gets half", torch.minimum, (1, 2), (1, 0), ("1 (a < b)", "")
    ),
    "FmaxBackward0": Hand(
        "larger of the two|the first one", torch.fmax, (1, 2), (0, 1), ("", "1 (a < b)")
    ),
    "FminBackward0": Hand(
        "smaller of the two|the first one", torch.fmin, (1, 2), (1, 0), ("1 (a < b)", "")
    ),
    "ClampBackward0": Hand(
        "whichever was handed on|the bound that cut it",
        lambda x, low, high: x.clamp(low, high),
        (9, 1, 4),
        (0, 0, 1),
        ("", "", "1 (x > u or l > u)"),
    ),
}

LOSSES: dict[str, Hand] = {
    "MseLossBackward0": Hand(
        "twice the error|over n for a mean",
        mean(F.mse_loss),
        (3, 1),
        (2, -2),
        ("2 (y - t)/2 = 2", "-2 (y - t)/2 = -2"),
        {"c": 0.5},
    ),
    "SmoothL1LossBackward0": Hand(
        "error over beta|1 and -1|over n for a mean",
        mean(F.smooth_l1_loss, beta=4.0),
        (3, 1),
        (0.25, -0.25),
        ("(y - t)/beta/2 = 0.25", "-(y - t)/beta/2 = -0.25"),
        {"c": 0.5, "beta": 4},
    ),
    "HuberLossBackward0": Hand(
        "cut at delta and -delta|over n for a mean",
        mean(F.huber_loss, delta=1.5),
        (3, 1),
        (0.75, -0.75),
        ("0.75 (delta/2, y - t >= delta)", "-0.75 (-delta/2, y - t >= delta)"),
        {"c": 0.5, "delta": 1.5},
    ),
    "BinaryCrossEntropyBackward0": Hand(
        "confident mistake|one over the probability",
        mean(F.binary_cross_entropy),
        (0.8, 0.6),
        (0.625, -LN2),
        ("(p - t)/(p (1 - p))/2 = 0.625", "(log(1 - p) - log(p))/2 = -0.6931"),
        {"c": 0.5, "w": 1},
    ),
    "BinaryCrossEntropyWithLogitsBackward0": Hand(
        "probability sigmoid(x)|over n for a mean",
        mean(F.binary_cross_entropy_with_logits),
        (LN3, 0.25),
        (0.25, -LN3 / 2),
        ("(sigmoid(x) - t)/2 = 0.25", "-x/2 = -0.5493"),
        {"c": 0.5, "w": 1, "q": 1},
    ),
    "SoftMarginLossBackward0": Hand(
        "sign t of its class",
        lambda y: F.soft_margin_loss(y, torch.ones_like(y)),
        (LN3,),
        (-0.25,),
        ("-t sigmoid(-t y) = -0.25",),
        {"c": 1, "t": 1},
    ),
}

_HALVES = ((2, 2), (0.5, 0.5), ("1/2 (a = b)", "1/2 (a = b)"))
_FIRST = ((2, 2), (1, 0), ("1 (a = b)", ""))
TIES: dict[str, Hand] = {
    "MaximumBackward0": Hand("", torch.maximum, *_HALVES),
    "MinimumBackward0": Hand("", torch.minimum, *_HALVES),
    "FmaxBackward0": Hand("", torch.fmax, *_FIRST),
    "FminBackward0": Hand("", torch.fmin, *_FIRST),
}
"""A second point, where two are equal."""

SAME = {
    "AddBackward1": "AddBackward0",
    "SubBackward1": "SubBackward0",
    "RsubBackward1": "RsubBackward0",
}
"""Nodes of the same operation with a plain number."""
