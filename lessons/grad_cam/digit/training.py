"""How the network learnt: digits, and what share of those held out it reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from flow.seeded import Seeded
from lessons.grad_cam.digit.network import DigitNet
from models.inputs.pictures import DIGIT_SIDE, digit_labels, digits

COUNT = 1797
"""Digits that there are."""
EVERY = 6
"""One of so many is held out: no step ever sees it."""
EPOCHS, BATCH, RATE, DECAY = 60, 64, 1e-2, 1e-3


@dataclass(frozen=True, eq=False)
class Digits:
    """Digits, and what each shows."""

    images: Tensor
    labels: Tensor


@cache
def halves() -> tuple[Digits, Digits]:
    """Return the digits to learn from, and those held out."""
    images = digits((COUNT, 1, DIGIT_SIDE, DIGIT_SIDE), 0)
    labels = torch.tensor(digit_labels(COUNT, 0))
    held_out = torch.arange(COUNT) % EVERY == 0
    return Digits(images[~held_out], labels[~held_out]), Digits(images[held_out], labels[held_out])


def train(epochs: int = EPOCHS, seed: int = 0) -> DigitNet:
    """Teach a network; a seed draws its first weights and the batches."""
    seen, _held_out = halves()
    with Seeded(seed):
        network = DigitNet()
    draw = np.random.default_rng(seed)
    batches = len(seen.labels) // BATCH
    descent = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    rates = torch.optim.lr_scheduler.OneCycleLR(descent, RATE, total_steps=epochs * batches)
    for _ in range(epochs):
        order = torch.from_numpy(draw.permutation(len(seen.labels)))
        for at in range(batches):
            chosen = order[at * BATCH : (at + 1) * BATCH]
            loss = F.cross_entropy(network(seen.images[chosen]), seen.labels[chosen])
            descent.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            descent.step()
            rates.step()
    return network.eval().requires_grad_(False)


def right(network: DigitNet) -> int:
    """Return how many of the digits held out a network reads right."""
    _seen, held_out = halves()
    with torch.no_grad():
        return int((network(held_out.images).argmax(1) == held_out.labels).sum())
