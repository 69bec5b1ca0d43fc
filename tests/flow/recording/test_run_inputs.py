"""Models are called with whatever they take: lists, dicts, keywords, dataclasses, and give such."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_sequence

import flow
from flow.recording.structure import given, rebuilt, tensors_in


def leaf(*cells: float) -> Tensor:
    return torch.tensor(cells, dtype=torch.float32).requires_grad_()


class Weighing(nn.Module):
    """Adds up what it finds, each with a weight of its own."""

    def forward(self, *args: Any, **kwargs: Any) -> Tensor:
        found = list(tensors_in((args, kwargs)))
        return torch.stack([(place + 1) * tensor.sum() for place, tensor in enumerate(found)]).sum()


@dataclass
class Batch:
    """A dataclass of inputs."""

    image: Tensor
    label: str
    more: list[Tensor]


class Point(NamedTuple):
    """A named tuple of inputs."""

    x: Tensor
    y: Tensor


@pytest.mark.parametrize(
    ("inputs", "kwargs", "names"),
    [
        (leaf(1, 2), None, ["(input)"]),
        ((leaf(1), leaf(2)), None, ["(input)", "(input 1)"]),
        ([leaf(1), leaf(2)], None, ["(input)", "(input 1)"]),
        ({"image": leaf(1), "mask": leaf(2)}, None, ["(input image)", "(input mask)"]),
        ((leaf(1), {"mask": leaf(2)}), None, ["(input)", "(input 1.mask)"]),
        ((), {"image": leaf(1), "mask": leaf(2)}, ["(input image)", "(input mask)"]),
        (leaf(1), {"mask": leaf(2), "mode": "sum"}, ["(input)", "(input mask)"]),
        (
            Batch(leaf(1), "cat", [leaf(2), leaf(3)]),
            None,
            ["(input image)", "(input more.0)", "(input more.1)"],
        ),
        (Point(leaf(1), leaf(2)), None, ["(input x)", "(input y)"]),
        ((leaf(1), [None, 3, leaf(2)]), None, ["(input)", "(input 1.2)"]),
    ],
)
def test_an_input_is_named_after_where_it_stands(inputs: Any, kwargs: Any, names: Any) -> None:
    capture = flow.run(Weighing(), inputs, kwargs=kwargs).capture
    gradients = {
        node.parameter: node.upstream[0] for node in capture.nodes if node.name == "AccumulateGrad"
    }
    assert sorted(gradients) == sorted(names)
    for weight, (name, value) in enumerate(zip(names, capture.inputs, strict=True), 1):
        assert_array_equal(gradients[name], np.full_like(value, weight))


def test_the_containers_of_the_caller_are_left_alone() -> None:
    class Emptying(nn.Module):
        def forward(self, batch: dict[str, Tensor], *, parts: list[Tensor]) -> Tensor:
            return batch.pop("x").sum() + parts.pop().mul_(2).sum()

    x, part = leaf(1), torch.ones(2)
    batch, parts = {"x": x}, [part]
    assert flow.run(Emptying(), (batch,), kwargs={"parts": parts}).capture.loss == 5.0
    assert batch == {"x": x}
    assert parts == [part]
    assert part.tolist() == [1, 1]


def test_a_tensor_given_twice_stays_one_leaf() -> None:
    x = leaf(3)
    capture = flow.run(Weighing(), [x, {"again": x}]).capture
    assert [node.upstream[0] for node in capture.nodes if node.is_leaf] == [3.0]
    assert len(capture.inputs) == 2


def test_a_packed_sequence_is_one_argument() -> None:
    with flow.Seeded(0):
        lstm = nn.LSTM(2, 3)
    packed = pack_sequence([torch.ones(3, 2), torch.ones(2, 2)])
    plain, _ = lstm(packed)
    capture = flow.run(lstm, packed, loss=lambda out: out[0].data.sum()).capture
    assert capture.loss == plain.data.sum().item()


@dataclass
class Answer:
    """A dataclass of outputs."""

    logits: Tensor
    hidden: tuple[Tensor, ...] | None = None


class Tupled:
    """An output that tells its parts in the way of ``transformers``."""

    def __init__(self, *parts: Tensor) -> None:
        self.parts = parts

    def to_tuple(self) -> tuple[Tensor, ...]:
        return self.parts


@pytest.mark.parametrize(
    "make", [Answer, lambda a, b: Tupled(a, *b), lambda a, b: {"l": a, "h": b}]
)
def test_outputs_inside_objects_are_outputs_of_model_and_layer(make: Any) -> None:
    class Inner(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(2, 2)

        def forward(self, x: Tensor) -> Any:
            h = self.fc(x)
            return make(h * 2, (h,))

    class Outer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = Inner()

        def forward(self, x: Tensor) -> Any:
            return self.inner(x)

    def loss(out: Any) -> Tensor:
        logits, hidden = tensors_in(out)
        return logits.sum() + hidden.square().sum()

    with flow.Seeded(0):
        module = Outer()
    x = torch.ones(1, 2)
    capture = flow.run(module, x, loss=loss).capture
    h = module.inner.fc(x)
    layer = capture.layer("inner")
    assert [value.shape for value in capture.outputs] == [(1, 2), (1, 2)]
    assert layer.upstreams[0] is not None
    assert_array_equal(layer.upstreams[0], [[1, 1]])
    assert layer.upstreams[1] is not None
    assert_array_equal(layer.upstreams[1], (2 * h + 2).detach())


def test_vectors_for_outputs_inside_a_dataclass_stand_in_order() -> None:
    class Two(nn.Module):
        def forward(self, x: Tensor) -> Answer:
            return Answer(x * 2, (x * 3,))

    capture = flow.run(Two(), leaf(1, 1), upstream=(torch.ones(2), torch.tensor([1.0, 2]))).capture
    (gradient,) = [node.upstream[0] for node in capture.nodes if node.is_leaf]
    assert_array_equal(gradient, [5, 8])


def test_a_call_can_be_made_again_as_it_was_made() -> None:
    a, b, c = torch.ones(1), torch.ones(2), torch.ones(3)
    made = given((a, [b, "word", a]), {"flag": True, "deep": {"c": (c, None)}})
    new = [torch.zeros(1), torch.zeros(2), torch.zeros(3)]
    args, kwargs = made.filled(new)
    assert args[0] is new[0]
    assert args[1][0] is new[1]
    assert args[1][1] == "word"
    assert args[1][2] is new[0]
    assert kwargs["flag"] is True
    assert kwargs["deep"]["c"][0] is new[2]
    assert list(tensors_in((made.args, made.kwargs))) == []


def test_containers_keep_their_types() -> None:
    x = torch.ones(1)
    old = (OrderedDict(x=x), Point(x, x), Answer(x), torch.Size([2]), MappingProxyType({"x": x}))
    new = rebuilt(old, lambda value: value + 1 if isinstance(value, Tensor) else value)
    assert [type(one) for one in new] == [OrderedDict, Point, Answer, torch.Size, dict]
    assert [one.item() for one in tensors_in(new)] == [2, 2, 2, 2, 2]
    assert [one.item() for one in tensors_in(old)] == [1, 1, 1, 1, 1]


def test_a_list_that_holds_itself_is_entered_once() -> None:
    loop: list[Any] = [torch.ones(1)]
    loop.append(loop)
    assert len(list(tensors_in(loop))) == 1
    assert len(rebuilt(loop, lambda value: value)) == 2
