"""What is predicted, with a pencil: the numbers, the truth, and what every mistake gives."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.grad_cam.asked.colours import Coloured
from lessons.grad_cam.asked.pooled import Pooled
from lessons.grad_cam.asked.weighted import Weighing, numbers
from lessons.running.recipe import exercise, ran
from lessons.running.trial import terms

# Maps A: channel 0 is [3 3; 2 1], channel 1 is [4 1; 1 3].
# Gradient of the score: [-4 -1; -3 4] and [3 -1; 4 2], so the means are -1 and 2.
# Both scores are equal, p = 1/2, and (w - w')/4 is [0 3; 0 0] and [0 0; 0 -3].


def test_the_numbers_of_the_pencil_are_those_of_the_first_seed() -> None:
    drawn = numbers(0)
    assert drawn.maps.tolist() == [[[3, 3], [2, 1]], [[4, 1], [1, 3]]]
    assert drawn.head[0].tolist() == [-4, -1, -3, 4, 3, -1, 4, 2]
    scores = drawn.head @ drawn.maps.ravel()
    assert scores[0] == scores[1]


def test_autograd_gives_the_gradients_of_the_pencil() -> None:
    found = ran(Weighing(0))
    assert found.gradient.tolist() == [[[-4, -1], [-3, 4]], [[3, -1], [4, 2]]]
    assert found.of_chance.tolist() == [[[0, 3], [0, 0]], [[0, 0], [0, -3]]]


ALPHA = {
    "largest": [4, 4],
    "sum": [-4, 8],
    "probability": [0.75, -0.75],
    "absolute": [3, 2.5],
}
CAM = {
    "relu first": [[8, 2], [2, 6]],  # 2 A1, as -A0 is cut
    "absolute": [[5, 1], [0, 5]],
    "no relu": [[5, -1], [0, 5]],
    "not weighted": [[7, 4], [3, 4]],
    "largest": [[28, 16], [12, 16]],  # 4 A0 + 4 A1
}
CHANNELS = {
    "signed": [[9, 6], [-5, 8]],
    "sum": [[15, 10], [18, 26]],
    "late": [[15, 8], [18, 10]],
    "mean": [[5, 10 / 3], [6, 26 / 3]],
}


def test_the_weights_and_their_mistakes() -> None:
    found = exercise(Weighing(0), "alpha")
    assert found.truth.tolist() == [-1, 2]
    assert {each.key: each.cells.tolist() for each in found.mistakes} == ALPHA


def test_the_map_and_its_mistakes() -> None:
    found = exercise(Weighing(0), "cam")
    assert found.truth.tolist() == [[5, 0], [0, 5]]
    assert {each.key: each.cells.tolist() for each in found.mistakes} == CAM


def test_the_saliency_of_three_channels_and_its_mistakes() -> None:
    kernel = Coloured(0).kernel()[0]
    assert kernel.tolist() == [[[9, -1], [-5, -9]], [[1, 3], [-6, -9]], [[5, 6], [-7, 8]]]
    found = exercise(Coloured(0), "channels")
    assert found.truth.tolist() == [[9, 6], [7, 9]]
    for each in found.mistakes:
        assert each.cells == pytest.approx(np.array(CHANNELS[each.key])), each.key


@pytest.mark.parametrize("seed", range(0, 400, 7))
def test_weights_are_whole_differ_in_sign_and_every_mistake_can_be_told(seed: int) -> None:
    found, drawn = ran(Weighing(seed)), numbers(seed)
    assert (found.weights == found.weights.round()).all()
    assert found.weights.prod() < 0
    assert drawn.maps.min() >= 0
    for key in ("alpha", "cam"):
        asked = exercise(Weighing(seed), key)
        assert len(asked.possible) == len(asked.mistakes)


def test_a_mean_hands_each_cell_a_quarter_of_the_weight() -> None:
    trial = ran(Pooled(0))
    assert trial.node == "MeanBackward1"
    first, second = trial.upstream.ravel().tolist()
    assert (trial.downstream[0, 0] == first / 4).all()
    assert (trial.downstream[0, 1] == second / 4).all()
    assert terms(trial.table, trial.upstream, 5) == ((0.25, second),)
