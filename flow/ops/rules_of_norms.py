"""Rules of softmax and losses."""

from __future__ import annotations

from flow.ops import closed_norms as norms
from flow.ops.written import Written as Rule

NORMS_AND_LOSSES = {
    **dict.fromkeys(
        ("SoftmaxBackward0", "SafeSoftmaxBackward0"),
        Rule(
            r"\bar{x} = p \odot \left( \bar{y} - \textstyle\sum_j p_j\,\bar{y}_j \right)",
            "The probabilities compete: what one gains, the others lose.",
            norms.softmax,
        ),
    ),
    "LogSoftmaxBackward0": Rule(
        r"\bar{x} = \bar{y} - p \textstyle\sum_j \bar{y}_j",
        "Every score gets its own gradient, minus its probability's share of the sum.",
        norms.log_softmax,
    ),
    "MseLossBackward0": Rule(
        r"\bar{y} = \frac{2}{n}\,(y - t)\,\bar{L}",
        "The further a value is from its target, the harder it is pulled: twice the error over n.",
        norms.mse,
    ),
    "SmoothL1LossBackward0": Rule(
        r"\bar{y} = \frac{1}{n}\operatorname{clip}\!"
        r"\left(\tfrac{y - t}{\beta}, -1, 1\right)\bar{L}",
        "The pull grows with the error and is limited once the error is larger than beta.",
        norms.smooth_l1,
    ),
    "HuberLossBackward0": Rule(
        r"\bar{y} = \frac{1}{n}\operatorname{clip}(y - t, -\delta, \delta)\,\bar{L}",
        "The pull grows with the error and is limited once the error is larger than delta.",
        norms.huber,
    ),
    **dict.fromkeys(
        ("NllLossBackward0", "NllLoss2DBackward0"),
        Rule(
            r"\bar{x}_{n,c} = \begin{cases} -\frac{1}{N}\,\bar{L} & c = t_n \\ "
            r"0 & \text{otherwise} \end{cases}",
            "Only the score of the right class gets a gradient: its share of the mean, negative.",
            norms.negative_log_likelihood,
            linear=True,
        ),
    ),
    "BinaryCrossEntropyBackward0": Rule(
        r"\bar{p} = \frac{1}{n}\,\frac{p - t}{p\,(1 - p)}\,\bar{L}",
        "A confident mistake is punished without limit: the slope grows like one over p.",
        norms.binary_cross_entropy,
    ),
    "BinaryCrossEntropyWithLogitsBackward0": Rule(
        r"\bar{x} = \frac{1}{n}\,(\sigma(x) - t)\,\bar{L}",
        "The gradient is the error of the probability itself, never more than 1.",
        norms.binary_cross_entropy_with_logits,
    ),
}
