"""What is said to differ between two runs differs, and what is said to be the same is the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiment.beside.difference import Side, difference
from experiment.beside.layers import layers_text
from experiment.beside.made import with_activation, with_cell, with_loss, without_layer
from experiment.setting import DEFAULT, Setting, of_preset, with_network
from models.sgd import Sgd
from tests.experiment.runs import execute
from viz.language import english

VANISHING = of_preset("vanishing")
LENET = of_preset("lenet")


def with_layer(setting: Setting, name: str, **update: object) -> Setting:
    network = setting.network
    layers = tuple(
        layer.model_copy(update=update) if layer.name == name else layer for layer in network.layers
    )
    return with_network(setting, network.model_copy(update={"layers": layers}), setting.shape)


def said(a: Setting, b: Setting) -> str:
    return difference(Side(a, execute(a)), Side(b, execute(b)), english)


def test_eight_layers_differ_and_the_weights_are_the_same_to_the_bit() -> None:
    b = with_activation(VANISHING, "Sigmoid", "ReLU")
    assert said(VANISHING, b) == (
        "Different: ReLU instead of Sigmoid in 8 layers. "
        "The same: input, weights, loss, target, seed."
    )
    one, other = (
        {each.name: each.value for each in execute(run).capture.parameters}
        for run in (VANISHING, b)
    )
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_another_seed_has_other_weights_all_of_them() -> None:
    a, b = DEFAULT, replace(DEFAULT, seed=3)
    count = execute(a).parameters
    assert said(a, b) == (
        f"Different: weights ({count} of {count}), seed. The same: layers, input, loss, target."
    )


def test_one_weight_and_one_cell_of_the_input_are_counted() -> None:
    assert said(DEFAULT, with_cell(DEFAULT, "fc.bias", 0, 2.0)).startswith(
        "Different: weights (1 of 17). The same: layers, input,"
    )
    assert said(DEFAULT, with_cell(DEFAULT, "input", 1, -3.0)).startswith(
        "Different: input (1 of 8). The same: layers, weights,"
    )


def test_a_change_to_what_was_there_already_changes_nothing() -> None:
    again = with_cell(DEFAULT, "input", 1, 2.0)  # the input is 1, 2, 3, ...
    assert said(DEFAULT, again) == "Nothing differs: both are the same run."


def test_without_a_layer_that_has_weights_those_of_the_layers_behind_it_are_drawn_anew() -> None:
    b = without_layer(VANISHING, "fc1")
    sentence = said(VANISHING, b)
    assert sentence.startswith("Different: fc1 only in A, weights that both have (")
    assert sentence.endswith("The same: input, loss, target, seed.")


@pytest.mark.parametrize(
    ("b", "words"),
    [
        (without_layer(LENET, "relu1"), "relu1 only in A"),
        (LENET, ""),
        (with_activation(LENET, "ReLU", "Tanh"), "Tanh instead of ReLU in 3 layers"),
        (with_layer(LENET, "relu1", kind="Tanh"), "Tanh instead of ReLU in relu1"),
        (
            with_layer(LENET, "pool1", kind="AvgPool2d"),
            "Average pooling instead of Max pooling in pool1",
        ),
        (with_layer(LENET, "conv1", frozen=True), "other settings or inputs of conv1"),
        (with_layer(LENET, "pool1", inputs=("conv1",)), "other settings or inputs of pool1"),
        (
            with_layer(without_layer(LENET, "relu2"), "relu1", kind="Tanh"),
            "relu2 only in A, Tanh instead of ReLU in relu1",
        ),
    ],
)
def test_what_was_exchanged_is_named(b: Setting, words: str) -> None:
    assert layers_text(LENET, b, english) == words


def test_what_only_b_has_is_named_too() -> None:
    assert layers_text(without_layer(LENET, "relu1"), LENET, english) == "relu1 only in B"


@pytest.mark.parametrize(
    ("b", "words"),
    [
        (with_loss(LENET, "mse"), "loss, target"),
        (replace(LENET, training=False), "training mode"),
        (replace(LENET, input_gradient=True), "gradient at the input"),
    ],
)
def test_what_is_set_otherwise_is_named(b: Setting, words: str) -> None:
    assert said(LENET, b).startswith(f"Different: {words}. The same: layers, input, weights")


def test_a_step_of_sgd_moves_weights() -> None:
    sentence = said(DEFAULT, replace(DEFAULT, sgd=Sgd(0.1, 1)))
    assert sentence.startswith("Different: weights (")
    assert "steps of SGD. The same: layers, input, loss, target, seed." in sentence
