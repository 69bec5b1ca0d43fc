"""What the start page tells is what PyTorch computes: torch alone is the oracle."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from experiment.asking.answers import Answers
from experiment.running.runs import Runs
from models.build import build
from pages.parts.start import example
from viz.language import english
from viz.start.equation import Factor, equation, short
from viz.start.story import story_data
from viz.theme import INKS, LIGHT

LANES = ("value", "gradient")
NUMBER = re.compile(r"^−?\d+(\.\d{3})?$")


@pytest.fixture(scope="module")
def story() -> dict[str, Any]:
    return story_data(Answers(Runs(), example()), english)


@pytest.fixture(scope="module")
def oracle() -> dict[str, list[Tensor]]:
    """Values and gradients of every box, by plain torch; the input has no gradient."""
    setting = example()
    module: nn.Module = build(setting.network, setting.seed)
    layers = dict(module.named_modules())
    value = torch.arange(1.0, 5.0).reshape(1, 1, 2, 2).requires_grad_()
    values = [value]
    for name in ("conv1", "upsample", "conv2"):
        values.append(layers[name](values[-1]))
    values.append(layers["fc"](values[-1].flatten(1)))
    values.append(functional.mse_loss(values[-1], torch.zeros(1, 1)))
    return {
        "value": values,
        "gradient": list(torch.autograd.grad(values[-1], values[1:], retain_graph=True)),
    }


def written(value: float) -> str:
    """Three decimals, as by hand."""
    if value == int(value):
        return str(int(value)).replace("-", "−")
    return str(Decimal(value).quantize(Decimal("0.001"), ROUND_HALF_UP)).replace("-", "−")


def cells(story: dict[str, Any], lane: str, box: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = story["boxes"][box][lane]["cells"]
    return found


@pytest.mark.parametrize("lane", LANES)
def test_every_number_is_that_of_torch(
    story: dict[str, Any], oracle: dict[str, list[Tensor]], lane: str
) -> None:
    first = 0 if lane == "value" else 1
    for box, tensor in enumerate(oracle[lane], first):
        shown = [cell["text"] for cell in cells(story, lane, box)]
        assert shown == [written(value) for value in tensor.flatten().tolist()]


def test_the_input_has_no_gradient_and_says_so(story: dict[str, Any]) -> None:
    assert story["boxes"][0]["gradient"] is None
    assert story["boxes"][0]["none"] == "data stays as it is"


def test_the_steps_go_from_the_loss_to_the_first_layer(story: dict[str, Any]) -> None:
    assert [step["box"] for step in story["steps"]] == [5, 4, 3, 2, 1]
    leads = [step["lead"] for step in story["steps"]]
    assert leads[2] == "fc hands its gradient back to conv2"


def told(parts: list[dict[str, str]]) -> str:
    return " ".join(part["text"] for part in parts)


def test_each_step_tells_a_sum_whose_written_numbers_can_be_added(story: dict[str, Any]) -> None:
    said = [
        told(cells(story, "gradient", step["box"])[step["cell"]]["parts"])
        for step in story["steps"]
    ]
    assert said[0] == "1"
    assert said[1] == "1 × 0.888 = 0.888"
    assert said[2] == "0.888 × −0.478 = −0.424"
    assert said[4] == "0.116 + 0.185 + 0.012 + 0.017 = 0.330"
    for line in said[1:]:
        total, result = line.replace("−", "-").replace("×", "*").split("=")
        assert f"{eval(total):.3f}" == f"{float(result):.3f}"  # noqa: S307 - our own numbers


def jacobian(after: Tensor, before: Tensor) -> Tensor:
    """Return the derivative of every cell after by every cell before, as torch has it."""
    rows = [
        torch.autograd.grad(cell, before, retain_graph=True)[0].flatten()
        for cell in after.flatten()
    ]
    return torch.stack(rows)


@pytest.mark.parametrize("box", range(1, 6))
def test_a_number_is_linked_to_all_that_it_is_made_of_and_to_nothing_else(
    story: dict[str, Any], oracle: dict[str, list[Tensor]], box: int
) -> None:
    values = oracle["value"]
    made_of = jacobian(values[box], values[box - 1])
    for cell, row in zip(cells(story, "value", box), made_of, strict=True):
        assert {tuple(each) for each in cell["from"]} == linked("value", box - 1, row)
    handed_to = cells(story, "gradient", box - 1) if box > 1 else []
    for cell, column in zip(handed_to, made_of.T if handed_to else (), strict=True):
        assert {tuple(each) for each in cell["from"]} == linked("gradient", box, column)


def linked(lane: str, box: int, derivatives: Tensor) -> set[tuple[str, int, int]]:
    return {(lane, box, at) for at in derivatives.nonzero().flatten().tolist()}


def test_every_lane_has_one_scale(story: dict[str, Any]) -> None:
    assert cells(story, "value", 0)[3]["light"] == LIGHT.positive[-1]
    assert cells(story, "gradient", 5)[0]["light"] == LIGHT.positive[-1]
    every = [
        cell for box in story["boxes"] for lane in LANES if box[lane] for cell in box[lane]["cells"]
    ]
    assert {cell["light_ink"] for cell in every} <= set(INKS)
    assert all(NUMBER.match(cell["text"]) for cell in every)


def test_what_the_written_numbers_do_not_give_is_not_called_equal() -> None:
    third = ((Factor(1 / 3, "a"),), (Factor(1 / 3, ""),))
    assert told(equation(third, Factor(2 / 3, "b"), english)) == "0.333 + 0.333 ≈ 0.667"
    assert told(equation(third, Factor(0.666, "b"), english)) == "0.333 + 0.333 = 0.666"


def test_of_a_long_sum_the_rest_is_counted() -> None:
    summands = tuple((Factor(0.5, "w"), Factor(2.0, "x")) for _ in range(5))
    parts = equation(summands, Factor(5.0, "y"), english)
    assert told(parts) == "0.500 × 2 + 0.500 × 2 + … = 5"
    assert [part["caption"] for part in parts if part["text"] == "…"] == ["3 more"]
    assert [part["caption"] for part in parts if part["text"] == "0.500"] == ["w", ""]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (1.0, "1"), (-2.0, "−2"), (0.0004, "≈0"), (-0.0006, "−0.001"), (12.5, "12.500")],
)
def test_a_number_that_is_not_zero_never_reads_as_zero(value: float, text: str) -> None:
    assert short(value) == text
