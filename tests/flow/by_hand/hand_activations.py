"""Activation functions at a point, counted by hand."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it

from tests.flow.by_hand.hand import LN2, SIGMOID, Hand, one

ACTIVATIONS: dict[str, Hand] = {
    "ReluBackward0": one(
        "positive|unchanged|nothing passes", F.relu, 0.5, 1, "1 (x > 0)", off=-0.5
    ),
    "LeakyReluBackward0": Hand(
        "positive|unchanged|slope",
        lambda x: F.leaky_relu(x, 0.1),
        (-2,),
        (0.1,),
        ("0.1 (slope, x <= 0)",),
        {"slope": 0.1},
    ),
    "RreluWithNoiseBackward0": Hand(
        "drawn for the cell|mean of the bounds",
        lambda x: F.rrelu(x, 0.25, 0.75),
        (-2,),
        (0.5,),
        ("0.5 ((lower + upper)/2, x <= 0 and training = 0)",),
        {"lower": 0.25, "upper": 0.75, "training": 0, "slope": 9},
    ),
    "PreluKernelBackward0": Hand(
        "positive|weight times x",
        torch._prelu_kernel,
        (-2, 0.25),
        (0.25, -2),
        ("w = 0.25", "x = -2"),
    ),
    "ThresholdBackward0": one(
        "above the threshold|replaced by a number",
        lambda x: F.threshold(x, 0.3, 9),
        0.5,
        1,
        "1 (x > threshold)",
        threshold=0.3,
        off=0.25,
    ),
    "EluBackward0": one(
        "constant|exponential of x",
        lambda x: F.elu(x, 0.5),
        -LN2,
        0.25,
        "alpha exp(x) = 0.25",
        alpha=0.5,
        scale=1,
        c=1,
    ),
    "CeluBackward0": one(
        "unchanged|exp(x/alpha)",
        lambda x: F.celu(x, 2),
        -2 * LN2,
        0.5,
        "exp(x/alpha) = 0.5",
        alpha=2,
    ),
    "SiluBackward0": one(
        "slope of x times sigmoid(x)", F.silu, 0, 0.5, "sigmoid(x) (1 + x (1 - sigmoid(x))) = 0.5"
    ),
    "GeluBackward0": one(
        "GELU|Phi|tanh form", F.gelu, 0, 0.5, "Phi(x) + x phi(x) = 0.5", approximate="none"
    ),
    "MishBackward0": one(
        "x times tanh(softplus(x))",
        F.mish,
        0,
        0.6,  # tanh(log 2) = 3/5
        "w + x sigmoid(x) (1 - w^2) = 0.6",
    ),
    "SoftplusBackward0": one(
        "sigmoid(beta x)|above the threshold|x itself",
        lambda x: F.softplus(x, 2, 1),
        0.25,
        SIGMOID,
        "sigmoid(beta x) = 0.6225",
        beta=2,
        threshold=1,
    ),
    "TanhBackward0": one(
        "slope of tanh|1 in the middle", torch.tanh, LN2, 0.64, "1 - tanh(x)^2 = 0.64"
    ),
    "SigmoidBackward0": one(
        "slope of the sigmoid|a quarter",
        torch.sigmoid,
        0,
        0.25,
        "sigmoid(x) (1 - sigmoid(x)) = 0.25",
    ),
    "LogSigmoidBackward0": one(
        "sigmoid of -x", F.logsigmoid, -0.5, SIGMOID, "sigmoid(-x) = 0.6225"
    ),
    "HardtanhBackward0": one(
        "strictly between|cut at them",
        F.hardtanh,
        0.5,
        1,
        "1 (low < x < high)",
        low=-1,
        high=1,
        off=1,
    ),
    "HardswishBackward0": one(
        "-3|straight line", F.hardswish, 0.75, 0.75, "x/3 + 1/2 = 0.75", off=-3
    ),
    "HardsigmoidBackward0": one(
        "-3 and 3|a sixth", F.hardsigmoid, 0.5, 1 / 6, "1/6 (-3 < x < 3)", off=3
    ),
    "SoftshrinkBackward0": one(
        "near 0|only moved",
        lambda x: F.softshrink(x, 0.4),
        -0.5,
        1,
        "1 (x > lambda or x < -lambda)",
        off=0.4,
        **{"lambda": 0.4},
    ),
    "HardshrinkBackward0": one(
        "near 0|were kept",
        lambda x: F.hardshrink(x, 0.4),
        -0.5,
        1,
        "1 (x > lambda or x < -lambda)",
        off=0.4,
        **{"lambda": 0.4},
    ),
}
