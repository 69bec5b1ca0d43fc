"""A layer that returns its input shows what its own branch carries, or says that it cannot tell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from numpy.testing import assert_array_equal
from torch import Tensor, nn

import flow
from flow.record import Capture, LayerRecord

X = torch.linspace(-1, 1, 32).view(2, 4, 2, 2)

Wiring = Callable[["Branched", Tensor], Tensor]


class Alias(nn.Module):
    """Returns what it is given as a tensor of its own, so that its gradient stands apart."""

    def forward(self, x: Tensor) -> Tensor:
        return x.view_as(x)


class Branched(nn.Module):
    """A tensor that a convolution and a layer under test read."""

    def __init__(self, short: nn.Module, wiring: Wiring) -> None:
        super().__init__()
        with flow.Seeded(3):
            self.conv = nn.Conv2d(4, 4, 1)
        self.short = short
        self.wiring = wiring

    def forward(self, x: Tensor) -> Tensor:
        return self.wiring(self, x * 1)


def layer_of(short: nn.Module, wiring: Wiring) -> LayerRecord:
    return flow.run(Branched(short, wiring), X.clone().requires_grad_(), loss=cubed).capture.layer(
        "short"
    )


def cubed(output: Tensor) -> Tensor:
    return output.pow(3).sum()


PASSING: dict[str, Callable[[], nn.Module]] = {
    "identity": nn.Identity,
    "empty": nn.Sequential,
    "identity inside": lambda: nn.Sequential(nn.Identity(), nn.Sequential()),
    "dropout in evaluation": lambda: nn.Dropout(0.5).eval(),
}
AFTER: dict[str, Wiring] = {
    "shortcut": lambda net, x: net.conv(x) + net.short(x),
    "scaled": lambda net, x: net.conv(x).tanh() + 3 * net.short(x),
    "all that follows": lambda net, x: x.tanh() + net.conv(net.short(x)),
    "last": lambda net, x: net.conv(x).sum() * net.short(x),
}


@pytest.mark.parametrize("passing", PASSING)
@pytest.mark.parametrize("wiring", AFTER)
def test_a_branch_carries_what_its_only_reader_hands_on(passing: str, wiring: str) -> None:
    ours = layer_of(PASSING[passing](), AFTER[wiring])
    truth = layer_of(Alias(), AFTER[wiring])
    assert ours.outputs[0] is ours.inputs[0]
    assert_array_equal(ours.upstreams[0], truth.upstreams[0])
    assert_array_equal(ours.downstream[0], truth.downstream[0])
    assert ours.shared == ""


def test_the_shortcut_beside_a_convolution_carries_ones() -> None:
    net = Branched(nn.Identity(), AFTER["shortcut"])
    capture = flow.run(net, X.clone().requires_grad_(), loss=torch.sum).capture
    assert_array_equal(capture.layer("short").downstream[0], torch.ones_like(X))
    assert not [problem for problem in capture.problems if problem.kind == "shared"]


def test_a_layer_that_uses_and_returns_its_input_hands_both_back() -> None:
    class Using(nn.Module):
        def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
            return x.tanh(), x

    class Apart(nn.Module):
        def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
            x = x.view_as(x)
            return x.tanh(), x

    def wiring(net: Branched, x: Tensor) -> Tensor:
        y = net.conv(x)
        bent, straight = net.short(x)
        return y + bent + straight.square()

    ours, truth = layer_of(Using(), wiring), layer_of(Apart(), wiring)
    assert_array_equal(ours.downstream[0], truth.downstream[0])
    assert_array_equal(ours.upstreams[0], truth.upstreams[0])
    assert truth.upstreams[0] is not None
    assert_array_equal(ours.upstreams[1], truth.upstreams[0] * (2 * X.numpy()))


def test_several_later_readers_are_shown_together_and_said_so() -> None:
    def wiring(net: Branched, x: Tensor) -> Tensor:
        y = net.conv(x)
        kept = net.short(x)
        return y + kept * 2 + x * 5

    capture = flow.run(
        Branched(nn.Identity(), wiring), X.clone().requires_grad_(), loss=torch.sum
    ).capture
    layer = capture.layer("short")
    assert_array_equal(layer.downstream[0], torch.full_like(X, 7))
    assert_array_equal(layer.upstreams[0], torch.full_like(X, 7))
    assert layer.shared == (
        "short (Identity) returns its input itself, and 2 operations read that tensor after it. "
        "Which of them read it through this layer cannot be told: its gradient here is what all "
        "of them handed on."
    )
    assert shared_notes(capture) == [layer.shared]


def test_several_such_layers_are_listed_once() -> None:
    class Chain(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Identity(), nn.Identity()

        def forward(self, x: Tensor) -> Tensor:
            h = self.b(self.a(x))
            return h * h

    capture = flow.run(Chain(), torch.ones(1).requires_grad_()).capture
    (note,) = shared_notes(capture)
    assert note.startswith("a, b return their input itself, and several operations read it")
    assert capture.layer("a").downstream == capture.layer("b").upstreams


def test_an_output_of_the_model_counts_as_a_reader() -> None:
    class Returning(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.short = nn.Identity()

        def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
            h = x * 2
            early = h * 3
            return self.short(h), early

    vectors = torch.tensor([10.0]), torch.tensor([1.0])
    x = torch.ones(1).requires_grad_()
    layer = flow.run(Returning(), x, upstream=vectors).capture.layer("short")
    assert layer.upstreams[0] is not None
    assert layer.upstreams[0].tolist() == [10.0]
    assert layer.shared == ""


def test_a_layer_whose_output_nobody_reads_carries_nothing() -> None:
    def wiring(net: Branched, x: Tensor) -> Tensor:
        y = net.conv(x)
        net.short(x)
        return y

    layer = layer_of(nn.Identity(), wiring)
    assert layer.upstreams == layer.downstream == (None,)


def shared_notes(capture: Capture) -> list[str]:
    return [problem.message for problem in capture.problems if problem.kind == "shared"]
