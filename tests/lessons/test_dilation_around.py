"""What stands around a dilated ResNet: a lost picture, a bias before a norm, pyramids."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from experiment.written.address import from_address, to_address
from flow.record import Array
from lessons.catalogue import LESSONS
from lessons.dilation import bias, lost, meetings
from lessons.dilation.bias import ANSWERS, Biased, Measured, bias_exercise
from lessons.dilation.pyramids import Merging, Pooling
from lessons.running.recipe import exercise, ran
from tests.experiment.runs import execute
from viz.language import english

STUDY = LESSONS["dilation"].beginning

# Lost


def test_a_picture_in_cells_holds_the_mean_of_each_block() -> None:
    pixels = lost.whole_picture("flower")
    for cells in lost.CELLS:
        block = lost.SIDE // cells
        means = pixels.reshape(cells, block, cells, block, 3).mean((1, 3))
        again = means.repeat(block, 0).repeat(block, 1)
        assert np.allclose(lost.averaged(pixels, cells), again, atol=1e-3)


@pytest.mark.parametrize("name", lost.PICTURES)
def test_fewer_cells_lose_more_and_outlines_lose_most(name: str) -> None:
    rows = lost.errors(STUDY.changed(photo=name), english).rows
    off = [float(row[1]) for row in rows]
    edge = [float(row[2]) for row in rows]
    assert off == sorted(off)
    assert edge == sorted(edge)
    assert all(on > over for on, over in zip(edge, off, strict=True))
    early = {key: int(said) for key, said in lost.early(STUDY.changed(photo=name)).items()}
    assert early["all"] == pytest.approx(100 * off[0] / off[-1], abs=1)
    assert early["edge"] == pytest.approx(100 * edge[0] / edge[-1], abs=1)
    assert early["edge"] > early["all"], "outlines are lost first"


def test_an_error_is_the_root_of_the_mean_square() -> None:
    one, other = np.zeros((2, 2)), np.array([[3.0, 0], [0, 4]])
    assert lost.error(one, other) == 2.5
    assert lost.error(one, other, other > 0) == np.sqrt(12.5)


def test_outlines_are_the_steepest_tenth() -> None:
    pixels = np.zeros((20, 20, 3))
    pixels[:, 10:] = 255
    found = lost.outlines(pixels)
    assert found[:, 9:11].all()
    assert found.sum() == 40


@pytest.mark.parametrize(("asked", "shown"), [(15, 15), (60, 60), (16, 15), (50, 60)])
def test_a_link_may_ask_for_cells_that_are_not_offered(asked: int, shown: int) -> None:
    study = STUDY.changed(cells=asked)
    assert lost.nearest(study) == shown
    whole, kept = lost.layers(study, english)
    assert whole.picture is not None
    assert kept.picture is not None
    assert whole.picture.shape == kept.picture.shape == (240, 240, 3)
    assert kept.title == f"in {shown}x{shown} cells"


# Bias


@pytest.mark.parametrize("seed", range(8))
def test_a_bias_before_a_batch_norm_gets_nothing_but_rounding(seed: int) -> None:
    found = ran(Biased(seed))
    assert found.single["conv.bias"] < 1e-5
    assert found.double["conv.bias"] < 1e-13
    assert found.single["conv.weight"] == pytest.approx(found.double["conv.weight"], rel=1e-4)
    assert found.double["conv.weight"] > 0.01
    assert found.moved < 1e-4


@pytest.mark.parametrize("seed", range(3))
def test_a_bias_gets_the_sum_of_what_arrives_and_only_before_the_norm_it_is_zero(seed: int) -> None:
    experiment, _problems = from_address(to_address(Biased(seed).in_playground()))
    capture = execute(experiment.setting).capture
    arrived = {name: capture.layer(name).upstream for name in ("conv", "bn")}
    sums = {name: np.sum(each, (0, 2, 3)) for name, each in arrived.items() if each is not None}
    assert np.abs(sums["conv"]).max() < 1e-5
    found = ran(Biased(seed)).single["bn.bias"]
    assert np.abs(sums["bn"]).max() == pytest.approx(found, rel=1e-4)
    assert found > 0.01


def test_the_gradients_are_those_that_the_playground_records() -> None:
    experiment, problems = from_address(to_address(Biased(3).in_playground()))
    assert problems == ()
    capture = execute(experiment.setting).capture
    recorded = {
        each.name: float(np.abs(each.gradient).max())
        for name in ("conv", "bn")
        for each in capture.layer(name).parameters
        if each.gradient is not None
    }
    assert recorded == pytest.approx(ran(Biased(3)).single, abs=1e-6)


def test_without_the_norm_the_same_bias_would_get_a_gradient() -> None:
    found = Measured({"conv.bias": 0.2, "conv.weight": 0.3}, {}, 10.0)
    assert list(ANSWERS)[int(bias_exercise(found).truth[0])] == "weight"
    assert list(ANSWERS)[int(exercise(Biased(), "bias").truth[0])] == "zero"
    assert {each.key for each in exercise(Biased(), "bias").mistakes} == {"weight", "sum", "none"}


def test_the_table_of_gradients_has_a_line_a_parameter() -> None:
    rows = bias.gradients(STUDY, english).rows
    names = ["`conv.weight`", "`conv.bias`", "`bn.weight`", "`bn.bias`"]
    assert [row[0] for row in rows] == names
    assert [float(row[1]) < 1e-5 for row in rows] == [False, True, False, False]


# Pyramids


def blocks(gradient: Array) -> Array:
    return gradient.reshape(2, 2, 2, 2).sum((1, 3))


@pytest.mark.parametrize("seed", range(5))
def test_an_addition_hands_the_same_to_both_and_copies_are_added_up(seed: int) -> None:
    run, upstream = ran(Merging(seed)), Merging(seed).upstream()
    assert np.array_equal(run["merge"].downstream, upstream)
    assert np.array_equal(run["up"].upstream, upstream)
    assert np.array_equal(run["up"].downstream[0, 0], blocks(upstream[0, 0]))


def test_a_small_map_and_a_lateral_one_are_added() -> None:
    run = ran(Merging())
    copied = np.kron(run["up"].value[0, 0], np.ones((2, 2)))
    assert np.array_equal(run["merge"].output[0, 0], run["merge"].value[0, 0] + copied)


@pytest.mark.parametrize("seed", range(5))
def test_pieces_come_back_through_each_branch_and_are_added(seed: int) -> None:
    found, upstream = ran(Pooling(seed)), Pooling(seed).upstream()[0]
    assert np.array_equal(found.itself[0, 0], upstream[0])
    assert np.allclose(found.branches[0], upstream[1].sum() / 16)
    # Along one axis, 2 cells become 4: 1, 3/4, 1/4, 0 of the first.
    shares = np.array([[1, 0.75, 0.25, 0], [0, 0.25, 0.75, 1]])
    means = shares @ upstream[2] @ shares.T / 4
    assert np.allclose(found.branches[1][0, 0], np.kron(means, np.ones((2, 2))))
    assert np.allclose(found.total, found.itself + sum(found.branches))


def test_the_shares_are_those_of_pytorch() -> None:
    row = torch.tensor([[[1.0, 0.0]]])
    made = torch.nn.functional.interpolate(row, size=4, mode="linear")
    assert made.flatten().tolist() == [1, 0.75, 0.25, 0]


def test_each_branch_hands_on_the_sum_of_its_piece() -> None:
    for seed in range(5):
        rows = meetings.sums(STUDY.changed(seed=seed), english).rows
        sums = Pooling(seed).upstream()[0].sum((1, 2))
        for row, total in zip(rows, sums, strict=True):
            wanted = f"{total:g}".replace("-", "−")
            assert list(row[1:]) == [wanted, wanted]


def test_every_cell_of_the_whole_is_explained_by_one_cell_of_each_piece() -> None:
    figure = meetings.parted(STUDY)
    total = figure.array("downstream")
    pieces = [figure.array(link.to_map) for link in figure.links]
    assert len(pieces) == 3
    assert np.allclose(total, sum(pieces))
    for link in figure.links:
        assert link.places.tolist() == link.cells.tolist() == list(range(16))
        assert (link.coefficients == 1).all()
