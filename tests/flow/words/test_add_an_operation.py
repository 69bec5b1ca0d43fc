"""Adding an operation is one entry: what it says is used wherever that node is asked about."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import flow
from flow.ops import OPS, Operation
from flow.ops.common.closed import Backward, Gradients
from flow.ops.common.terms import everywhere
from flow.record import Rule
from flow.run import Run

ROOT = Path(__file__).parents[3]


class Halves(torch.autograd.Function):
    """Half of every other cell of a vector."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.length = len(x)
        return x[::2] / 2

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> Tensor:  # type: ignore[override]
        found = upstream.new_zeros(ctx.length)
        found[::2] = upstream / 2
        return found


class Halving(nn.Module):
    """The same as a layer."""

    def forward(self, x: Tensor) -> Tensor:
        return Halves.apply(x)  # type: ignore[no-any-return, no-untyped-call]


def spread(backward: Backward) -> Gradients:
    found = np.zeros(backward.wants(0) or ())
    found[::2] = backward.g / 2
    return (found,)


ENTRY = Operation(
    rule=Rule(r"\bar{x}_{2j} = \tfrac{1}{2}\,\bar{y}_j", "Every other cell gets half."),
    closed_form=spread,
    names=lambda _: everywhere("1/2 (halved)", 0.5),
    reads="sum",
    zero="This cell was left out.",
)


def halved(x: Tensor) -> Run:
    return flow.run(nn.Sequential(Halving()), x, upstream=torch.tensor([10.0, 100.0]))


def test_one_entry_gives_an_operation_words_names_a_proof_and_a_way_forward(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
    with halved(x) as run:
        before = run.explain("n0", (2,))
        assert (before.rule, before.names) == (None, ())
        assert run.check("n0")[0].passed is None
        assert run.forward("0").kind == "other"
    monkeypatch.setitem(OPS, "HalvesBackward", ENTRY)
    with halved(x) as run:
        found = run.explain("n0", (2,))
        assert found.rule is ENTRY.rule
        assert found.names == ("1/2 (halved)",)
        assert run.explain("n0", (1,)).note == "This cell was left out."
        assert run.check("n0")[0].passed is True
        assert run.forward("0").kind == "sum"


def test_a_wrong_entry_is_found_by_its_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.ones(4, requires_grad=True)
    wrong = Operation(ENTRY.rule, lambda backward: (np.repeat(backward.g, 2) / 2,))
    monkeypatch.setitem(OPS, "HalvesBackward", wrong)
    with halved(x) as run:
        assert run.check("n0")[0].passed is False


def test_every_operation_of_every_family_is_joined() -> None:
    for family in pkgutil.iter_modules(flow.ops.__path__, "flow.ops."):
        if not family.ispkg:
            own = importlib.import_module(family.name).OPS
            assert own.items() <= OPS.items(), family.name


@pytest.mark.parametrize(
    ("node", "family"), [("FlipBackward0", "rearranging"), ("SpecialEntrBackward0", "functions")]
)
def test_the_page_that_says_how_shows_the_entries_that_there_are(node: str, family: str) -> None:
    page = (ROOT / "docs/add-an-operation.md").read_text()
    source = (ROOT / f"flow/ops/{family}.py").read_text()
    shown = page[page.index(f'       "{node}"') :].split("\n\n")[0]
    lines = [line.strip() for line in shown.splitlines()]
    assert "\n".join(lines) in "\n".join(line.strip() for line in source.splitlines())


def test_the_page_that_says_how_names_the_fields() -> None:
    page = (ROOT / "docs/add-an-operation.md").read_text()
    for name in ("rule", "called", "closed_form", "names", "zero", "reads"):
        assert f"`{name}`" in page
        assert name in Operation.__dataclass_fields__
