"""The lesson on transposed convolution: what the inverse restores, what is learnt and measured."""

from __future__ import annotations

from itertools import islice, pairwise

import numpy as np
import pytest
import torch
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from lessons.asking.exercise import Array
from lessons.blocks import Prose, within
from lessons.catalogue import LESSONS
from lessons.running.recipe import ran
from lessons.showing.cutting import below
from lessons.transposed_convolution import compared, inverse, learning, learnt, restoring
from lessons.transposed_convolution.checkerboard import SIDE, WIDTHS, Checkerboard
from lessons.transposed_convolution.inverse import KERNELS, Blurring
from lessons.transposed_convolution.learning import Learning, Learnt, error_of, held_out, seen
from viz.language import english
from viz.pictures.line import line_data

LESSON = LESSONS["transposed_convolution"]
STUDY = LESSON.beginning
ANGLES = np.pi * np.arange(1, 9) / 9
COSINES = np.cos(ANGLES)
"""A row of 8 cells between zeros swings at these angles; its neighbours' mean is the cosine."""

# Inverse or transpose?


def singular_values(kernel: str) -> Array:
    """The singular values of a kernel over 8x8 cells, in closed form."""
    one, other = COSINES[:, None], COSINES[None]
    return {
        "blur": (1 + one) / 2 * (1 + other) / 2,
        "sharpen": 5 - 2 * one - 2 * other,
        "edges": np.abs(2 * (1 + one) * 2 * other),
        "box": np.abs((1 + 2 * one) * (1 + 2 * other)) / 9,
    }[kernel]


@pytest.mark.parametrize("kernel", KERNELS)
def test_rank_and_condition_are_those_of_the_closed_form(kernel: str) -> None:
    run, values = ran(Blurring(kernel)), singular_values(kernel)
    kept = values[values > 1e-9]
    assert run.rank == kept.size
    assert run.growth == pytest.approx(kept.max() / kept.min(), rel=1e-9)
    if run.is_singular:
        assert (kernel, run.rank, run.condition) == ("box", 49, float("inf"))
    else:
        assert run.condition == pytest.approx(values.max() / values.min(), rel=1e-9)


def test_the_condition_numbers_are_those_that_are_known() -> None:
    found = {name: ran(Blurring(name)).condition for name in KERNELS}
    assert found["blur"] == pytest.approx(1.034e3, rel=1e-3)
    assert found["sharpen"] == pytest.approx(7.06, rel=1e-3)
    assert found["edges"] == pytest.approx(174, rel=1e-2)


@pytest.mark.parametrize("kernel", KERNELS)
def test_what_is_shown_is_what_an_independent_matrix_gives(kernel: str) -> None:
    cells, rows = KERNELS[kernel], np.zeros((64, 64))
    for i, j, a, b in np.ndindex(8, 8, 3, 3):
        row, column = i + a - 1, j + b - 1
        if 0 <= row < 8 and 0 <= column < 8:
            rows[8 * i + j, 8 * row + column] = cells[a, b]
    run = ran(Blurring(kernel, seed=4))
    blurred = rows @ run.picture.reshape(-1)
    np.testing.assert_allclose(run.blurred.reshape(-1), blurred, atol=1e-12)
    np.testing.assert_allclose(run.transposed.reshape(-1), rows.T @ blurred, atol=1e-12)
    least = np.linalg.lstsq(rows, blurred, rcond=1e-10)[0]
    np.testing.assert_allclose(run.inverted.reshape(-1), least, atol=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_the_inverse_restores_and_the_transpose_does_not(seed: int) -> None:
    for kernel in KERNELS:
        run = ran(Blurring(kernel, seed=seed))
        if run.is_singular:
            assert run.error(run.inverted) > 0.01
        else:
            assert run.error(run.inverted) < 1e-10
        assert run.error(run.scaled) > 0.1


@pytest.mark.parametrize("kernel", ["blur", "sharpen", "edges"])
@pytest.mark.parametrize("noise", inverse.NOISES[1:])
def test_noise_grows_by_no_more_than_the_condition_number(kernel: str, noise: str) -> None:
    clean, noisy = ran(Blurring(kernel)), ran(Blurring(kernel, noise))
    norm = np.linalg.norm
    share_in = norm(noisy.blurred - clean.blurred) / norm(clean.blurred)
    share_out = norm(noisy.inverted - clean.picture) / norm(clean.picture)
    assert share_in > 0
    assert share_out <= noisy.condition * share_in * (1 + 1e-6)
    if kernel == "blur":
        assert share_out > 20 * share_in, "a large condition number is felt"


@pytest.mark.parametrize("blur", KERNELS)
@pytest.mark.parametrize("noise", inverse.NOISES)
def test_one_sentence_is_said_of_each_kernel_and_noise(blur: str, noise: str) -> None:
    study = STUDY.changed(blur=blur, noise=noise)
    (step,) = (each for each in LESSON.steps if each.key == "inverse")
    told = [
        each.section
        for each in within(step.blocks)
        if isinstance(each, Prose) and each.section != "inverse" and each.when(study)
    ]
    expected = {
        (False, False): ["inverse exact"],
        (False, True): ["inverse noisy"],
        (True, False): ["inverse singular"],
        (True, True): ["inverse singular", "inverse singular noisy"],
    }
    assert told == expected[blur == "box", noise != "0"]
    grid = restoring.facts(study, english)
    (row,) = grid.rows
    assert row[:2] == (("49 of 64", "∞") if blur == "box" else ("64 of 64", row[1]))
    named = "pseudo-inverse" if blur == "box" else "inverse"
    assert grid.heads[2] == f"largest error of the {named}"


@pytest.mark.parametrize("seed", [0, 9])
@pytest.mark.parametrize("kernel", KERNELS)
def test_the_transpose_is_scaled_by_the_factor_that_suits_the_digit_best(
    kernel: str, seed: int
) -> None:
    run = ran(Blurring(kernel, "0.01", seed))
    made, picture = run.transposed.reshape(-1, 1), run.picture.reshape(-1)
    (best,) = np.linalg.lstsq(made, picture)[0]
    assert run.factor == pytest.approx(best, rel=1e-9)
    np.testing.assert_allclose(run.scaled, best * run.transposed, rtol=1e-9)
    study = STUDY.changed(blur=kernel, noise="0.01", seed=seed)
    largest = np.abs(best * made[:, 0] - picture).max()
    assert restoring.facts(study, english).rows[0][3] == f"{largest:.2g}"


@pytest.mark.parametrize("noise", inverse.NOISES[1:])
def test_the_pseudo_inverse_lets_noise_grow_by_no_more_than_its_smallest_value(noise: str) -> None:
    clean, noisy = ran(Blurring("box")), ran(Blurring("box", noise))
    norm = np.linalg.norm
    share_in = norm(noisy.blurred - clean.blurred) / norm(clean.blurred)
    share_out = norm(noisy.inverted - clean.inverted) / norm(clean.inverted)
    assert share_in < share_out <= noisy.growth * share_in


# How many copies meet


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_copies_that_meet_are_counted_and_a_convolution_reads_as_often(
    width: int, stride: int
) -> None:
    recipe = Checkerboard(width, stride)
    places = stride * np.arange(SIDE)
    along = [int(((places <= at) & (at < places + width)).sum()) for at in range(recipe.large)]
    expected = np.outer(along, along)
    made = ran(recipe)
    np.testing.assert_array_equal(made.output[0, 0], expected)
    np.testing.assert_array_equal(recipe.read()[0, 0], expected)
    assert (made.downstream == width**2).all()
    inside = recipe.inside(made.output)
    assert inside.size
    assert (np.unique(inside).size == 1) == recipe.is_even
    study = STUDY.changed(laid=width, stride=stride)
    said = [restoring.is_even(study), restoring.is_uneven(study), restoring.has_holes(study)]
    assert sum(said) == 1
    assert restoring.has_holes(study) == (inside.min() == 0)
    (row,) = restoring.read_back(study, english).rows
    assert row[2] == "0"


def test_a_3x3_kernel_with_stride_2_makes_the_checkerboard_of_a_pencil() -> None:
    assert restoring.of_met(STUDY) == {"kernel": "3", "stride": "2", "counts": "1, 2, 4"}
    assert restoring.of_met(STUDY.changed(laid=4))["counts"] == "4"
    assert restoring.of_met(STUDY.changed(laid=2, stride=3))["counts"] == "0, 1"


# Learning


def test_no_digit_is_seen_that_is_held_out() -> None:
    assert (len(seen().large), len(held_out().large)) == (1497, 300)
    every = torch.cat([seen().large, held_out().large]).flatten(1)
    assert torch.unique(every, dim=0).shape[0] == 1797, "no digit is there twice"


@pytest.mark.parametrize("kernel", learning.KERNELS)
def test_every_kernel_makes_a_map_twice_as_large(kernel: int) -> None:
    made = learning.enlarged(learning.first_kernel(kernel, 0), torch.zeros(1, 1, 4, 4))
    assert made.shape == (1, 1, 8, 8)


def test_the_first_steps_are_those_of_descent_written_out() -> None:
    digit, weight = seen(), torch.from_numpy(learning.first_kernel(4, 3)).requires_grad_()
    velocity = torch.zeros_like(weight)
    draw = np.random.default_rng((3, learning.BATCH))
    for frame in islice(Learning(4, 3).steps(), 5):
        chosen = draw.integers(1497, size=64)
        made = F.conv_transpose2d(digit.small[chosen], weight, stride=2, padding=1)
        loss = ((made - digit.large[chosen]) ** 2).mean()
        (gradient,) = torch.autograd.grad(loss, weight)
        with torch.no_grad():
            velocity = 0.9 * velocity + gradient
            weight -= 0.5 * velocity
        assert frame.loss == pytest.approx(float(loss.detach()), rel=1e-5)
        np.testing.assert_allclose(frame.weight, weight.detach().numpy(), rtol=1e-4, atol=1e-6)


def best_error(kernel: int) -> float:
    """The least error that any kernel comes to on the digits to learn from, by least squares."""
    digit, columns = seen(), []
    for place in range(kernel**2):
        unit = torch.zeros(kernel**2)
        unit[place] = 1
        weight = unit.view(1, 1, kernel, kernel).numpy()
        columns.append(learning.enlarged(weight, digit.small).flatten().double())
    a, y = torch.stack(columns, 1), digit.large.flatten().double()
    best = torch.linalg.lstsq(a, y[:, None]).solution[:, 0]
    return learning.error_with(best.float().view(1, 1, kernel, kernel).numpy())


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("kernel", learning.KERNELS)
def test_what_is_learnt_is_nearly_the_best_kernel_there_is(kernel: int, seed: int) -> None:
    weight = ran(Learnt(kernel, seed))
    assert learning.error_with(weight) == pytest.approx(best_error(kernel), rel=0.02)


@pytest.mark.parametrize("seed", [0, 7])
def test_a_learnt_4x4_kernel_comes_nearer_than_nearest_and_bilinear(seed: int) -> None:
    assert error_of("nearest") == pytest.approx(0.04995, rel=1e-3)
    assert error_of("bilinear") == pytest.approx(0.05398, rel=1e-3)
    error = learning.error_with(ran(Learnt(4, seed)))
    assert error < 0.95 * min(error_of("nearest"), error_of("bilinear"))


def test_the_same_steps_give_the_same_kernel_and_all_of_its_entries_moved() -> None:
    frames = list(islice(Learning(3, 1).steps(), 20))
    np.testing.assert_array_equal(frames[-1].weight, Learnt(3, 1, 20).run())
    np.testing.assert_array_equal(Learnt(3, 1, 0).run(), learning.first_kernel(3, 1))
    told = learnt.of_kernels(STUDY.changed(kernel=3, seed=1, steps=20))
    assert told == {"moved": "9", "all": "9", "steps": "20", "size": "3"}
    assert learnt.of_kernels(STUDY)["steps"] == "400", "where none were asked for"


def test_the_curve_and_the_table_say_what_the_steps_came_to() -> None:
    frames = list(islice(Learning().steps(), 60))
    line, grid = learnt.curves(STUDY, frames, english), learnt.errors(STUDY, frames, english)
    assert line.curves[0].points[-1] == (60, frames[-1].error)
    steps = {step: drawn for step, drawn in line.curves[0].points if step == int(step)}
    assert list(steps) == list(range(1, len(frames) + 1))
    for drawn, frame in zip(steps.values(), frames, strict=True):
        assert drawn == frame.error if frame.error <= learnt.DRAWN else np.isnan(drawn)
    assert [row[1] for row in grid.rows[1:]] == [f"{frames[-1].error:.3g}", "0.05", "0.054"]
    assert float(grid.rows[0][1]) > 0.15, "before the first step"
    nothing = learnt.curves(STUDY, [], english)
    assert nothing.curves[0].points == []
    assert line_data(nothing, None)["axes"][0]["high"] == learning.MOST_STEPS


def test_a_curve_leaves_through_the_upper_edge_and_comes_back_there() -> None:
    cut = below([(1, 0.3), (2, 0.1), (3, 0.5), (4, 0.0), (5, 0.1), (6, 0.2)], 0.2)
    found = [(x, -1 if np.isnan(y) else y) for x, y in cut]
    expected = [(1, -1), (1.5, 0.2), (2, 0.1), (2.25, 0.2), (3, -1), (3.6, 0.2), (4, 0), (5, 0.1)]
    np.testing.assert_allclose(found, [*expected, (6, 0.2)])
    frames = list(islice(Learning(6, 0).steps(), 20))
    high = [frame.error > learnt.DRAWN for frame in frames]
    assert high[1]
    assert high[6], "momentum carries the kernel past its goal"
    assert not high[3]
    line = learnt.curves(STUDY.changed(kernel=6), frames, english)
    on_edge = [y for _x, y in line.curves[0].points if y == learnt.DRAWN]
    assert len(on_edge) == sum(one != other for one, other in pairwise(high))
    assert line_data(line, None)["axes"][1]["high"] == learnt.DRAWN


def test_pictures_are_those_of_torch_with_their_errors() -> None:
    layers = learnt.pictures(STUDY, english)
    assert [each.title.partition(" · ")[0] for each in layers] == [
        "Nearest",
        "Bilinear",
        "Learnt kernel",
        "The digit",
    ]
    nearest, digit = layers[0].picture, layers[-1].picture
    assert nearest is not None
    assert digit is not None
    np.testing.assert_array_equal(nearest, np.kron(nearest[::2, ::2], np.ones((2, 2))))
    large = held_out().large[0, 0].numpy()
    np.testing.assert_array_equal(digit, np.round(255 * (1 - large)).astype(np.uint8))
    halved = large.reshape(4, 2, 4, 2).mean((1, 3))
    error = float(((np.kron(halved, np.ones((2, 2))) - large) ** 2).mean())
    assert layers[0].title == f"Nearest · {error:.3g}"


# Which one?


def test_the_table_measures_five_ways_on_the_same_digits() -> None:
    found = compared.measured(4, 0)
    large = held_out().large.numpy()[:, 0]
    blocks = large.reshape(-1, 4, 2, 4, 2)
    mean, most = blocks.mean((2, 4)), blocks.max((2, 4))

    def spread(cells: Array) -> Array:
        return cells.repeat(2, 1).repeat(2, 2)

    def nailed(cells: Array) -> Array:
        made = np.zeros_like(large)
        made[:, ::2, ::2] = cells
        return made

    for name, enlarge in (("nearest", spread), ("nails", nailed)):
        for error, small in ((found[name].averaged, mean), (found[name].pooled, most)):
            assert error == pytest.approx(((enlarge(small) - large) ** 2).mean(), rel=1e-5)
    smooth = F.interpolate(torch.from_numpy(most)[:, None], scale_factor=2, mode="bilinear")
    off = ((smooth[:, 0].numpy() - large) ** 2).mean()
    assert found["bilinear"].pooled == pytest.approx(off, rel=1e-5)
    assert found["bilinear"].averaged == pytest.approx(error_of("bilinear"))
    assert found["learnt"].averaged == pytest.approx(learning.error_with(ran(Learnt())))
    assert (found["max"].averaged, found["learnt"].pooled) == (None, None)
    assert [each.parameters for each in found.values()] == [0, 0, 0, 0, 16]
    assert [each.kept for each in found.values()] == [0, 0, 0, 16 * 8, 16 * 4]
    for name, gradient in (("nearest", 4), ("bilinear", 4), ("nails", 1), ("max", 1)):
        assert found[name].smallest == found[name].largest == gradient
    weight = ran(Learnt())[0, 0]
    assert found["learnt"].largest >= weight.sum() - 1e-5 >= found["learnt"].smallest - 1e-5
    rows = compared.table(STUDY, english).rows
    assert [row[3:5] for row in rows] == [
        ("0.05", "0.127"),
        ("0.054", "0.108"),
        ("0.19", "0.208"),
        ("—", "0.123"),
        (rows[4][3], "—"),
    ]
    assert [row[5] for row in rows[:4]] == ["4 everywhere"] * 2 + ["1 everywhere"] * 2


def test_max_unpooling_is_exact_where_a_maximum_stood() -> None:
    large = held_out().large.numpy()[:, 0]
    most = large.reshape(-1, 4, 2, 4, 2).max((2, 4))
    rest = (large**2).sum() - (most**2).sum()
    assert compared.measured(4, 0)["max"].pooled == pytest.approx(rest / large.size, rel=1e-4)
