"""Several layers in one run: each with what reached it, and the sums behind its gradients."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from lessons.running.trial import run_layers, terms


class Unpooling(nn.Module):
    """A max pooling, and the unpooling that puts its maxima back."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = nn.MaxPool2d(2, return_indices=True)
        self.unpool = nn.MaxUnpool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        found, places = self.pool(x)
        restored: Tensor = self.unpool(found, places)
        return restored


class Weighing(nn.Module):
    """Two inputs, of which the first is halved."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = nn.Conv2d(1, 1, (1, 2), bias=False)
        with torch.no_grad():
            self.gate.weight.fill_(0.5)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        halved: Tensor = self.gate(x)
        return halved + y


def test_a_pool_and_its_unpool_are_two_trials_of_one_run() -> None:
    value = torch.arange(1.0, 17.0).reshape(1, 1, 4, 4)
    upstream = torch.arange(1.0, 17.0).reshape(1, 1, 4, 4) * 10
    found = run_layers(Unpooling(), [value], upstream)
    assert set(found) == {"pool", "unpool"}
    assert found["pool"].output.tolist() == [[[[6, 8], [14, 16]]]]
    assert found["unpool"].value.tolist() == found["pool"].output.tolist()
    assert found["unpool"].downstream.tolist() == [[[[60, 80], [140, 160]]]]
    assert found["pool"].upstream.tolist() == found["unpool"].downstream.tolist()
    assert terms(found["unpool"].table, found["unpool"].upstream, 2) == ((1.0, 140.0),)
    restored = np.zeros((4, 4))
    restored[1::2, 1::2] = [[60, 80], [140, 160]]
    np.testing.assert_array_equal(found["pool"].downstream[0, 0], restored)


def test_a_network_may_have_two_inputs() -> None:
    x, y = torch.tensor([[[[2.0, 4.0]]]]), torch.tensor([[[[1.0]]]])
    found = run_layers(Weighing(), [x, y], torch.tensor([[[[3.0]]]]))
    assert found["gate"].output.tolist() == [[[[3.0]]]]
    assert found["gate"].downstream.tolist() == [[[[1.5, 1.5]]]]
    assert found["gate"].parameters["weight"].gradient.tolist() == [[[[6.0, 12.0]]]]
