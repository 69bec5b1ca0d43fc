"""Layers and nodes know where they come from: module, torch call, source line, parameter."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
import torch
from numpy.testing import assert_array_equal
from torch import Tensor, nn

import flow
from flow.record import INPUT, LOSS, ROOT, Capture
from tests.flow import networks
from tests.flow.networks import CASES, Twice, Upsampled, squared_mean


def capture_of(name: str) -> Capture:
    case = CASES[name]
    return flow.run(case.build(), case.input(), loss=squared_mean).capture


def line_of(text: str) -> str:
    """``networks.py:12`` of the only line of the networks that contains a text."""
    lines = Path(networks.__file__).read_text().splitlines()
    (number,) = [number for number, line in enumerate(lines, 1) if text in line]
    return f"networks.py:{number}"


def test_layers_stand_in_the_order_in_which_their_calls_began() -> None:
    layers = capture_of("twice").layers
    assert [(layer.name, layer.path, layer.kind, layer.leaf) for layer in layers] == [
        ("stem", "stem", "Sequential", False),
        ("stem.0", "stem.0", "Conv2d", True),
        ("stem.1", "stem.1", "ReLU", True),
        ("conv1", "conv1", "Conv2d", True),
        ("conv1#2", "conv1", "Conv2d", True),
    ]


def test_a_module_called_twice_has_its_own_gradients_in_each_call() -> None:
    module, x = CASES["twice"].build(), CASES["twice"].input()
    assert isinstance(module, Twice)
    h = module.stem(x)
    first = module.conv1(h)
    rectified = torch.relu(first)
    second = module.conv1(rectified)
    wanted = torch.autograd.grad(squared_mean(second), [h, first, rectified, second])
    capture = flow.run(module, x, loss=squared_mean).capture
    one, two = capture.layer("conv1"), capture.layer("conv1#2")
    for ours, theirs in zip(
        (one.downstream[0], one.upstream, two.downstream[0], two.upstream), wanted, strict=True
    ):
        assert_array_equal(ours, theirs)
    assert one.parameters == two.parameters
    assert one.nodes[-2:] == two.nodes[-2:]
    assert one.nodes[0] != two.nodes[0]


def test_the_detail_of_a_layer_is_its_own_description() -> None:
    layer = capture_of("upsampled").layer("conv2")
    assert layer.detail == "1, 1, kernel_size=(3, 3), stride=(1, 1)"


def test_nodes_name_their_layer_call_and_source_line() -> None:
    capture = capture_of("upsampled")
    found = [(node.name, node.layer, node.call) for node in capture.nodes if not node.is_leaf]
    assert found == [
        ("MeanBackward0", LOSS, "mean"),
        ("PowBackward0", LOSS, "square"),
        ("AddmmBackward0", "fc", "linear"),
        ("TBackward0", "fc", "linear"),
        ("ViewBackward0", ROOT, "flatten"),
        ("ConvolutionBackward0", "conv2", "conv2d"),
        ("UpsampleNearest2DBackward0", "upsample", "interpolate"),
        ("ConvolutionBackward0", "conv1", "conv2d"),
    ]
    sources = {node.call: node.source for node in capture.nodes if not node.is_leaf}
    assert sources["flatten"] == line_of("return self.fc(h.flatten(1))")
    assert sources["mean"] == line_of("return output.square().mean()")
    assert sources["linear"] == sources["flatten"]
    assert sources["interpolate"] == line_of("self.conv2(self.upsample(self.conv1(x)))")


@pytest.mark.parametrize("name", [name for name in CASES if name != "custom"])
def test_every_node_of_an_operation_has_its_call_and_source(name: str) -> None:
    unknown = [
        node.name
        for node in capture_of(name).nodes
        if not node.is_leaf and not (node.call and ".py:" in node.source)
    ]
    assert unknown == []


def test_leaves_name_their_parameter_and_belong_to_the_layer_that_owns_it() -> None:
    leaves = {node.parameter: node.layer for node in capture_of("residual").nodes if node.is_leaf}
    assert leaves == {
        "head.weight": "head",
        "head.bias": "head",
        "body.0.weight": "body.0",
        "body.0.bias": "body.0",
        "body.2.weight": "body.2",
        "body.2.bias": "body.2",
        INPUT: INPUT,
    }


def test_the_value_of_a_leaf_is_that_of_its_tensor() -> None:
    case = CASES["residual"]
    module = case.build()
    capture = flow.run(module, case.input(), loss=squared_mean).capture
    values = {node.parameter: node.value for node in capture.nodes if node.is_leaf}
    for name, parameter in module.named_parameters():
        assert_array_equal(values[name], parameter.detach())
    assert_array_equal(values[INPUT], case.input().detach())
    assert all(node.value is None for node in capture.nodes if not node.is_leaf)


def test_a_layer_owns_its_nodes_in_execution_order_leaves_last() -> None:
    capture = capture_of("upsampled")
    names = [capture.node(node).name for node in capture.layer("fc").nodes]
    assert names == ["AddmmBackward0", "TBackward0", "AccumulateGrad", "AccumulateGrad"]
    assert [capture.node(n).parameter for n in capture.layer("fc").nodes[2:]] == [
        "fc.weight",
        "fc.bias",
    ]


def test_a_container_owns_only_what_its_children_do_not() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(2, 2)

        def forward(self, x: Tensor) -> Any:
            return torch.exp(self.fc(x))

    capture = flow.run(nn.Sequential(Scaled()), torch.ones(1, 2), loss=torch.sum).capture
    assert [capture.node(n).name for n in capture.layer("0").nodes] == ["ExpBackward0"]
    assert not capture.layer("0").leaf
    assert capture.layer("0.fc").leaf


def test_tied_parameters_have_one_record_with_joined_names() -> None:
    capture = capture_of("tied")
    assert [record.name for record in capture.parameters] == ["a.weight = b.weight", "a.bias"]
    assert capture.layer("a").parameters[0] is capture.layer("b").parameters[0]


def outputs_by_hooks(module: nn.Module, x: Tensor) -> dict[str, tuple[Tensor, Tensor]]:
    """Input and output of every module call, copied by ordinary forward hooks."""
    seen: dict[str, tuple[Tensor, Tensor]] = {}
    for name, child in module.named_modules():
        child.register_forward_hook(
            lambda _, args, result, name=name: seen.update(
                {name: (args[0].detach().clone(), _first(result).detach().clone())}
            )
        )
    module(x)
    return seen


def _first(result: Any) -> Tensor:
    return result if isinstance(result, Tensor) else _first(result[0])


@pytest.mark.parametrize("name", ["upsampled", "cnn", "residual", "recurrent", "encoder", "tied"])
def test_outputs_of_layers_are_those_that_forward_hooks_see(name: str) -> None:
    case = CASES[name]
    seen = outputs_by_hooks(case.build(), case.input())
    layers = flow.run(case.build(), case.input(), loss=squared_mean).capture.layers
    assert layers
    for layer in layers:
        given, made = seen[layer.name]
        assert layer.output_shapes[0] == tuple(made.shape)
        assert layer.input_shapes[0] == tuple(given.shape)
        assert_array_equal(layer.output, made, strict=False)


def test_in_a_chain_the_downstream_of_a_layer_is_the_upstream_of_the_one_before() -> None:
    layer = capture_of("upsampled").layer
    assert layer("conv2").downstream[0] is layer("upsample").upstream
    assert layer("upsample").downstream[0] is layer("conv1").upstream
    assert layer("conv1").downstream == (None,)
    flat = layer("fc").downstream[0]
    assert flat is not None
    assert_array_equal(flat.reshape(2, 1, 2, 2), layer("conv2").upstream)


def test_the_downstream_of_a_layer_is_its_own_part_where_ways_join() -> None:
    case = CASES["residual"]
    module, x = case.build(), case.input()
    capture = flow.run(module, x, loss=squared_mean).capture
    h = torch.sigmoid(x)
    own = h.detach().requires_grad_()
    squared_mean(module.head(h + module.body(own))).backward()  # type: ignore[operator]
    assert_array_equal(capture.layer("body").downstream[0], own.grad)


def test_an_input_used_twice_inside_one_layer_gets_the_sum_of_both_parts() -> None:
    case = CASES["attention"]
    module, x = case.build(), case.input()
    capture = flow.run(module, x, loss=squared_mean).capture
    own = x.detach().requires_grad_()
    mixed, _ = module.attention(own, own, own)  # type: ignore[operator]
    squared_mean(x.detach() + mixed).backward()  # type: ignore[no-untyped-call]
    layer = capture.layer("attention")
    assert len(layer.downstream) == 1
    torch.testing.assert_close(torch.tensor(layer.downstream[0]), own.grad)


def test_a_layer_that_returns_its_input_hands_the_gradient_through() -> None:
    module = nn.Sequential(nn.Linear(2, 2), nn.Identity(), nn.Tanh())
    capture = flow.run(module, torch.ones(1, 2), loss=torch.sum).capture
    identity = capture.layer("1")
    assert identity.upstream is identity.downstream[0]
    assert identity.upstream is capture.layer("2").downstream[0]
    assert identity.nodes == ()


def test_a_forward_hook_of_the_users_own_is_inside_the_layer() -> None:
    module = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
    module[0].register_forward_hook(lambda _module, _args, result: result * 3)
    capture = flow.run(module, torch.ones(1, 2), loss=torch.sum).capture
    assert "MulBackward0" in [capture.node(n).name for n in capture.layer("0").nodes]
    assert_array_equal(capture.layer("0").output, capture.layer("1").inputs[0])


def test_a_forward_that_catches_a_layers_exception_keeps_the_layers_apart() -> None:
    class Trying(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.wide = nn.Linear(5, 5)
            self.fits = nn.Sequential(nn.Linear(2, 2))

        def forward(self, x: Tensor) -> Any:
            try:
                x = self.wide(x)
            except RuntimeError:
                x = x + 1
            return self.fits(x)

    capture = flow.run(Trying(), torch.ones(1, 2), loss=torch.sum).capture
    assert [layer.name for layer in capture.layers] == ["wide", "fits", "fits.0"]
    assert capture.layer("wide").outputs == ()
    assert capture.layer("fits").output_shapes == ((1, 2),)
    assert {node.layer for node in capture.nodes} == {LOSS, "fits.0"}


def test_keyword_arguments_of_a_layer_are_its_inputs_too() -> None:
    class Scale(nn.Module):
        def forward(self, x: Tensor, *, by: Tensor) -> Tensor:
            return x * by

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(2, 2)
            self.scale = Scale()

        def forward(self, x: Tensor) -> Any:
            return self.scale(self.fc(x), by=torch.full((2,), 3.0))

    capture = flow.run(Model(), torch.ones(1, 2), loss=torch.sum).capture
    scale = capture.layer("scale")
    assert scale.input_shapes == ((1, 2), (2,))
    assert_array_equal(scale.inputs[1], [3.0, 3.0])
    assert_array_equal(scale.downstream[0], [[3.0, 3.0]])
    assert scale.downstream[1] is None


def test_a_run_knows_its_device_its_loss_and_its_ends() -> None:
    x = torch.arange(8.0).view(2, 1, 2, 2)
    module = Upsampled()
    capture = flow.run(module, x, loss=torch.sum).capture
    assert capture.device == "cpu"
    assert_array_equal(capture.inputs[0], x)
    assert_array_equal(capture.outputs[0], module(x).detach())


def test_the_kind_of_loss_is_a_class_name_a_function_name_or_empty() -> None:
    module, x = nn.Linear(2, 1), torch.ones(1, 2)
    assert flow.run(module, x, loss=Sum()).capture.loss_kind == "Sum"
    assert flow.run(module, x, loss=squared_mean).capture.loss_kind == "squared_mean"
    assert flow.run(module, x).capture.loss_kind == ""


class Sum(nn.Module):
    """A loss that is a module."""

    def forward(self, output: Tensor) -> Tensor:
        return output.sum()


def test_source_lines_are_outside_torch_and_outside_the_engine() -> None:
    here = Path(inspect.getfile(Upsampled)).name
    files = {node.source.split(":")[0] for node in capture_of("cnn").nodes if node.source}
    assert files <= {here, Path(__file__).name}
