"""Every gradient of a run is the one that an ordinary backward computes, bit for bit."""

from __future__ import annotations

import copy
from collections import defaultdict

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal
from torch import Tensor, nn

import flow
from flow.record import Array, Capture, NodeRecord
from tests.flow.networks import CASES, Case, Pair, Square, Tied, chain, plain_backward, squared_mean
from tests.flow.recording.hooked import Fired, fired_in_order


def capture_of(case: Case) -> Capture:
    with flow.run(case.build(), case.input(), loss=squared_mean) as run:
        return run.capture


def same(ours: Array | None, theirs: Tensor | None) -> None:
    """Both are missing, or both have the same bits."""
    if theirs is None:
        assert ours is None
    else:
        assert ours is not None
        assert_array_equal(ours, theirs.detach().numpy(), strict=True)


@pytest.mark.parametrize("name", CASES)
def test_loss_and_parameter_gradients_are_those_of_a_plain_backward(name: str) -> None:
    case = CASES[name]
    plain = plain_backward(case.build(), case.input())
    capture = capture_of(case)
    assert capture.loss == plain.loss.item()
    same(capture.outputs[0], plain.output)
    ours = {part: p.gradient for p in capture.parameters for part in p.name.split(" = ")}
    assert set(ours) == set(plain.gradients)
    for key, gradient in plain.gradients.items():
        same(ours[key], gradient)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.input_asks])
def test_the_gradient_of_the_input_is_that_of_a_plain_backward(name: str) -> None:
    case = CASES[name]
    plain = plain_backward(case.build(), case.input())
    (leaf,) = [node for node in capture_of(case).nodes if node.parameter == "(input)"]
    same(leaf.upstream[0], plain.input_gradient)


def assert_saw_the_same(record: NodeRecord, fired: Fired) -> None:
    assert record.name == fired.name
    assert len(record.upstream) == len(fired.arrived)
    for ours, theirs in zip(record.upstream, fired.arrived, strict=True):
        same(ours, theirs)
    if record.is_leaf:
        assert record.downstream == ()
        return
    assert len(record.downstream) == len(fired.follows)
    for ours, theirs, follows in zip(
        record.downstream, fired.handed_on, fired.follows, strict=True
    ):
        same(ours, theirs if follows else None)


@pytest.mark.parametrize("name", CASES)
def test_nodes_stand_in_the_order_and_with_the_gradients_that_hooks_see(name: str) -> None:
    case = CASES[name]
    fired = fired_in_order([squared_mean(case.build()(case.input()))])
    records = capture_of(case).nodes
    assert [node.name for node in records] == [node.name for node in fired]
    for record, hooked in zip(records, fired, strict=True):
        assert_saw_the_same(record, hooked)


class LongAndShort(nn.Module):
    """Three outputs that branch off at different depths, so the engine has to choose."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(3, 3)
        self.norm = nn.LayerNorm(3)
        self.lstm = nn.LSTM(3, 2, num_layers=2)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        a = torch.tanh(self.fc(x))
        b = self.norm(a).exp()
        steps, (hidden, _) = self.lstm(b)
        return steps, b, hidden, a


def test_with_several_outputs_too_nodes_stand_as_hooks_see_them() -> None:
    module, x = LongAndShort(), torch.ones(4, 3)
    outputs = copy.deepcopy(module)(x)
    vectors = [torch.linspace(-1, 1, one.numel()).view_as(one) for one in outputs]
    fired = fired_in_order(outputs, vectors)
    records = flow.run(module, x, upstream=tuple(vectors)).capture.nodes
    assert [node.name for node in records] == [node.name for node in fired]
    for record, hooked in zip(records, fired, strict=True):
        assert_saw_the_same(record, hooked)


@pytest.mark.parametrize("name", CASES)
def test_what_arrives_at_a_tensor_is_the_sum_of_what_its_consumers_hand_on(name: str) -> None:
    capture = capture_of(CASES[name])
    parts: dict[tuple[str, int], list[Array]] = defaultdict(list)
    for node in capture.nodes:
        for target, output, part in zip(
            node.targets, node.target_outputs, node.downstream, strict=True
        ):
            if target is not None and part is not None:
                parts[target, output].append(part)
    assert parts
    for (target, output), found in parts.items():
        arrived = capture.node(target).upstream[output]
        assert arrived is not None
        if len(found) == 1:
            assert_array_equal(found[0], arrived)
        else:
            np.testing.assert_allclose(np.sum(found, axis=0), arrived, rtol=1e-5, atol=1e-7)


def test_x_times_x_hands_its_target_two_halves() -> None:
    module, x = Square(), torch.ones(2, 3)
    with flow.run(module, x, loss=torch.sum) as run:
        (product,) = [node for node in run.capture.nodes if node.name == "MulBackward0"]
    h = module(x).sqrt().detach() * torch.sign(module.fc(x)).detach()
    assert product.targets[0] == product.targets[1]
    for part in product.downstream:
        np.testing.assert_allclose(part, h, rtol=1e-6)  # type: ignore[arg-type]
    assert_array_equal(
        run.capture.node(str(product.targets[0])).upstream[0],
        product.downstream[0] + product.downstream[1],  # type: ignore[operator]
    )


def test_a_tied_weight_has_one_leaf_two_consumers_and_the_sum_of_both() -> None:
    capture = flow.run(Tied(), torch.ones(2, 3), loss=squared_mean).capture
    (weight,) = [p for p in capture.parameters if p.name == "a.weight = b.weight"]
    consumers = [
        (node, which)
        for node in capture.nodes
        for which, target in enumerate(node.targets)
        if target == weight.node
    ]
    parts = [node.downstream[which] for node, which in consumers]
    assert len(parts) == 2
    assert not np.array_equal(parts[0], parts[1])  # type: ignore[arg-type]
    assert_array_equal(weight.gradient, parts[0] + parts[1])  # type: ignore[operator]


def test_the_gradient_of_a_hand_counted_network_is_the_hand_counted_one() -> None:
    module = nn.Sequential(nn.Linear(2, 1, bias=False))
    with torch.no_grad():
        module[0].weight.copy_(torch.tensor([[2.0, -1.0]]))  # type: ignore[operator]
    x = torch.tensor([[3.0, 5.0]], requires_grad=True)
    capture = flow.run(module, x, loss=lambda y: (y**2).sum()).capture
    # y = 2 * 3 - 5 = 1, L = 1, dL/dy = 2, dL/dw = (6, 10), dL/dx = (4, -2)
    assert capture.loss == 1.0
    assert_array_equal(capture.layer("0").upstream, [[2.0]])
    assert_array_equal(capture.parameters[0].gradient, [[6.0, 10.0]])
    assert_array_equal(capture.layer("0").downstream[0], [[4.0, -2.0]])


def test_an_upstream_vector_replaces_the_loss() -> None:
    case = CASES["cnn"]
    module, x = case.build(), case.input()
    vector = torch.linspace(-1, 1, 8).view(2, 4)
    plain = copy.deepcopy(module)
    plain(x).backward(gradient=vector)
    capture = flow.run(module, x, upstream=vector).capture
    assert capture.loss is None
    assert_array_equal(capture.nodes[0].upstream[0], vector)
    for record, parameter in zip(capture.parameters, plain.parameters(), strict=True):
        same(record.gradient, parameter.grad)


def test_a_tuple_of_upstream_vectors_goes_to_a_tuple_of_outputs() -> None:
    module, x = Pair(), torch.ones(2, 3)
    vectors = (torch.full((2, 4), 0.5), torch.linspace(0, 1, 8).view(4, 2))
    plain = copy.deepcopy(module)
    torch.autograd.backward(plain(x), vectors)
    capture = flow.run(module, x, upstream=vectors).capture
    for record, parameter in zip(capture.parameters, plain.parameters(), strict=True):
        same(record.gradient, parameter.grad)


def test_a_chain_of_two_thousand_layers_is_recorded_exactly() -> None:
    case = Case(lambda: chain(1000), (1, 2))
    plain = plain_backward(case.build(), case.input())
    capture = capture_of(case)
    assert len(capture.layers) == 2000
    for record in capture.parameters:
        same(record.gradient, plain.gradients[record.name])


def test_double_precision_and_complex_numbers_keep_their_types() -> None:
    class Turn(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.tensor([1 + 2j, 3 - 1j]))

        def forward(self, x: Tensor) -> Tensor:
            return self.weight * x

    capture = flow.run(Turn(), torch.tensor([2j, 1]), loss=lambda y: y.abs().square().sum()).capture
    # d|wx|^2 / dw = 2 w |x|^2
    assert_array_equal(capture.parameters[0].gradient, np.array([8 + 16j, 6 - 2j], np.complex64))
    double = flow.run(nn.Linear(2, 1).double(), torch.ones(1, 2).double()).capture
    assert double.nodes[0].upstream[0].dtype == np.float64  # type: ignore[union-attr]
