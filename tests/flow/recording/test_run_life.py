"""What a run holds in memory, and what outlives it."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref
from dataclasses import FrozenInstanceError, astuple
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal
from torch import Tensor, nn

import flow
from flow.record import Capture
from tests.flow.arrays import every_array
from tests.flow.networks import CASES, squared_mean

pytestmark = pytest.mark.filterwarnings(
    "ignore:distutils Version classes are deprecated:DeprecationWarning"  # torchviz asks them
)


class Saving(torch.autograd.Function):
    """Keeps a Python object in its node, so that one can see the node die."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, thing: Any) -> Tensor:
        ctx.thing = thing
        return x * 2

    @staticmethod
    def backward(_ctx: Any, upstream: Tensor) -> Any:  # type: ignore[override]
        return upstream * 2, None


class Thing:
    """Something that can be weakly referenced."""


class Model(nn.Module):
    """A network whose graph holds a Thing."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(3, 3)
        self.watch: Any = lambda _thing: None

    def forward(self, x: Tensor) -> Any:
        thing = Thing()
        self.watch(weakref.ref(thing))
        h = torch.tanh(self.fc(x))
        return Saving.apply(h + torch.sigmoid(h), thing)  # type: ignore[no-untyped-call]


@pytest.fixture
def graphs() -> Any:
    """A model and the weak references to what its graphs hold; the collector is off."""
    module = Model()
    refs: list[Any] = []
    module.watch = refs.append
    gc.collect()
    gc.disable()
    yield module, refs
    gc.enable()


def test_close_frees_the_graph_at_once(graphs: Any) -> None:
    module, refs = graphs
    run = flow.run(module, torch.ones(1, 3), loss=torch.sum)
    run.explain("n2", (0, 0))
    run.picture(saved=True)
    assert refs[0]() is not None
    run.close()
    assert refs[0]() is None


def test_a_dropped_run_frees_its_graph_at_once(graphs: Any) -> None:
    module, refs = graphs
    run = flow.run(module, torch.ones(1, 3), loss=torch.sum)
    capture = run.capture
    del run
    assert refs[0]() is None
    assert capture.loss is not None


def test_a_failed_run_leaves_no_graph_behind(graphs: Any) -> None:
    module, refs = graphs
    with pytest.raises(flow.LossError):
        flow.run(module, torch.ones(1, 3))
    assert refs[0]() is None


def test_ten_runs_leave_no_tensor_behind(graphs: Any) -> None:
    module, _ = graphs

    def tensors() -> int:
        return sum(issubclass(type(thing), Tensor) for thing in gc.get_objects())

    flow.run(module, torch.ones(1, 3), loss=torch.sum).close()
    before = tensors()
    for _ in range(10):
        flow.run(module, torch.ones(1, 3), loss=torch.sum).close()
    assert tensors() == before


def capture_of(name: str) -> Capture:
    case = CASES[name]
    with flow.run(case.build(), case.input(), loss=squared_mean) as run:
        return run.capture


@pytest.mark.parametrize("name", CASES)
def test_a_capture_holds_no_tensor_and_survives_pickle(name: str) -> None:
    capture = capture_of(name)
    data = pickle.dumps(capture)
    assert b"torch" not in data
    again = pickle.loads(data)  # noqa: S301 - our own bytes
    assert again.edges == capture.edges
    assert again.problems == capture.problems
    assert [node.id for node in again.nodes] == [node.id for node in capture.nodes]
    assert [layer.name for layer in again.layers] == [layer.name for layer in capture.layers]
    for mine, theirs in zip(every_array(again), every_array(capture), strict=True):
        assert_array_equal(mine, theirs)


def test_an_explanation_and_a_picture_survive_pickle() -> None:
    case = CASES["upsampled"]
    with flow.run(case.build(), case.input(), loss=squared_mean) as run:
        explanation, picture = run.explain("n6", (0, 0, 1, 1)), run.picture(saved=True)
    terms = [astuple(term) for term in pickle.loads(pickle.dumps(explanation)).terms]  # noqa: S301
    assert terms == [astuple(term) for term in explanation.terms]
    assert pickle.loads(pickle.dumps(picture)).edges == picture.edges  # noqa: S301


@pytest.mark.parametrize("name", ["in place", "encoder", "custom", "broadcast"])
def test_arrays_are_plain_and_read_only(name: str) -> None:
    capture = capture_of(name)
    for array in every_array(capture):
        assert type(array) is np.ndarray
        assert not array.flags.writeable
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(FrozenInstanceError):
        capture.nodes[0].name = "other"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        capture.loss = 0.0  # type: ignore[misc]


def test_a_capture_can_be_copied() -> None:
    capture = capture_of("residual")
    twin = copy.deepcopy(capture)
    assert twin.layer("body").name == "body"
    assert_array_equal(twin.node("n0").upstream[0], capture.node("n0").upstream[0])


def test_a_name_that_does_not_exist_is_a_key_error() -> None:
    capture = capture_of("residual")
    with pytest.raises(KeyError):
        capture.layer("nothing")
    with pytest.raises(KeyError):
        capture.node("n999")


def test_a_later_backward_of_the_visitor_does_not_change_the_capture() -> None:
    case = CASES["cnn"]
    module, x = case.build(), case.input()
    capture = flow.run(module, x, loss=squared_mean).capture
    before = [array.copy() for array in every_array(capture)]
    optimizer = torch.optim.Adam(module.parameters(), lr=0.5)
    for _ in range(2):
        squared_mean(module(x)).backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
    for array, copied in zip(every_array(capture), before, strict=True):
        assert_array_equal(array, copied)
