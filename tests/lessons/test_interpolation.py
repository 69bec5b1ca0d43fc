"""The interpolation lesson: positions, shares, their transpose, and what each mistake gives."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import torch
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.written.address import from_address, to_address
from lessons.asking.exercise import Array, Exercise
from lessons.asking.grading import grade
from lessons.blocks import Prose
from lessons.catalogue import LESSONS
from lessons.interpolation import figures, lines, tables
from lessons.interpolation.plane import CELLS, Plane, helped
from lessons.interpolation.positions import positions, shares
from lessons.interpolation.recipe import Copying, Resampling
from lessons.interpolation.signals import MODES, enlarged, tone, wave, year
from lessons.interpolation.wants import answer, mixed_up
from lessons.running.recipe import exercise
from lessons.running.trial import run_layer
from lessons.showing.derivation import derivation
from models.inputs.pictures import FIRST_DIGIT, digits
from tests.experiment.runs import execute
from viz.language import english

BEGINNING = LESSONS["interpolation"].beginning
ROWS = [(old, new) for old in (2, 3, 5, 12) for new in (2, 3, 4, 5, 8, 52)]
LARGE: dict[tuple[int, bool], list[list[float]]] = {
    (0, False): [
        [1.0, 1.25, 1.75, 2.0],
        [1.5, 1.75, 2.25, 2.5],
        [2.5, 2.75, 3.25, 3.5],
        [3.0, 3.25, 3.75, 4.0],
    ],
    (1, True): [
        [6, 7.3333, 8.6667, 10],
        [7, 8.2222, 9.4444, 10.6667],
        [8, 9.1111, 10.2222, 11.3333],
        [9, 10, 11, 12],
    ],
    # Along a row or a column: all of the end, 3/4 and 1/4, 1/4 and 3/4, all of the end.
    (1, False): [
        [6, 7, 9, 10],
        [6.75, 7.6875, 9.5625, 10.5],
        [8.25, 9.0625, 10.6875, 11.5],
        [9, 9.75, 11.25, 12],
    ],
    # Along both, in thirds: 1 + column/3 + 2 row/3.
    (0, True): [[1 + column / 3 + 2 * row / 3 for column in range(4)] for row in range(4)],
}


def given(found: Exercise) -> dict[str, list[float]]:
    return {each.key: each.cells.reshape(-1).tolist() for each in found.mistakes}


# Two cells made into four


def test_two_cells_become_the_four_of_a_pencil() -> None:
    assert Resampling().run().output.reshape(-1).tolist() == [10, 12.5, 17.5, 20]
    aligned = Resampling(aligned=True).run().output.reshape(-1)
    np.testing.assert_allclose(aligned, [10, 13.3333, 16.6667, 20], atol=5e-5)


def test_each_mistake_of_the_cells_gives_what_a_pencil_gives() -> None:
    found = exercise(Resampling(), "cells")
    assert found.truth.tolist() == [[10, 12.5, 17.5, 20]]
    wrong = given(found)
    assert wrong.pop("corners aligned") == pytest.approx([10, 40 / 3, 50 / 3, 20])
    assert wrong == {
        "copied": [10, 10, 20, 20],
        "not clamped": [7.5, 12.5, 17.5, 22.5],
        "shares swapped": [10, 17.5, 12.5, 20],
    }


def test_two_cells_get_the_gradients_of_a_pencil() -> None:
    # 1 · 4 + 3/4 · 8 + 1/4 · 12 = 13 and 1/4 · 8 + 3/4 · 12 - 4 = 7
    assert Resampling().run().downstream.reshape(-1).tolist() == [13, 7]
    # 4 + 2/3 · 8 + 1/3 · 12 = 40/3 and 1/3 · 8 + 2/3 · 12 - 4 = 20/3
    aligned = Resampling(aligned=True).run().downstream.reshape(-1)
    np.testing.assert_allclose(aligned, [40 / 3, 20 / 3], rtol=1e-6)


def test_each_mistake_of_the_gradient_gives_what_a_pencil_gives() -> None:
    found = exercise(Resampling(), "gradient")
    assert found.truth.tolist() == [[13, 7]]
    wrong = given(found)
    assert wrong.pop("corners aligned backward") == pytest.approx([40 / 3, 20 / 3])
    assert wrong == {
        "averaged backward": [6.5, 3.5],
        "nearest pays": [12, 8],
        "shares exchanged": [7, 13],
        "shares swapped backward": [15, 5],
    }


@pytest.mark.parametrize("seed", range(30))
def test_every_seed_tells_all_mistakes_apart_and_each_gets_its_name(seed: int) -> None:
    for key in ("cells", "gradient"):
        found = exercise(Resampling(seed), key)
        left, right = found.truth.reshape(-1)[:2]
        alike = {"shares exchanged"} if left == right else set()  # then nothing is exchanged
        assert {each.key for each in found.possible} == given(found).keys() - alike
        for each in found.possible:
            typed = tuple(f"{value:.6f}"[:12] for value in each.cells.flat)
            assert grade(found, typed).mistake == each.key


@pytest.mark.parametrize("aligned", [False, True])
@pytest.mark.parametrize("new", [3, 4, 5, 8])
def test_backward_is_the_transpose_and_shares_out_all_that_arrives(new: int, aligned: bool) -> None:
    for seed in range(5):
        recipe = Resampling(seed, new, aligned)
        trial, matrix = recipe.run(), recipe.matrix()
        upstream = recipe.upstream().reshape(-1)
        np.testing.assert_allclose(trial.output[0, 0], matrix @ recipe.value()[0, 0], rtol=1e-6)
        np.testing.assert_allclose(trial.downstream[0, 0], matrix.T @ upstream, atol=1e-5)
        np.testing.assert_allclose(trial.downstream.sum(), upstream.sum(), atol=1e-5)


def test_the_matrix_holds_quarters_or_thirds() -> None:
    assert Resampling().matrix().tolist() == [[1, 0], [0.75, 0.25], [0.25, 0.75], [0, 1]]
    thirds = np.array([[3, 0], [2, 1], [1, 2], [0, 3]]) / 3
    np.testing.assert_allclose(Resampling(aligned=True).matrix(), thirds, rtol=1e-6)


@pytest.mark.parametrize("aligned", [False, True])
@pytest.mark.parametrize(("old", "new"), ROWS)
def test_positions_and_shares_give_the_cells_and_gradients_of_pytorch(
    old: int, new: int, aligned: bool
) -> None:
    draw = np.random.default_rng(old * new)
    cells, upstream = draw.normal(size=old), draw.normal(size=new)
    value = torch.from_numpy(cells)[None, None].requires_grad_()
    output = F.interpolate(value, size=new, mode="linear", align_corners=aligned)
    (gradient,) = torch.autograd.grad(output, value, torch.from_numpy(upstream)[None, None])
    found = shares(positions(new, old, aligned=aligned), old)
    np.testing.assert_allclose(found.mixed(cells), output.detach().numpy()[0, 0], atol=1e-12)
    np.testing.assert_allclose(found.paid(upstream, old), gradient.numpy()[0, 0], atol=1e-12)


@pytest.mark.parametrize(
    "recipe",
    [Resampling(), Resampling(3, 3), Resampling(0, 5, True), Plane(), Plane(1, True)],
    ids=str,
)
def test_the_playground_gives_the_numbers_of_the_lesson(recipe: Resampling | Plane) -> None:
    experiment, problems = from_address(to_address(recipe.in_playground()))
    assert problems == ()
    layer = execute(experiment.setting).capture.layer("layer")
    trial = recipe.run()
    for ours, wanted in (
        (layer.output, trial.output),
        (layer.upstreams[0], trial.upstream),
        (layer.downstream[0], trial.downstream),
    ):
        assert ours is not None
        assert np.array_equal(ours, wanted)


def test_the_playground_copies_the_cells_of_the_lesson() -> None:
    for scale in (1.25, 1.37, 1.5, 2.0, 3.99, 4.0):
        recipe = Copying(scale)
        layer = execute(recipe.in_playground().setting).capture.layer("layer")
        assert layer.output is not None
        copied = recipe.value()[0, 0, recipe.run().nearest]
        assert layer.output.reshape(-1).tolist() == copied.tolist()
    for scale in (2.01, 2.24):
        assert Copying(scale).in_playground() == Copying(2.0).in_playground()


# The sums that are written out


def test_the_shares_are_written_into_a_sum() -> None:
    found = derivation(Resampling().run(), 0)
    assert found["terms"] == "1 · 4 + 0.75 · 8 + 0.25 · 12"
    assert (found["value"], found["count"], found["total"]) == ("10", "3", "13")
    assert derivation(Resampling().run(), 1)["terms"] == "0.25 · 8 + 0.75 · 12 + 1 · (−4)"


def test_a_mean_writes_its_shares_and_a_copy_writes_none() -> None:
    value, upstream = torch.ones(1, 1, 2, 2), torch.tensor([[[[8.0]]]])
    assert derivation(run_layer(torch.nn.AvgPool2d(2), value, upstream), 0)["terms"] == "0.25 · 8"
    copies = run_layer(torch.nn.Upsample(scale_factor=2), upstream, value)
    assert derivation(copies, 0)["terms"] == "1 + 1 + 1 + 1"


# Maps and lights


@pytest.mark.parametrize("aligned", [False, True])
def test_a_share_of_a_sum_lights_up_its_own_entry_of_the_matrix(aligned: bool) -> None:
    study = BEGINNING.changed(aligned=aligned)
    for figure, key in (
        (figures.matrix(study), "matrix"),
        (figures.paid(study), "matrix"),
        (figures.ruled(study), "transposed"),
    ):
        (link,) = figure.links
        factors = figure.array(key)
        taps = link.taps
        assert taps is not None
        assert taps.map == key
        np.testing.assert_allclose(
            factors.reshape(-1)[taps.places], link.coefficients, rtol=1e-6, atol=0
        )
        assert link.fractions


def test_an_entry_of_the_matrix_belongs_to_its_row_and_its_column() -> None:
    rows, columns = figures.matrix(BEGINNING).lights
    assert (rows.to_map, columns.to_map) == ("output", "value")
    # Entry 5 stands in row 2, column 1.
    assert (rows.cells[5], rows.places[5], columns.places[5]) == (5, 2, 1)
    rows, columns = figures.paid(BEGINNING).lights
    assert (rows.to_map, columns.to_map) == ("upstream", "downstream")
    assert (rows.places[5], columns.places[5]) == (2, 1)


def test_the_shares_of_an_old_cell_stand_in_its_column() -> None:
    (link,) = figures.paid(BEGINNING).links
    assert link.taps is not None
    for cell in (0, 1):
        (row,) = np.flatnonzero(link.cells == cell)
        there = slice(link.offsets[row], link.offsets[row + 1])
        # Of 4x2 entries; the share that is 0 is no term.
        assert set(link.taps.places[there] % 2) == {cell}
        assert (link.taps.places[there] // 2).tolist() == link.places[there].tolist()


def test_cells_are_called_by_the_name_and_the_shape_of_their_map() -> None:
    for figure in (figures.made(BEGINNING), figures.matrix(BEGINNING), figures.enlarged(BEGINNING)):
        (link,) = figure.links
        (title,) = (each.title for row in figure.rows for each in row if each.key == link.from_map)
        assert title.endswith(f" {link.words['explained']}")
        for each in (each for row in figure.rows for each in row):
            assert each.subtitle == "×".join(map(str, figure.array(each.key).shape))
    assert figures.matrix(BEGINNING).array("output").shape == (4, 1)


def test_before_the_gradient_is_asked_for_the_matrix_lights_up_what_arrived_alone() -> None:
    figure = figures.arrived(BEGINNING)
    assert [each.key for row in figure.rows for each in row] == ["matrix", "upstream"]
    (lights,) = figure.lights
    assert (lights.to_map, lights.places.tolist()) == ("upstream", [0, 0, 1, 1, 2, 2, 3, 3])


# Lines


def test_the_line_through_two_points_has_the_values_of_the_formula() -> None:
    moving = lines.between(BEGINNING, english).moving
    assert moving is not None
    linear, nearest = moving.values
    assert linear == pytest.approx([10 + 10 * x for x in moving.places], rel=1e-12)
    assert list(nearest) == [10 if x < 0.5 else 20 for x in moving.places]
    assert moving.places[moving.at] == 0.25
    assert moving.said[moving.at] == (
        "linear: y = 10 + (0.25 − 0)/(1 − 0) · (20 − 10) = **12.5**. With λ = 0.25: "
        "0.75 · 10 + 0.25 · 20 = **12.5**. nearest: **10**"
    )


def test_the_first_picture_of_the_cells_gives_none_of_them_away() -> None:
    old, new = lines.where(BEGINNING, english).curves[1:]
    assert list(old.points) == [(0, 10), (1, 20)]
    assert list(new.points) == [(-0.25, 0), (0.25, 0), (0.75, 0), (1.25, 0)]
    assert lines.where(BEGINNING, english).moving is None


def test_new_cells_stand_on_the_line_and_are_held_at_its_ends() -> None:
    line = lines.sampled(BEGINNING, english)
    plain, aligned = (list(curve.points) for curve in line.curves[2:])
    assert plain == [(-0.25, 10), (0.25, 12.5), (0.75, 17.5), (1.25, 20)]
    assert np.array(aligned) == pytest.approx(
        np.array([(0, 10), (1 / 3, 40 / 3), (2 / 3, 50 / 3), (1, 20)])
    )
    moving = line.moving
    assert moving is not None
    assert moving.said[0] == (
        "New cell 0 stands at (0 + 0.5)/2 − 0.5 = −0.25: held at 0. λ = 0: 1 · 10 + 0 · 20 = **10**"
    )
    other = lines.sampled(BEGINNING.changed(aligned=True), english).moving
    assert other is not None
    assert other.said[1] == (
        "New cell 1 stands at 1 · (2 − 1)/(4 − 1) = 0.3333. λ = 0.3333: "
        "0.6667 · 10 + 0.3333 · 20 = **13.33**"
    )


@pytest.mark.parametrize("many", [3, 4, 5, 8])
@pytest.mark.parametrize("aligned", [False, True])
def test_a_place_on_another_row_is_one_that_this_row_has(many: int, aligned: bool) -> None:
    study = BEGINNING.changed(many=many, aligned=aligned, copy=15)
    moving = lines.sampled(study, english).moving
    assert moving is not None
    moving.check()
    assert moving.at == many - 1


# Copies


def distances(copying: Copying) -> tuple[Array, Array, Array]:
    """How far each new cell is from what either mode copies, and from the closest centre."""
    found = copying.run()
    closest = np.abs(found.positions[:, None] - np.arange(4)).min(1)
    return np.abs(found.positions - found.nearest), np.abs(found.positions - found.exact), closest


def test_nearest_exact_copies_the_closest_cell_and_nearest_does_not() -> None:
    found = Copying().run()
    assert found.positions == pytest.approx([-0.1, 0.7, 1.5, 2.3, 3.1])
    assert found.nearest.tolist() == [0, 0, 1, 2, 3]
    assert found.exact.tolist() == [0, 1, 2, 2, 3]
    nearest, exact, closest = distances(Copying())
    assert nearest[1] == pytest.approx(0.7)
    assert exact == pytest.approx(closest)


@pytest.mark.parametrize("hundredths", range(125, 401, 7))
def test_nearest_exact_is_exact_at_every_scale(hundredths: int) -> None:
    copying = Copying(hundredths / 100)
    _nearest, exact, closest = distances(copying)
    assert exact == pytest.approx(closest, abs=1e-6)


def test_at_one_and_a_half_the_modes_differ_halfway_only_and_at_two_and_three_nowhere() -> None:
    found = Copying(1.5).run()
    differ = found.nearest != found.exact
    assert found.positions[differ] == pytest.approx([0.5, 2.5])
    for scale in (2.0, 3.0):
        run = Copying(scale).run()
        assert run.nearest.tolist() == run.exact.tolist()


@pytest.mark.parametrize(
    ("scale", "farther", "halfway", "new"),
    [
        # At 1.25 cell 1 stands at 0.7 and copies cell 0; cell 2 stands at 1.5.
        (1.25, 1, 1, 5),
        (1.5, 0, 2, 6),
        (2.0, 0, 0, 8),
        (3.0, 0, 0, 12),
    ],
)
def test_it_is_said_how_often_nearest_copies_a_farther_cell(
    scale: float, farther: int, halfway: int, new: int
) -> None:
    told = tables.farther(BEGINNING.changed(scale=scale))
    counts = {"farther": str(farther), "halfway": str(halfway), "new": str(new)}
    assert told == {"scale": f"{scale:g}", **counts}


@pytest.mark.parametrize("hundredths", range(125, 401, 25))
def test_farther_cells_are_counted_as_torch_copies_them(hundredths: int) -> None:
    scale = hundredths / 100
    row = torch.arange(4.0)[None, None]
    copied = F.interpolate(row, scale_factor=scale, mode="nearest")[0, 0]
    # Every centre is a quotient of whole numbers, so no rounding is in the way.
    centres = [
        Fraction(50 * (2 * new + 1), hundredths) - Fraction(1, 2) for new in range(len(copied))
    ]
    apart = [[abs(centre - old) for old in range(4)] for centre in centres]
    farther = sum(
        found[int(cell)] > min(found) for found, cell in zip(apart, copied.tolist(), strict=True)
    )
    halfway = sum(centre % 1 == Fraction(1, 2) for centre in centres)
    found = Copying(scale).run()
    assert (found.farther, found.halfway) == (farther, halfway)
    assert (farther > 0) == (scale in (1.25, 1.75, 2.25, 2.75, 3.25, 3.75))


def test_where_one_begins_no_handle_covers_what_is_copied() -> None:
    moving = lines.copied(BEGINNING, english).moving
    assert moving is not None
    assert moving.values == ()


def test_the_picture_of_the_answer_keeps_the_places_and_has_the_new_cells_on_them() -> None:
    given, after = lines.where(BEGINNING, english), lines.placed(BEGINNING, english)
    assert after.moving is None
    assert list(after.ticks) == list(given.ticks)
    assert list(after.curves[0].points) == [(-0.5, 10), (0, 10), (1, 20), (1.5, 20)]
    assert list(after.curves[2].points) == [(-0.25, 10), (0.25, 12.5), (0.75, 17.5), (1.25, 20)]


def test_the_walk_along_copies_says_which_cell_is_copied_and_how_far_it_is() -> None:
    moving = lines.copied(BEGINNING, english).moving
    assert moving is not None
    assert moving.at == 1
    assert moving.said[1] == (
        "New cell 1 stands at (1 + 0.5)/1.25 − 0.5 = **0.7**. `nearest` copies cell **0**, 0.7 "
        "away; `nearest-exact` copies cell **1**, 0.3 away."
    )
    last = lines.copied(BEGINNING.changed(scale=4.0, copy=15), english).moving
    assert last is not None
    assert last.at == 15


# Four cells


@pytest.mark.parametrize(("which", "aligned"), LARGE, ids=str)
def test_a_map_of_four_becomes_the_sixteen_cells_of_a_pencil(which: int, aligned: bool) -> None:
    output = Plane(which, aligned).run().output[0, 0]
    np.testing.assert_allclose(output, LARGE[which, aligned], atol=5e-5)


@pytest.mark.parametrize(("which", "aligned"), LARGE, ids=str)
def test_bilinear_is_linear_twice_in_either_order(which: int, aligned: bool) -> None:
    study = BEGINNING.changed(which=which, aligned=aligned)
    for x_first in (True, False):
        passed = Plane(which, aligned).in_two_passes(x_first=x_first)
        np.testing.assert_allclose(passed[0, 0], LARGE[which, aligned], atol=5e-5)
    signs = [row[-1] for row in tables.passes(study, english).rows]
    assert signs == ["✓", "✓"] if not aligned else set(signs) <= {"✓", "≈"}


def test_a_cell_of_the_large_map_has_sixteenths_of_four_cells() -> None:
    (link,) = figures.enlarged(BEGINNING).links
    assert link.fractions
    # Row 1, column 1: a quarter of the way down and across.
    (row,) = np.flatnonzero(link.cells == 5)
    there = slice(link.offsets[row], link.offsets[row + 1])
    found = dict(zip(link.places[there].tolist(), link.coefficients[there].tolist(), strict=True))
    assert found == {0: 9 / 16, 1: 3 / 16, 2: 3 / 16, 3: 1 / 16}


def test_the_product_that_is_named_is_a_share_of_the_map_that_is_shown() -> None:
    for aligned, text, share in (
        (False, "3/4 · 3/4 = 9/16", 9 / 16),
        (True, "2/3 · 2/3 = 4/9", 4 / 9),
    ):
        study = BEGINNING.changed(aligned=aligned)
        assert tables.product(study) == {"product": text}
        (link,) = figures.enlarged(study).links
        assert np.isclose(link.coefficients, share, rtol=1e-6).any()


@pytest.mark.parametrize("cells", CELLS, ids=str)
@pytest.mark.parametrize(("across", "down"), [(0.25, 0.75), (0.5, 0.5), (0.75, 0.25), (0.1, 0.9)])
def test_the_star_is_where_pytorchs_grid_sample_puts_it_in_either_order(
    cells: tuple[tuple[int, int], ...], across: float, down: float
) -> None:
    array = np.array(cells, np.float64)
    place = torch.tensor([[[[2 * across - 1, 2 * down - 1]]]], dtype=torch.float64)
    wanted = F.grid_sample(torch.from_numpy(array)[None, None], place, align_corners=True).item()
    rows, columns = (helped(array, across, down, x_first=first) for first in (True, False))
    assert rows.star == pytest.approx(wanted)
    assert columns.star == pytest.approx(wanted)
    (a, b), (c, d) = cells
    assert rows.points == pytest.approx([a + across * (b - a), c + across * (d - c)])
    assert columns.points == pytest.approx([a + down * (c - a), b + down * (d - b)])


@pytest.mark.parametrize("first", ["x", "y"])
def test_the_sums_between_four_cells_add_up_to_what_the_maps_show(first: str) -> None:
    study = BEGINNING.changed(first=first)
    figure = figures.star_maps(study)
    for link in figure.links:
        made, of = figure.array(link.from_map), figure.array(link.to_map).reshape(-1)
        terms = link.coefficients * of[link.places]
        assert np.add.reduceat(terms, link.offsets[:-1]) == pytest.approx(made.reshape(-1))


def test_the_sums_of_p_q_and_the_star_are_written_out() -> None:
    assert tables.by_hand(BEGINNING) == {
        "p": "0.25 · 6 + 0.75 · 10 = 9",
        "q": "0.25 · 9 + 0.75 · 12 = 11.25",
        "star": "0.75 · 9 + 0.25 · 11.25 = 9.5625",
    }
    assert tables.by_hand(BEGINNING.changed(first="y")) == {
        "p": "0.75 · 6 + 0.25 · 9 = 6.75",
        "q": "0.75 · 10 + 0.25 · 12 = 10.5",
        "star": "0.25 · 6.75 + 0.75 · 10.5 = 9.5625",
    }


# What a mode takes


def test_pytorch_itself_says_which_input_a_mode_takes() -> None:
    said = {each.mode: each.said for each in mixed_up()}
    assert said == {
        "linear": "NotImplementedError: Got 4D input, but linear mode needs 3D input",
        "bilinear": "NotImplementedError: Got 3D input, but bilinear mode needs 4D input",
        "trilinear": "NotImplementedError: Got 4D input, but trilinear mode needs 5D input",
    }


def test_every_mode_takes_the_input_that_the_table_gives_it() -> None:
    axes = {"(N, C, L)": 3, "(N, C, H, W)": 4, "(N, C, D, H, W)": 5}
    for mode, takes, _use in tables.wanted(BEGINNING, english).rows:
        names = [name.strip("`") for name in mode.split(", ")]
        fitting = {axes[takes.strip("`")]} if takes.startswith("`") else {3, 4, 5}
        for name in names:
            assert {n for n in (3, 4, 5) if not answer(name, (1, 1, 2, 2, 2)[:n])} == fitting


def test_what_pytorch_says_stands_in_one_cell_of_its_table() -> None:
    rows = tables.refused(BEGINNING, english).rows
    assert len(rows) == len(mixed_up())
    assert not any(sign in cell[1:-1] for row in rows for cell in row for sign in "|`\n")


# What it is used for


def test_a_year_of_months_becomes_weeks_on_the_line_between_them() -> None:
    found = year()
    assert found.linear.size == 52
    assert found.linear == pytest.approx(np.interp(found.at, np.arange(12), found.samples))
    closest = np.abs(found.at[:, None] - np.arange(12)).argmin(1)
    assert found.nearest.tolist() == found.samples[closest].tolist()


def test_a_tone_loses_its_peaks_on_the_line_between_its_samples() -> None:
    found = tone()
    assert found.linear == pytest.approx(np.interp(found.at, np.arange(12), found.samples))
    # A quarter of a period is 1.2 samples.
    assert wave(np.array([0, 1.2, 2.4, 3.6])) == pytest.approx([0, 1, 0, -1], abs=1e-12)
    assert found.samples == pytest.approx(wave(np.arange(12)))
    assert (np.abs(wave(found.at)) - np.abs(found.linear)).max() > 0.1


def test_the_samples_of_the_tone_are_enough_to_bring_its_peaks_back() -> None:
    # Whittaker and Shannon: a sum of sines over distances, of the tone's samples without an end.
    assert tables.sampled(BEGINNING) == {"samples": "4.8"}  # 12 samples over 2.5 periods
    numbers = np.arange(-20000, 20000)
    peak = 1.2
    assert (np.sinc(peak - numbers) * wave(numbers)).sum() == pytest.approx(1, abs=1e-3)
    assert tone().linear.max() < 0.98


def test_each_signal_has_a_section_of_its_own() -> None:
    (step,) = (each for each in LESSONS["interpolation"].steps if each.key == "signals")
    told = [each for each in step.blocks if isinstance(each, Prose)]
    for name in ("tone", "year"):
        study = BEGINNING.changed(signal=name)
        assert [each.section for each in told if each.when(study)] == ["signals", name]


def test_the_line_of_a_year_is_held_beyond_its_first_and_its_last_month() -> None:
    found = year()
    held = (found.at < 0) | (found.at > 11)
    assert held.sum() == 4
    assert found.linear[held].tolist() == [-2, -2, 1, 1]
    assert found.linear[2] > -2


@pytest.mark.parametrize("side", [12, 20, 32])
def test_a_digit_is_enlarged_as_positions_and_shares_say(side: int) -> None:
    found = enlarged(side)
    assert list(found) == list(MODES)
    paper = 255 - 255 * digits((1, 1, 8, 8), FIRST_DIGIT)[0, 0].numpy()
    along = shares(positions(side, 8), 8)
    matrix = np.stack([along.mixed(one) for one in np.eye(8)], 1)
    assert np.abs(found["bilinear"] - matrix @ paper @ matrix.T).max() <= 0.501
    corner = np.arange(side) * 8 // side
    assert found["nearest"].tolist() == paper[np.ix_(corner, corner)].round().tolist()
    centre = np.floor((np.arange(side) + 0.5) * 8 / side).astype(int)
    assert found["nearest-exact"].tolist() == paper[np.ix_(centre, centre)].round().tolist()
    assert {each.dtype for each in found.values()} == {np.dtype(np.uint8)}
    assert {each.shape for each in found.values()} == {(side, side)}
