"""On a GPU the same numbers, and nothing left behind."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import flow
from tests.flow.arrays import every_array
from tests.flow.networks import CASES, squared_mean

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")


@pytest.fixture(autouse=True)
def _full_precision() -> None:
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False


@pytest.mark.parametrize("name", [name for name in CASES if name not in ("recurrent",)])
def test_a_gpu_gives_the_numbers_of_the_cpu(name: str) -> None:
    case = CASES[name]
    here = flow.run(case.build(), case.input(), loss=squared_mean).capture
    there = flow.run(case.build(), case.input(), loss=squared_mean, device="cuda").capture
    assert there.device == "cuda"
    assert [record.name for record in there.parameters] == [r.name for r in here.parameters]
    for mine, theirs in zip(there.parameters, here.parameters, strict=True):
        np.testing.assert_allclose(mine.gradient, theirs.gradient, rtol=1e-3, atol=1e-5)  # type: ignore[arg-type]
    assert [node.name for node in there.nodes if node.is_leaf] == [
        node.name for node in here.nodes if node.is_leaf
    ]


def test_a_gpu_run_leaves_a_module_that_lives_there_as_it_was() -> None:
    case = CASES["cnn"]
    module = case.build().cuda()
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    state = torch.cuda.get_rng_state()
    capture = flow.run(module, case.input(), loss=squared_mean, device="cuda").capture
    assert all(isinstance(array, np.ndarray) for array in every_array(capture))
    assert not any("_call_impl" in child.__dict__ for child in module.modules())
    assert all(not child._forward_hooks for child in module.modules())
    assert all(torch.equal(tensor, before[name]) for name, tensor in module.state_dict().items())
    assert torch.equal(torch.cuda.get_rng_state(), state)


def test_a_cell_is_explained_on_a_gpu() -> None:
    case = CASES["upsampled"]
    with flow.run(case.build(), case.input(), loss=squared_mean, device="cuda") as run:
        (node,) = [n for n in run.capture.nodes if n.name == "UpsampleNearest2DBackward0"]
        explanation = run.explain(node.id, (0, 0, 1, 1))
    assert explanation.coefficients.tolist() == [1.0] * 4
    assert explanation.difference < 1e-6
