"""Losses: reductions, weights, left-out classes, smoothing."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

from tests.flow.sweep.case import Case, Input, layer, op, positive, unit

ROWS = (3, 4)
LABELS = torch.tensor([2, 0, 3])
SIGNS = torch.tensor([1.0, -1.0, 1.0])
WEIGHTS = torch.tensor([0.5, 1.0, 2.0, 0.1])
REDUCTIONS = ("mean", "sum", "none")


def _of_two(loss: Any, **how: Any) -> Any:
    return lambda x, y: loss(x, y, **how)


def _of_labels(loss: Any, labels: Tensor = LABELS, **how: Any) -> Any:
    return lambda x: loss(x, labels, **how)


TWO: dict[str, tuple[Any, Input, Input]] = {
    "mse": (F.mse_loss, Input(ROWS), Input(ROWS)),
    "l1": (F.l1_loss, Input(ROWS), Input(ROWS)),
    "smooth l1": (F.smooth_l1_loss, Input(ROWS), Input(ROWS)),
    "huber": (F.huber_loss, Input(ROWS), Input(ROWS)),
    "binary cross entropy": (F.binary_cross_entropy, unit(3, 4), unit(3, 4)),
    "binary with logits": (F.binary_cross_entropy_with_logits, Input(ROWS), unit(3, 4)),
    "kl divergence": (F.kl_div, Input(ROWS), positive(3, 4)),
    "poisson": (F.poisson_nll_loss, Input(ROWS), positive(3, 4)),
}

PAIRS: dict[str, Case] = {
    f"{name} {reduction}": op(_of_two(loss, reduction=reduction), first, second)
    for name, (loss, first, second) in TWO.items()
    for reduction in REDUCTIONS
}
EXCHANGED: dict[str, Case] = {
    f"{name} exchanged": op(lambda y, x, loss=loss: loss(x, y), second, first)
    for name, (loss, first, second) in TWO.items()
}

LABELLED: dict[str, Case] = {
    **{
        f"cross entropy {reduction}": op(_of_labels(F.cross_entropy, reduction=reduction), ROWS)
        for reduction in REDUCTIONS
    },
    **{
        f"cross entropy weighted {reduction}": op(
            _of_labels(F.cross_entropy, weight=WEIGHTS, reduction=reduction), ROWS
        )
        for reduction in REDUCTIONS
    },
    "cross entropy ignoring": op(_of_labels(F.cross_entropy, ignore_index=0), ROWS),
    "cross entropy ignoring all": op(
        _of_labels(F.cross_entropy, torch.zeros(3, dtype=torch.long), ignore_index=0), ROWS
    ),
    "cross entropy smoothed": op(_of_labels(F.cross_entropy, label_smoothing=0.2), ROWS),
    "cross entropy smoothed weighted": op(
        _of_labels(F.cross_entropy, label_smoothing=0.2, weight=WEIGHTS, ignore_index=3), ROWS
    ),
    "cross entropy of probabilities": op(F.cross_entropy, ROWS, unit(3, 4)),
    "cross entropy of maps": op(
        _of_labels(F.cross_entropy, torch.tensor([[[1, 0], [2, 2]]])), (1, 3, 2, 2)
    ),
    "cross entropy of one row": op(_of_labels(F.cross_entropy, torch.tensor(2)), (4,)),
    "nll mean": op(_of_labels(F.nll_loss), ROWS),
    "nll sum": op(_of_labels(F.nll_loss, reduction="sum"), ROWS),
    "nll none": op(_of_labels(F.nll_loss, reduction="none"), ROWS),
    "nll weighted": op(_of_labels(F.nll_loss, weight=WEIGHTS), ROWS),
    "nll weighted sum": op(_of_labels(F.nll_loss, weight=WEIGHTS, reduction="sum"), ROWS),
    "nll ignoring": op(_of_labels(F.nll_loss, ignore_index=0), ROWS),
    "nll of maps": op(_of_labels(F.nll_loss, torch.tensor([[[1, 0], [2, 2]]])), (1, 3, 2, 2)),
    "nll of maps weighted": op(
        _of_labels(F.nll_loss, torch.tensor([[[1, 0], [2, 2]]]), weight=WEIGHTS[:3]), (1, 3, 2, 2)
    ),
    "multi margin": op(_of_labels(F.multi_margin_loss), ROWS),
    "multi margin squared": op(_of_labels(F.multi_margin_loss, p=2, margin=0.5), ROWS),
    "multilabel margin": op(
        _of_labels(F.multilabel_margin_loss, torch.tensor([[3, 0, -1, 1]] * 3)), ROWS
    ),
    "multilabel soft margin": op(
        _of_labels(F.multilabel_soft_margin_loss, torch.tensor([[1.0, 0.0, 1.0, 0.0]] * 3)), ROWS
    ),
    "soft margin": op(_of_labels(F.soft_margin_loss, SIGNS[:, None].expand(3, 4)), ROWS),
    "hinge embedding": op(_of_labels(F.hinge_embedding_loss, SIGNS[:, None].expand(3, 4)), ROWS),
}

OTHERS: dict[str, Case] = {
    "binary weighted": op(_of_two(F.binary_cross_entropy, weight=WEIGHTS), unit(3, 4), unit(3, 4)),
    "binary with logits weighted": op(
        _of_two(F.binary_cross_entropy_with_logits, pos_weight=WEIGHTS), ROWS, unit(3, 4)
    ),
    "smooth l1 beta": op(_of_two(F.smooth_l1_loss, beta=0.5), ROWS, ROWS),
    "smooth l1 beta 0": op(_of_two(F.smooth_l1_loss, beta=0.0), ROWS, ROWS),
    "huber delta": op(_of_two(F.huber_loss, delta=0.7), ROWS, ROWS),
    "mse weighted": op(_of_two(F.mse_loss, weight=WEIGHTS.expand(3, 4)), ROWS, ROWS),
    "kl divergence of logs": op(
        _of_two(F.kl_div, log_target=True, reduction="batchmean"), ROWS, ROWS
    ),
    "poisson full": op(
        _of_two(F.poisson_nll_loss, log_input=False, full=True), positive(3, 4), positive(3, 4)
    ),
    "gaussian": op(F.gaussian_nll_loss, ROWS, ROWS, positive(3, 4)),
    "margin ranking": op(lambda x, y: F.margin_ranking_loss(x, y, SIGNS, 0.5), (3,), (3,)),
    "cosine embedding": op(lambda x, y: F.cosine_embedding_loss(x, y, SIGNS, 0.1), ROWS, ROWS),
    "triplet": op(F.triplet_margin_loss, ROWS, ROWS, ROWS),
    "triplet swapped": op(
        lambda a, p, n: F.triplet_margin_loss(a, p, n, 2.0, swap=True), ROWS, ROWS, ROWS
    ),
    "triplet with a distance": op(
        lambda a, p, n: F.triplet_margin_with_distance_loss(a, p, n, margin=2.0), ROWS, ROWS, ROWS
    ),
    "ctc": op(
        lambda x: F.ctc_loss(
            x.log_softmax(2),
            torch.tensor([[1, 2]]),
            torch.tensor([5]),
            torch.tensor([2]),
        ),
        (5, 1, 4),
        rounding=16,
    ),
    "mse layer": layer(nn.MSELoss, ROWS, ROWS),
    "cross entropy layer": op(lambda x: nn.CrossEntropyLoss(weight=WEIGHTS)(x, LABELS), ROWS),
    "focal by hand": op(
        lambda x: ((1 - x.softmax(1)) ** 2 * x.log_softmax(1)).gather(1, LABELS[:, None]).mean(),
        ROWS,
    ),
    "dice by hand": op(lambda x, y: 1 - 2 * (x * y).sum() / (x + y).sum(), unit(3, 4), unit(3, 4)),
    "contrastive": op(
        lambda x: F.cross_entropy(
            F.normalize(x, dim=1) @ F.normalize(x, dim=1).t() / 0.5, torch.tensor([1, 0, 3, 2])
        ),
        (4, 3),
    ),
}
CASES = {**PAIRS, **EXCHANGED, **LABELLED, **OTHERS}
