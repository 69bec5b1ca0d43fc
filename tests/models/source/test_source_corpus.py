"""Networks as people paste them: what is read has the weights and gradients of the class itself."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from models.build import build
from models.source import from_source, to_source
from models.source.network import layer_name
from models.spec import ModelSpec, read_spec
from tests.models.source.pasted_rows import ROWS
from tests.models.source.pasted_vision import VISION

PASTED = {**VISION, **ROWS}
SEED = 11
OTHER_ORDER = {"layers made in another order than called", "feature pyramid"}
"""Classes that register parameters in another order than forward needs them."""


def executed(text: str, name: str) -> nn.Module:
    """Run a text and return its own model when it makes one, else a new instance of a class."""
    space: dict[str, Any] = {"torch": torch, "nn": nn, "F": F, "__name__": "pasted"}
    with torch.random.fork_rng():
        torch.manual_seed(SEED)
        exec(compile(text, "pasted.py", "exec"), space)  # noqa: S102 - text that we wrote
        for variable in ("net", "model"):
            if isinstance(space.get(variable), nn.Module):
                space[variable].zero_grad()
                return space[variable]  # type: ignore[no-any-return]
        torch.manual_seed(SEED)
        return space[name]()  # type: ignore[no-any-return]


def gradients(module: nn.Module, x: Tensor) -> tuple[Tensor, dict[str, Tensor | None]]:
    """Return the input's gradient and the parameters' by name."""
    x = x.clone().requires_grad_()
    with torch.random.fork_rng():
        torch.manual_seed(SEED)
        output = module(x * 1)
        (output * torch.linspace(-1, 1, output.numel()).view(output.shape)).sum().backward()
    assert x.grad is not None
    found = {name: parameter.grad for name, parameter in module.named_parameters()}
    return x.grad, found


def renamed(name: str, spec: ModelSpec) -> str:
    """Return what a parameter is called after reading: its layer's path with underscores."""
    layers, parts = {layer.name for layer in spec.layers}, name.split(".")
    for end in range(1, len(parts)):
        layer = layer_name(".".join(parts[:end]))
        if layer in layers:
            return ".".join([layer, *parts[end:]])
    raise AssertionError(f"no layer has the parameter {name}")


@pytest.mark.parametrize("key", PASTED)
def test_what_is_read_has_bitwise_the_weights_and_gradients_of_the_class(key: str) -> None:
    text, shape = PASTED[key]
    spec = from_source(text)
    ours, theirs = build(spec, SEED), executed(text, spec.name)
    expected = {renamed(name, spec): value for name, value in theirs.state_dict().items()}
    assert set(expected) == set(ours.state_dict())
    assert spec.renamed is (set(theirs.state_dict()) != set(expected))
    for name, value in ours.state_dict().items():
        assert torch.equal(value, expected[name]), name
    x = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    wanted_input, wanted = gradients(theirs, x)
    got_input, got = gradients(ours, x)
    assert torch.equal(got_input, wanted_input)
    by_name = {renamed(name, spec): value for name, value in wanted.items()}
    for name, value in got.items():
        assert value is not None
        assert torch.equal(value, by_name[name]), name  # type: ignore[arg-type]
    assert (list(got) == list(by_name)) is (key not in OTHER_ORDER)


@pytest.mark.parametrize("key", PASTED)
def test_what_is_read_is_written_and_read_back_equal(key: str) -> None:
    spec = from_source(PASTED[key][0])
    assert from_source(to_source(spec)) == spec.model_copy(update={"renamed": False})
    assert read_spec(spec.model_dump_json()) == spec


def test_weights_are_drawn_in_the_order_in_which_layers_are_made() -> None:
    spec = from_source(PASTED["layers made in another order than called"][0])
    assert [layer.name for layer in spec.layers] == ["hidden", "sigmoid", "out"]
    assert spec.drawn == ("out",)
    assert '"drawn":["out"]' in spec.model_dump_json()
    lenet = from_source(PASTED["lenet"][0]).model_dump_json()
    assert "drawn" not in lenet
    assert "renamed" not in lenet
    for wrong in (("other",), ("out", "out")):
        with pytest.raises(ValueError, match="drawn must name layers of the model, each once"):
            ModelSpec(name="Net", layers=spec.layers, drawn=wrong)


def test_a_functional_pool_is_read_with_its_numbers() -> None:
    layers = from_source(PASTED["lenet"][0]).layers
    first, second = (layer.fields for layer in layers if layer.kind == "MaxPool2d")
    sizes = ("kernel_size", "stride", "padding")
    assert [first[size] for size in sizes] == [2, 2, 0]
    assert [second[size] for size in sizes] == [3, 2, 1]


def test_layers_are_named_after_their_paths() -> None:
    names = [layer.name for layer in from_source(PASTED["resnet with basic blocks"][0]).layers]
    assert names[:8] == [
        *("conv1", "bn1", "out", "layer1_0_conv1", "layer1_0_bn1", "layer1_0_out"),
        *("layer1_0_conv2", "layer1_0_bn2"),
    ]
    assert {"layer1_0_add", "layer1_0_relu", "layer2_0_shortcut_0"} <= set(names)
    assert layer_name("input") == "input_layer"
    assert layer_name("0") == "layer_0"
    assert layer_name("_private.to") == "private_to"
