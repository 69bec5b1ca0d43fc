"""Every explained cell adds up to autograd's value, with the local derivatives as coefficients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

import flow
from flow import ExplainError, Run, Seeded
from flow.ops import OPS
from flow.record import Explanation, NodeRecord
from tests.flow.networks import CASES, Residual, squared_mean


class Operation(nn.Module):
    """One function of the input."""

    def __init__(self, function: Callable[[Tensor], Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Any:
        return self.function(x)


def filled(*shape: int, seed: int = 3) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


class Doubled(torch.autograd.Function):
    """A custom Function whose backward cannot be differentiated."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x.exp()

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, upstream: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return torch.from_numpy(upstream.numpy() * np.exp(x.numpy()))


IMAGE = (1, 2, 5, 6)
OPERATIONS: dict[str, tuple[Callable[[Tensor], Any], tuple[int, ...]]] = {
    "conv": (lambda x: F.conv2d(x, filled(3, 2, 3, 3)), IMAGE),
    "conv with stride, padding and dilation": (
        lambda x: F.conv2d(x, filled(3, 2, 2, 3), stride=(2, 1), padding=(1, 2), dilation=(2, 1)),
        IMAGE,
    ),
    "conv with groups": (lambda x: F.conv2d(x, filled(4, 1, 3, 3), groups=2, padding=1), IMAGE),
    "conv1d": (lambda x: F.conv1d(x, filled(3, 2, 3)), (1, 2, 6)),
    "transposed": (
        lambda x: F.conv_transpose2d(x, filled(2, 3, 3, 3), stride=2, padding=1, output_padding=1),
        IMAGE,
    ),
    "linear": (lambda x: F.linear(x, filled(3, 4)), (2, 4)),
    "max pool": (lambda x: F.max_pool2d(x, 2, stride=1), IMAGE),
    "average pool": (lambda x: F.avg_pool2d(x, 2, padding=1), IMAGE),
    "adaptive pool": (lambda x: F.adaptive_avg_pool2d(x, 2), IMAGE),
    "nearest": (lambda x: F.interpolate(x, scale_factor=2), IMAGE),
    "bilinear": (lambda x: F.interpolate(x, size=(7, 8), mode="bilinear"), IMAGE),
    "bilinear aligned": (
        lambda x: F.interpolate(x, size=(7, 8), mode="bilinear", align_corners=True),
        IMAGE,
    ),
    "batch norm training": (lambda x: F.batch_norm(x, None, None, training=True), (3, 2, 2, 2)),
    "batch norm evaluating": (
        lambda x: F.batch_norm(x, torch.tensor([0.1, 0.2]), torch.tensor([1.0, 2.0])),
        (3, 2, 2, 2),
    ),
    "layer norm": (lambda x: F.layer_norm(x, (4,)), (2, 4)),
    "softmax": (lambda x: torch.softmax(x, 1), (2, 5)),
    "log softmax": (lambda x: torch.log_softmax(x, 1), (2, 5)),
    "relu": (torch.relu, (3, 4)),
    "tanh": (torch.tanh, (3, 4)),
    "sign": (torch.sign, (3, 4)),
    "broadcast": (lambda x: x + filled(4, 3, 1), (3, 1)),
    "concatenation": (lambda x: torch.cat([x, filled(2, 3)], dim=1), (2, 2)),
    "gather": (lambda x: x.index_select(0, torch.tensor([2, 0, 2])), (3, 2)),
    "transpose": (lambda x: x.t(), (3, 2)),
    "mean": (lambda x: x.mean(1), (3, 4)),
    "sort": (lambda x: x.sort(1).values, (2, 4)),
    "once differentiable": (Doubled.apply, (2, 3)),
    "attention": (
        lambda x: F.scaled_dot_product_attention(x, filled(1, 2, 3, 4), filled(1, 2, 3, 4, seed=4)),
        (1, 2, 3, 4),
    ),
}


def run_operation(name: str) -> Run:
    function, shape = OPERATIONS[name]
    x = filled(*shape).requires_grad_()
    output = function(x)
    return flow.run(Operation(function), x, upstream=filled(*output.shape, seed=9))


def some_cells(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The first, the last and one in the middle."""
    size = int(np.prod(shape))
    for place in sorted({0, size // 2, size - 1}):
        yield tuple(int(axis) for axis in np.unravel_index(place, shape)) if shape else ()


def inputs_of(run: Run) -> Iterator[tuple[NodeRecord, int, tuple[int, ...]]]:
    """Every node, every input that has a gradient, and some of its cells."""
    for node in run.capture.nodes:
        for which, array in enumerate(node.downstream):
            if array is not None:
                for cell in some_cells(array.shape):
                    yield node, which, cell


def dense(explanation: Explanation, output: int = 0) -> Any:
    """The coefficients as a map of one output."""
    found = np.zeros(explanation.shapes[output], dtype=explanation.coefficients.dtype)
    chosen = explanation.outputs == output
    found.reshape(-1)[explanation.places[chosen]] = explanation.coefficients[chosen]
    return found


@pytest.mark.parametrize("name", OPERATIONS)
def test_terms_add_up_to_the_gradient_that_autograd_computes(name: str) -> None:
    run = run_operation(name)
    function, shape = OPERATIONS[name]
    x = filled(*shape).requires_grad_()
    output = function(x)
    (gradient,) = torch.autograd.grad(output, x, filled(*output.shape, seed=9))
    checked = 0
    for node, which, cell in inputs_of(run):
        explanation = run.explain(node.id, cell, input=which)
        assert explanation.difference <= 1e-5 * max(1.0, abs(explanation.autograd))
        assert explanation.total == pytest.approx(
            sum(term.value for term in explanation.terms), rel=1e-4, abs=1e-6
        )
        if node.targets[which] == run.capture.nodes[-1].id:
            assert explanation.autograd == gradient[cell].item()
            checked += 1
    assert checked > 0


@pytest.mark.parametrize("name", [n for n in OPERATIONS if n not in ("attention", "sort")])
def test_coefficients_are_the_local_derivatives(name: str) -> None:
    function, shape = OPERATIONS[name]
    x = filled(*shape)
    jacobian = torch.autograd.functional.jacobian(function, x)  # type: ignore[no-untyped-call]
    run = run_operation(name)
    (node,) = [node for node in run.capture.nodes if not node.is_leaf][-1:]
    if len(run.capture.nodes) > 2:
        pytest.skip("more than one node")
    for cell in some_cells(shape):
        expected = jacobian[(..., *cell)]
        assert_allclose(dense(run.explain(node.id, cell)), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", OPERATIONS)
def test_reach_is_the_transpose_of_explain(name: str) -> None:
    run = run_operation(name)
    node = [node for node in run.capture.nodes if not node.is_leaf][-1]
    shape = node.shapes[0]
    for above in some_cells(shape):
        if node.upstream[0] is None:
            continue
        reached = run.reach(node.id, above)
        assert reached.upstream == node.upstream[0][above]
        for which, found in enumerate(reached.inputs):
            if found is None:
                assert node.downstream[which] is None
                continue
            for below in some_cells(found.shape):
                explanation = run.explain(node.id, below, input=which)
                assert dense(explanation)[above] == pytest.approx(found[below], rel=1e-5, abs=1e-7)


def test_an_explanation_comes_with_the_rule_of_the_node_that_it_explains() -> None:
    model, x = nn.Conv2d(1, 1, 2), filled(1, 1, 3, 3).requires_grad_()
    with flow.run(model, x, loss=lambda out: out.sum()) as run:
        found = next(node for node in run.capture.nodes if node.name == "ConvolutionBackward0")
        stored = next(node for node in run.capture.nodes if node.parameter == "weight")
        assert (
            run.explain(found.id, (0, 0, 1, 1)).rule is OPS["ConvolutionBackward0"].called["conv2d"]
        )
        of_weight = run.explain(stored.id, (0, 0, 0, 0), of="parameter")
        assert of_weight.rule is OPS["ConvolutionBackward0"].called["conv2d"]
    with flow.run(nn.Identity(), x, loss=lambda out: Doubled.apply(out).sum()) as run:
        own = next(node for node in run.capture.nodes if node.name == "DoubledBackward")
        assert run.explain(own.id, (0, 0, 0, 0)).rule is None


def test_terms_stand_in_row_major_order_and_add_up_bit_for_bit() -> None:
    case = CASES["upsampled"]
    with flow.run(case.build(), case.input(), loss=squared_mean) as run:
        (node,) = [n for n in run.capture.nodes if n.name == "UpsampleNearest2DBackward0"]
        explanation = run.explain(node.id, (1, 0, 1, 0))
        arrived, handed_on = node.upstream[0], node.downstream[0]
    assert arrived is not None
    assert handed_on is not None
    assert [term.cell for term in explanation.terms] == [
        (1, 0, 2, 0),
        (1, 0, 2, 1),
        (1, 0, 3, 0),
        (1, 0, 3, 1),
    ]
    assert [term.name for term in explanation.terms] == ["1 (copy)"] * 4
    by_hand = np.float32(0)
    for cell in ((2, 0), (2, 1), (3, 0), (3, 1)):
        by_hand = np.float32(by_hand + arrived[1, 0][cell])
    assert explanation.total == by_hand
    assert explanation.total == handed_on[1, 0, 1, 0]
    assert explanation.difference == 0.0


@pytest.mark.parametrize(
    "layer",
    [
        lambda: nn.Conv2d(2, 4, 3),
        lambda: nn.Conv2d(2, 4, (2, 3), stride=2, padding=1, dilation=2),
        lambda: nn.Conv2d(2, 4, 3, groups=2, padding=1),
        lambda: nn.Conv1d(2, 3, 2, stride=2),
        lambda: nn.ConvTranspose2d(2, 4, 3, stride=2, padding=1),
        lambda: nn.ConvTranspose2d(2, 4, 2, groups=2),
    ],
)
def test_coefficients_of_a_convolution_are_bitwise_the_named_kernel_entries(layer: Any) -> None:
    with Seeded(2):
        module = nn.Sequential(layer())
    weight = module[0].weight.detach().numpy()  # type: ignore[operator]
    x = filled(*((2, 2, 5, 6) if weight.ndim == 4 else (2, 2, 6))).requires_grad_()
    run = flow.run(module, x, loss=squared_mean)
    (node,) = [n for n in run.capture.nodes if n.name == "ConvolutionBackward0"]
    named = 0
    for cell in np.ndindex(*x.shape):
        for term in run.explain(node.id, cell).terms:
            entry = term.name.removeprefix("0.weight[").removesuffix("]")
            assert term.coefficient == weight[tuple(map(int, entry.split(",")))]
            named += 1
    assert named > x.numel() / 4


def test_at_a_residual_only_the_local_part_counts() -> None:
    with Seeded(1):
        module = Residual()
    run = flow.run(module, filled(3, 4).requires_grad_(), loss=squared_mean)
    (sum_node,) = [n for n in run.capture.nodes if n.name == "AddBackward0"]
    for which in (0, 1):
        explanation = run.explain(sum_node.id, (1, 2), input=which)
        assert explanation.coefficients.tolist() == [1.0]
        assert explanation.difference == 0.0


@pytest.mark.parametrize("name", ["recurrent", "attention", "branches", "in place", "cnn", "tied"])
def test_every_node_of_a_network_can_be_explained(name: str) -> None:
    case = CASES[name]
    run = flow.run(case.build(), case.input(), loss=squared_mean)
    methods = set()
    for node, which, cell in inputs_of(run):
        explanation = run.explain(node.id, cell, input=which)
        assert explanation.difference <= 1e-5 * max(1.0, abs(explanation.autograd))
        assert "do not add up" not in explanation.note
        methods.add(explanation.method)
    assert "double backward" in methods


def test_an_embedding_row_is_the_sum_of_the_places_that_read_it() -> None:
    module = nn.Sequential(nn.Embedding(4, 2))
    run = flow.run(module, torch.tensor([1, 3, 1]), upstream=torch.arange(6.0).view(3, 2))
    explanation = run.explain("n0", (1, 0))
    assert [(term.cell, term.coefficient) for term in explanation.terms] == [
        ((0, 0), 1.0),
        ((2, 0), 1.0),
    ]
    assert explanation.total == 0.0 + 4.0
    assert run.explain("n0", (0, 0)).note == (
        "This row was not looked up, or it is the padding row, so its gradient is 0."
    )


def test_operations_without_second_derivative_are_asked_with_one_hot_vectors() -> None:
    run = run_operation("once differentiable")
    explanation = run.explain("n0", (1, 1))
    assert explanation.method == "one-hot"
    assert explanation.terms[0].coefficient == pytest.approx(float(filled(2, 3)[1, 1].exp()))
    node = next(n for n in run_operation("attention").capture.nodes if "Attention" in n.name)
    assert run_operation("attention").explain(node.id, (0, 0, 0, 0)).method == "one-hot"


def test_a_constant_derivative_of_zero_has_no_terms_and_says_so() -> None:
    explanation = run_operation("sign").explain("n0", (0, 0))
    assert explanation.terms == ()
    assert explanation.total == explanation.autograd == 0.0
    assert explanation.note.startswith("The derivative of sign is 0 everywhere")


def test_a_backward_that_is_not_linear_is_said_to_be_no_sum() -> None:
    class Clipped(torch.autograd.Function):
        @staticmethod
        def forward(_ctx: Any, x: Tensor) -> Tensor:
            return x * 1

        @staticmethod
        def backward(_ctx: Any, upstream: Tensor) -> Tensor:  # type: ignore[override]
            return upstream.clamp(-0.1, 0.1) + 0.05

    run = flow.run(
        Operation(Clipped.apply), torch.ones(2).requires_grad_(), upstream=torch.tensor([3.0, 0.02])
    )
    assert "do not add up" in run.explain("n0", (0,)).note
    assert "not linear in its upstream gradient" in run.explain("n0", (0,)).note
    assert "hands something on even for zeros" in run.explain("n0", (0,)).note


def test_an_infinite_derivative_is_said_to_be_infinite() -> None:
    run = flow.run(Operation(torch.sqrt), torch.tensor([0.0, 4.0]).requires_grad_(), loss=torch.sum)
    node = next(n for n in run.capture.nodes if n.name == "SqrtBackward0")
    assert "infinite" in run.explain(node.id, (0,)).note
    assert run.explain(node.id, (1,)).coefficients.tolist() == [0.25]


def test_a_parameter_gradient_is_explained_by_its_one_consumer() -> None:
    case = CASES["upsampled"]
    run = flow.run(case.build(), case.input(), loss=squared_mean)
    (leaf,) = [n for n in run.capture.nodes if n.parameter == "conv2.weight"]
    explanation = run.explain(leaf.id, (0, 0, 1, 2), of="parameter")
    assert run.capture.node(explanation.node).name == "ConvolutionBackward0"
    assert explanation.autograd == leaf.upstream[0][0, 0, 1, 2]  # type: ignore[index]
    assert explanation.difference < 1e-6
    assert len(explanation.terms) == 2 * 2 * 2


def test_a_tied_weight_is_the_sum_of_its_consumers() -> None:
    case = CASES["tied"]
    run = flow.run(case.build(), case.input(), loss=squared_mean)
    (leaf,) = [n for n in run.capture.nodes if n.parameter == "a.weight = b.weight"]
    explanation = run.explain(leaf.id, (1, 2))
    assert explanation.method == "accumulate"
    assert len(explanation.terms) == 2
    assert explanation.total == leaf.upstream[0][1, 2]  # type: ignore[index]


def test_where_nothing_arrived_at_an_output_zeros_stand_in() -> None:
    run = flow.run(
        Operation(lambda x: x.split(1)[1]), torch.ones(2, 1).requires_grad_(), loss=torch.sum
    )
    (node,) = [n for n in run.capture.nodes if n.name == "SplitBackward0"]
    assert node.upstream[0] is None
    assert run.explain(node.id, (1, 0)).total == 1.0
    assert [(t.output, t.upstream) for t in run.explain(node.id, (0, 0)).terms] == [(0, 0.0)]


def test_explaining_leaves_the_graph_and_the_capture_as_they_were() -> None:
    case = CASES["cnn"]
    run = flow.run(case.build(), case.input(), loss=squared_mean)
    first = run.explain("n2", (0, 0), input=1)
    for node, which, cell in inputs_of(run):
        run.explain(node.id, cell, input=which)
    again = run.explain("n2", (0, 0), input=1)
    assert_array_equal(first.coefficients, again.coefficients)
    assert first.total == again.total


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda run: run.explain("n99", (0,)), "There is no node 'n99': this run has n0 to n7."),
        (lambda run: run.explain("n2", (0, 0), input=7), "n2 downstream 7: it has 3"),
        (lambda run: run.explain("n2", (9, 0), input=1), "cell (9, 0) is outside its shape (2, 3)"),
        (lambda run: run.explain("n2", (0,), input=1), "cell (0,) is outside its shape (2, 3)"),
        (
            lambda run: run.explain("n2", (0, 0), of="value"),
            "'downstream', 'parameter' or 'upstream' is needed",
        ),
        (lambda run: run.explain("n2", (0, 0), of="parameter"), "stores no parameter gradient"),
        (lambda run: run.explain("n2", (0, 0), input=1), "n2 downstream 1: no gradient flows here"),
        (lambda run: run.reach("n3", (0,)), "AccumulateGrad stores what arrives"),
        (lambda run: run.reach("n2", (0, 0), output=2), "n2 upstream 2: it has 1"),
    ],
)
def test_a_question_about_nothing_is_answered_with_what_exists(ask: Any, message: str) -> None:
    module = nn.Sequential(nn.Linear(3, 2))
    asks = "no gradient flows" in message
    run = flow.run(module, torch.ones(2, 3).requires_grad_(not asks), loss=squared_mean)
    with pytest.raises(ExplainError) as error:
        ask(run)
    assert message.replace("n7", f"n{len(run.capture.nodes) - 1}") in str(error.value)


def test_too_many_one_hot_runs_are_refused() -> None:
    run = flow.run(Operation(Doubled.apply), torch.ones(5000).requires_grad_(), loss=torch.sum)
    node = next(n for n in run.capture.nodes if n.name == "DoubledBackward")
    explanation = run.explain(node.id, (0,))
    assert explanation.terms == ()
    assert "5000" in explanation.note or "5,000" in explanation.note
