"""The lesson on hooks: what is caught, changed, replaced and removed, against a pencil."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from flow.hooking.records import Kind
from flow.record import INPUT
from lessons.asking.exercise import Array, Exercise
from lessons.asking.grading import grade
from lessons.catalogue import LESSONS
from lessons.choosing.study import Study
from lessons.hooks import asked, changing, handing_on, network
from lessons.hooks.doing import ACTIONS, FORWARD, KINDS, ON_WEIGHTS, Both, Caught
from lessons.hooks.predicted import factors, ordering, passing, removing
from lessons.running.recipe import exercise, ran
from lessons.running.trial import SettingError
from tests.experiment.runs import execute
from viz.language import english

LESSON = LESSONS["hooks"]
STUDY = LESSON.beginning
SEEDS = range(24)
GRADIENT_KINDS: tuple[Kind, ...] = ("full backward", "full backward pre", "tensor")


def mistakes(found: Exercise) -> dict[str, list[Any]]:
    return {each.key: each.cells.tolist() for each in found.possible}


def by_hand(seed: int) -> tuple[dict[str, Array], dict[str, Array]]:
    """Values and gradients of the maps and weights, by numpy alone."""
    drawn = network.numbers(seed)
    x = drawn.value[0, 0].astype(float)
    w1, w2, w3 = (drawn.kernels[name][0, 0].astype(float) for name in network.KERNELS)
    first = sum(w1[i, j] * x[i : i + 2, j : j + 2] for i, j in np.ndindex(2, 2))
    passed = np.maximum(first, 0)
    second = w2 * passed
    values = {"conv1": first, "relu": passed, "conv2": second, "head": np.sum(w3 * second)}
    at_relu = w2 * w3
    at_conv1 = at_relu * (first > 0)
    at_x = np.zeros((3, 3))
    for i, j in np.ndindex(2, 2):
        at_x[i : i + 2, j : j + 2] += at_conv1[i, j] * w1
    weight = [np.sum(at_conv1 * x[i : i + 2, j : j + 2]) for i, j in np.ndindex(2, 2)]
    gradients = {
        INPUT: at_x,
        "conv1": at_conv1,
        "relu": at_relu,
        "conv2": w3,
        "head": np.ones((1, 1)),
        "conv1.weight": np.reshape(weight, (2, 2)),
        "conv2.weight": np.array([[np.sum(w3 * passed)]]),
        "head.weight": second,
    }
    return values, gradients


def gradients_of(both: Both, *, hooked: bool = True) -> dict[str, Array]:
    run = both.hooked if hooked else both.plain
    found = {**run.gradients, **run.parameters}
    return {name: each[0, 0] for name, each in found.items() if each is not None}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_small_network_is_that_of_a_pencil_and_its_relu_stops_a_part(seed: int) -> None:
    values, gradients = by_hand(seed)
    both = ran(Caught(seed, action="nothing"))
    for name, cells in values.items():
        assert both.plain.values[name].reshape(-1).tolist() == np.ravel(cells).tolist()
    for name, cells in gradients.items():
        assert np.array_equal(gradients_of(both, hooked=False)[name], cells), name
    assert 2 <= (values["conv1"] > 0).sum() <= 3


@pytest.mark.parametrize("seed", range(4))
def test_the_playground_opens_the_same_gradients(seed: int) -> None:
    capture = execute(network.in_playground(seed).setting).capture
    _values, gradients = by_hand(seed)
    weights = {each.name: each.gradient for each in capture.parameters}
    for name in network.WEIGHTS:
        found = weights[name]
        assert found is not None
        assert np.array_equal(found[0, 0], gradients[name])


def earlier(layer: str, kind: Kind) -> set[str]:
    """What a hook on a gradient may change, by what it acts on."""
    if kind in ON_WEIGHTS:
        return {f"{layer}.weight"}
    at = network.PLACES.index(layer)
    before = set(network.PLACES[:at]) | {f"{name}.weight" for name in network.PLACES[:at]}
    return before if kind == "full backward" else before | {layer, f"{layer}.weight"}


CORNERS = [
    (layer, kind, action)
    for layer, kind, action in product(network.LAYERS, KINDS, ACTIONS)
    if layer in network.KERNELS or kind not in ON_WEIGHTS
]


@pytest.mark.parametrize(("layer", "kind", "action"), CORNERS)
def test_only_what_the_lesson_says_can_change_in_every_corner(
    layer: str, kind: Kind, action: str
) -> None:
    for seed in range(3):
        both = ran(Caught(seed, layer, kind, action))
        plain, hooked = gradients_of(both, hooked=False), gradients_of(both)
        changed = {name for name in plain if not np.array_equal(plain[name], hooked[name])}
        values = {
            name
            for name in network.LAYERS
            if not np.array_equal(both.plain.values[name], both.hooked.values[name])
        }
        if kind in FORWARD:
            assert values <= set(network.LAYERS[network.LAYERS.index(layer) :])
        else:
            assert values == set()
            assert changed <= earlier(layer, kind)
        if action in ("print", "keep", "nothing"):
            assert changed == values == set()
        if action == "times" and kind in GRADIENT_KINDS:
            weights = {name for name in earlier(layer, kind) if name in plain}
            assert changed == weights, "each of them is doubled"
            assert all(np.array_equal(hooked[name], 2 * plain[name]) for name in weights)


@pytest.mark.parametrize("kind", ON_WEIGHTS)
def test_a_weight_hook_on_a_layer_without_a_weight_is_refused_in_words(kind: Kind) -> None:
    with pytest.raises(SettingError) as error:
        Caught(0, "relu", kind).run()
    assert str(error.value) == (
        "Layer: a hook on a weight needs a layer with a parameter named weight; relu has none of "
        "that name. Choose one of conv1, conv2, head, or another kind of hook."
    )


def test_the_maps_are_the_differences_and_the_sentence_counts_them() -> None:
    study = STUDY.changed(kind="full backward", layer="conv2", action="times")
    _values, gradients = by_hand(0)
    shown = changing.changed_gradients(study)
    for name in (INPUT, "conv1", "relu"):
        assert np.array_equal(shown.array(name)[0, 0], gradients[name])
    assert not shown.array("conv2").any()
    assert not shown.array("head").any()
    assert np.array_equal(shown.array("conv1.weight")[0, 0], gradients["conv1.weight"])
    assert not shown.array("conv2.weight").any()
    assert dict(changing.of_change(study)) == {
        "gradients": "4",
        "all": "8",
        "values": "0",
        "maps": "4",
    }


def test_a_forward_hook_replaces_its_own_output_and_a_pre_hook_what_goes_in() -> None:
    values, _gradients = by_hand(0)
    after = changing.changed_values(STUDY.changed(layer="conv2", before="forward"))
    assert not after.array("value relu").any()
    assert np.array_equal(after.array("value conv2")[0, 0], values["conv2"])
    before = changing.changed_values(STUDY.changed(layer="relu", before="forward pre"))
    assert not before.array("value conv1").any(), "its output is not replaced where it was made"
    assert np.array_equal(before.array("value relu")[0, 0], values["relu"])


# Order


def plain_order(kinds: list[Kind]) -> list[str]:
    """Register hooks of these kinds on conv2 by hand, and return which was called when."""
    module, log = network.build(0), []
    weight = module.conv2.weight

    def on_output(_module: nn.Module, _args: object, output: torch.Tensor) -> None:
        output.register_hook(lambda _grad: log.append("tensor"))

    registers = {
        "full backward": lambda: module.conv2.register_full_backward_hook(
            lambda *_: log.append("full backward")
        ),
        "full backward pre": lambda: module.conv2.register_full_backward_pre_hook(
            lambda *_: log.append("full backward pre")
        ),
        "tensor": lambda: module.conv2.register_forward_hook(on_output),
        "parameter": lambda: weight.register_hook(lambda _grad: log.append("parameter")),
        "post accumulate grad": lambda: weight.register_post_accumulate_grad_hook(
            lambda _grad: log.append("post accumulate grad")
        ),
    }
    for kind in kinds:
        registers[kind]()
    module(network.value(0)).sum().backward()
    return log


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_is_that_of_plain_pytorch_and_never_the_one_given(seed: int) -> None:
    recipe = ordering.Ordered(seed)
    found = exercise(recipe, "order")
    called = [recipe.registered[int(place)] for place in found.truth]
    assert called == plain_order(recipe.registered)
    assert called != recipe.registered
    assert grade(found, tuple(str(int(at)) for at in found.truth)).solved


def test_the_order_hints_what_each_wrong_one_confused() -> None:
    found = exercise(ordering.Ordered(1), "order")
    assert set(mistakes(found)) == {
        "backward before weight",
        "weight first",
        "tensor first",
        "stored first",
        "as registered",
    }


# Factors


@pytest.mark.parametrize("seed", SEEDS)
def test_the_factors_are_those_of_the_chain_rule(seed: int) -> None:
    layer, kind, factor = factors.Factored(seed).case
    changed = earlier(layer, kind)
    names = (INPUT, *network.WEIGHTS)
    expected = [*(factor if name in changed else 1 for name in names), 1]
    assert exercise(factors.Factored(seed), "factors").truth.tolist() == expected


def test_every_mistake_with_the_factors_of_a_full_backward_hook() -> None:
    assert mistakes(exercise(factors.Factored(0), "factors")) == {
        "towards the loss": [1, 1, 1, 2, 1],
        "own weight too": [2, 2, 2, 1, 1],
        "only here": [1, 1, 2, 1, 1],
        "forward too": [2, 2, 1, 2, 2],
        "both ways": [2, 2, 1, 2, 1],
        "at every layer": [4, 2, 1, 1, 1],
    }


def test_every_mistake_with_the_factors_of_a_hook_on_the_output() -> None:
    assert mistakes(exercise(factors.Factored(1), "factors")) == {
        "towards the loss": [1, 1, 1, 3, 1],
        "own weight left out": [3, 3, 1, 1, 1],
        "only here": [1, 1, 3, 1, 1],
        "forward too": [3, 3, 3, 3, 3],
        "both ways": [3, 3, 3, 3, 1],
        "at every layer": [27, 9, 3, 1, 1],
    }


def test_the_seeds_ask_of_every_layer_and_of_a_factor_of_zero() -> None:
    cases = [factors.Factored(seed).case for seed in range(len(factors.CASES))]
    assert {layer for layer, _kind, _factor in cases} == set(network.LAYERS)
    assert 0 in [factor for _layer, _kind, factor in cases]


# One map


def test_the_first_map_behind_a_clamp_is_that_of_a_pencil() -> None:
    # head's kernel -2 -2 / -1 -3, times conv2's weight -3: 6 6 / 3 9, clamped: 2 everywhere;
    # the ReLU lets the first and the last cell pass
    found = exercise(passing.Passing(0), "passed")
    assert found.truth.tolist() == [[2, 0], [0, 2]]
    assert mistakes(found) == {
        "only here": [[6, 0], [0, 9]],
        "other end": [[6, 0], [0, 6]],
        "mask forgotten": [[2, 2], [2, 2]],
        "conv2 forgotten": [[-2, 0], [0, -2]],
        "cut to zero": [[0, 0], [0, 0]],
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_asked_of_the_map_is_not_on_screen_before(seed: int) -> None:
    study = STUDY.changed(step="passed", seed=seed)
    shown = [each.array for row in passing.asked(study).rows for each in row]
    truth = exercise(passing.Passing(seed), "passed").truth
    assert not any(each is not None and np.array_equal(each[0, 0], truth) for each in shown)


# Names of mistakes


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("recipe", "key"),
    [
        (factors.Factored, "factors"),
        (removing.Removing, "removed"),
        (passing.Passing, "passed"),
        (ordering.Ordered, "order"),
    ],
)
def test_each_mistake_is_called_by_its_own_name(recipe: Any, key: str, seed: int) -> None:
    found = exercise(recipe(seed), key)
    for each in found.possible:
        typed = tuple(str(cell) for cell in each.cells.reshape(-1).tolist())
        assert grade(found, typed).mistake == each.key


# Handles


@pytest.mark.parametrize(
    ("seed", "expected"), [(0, [3, 9, 3, 1]), (1, [4, 2, 2, 1]), (2, [5, 5, 25, 1])]
)
def test_each_live_handle_multiplies_once(seed: int, expected: list[float]) -> None:
    assert exercise(removing.Removing(seed), "removed").truth.tolist() == expected


def test_every_mistake_with_handles() -> None:
    assert mistakes(exercise(removing.Removing(0), "removed")) == {
        "still there": [3, 9, 9, 9],
        "registered once": [3, 3, 1, 1],
        "all removed": [3, 9, 1, 1],
        "added up": [3, 6, 3, 1],
        "accumulated": [3, 12, 15, 16],
    }


def test_what_the_visitor_does_stands_in_the_table_of_handles() -> None:
    study = STUDY.changed(step="handles", done=("add", "run", "add", "run", "first", "run"))
    assert [list(row) for row in removing.handles(study, english).rows] == [
        ["0", "`conv2`", "removed", "2"],
        ["1", "`conv2`", "live", "2"],
    ]
    assert [row[1] for row in removing.factors(study, english).rows] == ["3", "9", "3"]
    nothing = STUDY.changed(step="handles")
    assert removing.handles(nothing, english).rows[0][0] == "none"


def test_a_remove_without_a_live_handle_does_nothing() -> None:
    done = removing.Removing(0, ("last", "run", "add", "last", "last", "run")).run()
    assert done.factors == (1, 1)


# Question, signature and rule


def test_only_leaves_keep_a_gradient() -> None:
    found = ran(asked.Asked(0))
    assert [each.name for each in found if each.grad] == ["x", *network.WEIGHTS]
    assert all(each.leaf == each.grad for each in found)


def arguments(layer: str, kind: Kind) -> list[list[str]]:
    study = STUDY.changed(step="signature", layer=layer, kind=kind)
    return [list(row) for row in changing.arguments(study, english).rows]


def test_the_arguments_of_a_hook_are_listed_with_types_and_shapes() -> None:
    assert arguments("conv1", "full backward") == [
        ["`module`", "Conv2d", ""],
        ["`grad_input`", "tuple (Tensor)", "1×1×3×3"],
        ["`grad_output`", "tuple (Tensor)", "1×1×2×2"],
    ]
    assert arguments("relu", "forward")[2] == ["`output`", "Tensor", "1×1×2×2"]
    assert arguments("head", "post accumulate grad") == [["`param`", "Parameter", "1×1×2×2"]]


def test_a_grad_argument_is_shaped_like_what_it_is_the_gradient_of() -> None:
    for layer in network.LAYERS:
        back = arguments(layer, "full backward")
        forth = arguments(layer, "forward")
        assert [row[2] for row in back] == [row[2] for row in forth]


@pytest.mark.parametrize("action", ACTIONS)
def test_the_layer_behind_the_hook_hands_on_what_it_does_in_the_whole_network(action: str) -> None:
    trial = ran(handing_on.HandingOn(0, action))
    whole = gradients_of(ran(Caught(0, action=action)))
    assert np.array_equal(trial.downstream[0, 0], whole[INPUT])
    assert all(check.passed for check in trial.checks)


def test_every_corner_is_drawn_and_its_sentence_counts_what_is_drawn() -> None:
    for study in settings():
        figure = changing.changed_gradients(study)
        drawn = [each.array for row in figure.rows for each in row if each.array is not None]
        told = changing.of_change(study)
        assert told["gradients"] == str(sum(bool(each.any()) for each in drawn))
        assert told["all"] == str(len(drawn))
        assert changing.arguments(study, english).rows
    for layer, kind, action in product(network.LAYERS, FORWARD, ACTIONS):
        study = STUDY.changed(layer=layer, before=kind, action=action)
        values = [each.array for each in changing.changed_values(study).rows[0]]
        changed = sum(bool(each is not None and each.any()) for each in values)
        assert changing.of_replaced(study)["values"] == str(changed)


def settings() -> Iterator[Study]:
    for layer, kind, action in CORNERS:
        yield STUDY.changed(layer=layer, kind=kind, action=action)


def test_a_link_holds_every_choice() -> None:
    for study in settings():
        again, problems = STUDY.read(study.to_url())
        assert problems == ()
        assert again == replace(study, attempts=())
