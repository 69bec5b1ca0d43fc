"""The first layer that cannot work is found, in words, with all shapes before it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.budget import estimate
from models.draft import INPUT_KEY, Draft, changes
from models.draft.diagnosis import diagnose
from models.presets import PRESETS
from tests.models.draft.drafts import EMPTY, key_of, preset


@pytest.mark.parametrize("key", PRESETS)
def test_a_network_that_works_has_the_costs_of_the_budget(key: str) -> None:
    draft, found = preset(key), diagnose(preset(key))
    assert found.problem is None
    assert found.budget == estimate(PRESETS[key].spec, draft.input_shape)
    assert [found.costs[each].name for each in draft.keys] == [each.name for each in draft.layers]


def test_shapes_are_known_up_to_the_first_layer_that_cannot_work() -> None:
    draft = changes.set_field(preset(), 3, "in_channels", 3)
    found = diagnose(draft)
    shapes = [found.shape(draft, key) for key in (INPUT_KEY, *draft.keys)]
    assert shapes == [(2, 1, 2, 2), (2, 1, 2, 2), (2, 1, 4, 4), (), (), ()]
    assert found.spec is None


def test_what_was_reached_is_a_network_even_where_the_weights_are_too_many() -> None:
    draft = changes.set_field(preset("mlp"), 5, "out_features", 10**6)
    found = diagnose(draft)
    assert found.problem is not None
    assert found.problem.too_large
    assert found.reached is not None
    assert [layer.name for layer in found.reached.layers] == [
        layer.name for layer in draft.layers[:4]
    ]
    before = estimate(found.reached, draft.input_shape)
    assert tuple(found.costs[layer.key] for layer in draft.layers[:4]) == before.layers
    assert found.costs[5].output_shape == ()
    assert found.costs[5].parameters == 17 * 10**6
    first = diagnose(changes.set_field(preset("mlp"), 1, "out_features", 10**6))
    assert (first.reached, first.costs[1].output_shape) == (None, ())


TEST = preset()
WRONG = [
    (
        changes.set_field(TEST, 3, "in_channels", 3),
        "conv2",
        "conv2: in_channels is 3, but its input 2x1x4x4 has 1 channel. Set in_channels=1.",
    ),
    (
        changes.rename(TEST, 4, "conv2"),
        "conv2",
        "conv2: two layers have this name. Rename one.",
    ),
    (
        changes.rewire(TEST, 2, (3,)),
        "upsample",
        "upsample: it reads 'conv2', which is no layer above it. Choose input or a layer above.",
    ),
    (
        changes.rewire(TEST, 2, ()),
        "upsample",
        "upsample: it reads 1 inputs, but 0 came.",
    ),
    (
        changes.set_field(TEST, 3, "stride", 0),
        "conv2",
        "conv2: stride must be a whole number or two (height, width) from 1 to 64. It is 0.",
    ),
    (
        changes.set_field(changes.set_field(TEST, 5, "in_features", 9), 3, "kernel_size", 9),
        "conv2",
        "conv2: a 9x9 kernel does not fit its 4x4 input. Use padding=3 or a smaller kernel.",
    ),
]


@pytest.mark.parametrize(("draft", "name", "sentence"), WRONG)
def test_the_first_problem_is_said_with_its_layer(draft: Draft, name: str, sentence: str) -> None:
    problem = diagnose(draft).problem
    assert problem is not None
    assert draft.name_of(problem.key) == name
    assert problem.sentence == sentence


def test_the_first_of_two_layers_that_overwrite_something_needed_is_marked() -> None:
    draft = preset()
    for after in (1, INPUT_KEY):
        draft = changes.add(draft, "ReLU", after)
        draft = changes.set_field(draft, max(draft.keys), "inplace", True)
    draft = changes.rewire(draft, key_of(draft, "fc"), (1,))
    problem = diagnose(draft).problem
    assert problem is not None
    assert draft.place(problem.key) == 0


def test_what_fails_only_in_training_works_in_evaluation() -> None:
    draft = replace(changes.add(EMPTY, "BatchNorm2d"), input_shape=(1, 1, 1, 1))
    problem = diagnose(draft).problem
    assert problem is not None
    assert problem.sentence.startswith("batchnorm1: ")
    assert diagnose(draft, training=False).problem is None


def test_a_network_without_layers_asks_for_one() -> None:
    problem = diagnose(EMPTY).problem
    assert problem is not None
    assert problem.key == INPUT_KEY
    assert problem.sentence == "a model has at least one layer. Add the first one."


def test_a_name_that_no_class_can_have_is_said() -> None:
    problem = diagnose(replace(preset(), name="list")).problem
    assert problem is not None
    assert problem.key == INPUT_KEY
    assert problem.sentence == "a model's name 'list' is taken by Python or torch. Choose another."


def test_an_input_that_cannot_be_is_said_before_any_layer_is_made() -> None:
    problem = diagnose(replace(preset(), input_shape=(10**6, 10**6))).problem
    assert problem is not None
    assert problem.key == INPUT_KEY
    assert problem.sentence.startswith("an input has at most 4,000,000 cells.")


def test_over_budget_names_the_layer_that_costs_most_and_keeps_every_layer() -> None:
    draft = changes.set_field(preset(), 5, "out_features", 10**6)
    draft = changes.add(draft, "Linear", 5)
    for field in ("in_features", "out_features"):
        draft = changes.set_field(draft, 6, field, 10**6)
    found = diagnose(draft)
    assert found.problem is not None
    assert found.problem.too_large
    assert draft.name_of(found.problem.key) == "linear1"
    assert found.problem.sentence.startswith("linear1: the model needs 3.6 TiB for parameters")
    assert found.spec is None
    assert set(found.costs) == set(draft.keys)


def test_one_layer_too_many_is_said() -> None:
    draft = preset()
    for _ in range(252):
        draft = changes.add(draft, "Identity", 1)
    problem = diagnose(draft).problem
    assert problem is not None
    assert problem.sentence == "a model has 1 to 256 layers, but 257 came."
