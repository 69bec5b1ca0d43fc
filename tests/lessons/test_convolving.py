"""The convolution lesson: its numbers, its exercises and what each mistake gives."""

from __future__ import annotations

import contextlib
import itertools
import warnings

import numpy as np
import pytest
import torch

from lessons.asking.answers import short
from lessons.asking.exercise import Exercise
from lessons.asking.grading import grade
from lessons.convolution_backward.recipe import (
    BATCHES,
    CHANNELS,
    DILATIONS,
    KERNELS,
    MOST_CELLS,
    PADDINGS,
    SIZES,
    STRIDES,
    Convolving,
    downstream_exercise,
    kernel_exercise,
    output_exercise,
    whole_gradient,
)
from lessons.convolution_backward.settings import convolving, size_of_output, sliding
from lessons.convolution_backward.sliding import Sliding
from lessons.convolution_backward.steps import LESSON
from lessons.running.trial import SettingError, terms

SMALL = Convolving()


def cells(exercise: Exercise, mistake: str) -> list[list[float]]:
    (found,) = (each for each in exercise.possible if each.key == mistake)
    rows: list[list[float]] = found.cells.tolist()
    return rows


def test_it_begins_with_numbers_that_can_be_worked_out_by_hand() -> None:
    trial = SMALL.run()
    assert trial.value[0, 0].tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert trial.output[0, 0].tolist() == [[37.5, 47.5], [67.5, 77.5]]
    assert trial.upstream[0, 0].tolist() == [[1, -1], [2, 0.5]]
    assert trial.parameters["weight"].gradient[0, 0].tolist() == [[9.5, 12], [17, 19.5]]
    assert trial.parameters["bias"].gradient.tolist() == [2.5]
    assert trial.downstream[0, 0].tolist() == [[1, 1, -2], [5, 5.5, -3], [6, 9.5, 2]]
    assert [check.passed for check in trial.checks] == [True, True, True]


def test_each_mistake_of_the_downstream_gives_what_a_pencil_gives() -> None:
    exercise = downstream_exercise(SMALL, SMALL.run())
    # Kernel [[4, 3], [2, 1]] laid down in the four windows.
    assert cells(exercise, "not turned") == [[4, -1, -3], [10, 7, 0.5], [4, 3, 0.5]]
    # Windows in reading order, each overwriting the last one.
    assert cells(exercise, "overwritten") == [[1, -1, -2], [2, 0.5, 1], [6, 1.5, 2]]
    assert cells(exercise, "averaged") == [[1, 0.5, -2], [2.5, 1.375, -1.5], [6, 4.75, 2]]
    # The turned result of the unturned kernel.
    assert cells(exercise, "upstream turned") == [[0.5, 3, 4], [0.5, 7, 10], [-3, -1, 4]]
    # The truth, one row and one column further; nothing comes in.
    assert cells(exercise, "off by one") == [[0, 0, 0], [0, 1, 1], [0, 5, 5.5]]


def test_each_mistake_of_the_kernel_gradient_gives_what_a_pencil_gives() -> None:
    exercise = kernel_exercise(SMALL, SMALL.run())
    assert cells(exercise, "result turned") == [[19.5, 17], [12, 9.5]]
    assert cells(exercise, "averaged") == [[2.375, 3], [4.25, 4.875]]
    assert cells(exercise, "one window") == [[1, 2], [4, 5]]
    # The window over the image begins at 5: 5*1 + 6*-1 + 8*2 + 9*0.5, then 6*1 + 9*2, ...
    assert cells(exercise, "off by one") == [[19.5, 24], [-1, 9]]
    assert "one sample" not in {each.key for each in exercise.possible}
    two = Convolving(batch=2)
    gradient = two.by_hand().backward(two.value()[:1], two.upstream()[:1])[1]
    both = kernel_exercise(two, two.run())
    assert cells(both, "one sample") == gradient[0, 0].tolist()


def test_each_mistake_of_the_output_gives_what_a_pencil_gives() -> None:
    exercise = output_exercise(SMALL, SMALL.run())
    # 4*1 + 3*2 + 2*4 + 1*5 + 0.5
    assert cells(exercise, "kernel turned")[0][0] == 23.5
    assert cells(exercise, "bias forgotten") == [[37, 47], [67, 77]]


@pytest.mark.parametrize(
    "recipe",
    [Convolving(channels=3), Convolving(size=7), Convolving(size=7, width=4, channels=3, batch=2)],
    ids=str,
)
def test_a_forgotten_bias_is_wrong_in_every_cell_however_large_the_output(
    recipe: Convolving,
) -> None:
    exercise = output_exercise(recipe, recipe.run())
    right = tuple(short(value) for value in exercise.truth.reshape(-1).tolist())
    forgotten = tuple(short(value - 0.5) for value in exercise.truth.reshape(-1).tolist())
    assert grade(exercise, right).solved
    verdict = grade(exercise, forgotten)
    assert set(verdict.marks) == {"wrong"}
    assert (verdict.mistake, verdict.explained) == ("bias forgotten", exercise.truth.size)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("more", [{}, {"padding": "same"}, {"stride": 2, "size": 5, "batch": 2}])
def test_the_main_mistakes_can_always_be_told_from_the_truth(
    seed: int, more: dict[str, object]
) -> None:
    recipe = Convolving(seed=seed, **more)  # type: ignore[arg-type]
    trial = recipe.run()
    for exercise, mistakes in (
        (output_exercise(recipe, trial), {"kernel turned", "bias forgotten"}),
        (kernel_exercise(recipe, trial), {"result turned", "averaged", "one window", "off by one"}),
        (downstream_exercise(recipe, trial), {"not turned", "off by one"}),
    ):
        assert mistakes <= {each.key for each in exercise.possible}, exercise.key
        for each in exercise.possible:
            typed = tuple(f"{value:.6f}"[:12] for value in each.cells.reshape(-1))
            assert grade(exercise, typed).mistake == each.key


def test_the_whole_gradient_is_that_of_the_padded_map() -> None:
    recipe = Convolving(size=4, width=3, stride=2, padding="1")
    trial = recipe.run()
    whole = whole_gradient(recipe, trial)
    assert whole.shape == (5, 5)
    np.testing.assert_array_equal(whole[1:, 1:], trial.downstream[0, 0])


@pytest.mark.parametrize("padding", ["same", "1"])
def test_an_uneven_same_padding_is_padded_before_the_layer_as_pytorch_does(padding: str) -> None:
    recipe = Convolving(padding=padding)
    trial = recipe.run()
    with torch.no_grad():
        expected = torch.nn.functional.conv2d(
            torch.nn.functional.pad(
                torch.tensor(recipe.value()), (recipe.margins[0], recipe.margins[1]) * 2
            ),
            torch.tensor(recipe.weight()),
            torch.tensor(recipe.bias()),
        )
    np.testing.assert_array_equal(trial.output, expected.numpy())
    assert recipe.inside(trial.downstream).shape == recipe.value().shape


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        (Convolving(stride=2, padding="same"), "'same' keeps the size of the map"),
        (Convolving(size=2, width=3), "its taps reach over 3 cells, and the padded map has 2"),
        (Convolving(size=3, width=3, dilation=2), "its taps reach over 5 cells"),
    ],
)
def test_what_cannot_run_is_refused_in_words(recipe: Convolving, words: str) -> None:
    with pytest.raises(SettingError, match=words):
        recipe.run()


def test_no_map_has_more_cells_than_a_link_can_say() -> None:
    largest = 0
    most = (max(CHANNELS), max(CHANNELS), max(BATCHES))
    for sizes in itertools.product(SIZES, KERNELS, STRIDES, PADDINGS, DILATIONS):
        recipe = Convolving(*sizes, *most)
        with contextlib.suppress(SettingError):
            recipe.check()
            layer, value = recipe.by_hand(), torch.empty(recipe.value().shape, device="meta")
            padded = torch.nn.functional.pad(value, (*layer.padding, *layer.padding))
            weight = torch.empty(layer.kernel.shape, device="meta")
            output = torch.nn.functional.conv2d(
                padded, weight, None, recipe.stride, 0, layer.dilation
            )
            shown = value if layer.padding[0] == layer.padding[1] else padded
            largest = max(largest, output.numel(), weight.numel(), shown.numel())
    assert largest == MOST_CELLS


def test_the_same_seed_gives_the_same_numbers_and_another_gives_others() -> None:
    one, same, other = (Convolving(seed=seed) for seed in (3, 3, 4))
    assert one.run().downstream.tolist() == same.run().downstream.tolist()
    assert one.value().tolist() != other.value().tolist()
    assert not (one.value() == 0).any()


def test_the_terms_behind_a_cell_are_those_of_a_pencil_and_add_up_to_autograds_gradient() -> None:
    trial = SMALL.run()
    weight = trial.parameters["weight"]
    assert terms(weight.table, trial.upstream, 1) == ((2, 1), (3, -1), (5, 2), (6, 0.5))
    assert terms(trial.table, trial.upstream, 4) == ((4, 1), (3, -1), (2, 2), (1, 0.5))
    for recipe in (SMALL, Convolving(5, 3, 2, "1", 1, 2, 2, 2, seed=4)):
        found = recipe.run()
        for gradient, table in (
            (found.downstream, found.table),
            (found.parameters["weight"].gradient, found.parameters["weight"].table),
        ):
            for place, value in enumerate(gradient.reshape(-1).tolist()):
                behind = terms(table, found.upstream, place)
                assert sum(one * other for one, other in behind) == value


def test_a_kernel_gradient_whose_probe_falls_between_two_cells_is_still_explained() -> None:
    """Two upstream cells share a coefficient so that a probe lies half a cell past the last."""
    recipe = Convolving(size=4, width=3, stride=2, batch=2, seed=3484)
    weight = recipe.run().parameters["weight"]
    assert len(weight.table.places) == 2 * weight.value.size


@pytest.mark.parametrize("size", [5, 7])
def test_maps_that_are_too_large_to_fill_in_are_asked_in_part(size: int) -> None:
    recipe = Convolving(size=size, width=1, padding="2")
    exercise = output_exercise(recipe, recipe.run())
    assert exercise.truth.shape == (8, 8)
    assert exercise.whole == (size + 4, size + 4)


def test_mistakes_of_channels_stride_and_turning_give_what_a_pencil_gives() -> None:
    wide = Convolving(channels=2)
    exercise = output_exercise(wide, wide.run())
    assert cells(exercise, "one channel") == SMALL.run().output[0, 0].tolist()
    strided = Convolving(size=4, stride=2)
    exercise = output_exercise(strided, strided.run())
    # 1*1 + 2*2 + 5*3 + 6*4 + 0.5, and one cell further each
    assert cells(exercise, "stride ignored") == [[44.5, 54.5], [84.5, 94.5]]
    exercise = kernel_exercise(SMALL, SMALL.run())
    # 1*0.5 + 2*2 + 4*-1 + 5*1
    assert cells(exercise, "upstream turned")[0][0] == 5.5
    many = Convolving(out=2, seed=3)
    trial = many.run()
    alone = many.by_hand().backward(many.value(), trial.upstream * [[[[1]], [[0]]]])[0]
    assert cells(downstream_exercise(many, trial), "one channel") == alone[0, 0].tolist()


def test_a_flat_part_of_the_picture_cancels_and_its_edge_does_not() -> None:
    trial = Sliding().run()
    assert trial.value[0, 0].tolist() == [[5, 5, 5, 1, 1]] * 5
    assert trial.parameters["weight"].value[0, 0].tolist() == [[1, -1], [1, -1]]
    # 5 - 1 in two rows
    assert trial.output[0, 0].tolist() == [[0, 0, 8, 0]] * 4
    wide = Sliding(width=3).run()
    assert wide.parameters["weight"].value[0, 0].tolist() == [[1, 0, -1]] * 3
    assert wide.output[0, 0].tolist() == [[0, 12, 12]] * 3
    assert Sliding(width=1).run().output[0, 0].tolist() == [[5, 5, 5, 1, 1]] * 5


@pytest.mark.parametrize("seed", [0, 3])
def test_what_slides_first_is_not_what_is_asked_about_next(seed: int) -> None:
    study = LESSON.beginning.changed(seed=seed)
    assert sliding(study).run().output.shape != convolving(study).run().output.shape


def test_the_size_of_the_output_is_that_of_pytorch_wherever_it_can_run() -> None:
    tried = 0
    for values in itertools.product(SIZES, KERNELS, STRIDES, PADDINGS, DILATIONS):
        names = ("size", "width", "stride", "padding", "dilation")
        study = LESSON.beginning.changed(**dict(zip(names, values, strict=True)))
        try:
            numbers = {name: int(text) for name, text in size_of_output(study).items()}
        except SettingError:
            continue
        size, width, stride, padding, dilation = values
        image = torch.empty(1, 1, size, size, device="meta")
        kernel = torch.empty(1, 1, width, width, device="meta")
        around = padding if padding in ("same", "valid") else int(padding)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Using padding='same'")
            made = torch.nn.functional.conv2d(image, kernel, None, stride, around, dilation)
        assert numbers["large"] == made.shape[-1]
        total = numbers["size"] + numbers["before"] + numbers["after"]
        inner = total - numbers["dilation"] * (numbers["width"] - 1) - 1
        assert inner // numbers["stride"] + 1 == numbers["large"], values
        tried += 1
    assert tried > 300
