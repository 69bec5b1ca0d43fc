"""The lesson on transposed convolution: the matrix, both ways forward, the gradient, the sizes."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch
from torch import nn

from experiment.written.address import from_address, to_address
from lessons.asking.exercise import Array, Exercise
from lessons.asking.grading import grade
from lessons.catalogue import LESSONS
from lessons.running.recipe import exercise, ran
from lessons.running.trial import SettingError, Trial
from lessons.showing.figure import Figure
from lessons.transposed_convolution import figures, matrix, sizes
from lessons.transposed_convolution.convolved import GUESSES, Convolving, Undoing, came, unrolled
from lessons.transposed_convolution.sizes import Sizing, ways
from lessons.transposed_convolution.spreading import Spreading
from tests.experiment.runs import execute
from viz.language import english

STUDY = LESSONS["transposed_convolution"].beginning
SEEDS = range(12)
ROWS = [
    [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0],
    [0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0],
    [0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0],
    [0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9],
]
LAID = [
    [1, 2, 4, 2, 3],
    [4, 5, 10, 5, 6],
    [8, 10, 20, 10, 12],
    [4, 5, 10, 5, 6],
    [7, 8, 16, 8, 9],
]
"""Ones, each with a kernel of 1 to 9, two cells apart: 20 = 9 + 7 + 3 + 1."""


def mistakes(asked: Exercise) -> dict[str, list[object]]:
    return {each.key: each.cells.tolist() for each in asked.possible}


def sums(figure: Figure) -> None:
    """Hold every sum that is pointed at to the cell that it explains."""
    for link in figure.links:
        terms = link.coefficients * figure.array(link.to_map).reshape(-1)[link.places]
        total = np.zeros(figure.array(link.from_map).size)
        np.add.at(total, np.repeat(link.cells, np.diff(link.offsets)), terms)
        np.testing.assert_allclose(total, figure.array(link.from_map).reshape(-1), rtol=1e-6)


# The matrix


def test_the_matrix_of_a_3x3_kernel_over_4x4_cells_is_that_of_a_pencil() -> None:
    assert ran(Convolving()).matrix.tolist() == ROWS


@pytest.mark.parametrize("seed", SEEDS)
def test_the_matrix_multiplies_and_its_transpose_goes_back(seed: int) -> None:
    run, recipe = ran(Convolving(seed)), Convolving(seed)
    x, g, m = recipe.value().reshape(-1), recipe.upstream().reshape(-1), run.matrix
    np.testing.assert_array_equal(m @ x, run.conv.output.reshape(-1))
    np.testing.assert_array_equal(m.T @ g, run.conv.downstream.reshape(-1))
    np.testing.assert_array_equal(run.transposed, run.conv.downstream)
    np.testing.assert_array_equal(m.T @ (m @ x), run.up.output.reshape(-1))
    told = matrix.products(STUDY.changed(seed=seed))
    assert told["small"] == told["large"]
    assert told["apart"] == "0"
    assert float(told["small"].replace("−", "-")) == float((m @ x) @ g)


def test_the_inner_products_of_seed_0_are_those_of_a_pencil() -> None:
    # y is -6 -22 / -38 -51 and g is -3 2 / 1 2
    assert ran(Convolving()).conv.output[0, 0].tolist() == [[-6, -22], [-38, -51]]
    assert Convolving().upstream()[0, 0].tolist() == [[-3, 2], [1, 2]]
    assert 18 - 44 - 38 - 102 == -166
    assert matrix.products(STUDY) == {"small": "−166", "large": "−166", "apart": "0"}


@pytest.mark.parametrize("seed", [0, 5])
def test_every_entry_of_the_matrix_lights_up_the_cells_that_it_joins(seed: int) -> None:
    figure = matrix.rows_of_matrix(STUDY.changed(seed=seed))
    entries = figure.array("matrix")
    lit = {each.to_map: dict(zip(each.cells, each.places, strict=True)) for each in figure.lights}
    kernel = figure.array("weight").reshape(-1)
    assert lit["weight"].keys() == lit["output"].keys() == lit["value"].keys()
    assert len(lit["weight"]) == 4 * 9
    for place, entry in enumerate(entries.reshape(-1)):
        row, column = divmod(place, 16)
        if place in lit["weight"]:
            assert (lit["output"][place], lit["value"][place]) == (row, column)
            (i, j), (a, b) = divmod(row, 2), divmod(lit["weight"][place], 3)
            assert column == 4 * (i + a) + j + b
            assert entry == kernel[lit["weight"][place]]
        else:
            assert entry == 0
    backward = matrix.columns_of_matrix(STUDY.changed(seed=seed))
    for each in backward.lights:
        assert set(each.cells) == set(lit["weight"]), "a 0 joins no cells"


@pytest.mark.parametrize("seed", [0, 5])
def test_what_is_pointed_at_lights_up_its_row_or_its_column(seed: int) -> None:
    study = STUDY.changed(seed=seed)
    for figure, of_place in (
        (matrix.rows_of_matrix(study), lambda cell, other: (cell, other)),
        (matrix.columns_of_matrix(study), lambda cell, other: (other, cell)),
    ):
        sums(figure)
        (link,) = figure.links
        assert link.taps is not None
        explained = np.repeat(link.cells, np.diff(link.offsets))
        entries = figure.array("matrix")
        for cell, other, tap, factor in zip(
            explained, link.places, link.taps.places, link.coefficients, strict=True
        ):
            assert divmod(int(tap), 16) == of_place(cell, other)
            assert entries.reshape(-1)[tap] == factor


def test_the_tables_of_both_steps_find_no_difference() -> None:
    for seed in SEEDS:
        study = STUDY.changed(seed=seed)
        rows = [*matrix.product(study, english).rows, *matrix.three_ways(study, english).rows]
        assert [(row[2], row[3]) for row in rows] == [("0", "✓")] * 3


# Does it undo?


@pytest.mark.parametrize("seed", range(60))
def test_size_comes_back_and_values_do_not(seed: int) -> None:
    run = ran(Undoing(seed))
    assert run.up.output.shape == run.conv.value.shape
    assert came(run.conv.value[0, 0], run.up.output[0, 0]) == "other"
    asked = exercise(Undoing(seed), "undo")
    assert list(GUESSES)[int(asked.truth[0])] == "other"
    assert {each.key for each in asked.possible} == {"again", "border", "smaller"}


def test_each_guess_is_true_of_something() -> None:
    x = np.arange(16.0).reshape(4, 4)
    other = x + 1
    inner = np.where(np.pad(np.ones((2, 2)), 1) > 0, x, 99)
    found = [came(x, each) for each in (x, inner, x[:2, :2], other)]
    assert found == list(GUESSES)


def test_the_first_cell_of_the_transposed_map_is_one_product() -> None:
    figure = matrix.undone(STUDY)
    sums(figure)
    assert figure.array("again")[0, 0, 0, 0] == 1 * -6
    assert figure.array("again")[0, 0, 3, 3] == 9 * -51
    assert figure.array("again")[0, 0, 1, 1] == 5 * -6 + 4 * -22 + 2 * -38 + 1 * -51


# Two ways forward


def test_ones_and_a_kernel_of_1_to_9_give_the_map_of_a_pencil() -> None:
    assert ran(Spreading()).output[0, 0].tolist() == LAID
    (layer,) = [nn.ConvTranspose2d(1, 1, 3, stride=2, bias=False)]
    with torch.no_grad():
        layer.weight.copy_(torch.arange(1.0, 10).view(1, 1, 3, 3))
        assert layer(torch.ones(1, 1, 2, 2))[0, 0].tolist() == LAID


def by_loops(x: Array, kernel: Array, stride: int) -> Array:
    """Every product by itself, without numpy's slices."""
    side = (len(x) - 1) * stride + len(kernel)
    found = np.zeros((side, side))
    for i, j, a, b in product(range(2), range(2), range(3), range(3)):
        found[stride * i + a, stride * j + b] += x[i, j] * kernel[a, b]
    return found


@pytest.mark.parametrize("stride", sizes.STRIDES)
@pytest.mark.parametrize("seed", SEEDS)
def test_both_ways_give_what_pytorch_gives(seed: int, stride: int) -> None:
    recipe = Spreading(seed, stride)
    kernel = recipe.weight()[0, 0]
    expected = by_loops(recipe.value()[0, 0], kernel, stride)
    np.testing.assert_array_equal(ran(recipe).output[0, 0], expected)
    np.testing.assert_array_equal(recipe.laid(kernel), expected)
    np.testing.assert_array_equal(recipe.convolved(), expected)
    study = STUDY.changed(seed=seed, stride=stride)
    figure = figures.zeros(study)
    sums(figure)
    (placed,) = figure.lights
    padded, value = figure.array("padded").reshape(-1), figure.array("value").reshape(-1)
    np.testing.assert_array_equal(padded[placed.places], value[placed.cells])
    assert np.count_nonzero(padded) == len(placed.places) == 4
    assert [row[2] for row in figures.both_ways(study, english).rows] == ["0", "0"]


def test_the_corner_has_each_mistake_of_a_pencil() -> None:
    asked = exercise(Spreading(), "spread")
    assert asked.truth.tolist() == [row[:3] for row in LAID[:3]]
    assert asked.whole == (5, 5)
    assert mistakes(asked) == {
        "overwritten": [[1, 2, 1], [4, 5, 4], [1, 2, 1]],
        "averaged": [[1, 2, 2], [4, 5, 5], [4, 5, 5]],
        "kernel turned": [[9, 8, 16], [6, 5, 10], [12, 10, 20]],
        "zeros around": [[1, 3, 5], [5, 12, 16], [11, 24, 28]],
    }
    assert 1 + 2 + 4 + 5 == 12, "the four copies one cell apart"


# Backward


@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradient_is_a_plain_convolution_of_the_upstream(seed: int) -> None:
    recipe = Spreading(seed)
    upstream, kernel = recipe.upstream()[0, 0], recipe.weight()[0, 0]
    expected = [
        [float((upstream[2 * i : 2 * i + 3, 2 * j : 2 * j + 3] * kernel).sum()) for j in (0, 1)]
        for i in (0, 1)
    ]
    asked = exercise(recipe, "gradient")
    assert asked.truth.tolist() == expected
    plain = torch.nn.functional.conv2d(
        torch.from_numpy(recipe.upstream()), torch.from_numpy(recipe.weight()), stride=2
    )
    assert plain[0, 0].tolist() == expected
    for figure in (figures.read(STUDY.changed(seed=seed)), figures.laid(STUDY.changed(seed=seed))):
        sums(figure)


def test_each_mistake_about_the_gradient_gives_what_a_pencil_gives() -> None:
    asked = exercise(Spreading(), "gradient")
    # -3 2 1 2 3 / -2 3 1 3 -1 / -2 -2 -3 2 -3 / 1 -1 2 2 -1 / 2 -1 2 1 -2 arrives
    assert asked.truth[0, 0] == -3 + 4 + 3 - 8 + 15 + 6 - 14 - 16 - 27 == -40
    found = {each.key: each.cells for each in asked.possible}
    assert found["kernel turned"][0, 0] == -27 + 16 + 7 - 12 + 15 + 4 - 6 - 4 - 3
    assert found["stride forgotten"][0, 1] == 2 + 2 + 6 + 12 + 5 + 18 - 14 - 24 + 18
    shared = -3 + 4 + 3 / 2 - 8 + 15 + 6 / 2 - 14 / 2 - 16 / 2 - 27 / 4
    assert found["overlaps shared"][0, 0] == shared
    # -3 0 2 / 0 0 0 / -2 0 3 meets the kernel first
    assert found["zeros between"][0, 0] == -3 + 6 - 14 + 27
    for key, cells in found.items():
        assert grade(asked, tuple(f"{cell:g}" for cell in cells.flat)).mistake == key


# Sizes

GRID = [
    Sizing(*each)
    for each in product(
        sizes.MAPS,
        [0],
        sizes.KERNELS,
        sizes.STRIDES,
        sizes.PADDINGS,
        sizes.EXTRAS,
        sizes.DILATIONS,
    )
]


def test_the_formula_is_torchs_and_refuses_what_torch_refuses() -> None:
    refused = 0
    for recipe in GRID:
        layer = nn.ConvTranspose2d(1, 1, recipe.width, **recipe.settings)  # type: ignore[arg-type]
        try:
            made = tuple(layer(torch.ones(1, 1, *recipe.sides)).shape[2:])
        except RuntimeError:
            refused += 1
            with pytest.raises(SettingError):
                recipe.check()
        else:
            recipe.check()
            assert recipe.large == made
    assert 0 < refused < len(GRID)


def test_a_refusal_says_what_must_hold_and_what_to_do() -> None:
    for recipe, words in (
        (Sizing(stride=2, extra=2), r"It is 2, and the larger of the two is 2\. Choose 1 or less"),
        (Sizing(stride=1, extra=1), r"It is 1, and both are 1\. Choose 0, or a larger stride"),
        (Sizing("2x3", width=1, stride=1, padding=1), r"with padding 1 on every side nothing"),
        (Sizing("2x3", width=1, stride=1, padding=2), r"nothing would be\. Choose less padding"),
    ):
        with pytest.raises(SettingError, match=words):
            recipe.run()
    opened = Sizing(extra=2, padding=2).in_playground()
    assert opened == Sizing(padding=0).in_playground()


def test_a_refusal_is_said_in_a_visitors_language() -> None:
    with pytest.raises(SettingError) as refusal:
        Sizing(stride=1, extra=2).check()
    heard: list[str] = []

    def say(text: str) -> str:
        heard.append(text)
        return "{extra} zu viel"

    assert refusal.value.said(say) == "2 zu viel"
    assert heard == [sizes.ADDED_WITHOUT_NEED]
    assert refusal.value.said(english) == str(refusal.value)
    assert SettingError("{as it is}").said(english) == str(SettingError("{as it is}"))


def test_the_size_has_each_mistake_of_a_pencil() -> None:
    asked = exercise(Sizing(), "size")
    assert asked.truth.tolist() == [5, 7]
    assert mistakes(asked) == {
        "size of a convolution": [2, 2],
        "times the stride": [6, 8],
        "padding added": [9, 11],
    }
    asked = exercise(Sizing(padding=0, extra=1, dilation=2), "size")
    assert asked.truth.tolist() == [10, 12]
    found = mistakes(asked)
    assert found["output padding forgotten"] == [9, 11]
    assert found["dilation forgotten"] == [8, 10]


def test_the_formula_on_screen_adds_up() -> None:
    for changes in ({}, {"by": 3, "extra": 2, "dilation": 2, "width": 4, "map": "5x3"}):
        told = {name: int(text) for name, text in figures.formula(STUDY.changed(**changes)).items()}
        rest = -2 * told["p"] + told["d"] * (told["k"] - 1) + told["e"] + 1
        assert told["height"] == (told["n"] - 1) * told["s"] + rest
        assert told["width"] == (told["m"] - 1) * told["s"] + rest


def test_the_call_that_is_shown_says_all_that_is_not_the_default() -> None:
    assert figures.written(STUDY)["call"] == "ConvTranspose2d(1, 1, 3, stride=2, padding=1)"
    plain = STUDY.changed(by=1, padding=0, width=2)
    assert figures.written(plain)["call"] == "ConvTranspose2d(1, 1, 2)"


@pytest.mark.parametrize("stride", sizes.STRIDES)
def test_a_stride_makes_as_many_sizes_equal_as_it_is_long(stride: int) -> None:
    found = ways(stride)
    for way in found:
        assert way.small == (way.size - 3) // stride + 1
        assert way.back == (way.small - 1) * stride + 3
        assert way.back + way.needed == way.size
    assert max(way.needed for way in found) == stride - 1
    told = figures.lost(STUDY.changed(stride=stride), english).rows
    assert told[2][:2] == ("5", f"{2 // stride + 1}")


# In the playground


def trial_of(recipe: Convolving | Spreading | Sizing) -> Trial:
    return ran(recipe).conv if isinstance(recipe, Convolving) else recipe.run()


@pytest.mark.parametrize(
    "recipe",
    [Convolving(), Convolving(7), Spreading(), Spreading(4, 3), Sizing(), Sizing("5x3", 2, 4)],
    ids=str,
)
def test_the_playground_opens_the_layer_with_the_numbers_of_the_lesson(
    recipe: Convolving | Spreading | Sizing,
) -> None:
    opened, problems = from_address(to_address(recipe.in_playground()))
    assert problems == ()
    layer = execute(opened.setting).capture.layer("layer")
    trial = trial_of(recipe)
    for ours, wanted in (
        (layer.outputs[0], trial.output),
        (layer.upstreams[0], trial.upstream),
        (layer.downstream[0], trial.downstream),
    ):
        assert ours is not None
        np.testing.assert_array_equal(ours, wanted)


def test_the_playground_opens_both_convolutions() -> None:
    opened = Undoing(3).in_playground()
    capture = execute(opened.setting).capture
    run = ran(Undoing(3))
    for name, trial in (("conv", run.conv), ("up", run.up)):
        made = capture.layer(name).outputs[0]
        assert made is not None
        np.testing.assert_array_equal(made, trial.output)


def test_a_kernel_over_a_padded_map_has_a_square_matrix() -> None:
    turned: Array = unrolled(np.array([[[[0.0, 0, 0], [0, 0, 1], [0, 0, 0]]]]), 3, padding=1)
    expected = np.kron(np.eye(3), np.eye(3, k=1))
    np.testing.assert_array_equal(turned, expected)
