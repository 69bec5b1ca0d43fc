"""Layers that are cut off: their boxes say so, and the sentence begins with them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor, nn

import flow
from viz.strip.strip import STRIP_TEXT, Strip


@pytest.fixture(autouse=True)
def seed() -> None:
    """Let weights be those of one seed: of some, a gradient may vanish."""
    torch.manual_seed(0)


class Detach(nn.Module):
    """A layer that detaches."""

    def forward(self, x: Tensor) -> Tensor:
        return x.detach()


class Cut(nn.Module):
    """Two layers behind which the graph may be cut, and one more."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how
        self.one, self.act, self.two = nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 2)
        self.detach, self.flat, self.last = Detach(), nn.Flatten(), nn.Linear(2, 1)

    def forward(self, x: Tensor) -> Tensor:
        with torch.set_grad_enabled(self.how != "no_grad"):
            found = self.two(self.act(self.one(x)))
        if self.how == "layer":
            found = self.detach(found)
        if self.how == "model":
            found = found.detach()
        if self.how == "unused":
            found = x
        if self.how == "both ways":
            found = found + self.detach(found)
        return self.last(self.flat(found))  # type: ignore[no-any-return]


def strip(model: nn.Module, *, asks: bool = False) -> Strip:
    inputs = torch.ones(1, 2, requires_grad=asks)
    with flow.run(model, inputs, loss=torch.sum) as run:
        return Strip(run.capture, STRIP_TEXT)


def said(found: Strip) -> str:
    return "".join(each["text"] for each in found.verdict)


def states(found: Strip, names: Sequence[str]) -> list[str]:
    return [stop.state for name in names for stop in found.way if stop.name == name]


@pytest.mark.parametrize(
    ("how", "state", "why", "first"),
    [
        ("layer", "cut", "detached in detach,", "What comes of them is detached in detach, and"),
        ("model", "cut", "the model's own forward,", "is detached in the model's own forward,"),
        ("unused", "nothing", "no way of the graph", "No way of the graph leads from them"),
        ("no_grad", "nothing", "no way of the graph", "No way of the graph leads from them"),
    ],
)
def test_layers_that_are_cut_off_say_so_and_the_sentence_begins_with_them(
    how: str, state: str, why: str, first: str
) -> None:
    model = Cut(how)
    assert all(each.requires_grad for each in model.parameters())
    found = strip(model)
    assert states(found, ("one", "two")) == [state, state]
    boxes = {box["name"]: box for box in found.words()["boxes"]}
    assert why in boxes["one"]["why"]
    # What comes after the cut asks for nothing, and neither does the input.
    assert states(found, ("input", "flat")) == ["not asked", "not asked"]
    assert boxes["flat"]["why"] == ""
    assert found.verdict[0] == {
        "text": "No gradient reaches the parameters of 2 layers: one, two.",
        "strong": True,
    }
    assert first in said(found)
    assert "Where it arrives, nothing vanishes." in said(found)
    assert "Nothing vanishes here" not in said(found)


def test_an_input_that_asks_is_cut_off_as_the_layers_are() -> None:
    found = strip(Cut("layer"), asks=True)
    assert states(found, ("input", "one", "act", "two")) == ["cut"] * 4


def test_where_another_way_leads_to_the_loss_nothing_is_cut_off() -> None:
    found = strip(Cut("both ways"))
    assert states(found, ("one", "act", "two")) == ["number"] * 3
    assert said(found).startswith("Nothing vanishes here.")


def test_frozen_layers_ask_for_nothing() -> None:
    model = Cut("layer")
    for each in (model.one, model.two):
        each.requires_grad_(False)
    found = strip(model)
    assert states(found, ("one", "two")) == ["not asked", "not asked"]
    assert said(found).startswith("Nothing vanishes here.")


def test_a_single_parameter_that_is_not_used_is_told_by_its_own_name() -> None:
    class Bare(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.last, self.spare = nn.Linear(2, 1), nn.Parameter(torch.ones(1))

        def forward(self, x: Tensor) -> Tensor:
            return self.last(x)  # type: ignore[no-any-return]

    assert said(strip(Bare())).startswith("No gradient reaches spare. No way of the graph leads")


def test_of_many_layers_three_are_named_and_the_rest_is_counted() -> None:
    model = nn.Sequential(*(nn.Linear(2, 2) for _ in range(5)), Detach(), nn.Linear(2, 1))
    assert said(strip(model)).startswith(
        "No gradient reaches the parameters of 5 layers: 0, 1, 2 and 2 more."
    )
