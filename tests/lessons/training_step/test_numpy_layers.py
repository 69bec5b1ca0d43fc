"""The layers written with numpy: against a pencil, against PyTorch, and without it."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Callable
from textwrap import dedent

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from lessons.asking.exercise import Array
from lessons.by_hand import network
from lessons.by_hand.layers import Flatten, Layer, Linear, MaxPool, Relu
from lessons.by_hand.losses import CrossEntropy, Loss, MeanSquare
from lessons.training_step.settings import PARTS
from scripts.served import ROOT

WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None
import numpy as np
from lessons.by_hand import network, losses, layers, convolution
linear = layers.Linear(np.array([[2.0]]), np.array([1.0]))
made = network.run({"a": linear}, losses.MeanSquare(), np.array([[3.0]]), np.array([[4.0]]))
print(made.loss, made.parameters["a"][0].item())
"""


def drawn(*shape: int) -> Array:
    return np.random.default_rng(sum(shape)).normal(size=shape)


def test_they_run_where_there_is_no_torch() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["9.0", "18.0"], "(2 * 3 + 1 - 4)^2, and 2 * 3 * 3"


def by_torch(
    function: Callable[..., Tensor], x: Array, upstream: Array, *parameters: Array
) -> list[Array]:
    leaves = [torch.from_numpy(each).requires_grad_() for each in (x, *parameters)]
    return [
        each.numpy()
        for each in torch.autograd.grad(function(*leaves), leaves, torch.from_numpy(upstream))
    ]


MAPS = drawn(2, 3, 4, 6)
LAYERS: list[tuple[Layer, Array, Callable[..., Tensor], tuple[Array, ...]]] = [
    (Linear(drawn(3, 4), drawn(3)), drawn(5, 4), F.linear, (drawn(3, 4), drawn(3))),
    (Relu(), drawn(5, 4), torch.relu, ()),
    (MaxPool(), MAPS, lambda x: F.max_pool2d(x, 2), ()),
    (MaxPool(3), drawn(1, 1, 7, 8), lambda x: F.max_pool2d(x, 3), ()),
    (MaxPool(), np.ones((1, 1, 4, 4)), lambda x: F.max_pool2d(x, 2), ()),
    (Flatten(), MAPS, lambda x: x.flatten(1), ()),
]


@pytest.mark.parametrize(("layer", "x", "function", "parameters"), LAYERS)
def test_every_layer_goes_forward_and_backward_as_pytorch_does(
    layer: Layer, x: Array, function: Callable[..., Tensor], parameters: tuple[Array, ...]
) -> None:
    made = layer.forward(x)
    expected = function(*map(torch.from_numpy, (x, *parameters))).numpy()
    np.testing.assert_allclose(made, expected, rtol=1e-12)
    upstream = drawn(*made.shape)
    found = layer.backward(x, upstream)
    for ours, theirs in zip(found, by_torch(function, x, upstream, *parameters), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("loss", "target", "theirs"),
    [
        (MeanSquare(), drawn(4, 3) + 1, F.mse_loss),
        (CrossEntropy(), np.array([2, 0, 1, 1]), F.cross_entropy),
    ],
)
def test_every_loss_begins_the_way_back_as_pytorch_does(
    loss: Loss, target: Array, theirs: Callable[..., Tensor]
) -> None:
    output = 3 * drawn(4, 3)
    leaf = torch.from_numpy(output).requires_grad_()
    value = theirs(leaf, torch.from_numpy(target))
    (gradient,) = torch.autograd.grad(value, leaf)
    assert loss.forward(output, target) == pytest.approx(float(value.detach()), rel=1e-12)
    np.testing.assert_allclose(loss.backward(output, target), gradient.numpy(), rtol=1e-12)


def test_cross_entropy_does_not_overflow() -> None:
    scores = np.array([[1000.0, 0.0], [0.0, -1000.0]])
    assert CrossEntropy().forward(scores, np.array([1, 1])) == 1000.0
    assert CrossEntropy().backward(scores, np.array([0, 1])).tolist() == [[0, 0], [0.5, -0.5]]


def test_a_step_moves_every_parameter_against_its_gradient_and_leaves_the_old_ones() -> None:
    layers: network.Network = {"a": Linear(np.array([[2.0]]), np.array([1.0])), "b": Relu()}
    after = network.stepped(layers, {"a": (np.array([[4.0]]), np.array([-2.0])), "b": ()}, 0.5)
    assert {name: each.tolist() for name, each in network.every(after).items()} == {
        "a.weight": [[0.0]],
        "a.bias": [2.0],
    }
    assert network.every(layers)["a.weight"].tolist() == [[2.0]]


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_what_is_read_on_the_page_is_short(part: Callable[..., object]) -> None:
    text = dedent(inspect.getsource(part))
    assert len(text.splitlines()) <= 25
    assert ast.parse(text)
