"""The unpooling lesson: places, what each way makes of them, and what each mistake gives."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.written.address import from_address, to_address
from flow.record import Array
from lessons.asking.exercise import Exercise
from lessons.asking.grading import grade
from lessons.blocks import Prose
from lessons.catalogue import LESSONS
from lessons.running.recipe import exercise, ran
from lessons.unpooling import backward, forward, measured
from lessons.unpooling.errors import KINDS, MOST_MAPS, ManyMaps, restored, running_means, squared
from lessons.unpooling.kept_bytes import kept_bytes
from lessons.unpooling.overlap import Overlapping
from lessons.unpooling.recipe import Placing, Unpooling
from lessons.unpooling.winner import Winner, mean_errors
from models.budget import estimate
from models.presets import PRESETS
from tests.experiment.runs import execute
from viz.language import english
from viz.maps.table import Table
from viz.pictures.line import line_data

STUDY = LESSONS["unpooling"].beginning
FIRST = Unpooling()
SOME = [Unpooling(seed) for seed in range(12)]
IN_FOUR = [[0, 0, 0, 0], [0, 6, 0, 8], [0, 0, 0, 0], [0, 14, 0, 16]]
IN_FIVE = [[0, 0, 0, 0, 0], [6, 0, 8, 0, 0], [0, 0, 0, 14, 0], [16, 0, 0, 0, 0], [0] * 5]


def mistakes(asked: Exercise) -> dict[str, list[object]]:
    return {each.key: each.cells.tolist() for each in asked.possible}


def texts(table: Table) -> list[list[str]]:
    return [[entry.text for entry in row] for row in table.rows]


# Forward


def test_one_to_sixteen_are_pooled_to_the_numbers_and_indices_of_a_pencil() -> None:
    run = ran(FIRST)["max"]
    assert run.pool.output[0, 0].tolist() == [[6, 8], [14, 16]]
    assert run.indices[0, 0].tolist() == [[5, 7], [13, 15]]
    assert run.unpool.output[0, 0].tolist() == IN_FOUR


def test_nearest_fills_the_blocks_and_a_bed_of_nails_their_corners() -> None:
    runs = ran(FIRST)
    nearest = [[6, 6, 8, 8], [6, 6, 8, 8], [14, 14, 16, 16], [14, 14, 16, 16]]
    nails = [[6, 0, 8, 0], [0, 0, 0, 0], [14, 0, 16, 0], [0, 0, 0, 0]]
    assert runs["nearest"].unpool.output[0, 0].tolist() == nearest
    assert runs["nails"].unpool.output[0, 0].tolist() == nails


def test_in_five_columns_the_same_indices_are_other_cells() -> None:
    assert ran(Placing()).unpool.output[0, 0].tolist() == IN_FIVE
    assert ran(Placing(height=4)).unpool.output[0, 0].tolist() == IN_FIVE[:4]
    assert ran(Placing(width=4)).unpool.output[0, 0].tolist() == [*IN_FOUR, [0] * 4]


def test_what_is_painted_is_what_is_pooled() -> None:
    cells = (9.0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, -1, 0, 5, -2, -3)
    run = ran(Unpooling(0, cells))["max"]
    assert run.indices[0, 0].tolist() == [[0, 7], [13, 10]]  # of equal cells, the first
    assert run.pool.output[0, 0].tolist() == [[9, 7], [5, 0]]
    assert ran(Unpooling(3, (1.0, 2.0)))["max"].pool.value.max() == 16, "too few cells for a map"


def test_the_four_cells_of_every_window_stand_in_the_table_and_light_up() -> None:
    figure = forward.chosen(STUDY)
    (table,) = figure.tables
    assert texts(table) == [
        ["6", "1, 2, 5, 6", "(1, 1)"],
        ["8", "3, 4, 7, 8", "(1, 3)"],
        ["14", "9, 10, 13, 14", "(3, 1)"],
        ["16", "11, 12, 15, 16", "(3, 3)"],
    ]
    value = figure.array("value").reshape(-1)
    for _kept, window, _at in table.rows:
        assert ", ".join(f"{value[place]:g}" for place in window.places) == window.text
    assert not figure.links, "a largest cell is no sum"
    (lens,) = figure.lights
    assert lens.places[lens.cells == 2].tolist() == [8, 9, 12, 13]


def test_the_table_of_sizes_names_the_cells_that_light_up_in_both_maps() -> None:
    (table,) = forward.resized(STUDY.changed(target="5x5")).tables
    assert texts(table) == [
        ["5", "6", "(1, 1)", "(1, 0)"],
        ["7", "8", "(1, 3)", "(1, 2)"],
        ["13", "14", "(3, 1)", "(2, 3)"],
        ["15", "16", "(3, 3)", "(3, 0)"],
    ]
    for size in ("4x4", "4x5", "5x4", "5x5"):
        figure = forward.resized(STUDY.changed(target=size))
        assert len(set(figure.tables[0].heads)) == 4, "no two columns of one name"
        for row in figure.tables[0].rows:
            for entry in row[2:]:
                cell = np.unravel_index(entry.places[0], figure.array(entry.map).shape)
                assert entry.text == f"({cell[2]}, {cell[3]})"
                assert f"{figure.array(entry.map)[cell]:g}" == row[1].text


@pytest.mark.parametrize(
    ("size", "said"), [("4x4", "same"), ("5x4", "same"), ("4x5", ""), ("5x5", "")]
)
def test_where_the_width_stays_the_lesson_says_that_nothing_moves(size: str, said: str) -> None:
    study = STUDY.changed(target=size)
    (step,) = (each for each in LESSONS["unpooling"].steps if each.key == "sizes")
    first = next(each for each in step.blocks if isinstance(each, Prose) and each.when(study))
    assert first.section == f"sizes {said}".strip()
    moved = {row[2].text != row[3].text for row in forward.resized(study).tables[0].rows}
    assert (True in moved) == (not said)


def test_a_sum_of_the_three_ways_is_named_after_a_map_on_screen() -> None:
    drawn = backward.three_ways_back(STUDY)
    titles = {each.key: each.title for row in drawn.rows for each in row}
    for link in (*drawn.links, *backward.one_fetch(STUDY).links):
        assert link.words["explained"] == titles[link.from_map]
    drawn = forward.three_ways(STUDY)
    titles = {each.key: each.title for row in drawn.rows for each in row}
    assert [link.words["explained"] for link in drawn.links] == list(titles.values())[1:]


def test_a_bed_of_nails_is_not_said_to_put_anything_back() -> None:
    for figure in (forward.three_ways(STUDY), backward.three_ways_back(STUDY)):
        named = [link.names for link in figure.links]
        assert named == [("1 (copy)",), ("1 (first cell)",), ("1 (put back here)",)]


@pytest.mark.parametrize("figure", [forward.three_ways, backward.three_ways_back])
@pytest.mark.parametrize("seed", [0, 3])
def test_every_sum_that_is_pointed_at_is_the_cell(figure: object, seed: int) -> None:
    assert callable(figure)
    drawn = figure(STUDY.changed(seed=seed))
    assert len(drawn.links) == 3
    for link in drawn.links:
        terms = link.coefficients * drawn.array(link.to_map).reshape(-1)[link.places]
        total = np.zeros(drawn.array(link.from_map).size)
        np.add.at(total, np.repeat(link.cells, np.diff(link.offsets)), terms)
        np.testing.assert_array_equal(total, drawn.array(link.from_map).reshape(-1))


# What is asked


def test_each_mistake_about_indices_gives_what_a_pencil_gives() -> None:
    # 12 16 10 2 / 13 3 15 11 / 1 5 8 7 / 14 6 4 9
    asked = LESSONS["unpooling"].exercises(STUDY)["index"]
    assert asked.truth.tolist() == [[1, 6], [12, 15]]
    assert mistakes(asked) == {
        "value": [[16, 15], [14, 9]],
        "from one": [[2, 7], [13, 16]],
        "down the columns": [[4, 9], [3, 15]],
        "in its block": [[1, 2], [2, 3]],
        "of the block": [[0, 1], [2, 3]],
        "row and column": [[0.1, 1.2], [3, 3.3]],
    }
    assert grade(asked, ("0,1", "1,2", "3,0", "3,3")).mistake == "row and column"


def test_of_equal_maxima_the_first_is_asked_for_and_the_last_is_a_mistake() -> None:
    cells = (7.0, 7, 0, 1, 2, 7, 2, 2, 5, 5, 9, 9, 5, 5, 9, 8)
    asked = exercise(Unpooling(0, cells), "index")
    assert asked.truth.tolist() == [[0, 6], [8, 10]]
    assert mistakes(asked)["last of equals"] == [[5, 7], [13, 14]]
    assert "last of equals" not in mistakes(exercise(FIRST, "index")), "no cells are equal"


def test_each_mistake_about_places_gives_what_a_pencil_gives() -> None:
    asked = exercise(Placing(), "places")
    assert asked.truth.tolist() == IN_FIVE
    assert mistakes(asked) == {
        "same place": [*([*row, 0] for row in IN_FOUR), [0] * 5],
        "corner": [[6, 0, 8, 0, 0], [0] * 5, [14, 0, 16, 0, 0], [0] * 5, [0] * 5],
        "block filled": [
            *([6, 6, 8, 8, 0] for _ in range(2)),
            *([14, 14, 16, 16, 0] for _ in range(2)),
            [0] * 5,
        ],
    }


def test_each_mistake_about_the_gradient_gives_what_a_pencil_gives() -> None:
    # -4 -2 -1 3 / 4 1 1 1 / 2 -4 -2 -5 / -1 -2 -5 -3 arrives; 5, 7, 13 and 15 are fetched
    asked = exercise(FIRST, "gradient")
    assert asked.truth.tolist() == [[1, 1], [-2, -3]]
    assert mistakes(asked) == {
        "block summed": [[-1, 4], [-5, -15]],
        "corner": [[-4, -1], [2, -2]],
        "shared by four": [[-0.25, 1], [-1.25, -3.75]],
    }


@pytest.mark.parametrize("key", ["block summed", "corner"])
@pytest.mark.parametrize("recipe", SOME, ids=str)
def test_two_mistakes_about_the_gradient_are_what_the_other_ways_hand_on(
    recipe: Unpooling, key: str
) -> None:
    asked, runs = exercise(recipe, "gradient"), ran(recipe)
    (found,) = (each for each in asked.mistakes if each.key == key)
    other = runs[{"block summed": "nearest", "corner": "nails"}[key]]
    np.testing.assert_array_equal(found.cells, other.unpool.downstream[0, 0])
    if key in mistakes(asked):
        typed = tuple(f"{cell:g}" for cell in found.cells.flat)
        assert grade(asked, typed).mistake == key


@pytest.mark.parametrize("recipe", SOME, ids=str)
def test_a_gradient_goes_through_the_unpooling_and_its_pool_to_the_winners(
    recipe: Unpooling,
) -> None:
    run = ran(recipe)["max"]
    value = torch.from_numpy(recipe.value()).double().requires_grad_()
    largest = F.max_pool2d(value, 2).repeat_interleave(2, 2).repeat_interleave(2, 3)
    won = (value == largest).numpy()  # all cells differ, so each window has one
    np.testing.assert_array_equal(run.pool.downstream, recipe.upstream() * won)
    np.testing.assert_array_equal(run.unpool.output, recipe.value() * won)


# How far it is off


def test_of_one_to_sixteen_copies_are_nearest() -> None:
    # 5 4 1 0 apart in one block of nearest; all but the maxima are lost by max unpooling
    (table,) = forward.lost(STUDY).tables
    assert [row[1:] for row in texts(table)] == [
        ["168", "5"],
        ["1384", "16"],
        ["944", "15"],
    ]
    value = np.arange(1.0, 17).reshape(4, 4)
    nearest = np.kron([[6, 8], [14, 16]], np.ones((2, 2)))
    assert ((value - nearest) ** 2).sum() == 168
    assert (value**2).sum() - (36 + 64 + 196 + 256) == 944


def test_of_a_sparse_map_max_unpooling_is_exact() -> None:
    cells = (0.0,) * 5 + (9.0,) + (0.0,) * 10
    (table,) = forward.lost(STUDY.changed(map=cells)).tables
    assert texts(table)[0][1] == "243"
    assert texts(table)[1][1] == "162"
    assert texts(table)[2][1:] == ["0", "0"]
    assert list(table.rows[2][2].places) == []


def test_a_map_that_is_drawn_has_the_error_that_the_layers_give() -> None:
    for kind in KINDS:
        value = KINDS[kind](np.random.default_rng((5, 2)))
        found = dict(
            zip(("nearest", "nails", "max"), list(ManyMaps(5, kind).steps())[2], strict=True)
        )
        runs = ran(Unpooling(0, tuple(value.reshape(-1).tolist())))
        for name, run in runs.items():
            assert found[name] == pytest.approx(squared(value, run.unpool.output[0, 0]), rel=1e-5)


def expected(kind: str) -> dict[str, float]:
    """The mean errors of cells that are uniform and independent, worked out by hand.

    Of four from 0 to 1, the maximum's square is 2/3 in the mean, and the others are uniform below
    it: a third of that each, as are their distances from it. A nail in the wrong cell, in 3 of 4
    cases, adds the square of the maximum. Below 0 the maximum is -min, and E[min^2] is 1/15.
    """
    if kind == "rough":
        return {"nearest": 100 / 6, "nails": 100 * (1 / 6 + 1 / 8), "max": 100 / 6}
    return {"nearest": 100 / 6, "max": 100 * (4 / 3 - 1 / 15) / 4}


@pytest.mark.parametrize("kind", ["rough", "negative"])
def test_many_maps_come_to_the_error_of_a_pencil(kind: str) -> None:
    frames = np.array(list(ManyMaps(1, kind).steps()))
    means = dict(zip(("nearest", "nails", "max"), running_means(frames)[-1], strict=True))
    spread = dict(zip(means, frames.std(0) / np.sqrt(len(frames)), strict=True))
    for name, mean in expected(kind).items():
        assert abs(means[name] - mean) < 4 * spread[name]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_lesson_says_which_way_is_nearest_on_which_maps(seed: int) -> None:
    def means(kind: str) -> Array:
        return running_means(np.array(list(ManyMaps(seed, kind).steps())))[-1]

    nearest, nails, best = means("smooth")
    assert nearest < min(nails, best) / 10
    nearest, nails, best = means("sparse")
    assert best < min(nearest, nails) / 5
    nearest, nails, best = means("negative")
    assert nearest < nails < best
    nearest, nails, best = means("rough")
    assert abs(nearest - best) < 0.1 * best < nails - best


def test_max_unpooling_wins_on_sparse_maps_alone_and_each_other_kind_is_a_mistake() -> None:
    asked = exercise(Winner(FIRST), "winner")
    kinds = list(KINDS)
    assert [kinds[int(place)] for place in asked.truth] == ["sparse"]
    others = {"smooth", "rough", "negative"}
    assert {each.key for each in asked.possible} == others
    for kind in others:
        assert grade(asked, (str(kinds.index(kind)),)).mistake == kind
    assert len(asked.items) == len(kinds)


def test_the_answer_is_plain_and_within_what_a_pencil_allows() -> None:
    means = mean_errors()
    assert means["sparse"][2] < means["sparse"][:2].min() / 5
    for kind in ("smooth", "negative"):
        assert means[kind][0] < means[kind][2] / 1.5, "copying is well ahead"
    for name, at in (("nearest", 0), ("max", 2)):
        for kind in ("rough", "negative"):
            assert means[kind][at] == pytest.approx(expected(kind)[name], rel=0.1)


def test_errors_are_measured_from_0() -> None:
    line = measured.error_curves(STUDY, list(ManyMaps(0, "rough").steps())[:9], english)
    assert line_data(line, None)["axes"][1]["low"] == 0
    assert line_data(measured.error_curves(STUDY, [], english), None)["axes"][1]["low"] == 0


def test_max_unpooling_is_no_farther_than_nails_where_no_maximum_is_below_zero() -> None:
    for seed in range(200):
        found = restored(value := KINDS["rough"](np.random.default_rng(seed)))
        assert squared(value, found["max"]) <= squared(value, found["nails"])


def test_the_curves_end_where_the_table_does() -> None:
    frames = list(ManyMaps(0, "sparse").steps())
    assert len(frames) == MOST_MAPS
    line = measured.error_curves(STUDY, frames, english)
    grid = measured.error_grid(STUDY, frames, english)
    ends = [curve.points[-1] for curve in line.curves]
    assert [x for x, _y in ends] == [MOST_MAPS] * 3
    assert [f"{y:.3g}" for _x, y in ends] == [row[1] for row in grid.rows]
    assert [curve.points for curve in measured.error_curves(STUDY, [], english).curves] == [[]] * 3
    two = measured.error_grid(STUDY, [(1.0, 2.0, 3.0), (5.0, 2.0, 2.0)], english)
    assert [row[1:] for row in two.rows] == [("3", "1"), ("2", "1"), ("2.5", "1")]


# An index that comes again


def test_a_cell_that_wins_four_windows_gets_four_times_its_gradient() -> None:
    found = ran(Overlapping())
    assert found.restored.indices[0, 0].tolist() == [[5, 5], [5, 5]]
    assert np.flatnonzero(found.restored.unpool.output).tolist() == [5]
    assert found.restored.unpool.output[0, 0, 1, 1] == 20
    assert found.restored.unpool.upstream[0, 0, 1, 1] == 2
    assert found.restored.pool.upstream[0, 0].tolist() == [[2, 2], [2, 2]]
    assert found.chained[0, 0, 1, 1] == 8
    assert found.nudged[0, 0, 1, 1] == 2


@pytest.mark.parametrize("window", [2, 3])
@pytest.mark.parametrize("seed", range(6))
def test_the_chain_counts_a_gradient_once_a_window_and_nudges_count_it_once(
    window: int, seed: int
) -> None:
    """Windows are gone through by hand, and no unpooling of PyTorch's is asked."""
    recipe = Overlapping(window, seed)
    found, value, upstream = ran(recipe), recipe.value()[0, 0], recipe.upstream()[0, 0]
    won = np.zeros((4, 4))
    for i, j in np.ndindex(5 - window, 5 - window):
        part = value[i : i + window, j : j + window]
        row, column = np.unravel_index(part.argmax(), part.shape)
        won[i + row, j + column] += 1
    assert won.max() > 1
    np.testing.assert_array_equal(found.won[0, 0], won)
    np.testing.assert_array_equal(found.chained[0, 0], won * upstream)
    np.testing.assert_allclose(found.nudged[0, 0], (won > 0) * upstream, atol=1e-9)
    np.testing.assert_array_equal(found.restored.unpool.output[0, 0], (won > 0) * value)


def test_the_check_of_the_unpooling_says_that_its_backward_is_no_derivative() -> None:
    (failed,) = (check for check in ran(Overlapping()).restored.unpool.checks if not check.passed)
    assert "The backward of unpool is not the derivative of its forward." in failed.sentence
    assert all(check.passed for check in ran(FIRST)["max"].unpool.checks)


# What it costs


def test_the_bytes_of_the_u_net_are_counted_as_its_shapes_say() -> None:
    found, preset = kept_bytes(), PRESETS["unet"]
    cells = 4 * 4 * 4 + 4 * 2 * 2
    assert found.input == 8 * 8 * 4
    assert (found.before, found.pooled, found.indices) == (4 * cells * 4, cells * 4, cells * 8)
    assert found.kept == estimate(preset.spec, preset.input_shape).saved_bytes == 6400
    grid = measured.shares(STUDY, english)
    assert [row[1:] for row in grid.rows] == [
        ("640", ""),
        ("320", "200 %"),
        ("1,280", "50 %"),
        ("256", "250 %"),
        ("6,400", "10 %"),
    ]


def test_a_pool_keeps_its_indices_whether_it_returns_them_or_not() -> None:
    def kept(*, returned: bool) -> list[tuple[torch.dtype, int]]:
        found: list[tuple[torch.dtype, int]] = []

        def note(tensor: torch.Tensor) -> torch.Tensor:
            found.append((tensor.dtype, tensor.numel()))
            return tensor

        value = torch.arange(16.0).view(1, 1, 4, 4).requires_grad_()
        with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
            torch.nn.MaxPool2d(2, return_indices=returned)(value)
        return found

    assert kept(returned=False) == kept(returned=True)
    assert (torch.int64, 4) in kept(returned=False)


# In the playground


def same(ours: Array | None, wanted: Array) -> bool:
    return ours is not None and np.array_equal(ours, wanted)


@pytest.mark.parametrize(
    "recipe",
    [
        FIRST,
        Unpooling(7),
        Unpooling(0, (0.5,) * 15 + (-3.0,)),
        Placing(),
        Placing(2, height=4),
        Placing(2, width=4),
        Overlapping(),
        Overlapping(2, 5),
    ],
    ids=str,
)
def test_the_playground_opens_the_pool_and_the_unpooling_with_the_numbers_of_the_lesson(
    recipe: Unpooling | Placing | Overlapping,
) -> None:
    opened, problems = from_address(to_address(recipe.in_playground()))
    assert problems == ()
    capture = execute(opened.setting).capture
    if isinstance(recipe, Unpooling):
        run = ran(recipe)["max"]
    else:
        run = ran(recipe) if isinstance(recipe, Placing) else ran(recipe).restored
    for name, trial in (("pool", run.pool), ("unpool", run.unpool)):
        layer = capture.layer(name)
        assert same(layer.outputs[0], trial.output)
        assert same(layer.upstreams[0], trial.upstream)
        assert same(layer.downstream[0], trial.downstream)
