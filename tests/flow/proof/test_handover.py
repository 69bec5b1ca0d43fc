"""What a node hands on is what the node behind received, part by part."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import flow
from flow.errors import ExplainError
from flow.run import Run


class Forked(nn.Module):
    """``a`` is read by two layers, whose results are added."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c = nn.Linear(3, 3), nn.Linear(3, 3), nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        y = self.a(x)
        return self.b(y) + self.c(y)


def forked() -> Run:
    torch.manual_seed(0)
    return flow.run(Forked(), torch.randn(4, 3), loss=lambda y: y.square().mean())


def node_of(run: Run, layer: str) -> str:
    return next(
        node for node in run.capture.layer(layer).nodes if "Addmm" in run.capture.node(node).name
    )


def test_in_a_chain_one_part_is_the_whole_to_the_last_bit() -> None:
    model = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 1))
    with flow.run(model, torch.randn(2, 3), loss=torch.mean) as run:
        for node in run.capture.nodes:
            for which, part in enumerate(node.downstream):
                if part is None:
                    continue
                found = run.handover(node.id, which)
                assert found.target == node.targets[which]
                assert found.givers == (node.id,)
                assert (found.difference, found.tolerance) == (0.0, 0.0)
                assert found.passed


def test_where_two_layers_read_one_tensor_their_parts_add_up() -> None:
    with forked() as run:
        b, c = node_of(run, "b"), node_of(run, "c")
        found = run.handover(b, 1)
        assert found.target == node_of(run, "a")
        assert set(found.givers) == {b, c}
        assert found == run.handover(c, 1) or found.givers == run.handover(c, 1).givers
        upstream = run.capture.node(found.target).upstream[0]
        parts = [run.capture.node(each).downstream[1] for each in (b, c)]
        assert upstream is not None
        assert parts[0] is not None
        assert parts[1] is not None
        assert np.allclose(parts[0] + parts[1], upstream)
        assert found.difference <= found.tolerance < 1e-5
        assert found.passed


def test_parts_in_half_precision_are_added_in_half_precision() -> None:
    torch.manual_seed(0)
    model, x = Forked().bfloat16(), torch.randn(4, 3).bfloat16()
    with flow.run(model, x, loss=lambda y: y.square().mean()) as run:
        assert run.handover(node_of(run, "b"), 1).passed


def test_a_target_that_received_something_else_is_found_out() -> None:
    with forked() as run:
        node = run.capture.node(node_of(run, "b"))
        target = run.capture.node(run.handover(node.id, 1).target)
        upstream = target.upstream[0]
        assert upstream is not None
        wrong = upstream.copy()
        wrong[0, 0] += 0.5
        object.__setattr__(target, "upstream", (wrong,))
        found = run.handover(node.id, 1)
        assert found.difference == pytest.approx(0.5, abs=1e-6)
        assert not found.passed


def test_a_gradient_that_goes_nowhere_is_refused() -> None:
    with forked() as run:
        with pytest.raises(ExplainError, match="no gradient flows here"):
            run.handover(node_of(run, "a"), 1)
        with pytest.raises(ExplainError, match="counted from 0"):
            run.handover(node_of(run, "a"), 9)
