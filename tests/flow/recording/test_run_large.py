"""Large parameters are copied only when somebody writes into them, and nobody can tell."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal
from torch import Tensor, nn

import flow
from flow import Seeded
from flow.record import Array, Capture
from flow.recording.preserve import LARGE


def wide() -> nn.Linear:
    """A layer whose weight has 2 MiB."""
    with Seeded(0):
        layer = nn.Linear(512, 1024)
    assert layer.weight.nbytes == 2 * LARGE
    return layer


def capture_of(module: nn.Module) -> Capture:
    with flow.run(module, torch.ones(2, 512), loss=torch.sum) as run:
        return run.capture


def weight_in(capture: Capture) -> Array:
    (value,) = [record.value for record in capture.parameters if record.name == "weight"]
    return value


def stepping(make: Callable[[list[Tensor]], torch.optim.Optimizer]) -> Callable[[nn.Linear], None]:
    """Return a function that takes one step of an optimizer."""

    def step(layer: nn.Linear) -> None:
        layer.weight.grad = torch.ones_like(layer.weight)
        make([layer.weight]).step()

    return step


def _load(layer: nn.Linear) -> None:
    layer.load_state_dict({key: torch.zeros_like(t) for key, t in layer.state_dict().items()})


@torch.no_grad()
def _through_a_view(layer: nn.Linear) -> None:
    layer.weight.view(-1)[7:9] = 5


WRITES: dict[str, Callable[[nn.Linear], object]] = {
    "sgd": stepping(lambda parameters: torch.optim.SGD(parameters, lr=0.1)),
    "sgd, one by one": stepping(lambda parameters: torch.optim.SGD(parameters, foreach=False)),
    "adam": stepping(lambda parameters: torch.optim.Adam(parameters)),
    "adam, fused": stepping(lambda parameters: torch.optim.Adam(parameters, fused=True)),
    "data": lambda layer: layer.weight.data.mul_(2),
    "init": lambda layer: nn.init.zeros_(layer.weight),
    "load": _load,
    "view": _through_a_view,
    "numpy": lambda layer: layer.weight.detach().numpy().fill(3),
}


@pytest.mark.parametrize("how", WRITES)
def test_a_later_write_into_a_large_weight_does_not_change_the_capture(how: str) -> None:
    layer = wide()
    before = layer.weight.detach().numpy().copy()
    first, second = capture_of(layer), capture_of(layer)
    WRITES[how](layer)
    assert not np.array_equal(layer.weight.detach().numpy(), before)
    assert_array_equal(weight_in(first), before)
    assert_array_equal(weight_in(second), before)
    assert weight_in(first).base is not None
    with pytest.raises(ValueError, match="read-only"):
        weight_in(first)[0, 0] = 1


def test_views_of_a_large_weight_stay_views_of_it() -> None:
    layer = wide()
    row = layer.weight.detach()[3]
    capture = capture_of(layer)
    with torch.no_grad():
        layer.weight.zero_()
    assert not row.any()
    assert weight_in(capture)[3].any()


def test_arrays_of_numpy_stay_views_of_a_large_weight() -> None:
    layer = wide()
    array = layer.weight.detach().numpy()
    before = array.copy()
    capture = capture_of(layer)
    with torch.no_grad():
        layer.weight.fill_(2)
    assert (array == 2).all()
    array[:] = 3
    assert bool((layer.weight == 3).all())
    assert_array_equal(weight_in(capture), before)


def test_until_somebody_writes_the_weight_is_not_copied() -> None:
    layer = wide()
    address = torch._C._data_address(layer.weight)  # type: ignore[attr-defined]
    capture = capture_of(layer)
    assert weight_in(capture).__array_interface__["data"] == (address, True)
    assert torch._C._data_address(layer.weight) == address  # type: ignore[attr-defined]


def test_a_captured_weight_outlives_its_module_and_survives_pickle() -> None:
    layer = wide()
    before = layer.weight.detach().numpy().copy()
    capture = capture_of(layer)
    del layer
    torch.zeros(2**20).fill_(9)  # would land in memory that had been freed
    assert_array_equal(weight_in(capture), before)
    assert_array_equal(weight_in(pickle.loads(pickle.dumps(capture))), before)  # noqa: S301


def test_a_large_weight_that_the_forward_changes_is_put_back() -> None:
    class Restless(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(512, 1024))

        def forward(self, x: Tensor) -> Tensor:
            with torch.no_grad():
                self.weight.add_(1)
            self.weight.data.mul_(2)
            return x @ self.weight

    module = Restless()
    capture = capture_of(module)
    assert capture.loss == 2 * 512 * 1024 * 4.0
    assert torch.equal(module.weight, torch.ones(512, 1024))
    assert_array_equal(weight_in(capture), np.ones((512, 1024)))


def test_memory_that_belongs_to_numpy_is_copied_at_once() -> None:
    values = np.ones((1024, 512), dtype=np.float32)
    layer = wide()
    layer.weight = nn.Parameter(torch.from_numpy(values))
    capture = capture_of(layer)
    values[:] = 7
    assert_array_equal(weight_in(capture), np.ones((1024, 512)))
    assert bool((layer.weight == 7).all())


@pytest.mark.parametrize("kind", ["transposed", "bfloat16", "float64", "complex64"])
def test_layouts_and_types_of_large_weights_are_kept(kind: str) -> None:
    class Holder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            values = torch.arange(2.0**20).view(1024, 1024)
            values = values.t() if kind == "transposed" else values.to(getattr(torch, kind))
            self.weight = nn.Parameter(values)

        def forward(self, x: Tensor) -> Tensor:
            return x.sum() * self.weight.abs().double().mean()

    module = Holder()
    value = weight_in(capture_of(module))
    expected = module.weight.detach()
    assert_array_equal(value, (expected.float() if kind == "bfloat16" else expected).numpy())
