"""Recorded values are those of the forward, also where a later operation wrote over them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from numpy.testing import assert_array_equal
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

import flow
from tests.flow.arrays import every_array
from tests.flow.networks import CASES, InPlace, squared_mean


def test_values_of_layers_are_those_before_the_overwrite() -> None:
    case = CASES["in place"]
    module, x = case.build(), case.input()
    assert isinstance(module, InPlace)
    with torch.no_grad():
        first = module.conv1(x)
        rectified = torch.relu(first)
        second = module.conv2(rectified * 1.5)
        clipped = F.hardtanh(second, -0.3, 0.1)
        third = module.conv3(torch.tanh(clipped + rectified))
    layer = flow.run(module, x, loss=squared_mean).capture.layer
    assert_array_equal(layer("conv1").output, first)
    assert_array_equal(layer("relu1").inputs[0], first)
    assert_array_equal(layer("relu1").output, rectified)
    assert_array_equal(layer("conv2").output, second)
    assert_array_equal(layer("clip").inputs[0], second)
    assert_array_equal(layer("clip").output, clipped)
    assert_array_equal(layer("conv3").output, third)
    assert (first < 0).any()
    assert (second > 0.1).any()


class Writing(nn.Module):
    """A linear layer whose output a function overwrites."""

    def __init__(self, write: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.fc = nn.Linear(3, 3)
        self.write = write

    def forward(self, x: Tensor) -> Tensor:
        return self.write(self.fc(x)) * 2


def _set_item(h: Tensor) -> Tensor:
    h[:, 1] = 7
    return h


def _add(h: Tensor) -> Tensor:
    h += 1
    return h


def _through_a_view(h: Tensor) -> Tensor:
    h.view(-1)[2:4].mul_(3)
    return h


def _out(h: Tensor) -> Tensor:
    with torch.no_grad():
        torch.add(h, 1, out=h)
    return h.clone()


WRITES: dict[str, Callable[[Tensor], Tensor]] = {
    "x[i] =": _set_item,
    "+=": _add,
    "a method": lambda h: h.mul_(3),
    "a view": _through_a_view,
    "relu by keyword": lambda h: F.relu(h, inplace=True),
    "relu by position": lambda h: F.relu(h, True),
    "leaky relu by position": lambda h: F.leaky_relu(h, 0.1, True),
    "dropout by position": lambda h: F.dropout(h, 0.5, True, True),
    "an underscore function": lambda h: torch.relu_(h),
    "out=": _out,
    **{
        type(module).__name__: module
        for module in (
            nn.ReLU(inplace=True),
            nn.ReLU6(inplace=True),
            nn.LeakyReLU(0.1, inplace=True),
            nn.ELU(0.5, inplace=True),
            nn.CELU(0.5, inplace=True),
            nn.SELU(inplace=True),
            nn.Threshold(0.1, 5.0, inplace=True),
            nn.Hardtanh(inplace=True),
            nn.Hardswish(inplace=True),
            nn.Hardsigmoid(inplace=True),
            nn.SiLU(inplace=True),
            nn.Mish(inplace=True),
            nn.Dropout(0.5, inplace=True),
            nn.AlphaDropout(0.5, inplace=True),
            nn.RReLU(inplace=True),
        )
    },
}


@pytest.mark.parametrize("how", WRITES)
def test_every_way_to_overwrite_leaves_the_recorded_value(how: str) -> None:
    module, x = Writing(WRITES[how]), torch.linspace(-2, 2, 6).view(2, 3)
    before = module.fc(x).detach()
    capture = flow.run(module, x, loss=squared_mean).capture
    assert_array_equal(capture.layer("fc").output, before)
    assert_array_equal(capture.layer("fc").inputs[0], x)


def test_the_input_is_recorded_as_it_came_and_the_visitors_tensor_is_untouched() -> None:
    class Centred(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(3, 1)

        def forward(self, x: Tensor) -> Tensor:
            x -= x.mean()
            return self.fc(x)  # type: ignore[no-any-return]

    x = torch.tensor([[1.0, 2.0, 6.0]])
    capture = flow.run(Centred(), x).capture
    assert_array_equal(x, [[1.0, 2.0, 6.0]])
    assert_array_equal(capture.inputs[0], [[1.0, 2.0, 6.0]])
    assert_array_equal(capture.layer("fc").inputs[0], [[-2.0, -1.0, 3.0]])


def test_the_output_is_recorded_as_the_loss_met_it() -> None:
    module, x = nn.Sequential(nn.Linear(3, 2)), torch.ones(1, 3)
    before = module(x).detach()
    capture = flow.run(module, x, loss=lambda output: output.mul_(3).sum()).capture
    assert_array_equal(capture.outputs[0], before)
    assert_array_equal(capture.layer("0").output, before)


def test_a_write_that_nobody_can_see_leaves_no_wrong_value() -> None:
    def write(h: Tensor) -> Tensor:
        with torch._C.DisableTorchFunction():
            h.mul_(2)
        return h

    capture = flow.run(Writing(write), torch.ones(1, 3), loss=squared_mean).capture
    assert capture.layer("fc").output is None
    assert capture.layer("fc").output_shapes == ((1, 3),)


def test_bfloat16_is_widened_and_sparse_gradients_are_made_dense() -> None:
    half = flow.run(nn.Linear(2, 1).bfloat16(), torch.ones(1, 2).bfloat16()).capture
    assert half.outputs[0].dtype == "float32"
    table = nn.Sequential(nn.Embedding(4, 2, sparse=True))
    capture = flow.run(table, torch.tensor([1, 3, 1]), loss=torch.sum).capture
    assert_array_equal(capture.parameters[0].gradient, [[0, 0], [2, 2], [0, 0], [1, 1]])


def test_values_do_not_change_when_the_optimizer_steps_afterwards() -> None:
    module = nn.Sequential(nn.Linear(3, 3), nn.Flatten(0), nn.Linear(9, 1))
    x = torch.ones(3, 3)
    with flow.run(module, x) as run:
        capture = run.capture
        before = [a.copy() for a in every_array(capture)]
        with torch.no_grad():
            for parameter in module.parameters():
                parameter.add_(1)
            x.add_(1)
    for array, copy in zip(every_array(capture), before, strict=True):
        assert_array_equal(array, copy)


def test_values_that_share_memory_with_a_weight_do_not_change_with_it() -> None:
    class Echo(torch.autograd.Function):
        """Hands its saved weight on as the gradient."""

        @staticmethod
        def forward(ctx, x, weight):  # type: ignore[no-untyped-def]
            ctx.save_for_backward(x, weight)
            return x * weight

        @staticmethod
        def backward(ctx, _upstream):  # type: ignore[no-untyped-def, override]
            x, weight = ctx.saved_tensors
            return weight, x

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(3))
            self.register_buffer("table", torch.arange(3.0))
            self.keep = nn.Identity()
            self.fc = nn.Linear(3, 3)

        def forward(self, x: Tensor) -> Tensor:
            shifted = self.keep(self.table) + self.keep(self.weight.view(1, 3)[0])
            return Echo.apply((self.fc(x) + shifted)[0] * 1, self.weight)  # type: ignore[no-any-return, no-untyped-call]

    module = Model()
    capture = flow.run(module, torch.ones(1, 3), loss=torch.sum).capture
    before = [a.copy() for a in every_array(capture)]
    with torch.no_grad():
        for tensor in (*module.parameters(), *module.buffers()):
            tensor.add_(5)
    for array, copy in zip(every_array(capture), before, strict=True):
        assert_array_equal(array, copy)
