"""Losses are torch's, with the target that was asked for."""

from __future__ import annotations

import math
import pickle

import pytest
import torch
from torch import nn

from models.inputs import INPUTS
from models.losses import LOSSES, TargetError
from models.targets import TARGETS, cell_name, chosen_cell

OUTPUT = torch.tensor([[1.0, -2.0], [0.5, 3.0]])


@pytest.mark.parametrize(
    ("loss", "target", "expected"),
    [
        ("mse", "zeros", (1 + 4 + 0.25 + 9) / 4),
        ("mse", "ones", (0 + 9 + 0.25 + 4) / 4),
        ("l1", "zeros", (1 + 2 + 0.5 + 3) / 4),
        ("mse", "xor", (1 + 9 + 0.25 + 9) / 4),
        ("mse", "counting", (0 + 16 + 6.25 + 1) / 4),
        ("mse", "checkerboard", (0 + 4 + 0.25 + 4) / 4),
        ("mse", "ramp", (1 + 9 + 0.25 + 4) / 4),
        ("mse", "impulse", (1 + 4 + 0.25 + 4) / 4),
        ("nll", "class_by_sample", (-1 - 3) / 2),
        ("cell", "cell_1_0", 0.5),
        ("vector", "ramp", -2 + 3),
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
    three = ("class_0", "class_1", "class_2", "class_by_sample")
    assert LOSSES["cross_entropy"].choices((1, 3)) == three
    assert LOSSES["cross_entropy"].choices((2, 3), labels=(2, 0)) == (*three, "own_label")
    assert LOSSES["cross_entropy"].choices((2, 3), labels=(3, 0)) == three, "there is no class 3"
    assert LOSSES["cross_entropy"].choices((2, 3), labels=(2,)) == three, "one for two samples"
    assert LOSSES["cross_entropy"].choices((2, 1)) == ("class_0",)
    assert LOSSES["cross_entropy"].choices((1, 5000))[-2:] == ("class_999", "class_by_sample")
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
    LOSSES["cell"].make((2, 2), "cell_0_1")(output).backward()
    assert output.grad is not None
    assert output.grad.tolist() == [[0, 1], [0, 0]]
    for outside in ((2, 0), (0,), (0, 0, 0)):
        assert chosen_cell(cell_name(outside)) == outside
        with pytest.raises(TargetError, match="the cell must lie in the output 2x2, counted from"):
            LOSSES["cell"].make((2, 2), cell_name(outside))
    assert all(chosen_cell(text) is None for text in ("cell", "cell_", "cell_-1_0", "cell_1_"))


@pytest.mark.parametrize("name", ["random", "checkerboard", "ramp", "impulse"])
@pytest.mark.parametrize("shape", [(), (5,), (2, 3), (2, 3, 4, 5), (1, 2, 1, 2, 3, 4)])
def test_a_target_likewise_is_what_an_input_of_that_shape_would_be(
    name: str, shape: tuple[int, ...]
) -> None:
    target = LOSSES["mse"].target(shape, name, seed=7)
    assert tuple(target.shape) == shape
    if 1 <= len(shape) <= 5:
        fill = INPUTS[name].fill
        assert fill is not None
        assert torch.equal(target, fill(shape, 7 + 2**31))


def test_a_random_target_is_the_seeds_and_no_other_generators() -> None:
    before = torch.get_rng_state()
    one, again, other = (LOSSES["mse"].target((3, 4), "random", seed) for seed in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    assert not torch.equal(one, INPUTS["random"].make((3, 4), 1)), "not the input over again"
    assert torch.equal(torch.get_rng_state(), before)


def test_every_sample_can_have_a_class_of_its_own() -> None:
    kind = LOSSES["cross_entropy"]
    assert kind.target((5, 3), "class_by_sample").tolist() == [0, 1, 2, 0, 1]
    assert kind.target((3, 7), "own_label", labels=(6, 0, 6)).tolist() == [6, 0, 6]
    maps = kind.target((2, 3, 1, 2), "class_by_sample")
    assert maps.tolist() == [[[0, 0]], [[1, 1]]]
    with pytest.raises(TargetError, match="has no target own_label"):
        kind.target((3, 7), "own_label")


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
            "Choose one of class_0, class_1, class_2, class_by_sample.",
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
            "MSELoss has no target class_0. Choose one of zeros, ones, xor, checkerboard, ramp, "
            "impulse, counting, random.",
        ),
        (
            "nll",
            (1, 30),
            "nines",
            "NLLLoss with 30 classes has no target 'nines'. "
            "Choose one of class_0 to class_29, class_by_sample.",
        ),
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
