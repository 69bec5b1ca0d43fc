"""Losses are torch's, with the target that was asked for."""

from __future__ import annotations

import math
import pickle

import pytest
import torch
from torch import nn

from models.losses import LOSSES, TARGETS, TargetError, cell_loss

OUTPUT = torch.tensor([[1.0, -2.0], [0.5, 3.0]])


@pytest.mark.parametrize(
    ("loss", "target", "expected"),
    [
        ("mse", "zeros", (1 + 4 + 0.25 + 9) / 4),
        ("mse", "ones", (0 + 9 + 0.25 + 4) / 4),
        ("l1", "zeros", (1 + 2 + 0.5 + 3) / 4),
        ("mse", "xor", (1 + 9 + 0.25 + 9) / 4),
        ("huber", "zeros", (0.5 + 1.5 + 0.125 + 2.5) / 4),
        ("nll", "class_1", (2 - 3) / 2),
        ("bce_with_logits", "ones", sum(math.log(1 + math.exp(-x)) for x in (1, -2, 0.5, 3)) / 4),
        ("cell", "first_cell", 1.0),
        ("cell", "middle_cell", 0.5),
        ("cell", "last_cell", 3.0),
        ("vector", "counting", 1 - 4 + 1.5 + 12),
        ("vector", "large_small", 100 - 0.2 + 50 + 0.3),
        ("sum", "", 2.5),
        ("mean", "", 0.625),
        (
            "cross_entropy",
            "class_0",
            (math.log(1 + math.exp(-3)) + math.log(1 + math.exp(2.5))) / 2,
        ),
    ],
)
def test_losses_have_their_closed_form_value(loss: str, target: str, expected: float) -> None:
    value = LOSSES[loss].make((2, 2), target)(OUTPUT)
    assert value.shape == ()
    assert value.item() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_is_bitwise_the_module_it_is_named_after(loss: str) -> None:
    kind = LOSSES[loss]
    target = kind.choices((2, 2))[0] if kind.targets else ""
    made = kind.make((2, 2), target)
    assert made.__name__ == kind.name
    if kind.targets and hasattr(nn, kind.name):
        values = torch.zeros(2, dtype=torch.long) if target == "class_0" else torch.zeros(2, 2)
        assert torch.equal(made(OUTPUT), getattr(nn, kind.name)()(OUTPUT, values))
    again = pickle.loads(pickle.dumps(made))  # noqa: S301 - our own bytes
    assert torch.equal(again(OUTPUT), made(OUTPUT))


def test_the_target_follows_the_output_to_its_device() -> None:
    assert LOSSES["mse"].make((2, 2), "zeros")(OUTPUT.to("meta")).device.type == "meta"


def test_cross_entropy_takes_one_class_for_every_sample_and_cell() -> None:
    maps = torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    value = LOSSES["cross_entropy"].make((2, 3, 4, 4), "class_2")(maps)
    expected = -torch.log_softmax(maps, dim=1)[:, 2].mean()
    assert torch.allclose(value, expected)


def test_a_select_box_offers_only_classes_that_the_output_has() -> None:
    assert LOSSES["cross_entropy"].choices((1, 3)) == ("class_0", "class_1", "class_2")
    assert len(LOSSES["cross_entropy"].choices((1, 1000))) == 10
    assert LOSSES["mse"].choices((1, 3)) == ("zeros", "ones", "xor")
    assert LOSSES["sum"].choices((1, 3)) == ()
    assert {name for kind in LOSSES.values() for name in kind.targets} == set(TARGETS)


@pytest.mark.parametrize("target", ["ones", "counting", "large_small"])
def test_a_given_vector_is_bitwise_the_first_upstream_gradient(target: str) -> None:
    output = OUTPUT.clone().requires_grad_()
    LOSSES["vector"].make((2, 2), target)(output).backward()
    vector = LOSSES["vector"].target((2, 2), target)
    assert output.grad is not None
    assert torch.equal(output.grad, vector)
    assert vector.flatten()[:2].tolist() == pytest.approx(
        {"ones": [1, 1], "counting": [1, 2], "large_small": [100, 0.1]}[target]
    )


def test_one_chosen_cell_gets_the_whole_gradient() -> None:
    output = OUTPUT.clone().requires_grad_()
    cell_loss((2, 2), (0, 1))(output).backward()
    assert output.grad is not None
    assert output.grad.tolist() == [[0, 1], [0, 0]]
    for outside in ((2, 0), (-1, 0), (0,), (0, 0, 0)):
        with pytest.raises(TargetError, match="the cell must lie in the output 2x2"):
            cell_loss((2, 2), outside)


def test_xor_is_what_two_bits_differ_in() -> None:
    expected = [a ^ b for a in (0, 1) for b in (0, 1)]
    assert LOSSES["mse"].target((4, 1), "xor").flatten().tolist() == expected


@pytest.mark.parametrize(
    ("loss", "shape", "target", "message"),
    [
        (
            "cross_entropy",
            (1, 3),
            "class_3",
            "CrossEntropyLoss with 3 classes has no target class_3. "
            "Choose one of class_0, class_1, class_2.",
        ),
        (
            "cross_entropy",
            (4,),
            "class_0",
            "CrossEntropyLoss needs an output of batch x classes, but it is 4. "
            "Choose another loss, or end the model with Linear.",
        ),
        (
            "mse",
            (1, 3),
            "class_0",
            "MSELoss has no target class_0. Choose one of zeros, ones, xor.",
        ),
        ("mse", (1, 3), "nines", "MSELoss has no target 'nines'. Choose one of zeros, ones, xor."),
        (
            "mse",
            (5000, 1000),
            "zeros",
            "an output to compare has at most 4,000,000 cells. It is 5000x1000.",
        ),
    ],
)
def test_a_target_that_does_not_belong_is_refused(
    loss: str, shape: tuple[int, ...], target: str, message: str
) -> None:
    with pytest.raises(TargetError) as caught:
        LOSSES[loss].make(shape, target)
    assert str(caught.value) == message
