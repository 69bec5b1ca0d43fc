"""The finding adds 2x2 blocks, checked on numbers that can be added by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import pytest

from experiment.setting import Setting, of_preset
from flow.record import Array, Capture
from tests.experiment.runs import execute
from viz.scene.finding import block_sums

ABOVE = np.arange(16.0).reshape(1, 1, 4, 4)
BLOCKS = np.array([[[[0 + 1 + 4 + 5, 2 + 3 + 6 + 7], [8 + 9 + 12 + 13, 10 + 11 + 14 + 15]]]])


@dataclass
class Layer:
    """As much of a LayerRecord as the finding reads."""

    name: str
    upstream: Array | None


@dataclass
class Two:
    """A capture of two layers."""

    layers: tuple[Layer, ...]

    def layer(self, name: str) -> Layer:
        return next(layer for layer in self.layers if layer.name == name)


def capture(above: Array | None, below: Array | None, name: str = "conv1") -> Capture:
    return cast(Capture, Two((Layer("upsample", above), Layer(name, below))))


def test_block_sums_are_the_sums_of_the_two_by_two_blocks() -> None:
    finding = block_sums(capture(ABOVE, BLOCKS.astype(np.float64)))
    assert finding is not None
    assert finding.summed.tolist() == BLOCKS.tolist()
    assert finding.difference == 0.0


def test_the_difference_is_the_largest_one_of_any_sign() -> None:
    below = BLOCKS + np.array([[[[0.25, -0.5], [0.0, 0.125]]]])
    finding = block_sums(capture(ABOVE, below))
    assert finding is not None
    assert finding.difference == 0.5


@pytest.mark.parametrize(
    "without",
    [capture(None, BLOCKS), capture(ABOVE, None), capture(ABOVE, BLOCKS, name="stem")],
)
def test_there_is_no_finding_without_both_gradients(without: Capture) -> None:
    assert block_sums(without) is None


@pytest.mark.parametrize("seed", range(20))
def test_the_test_preset_shows_equality_to_the_last_bit_for_many_weights(seed: int) -> None:
    finding = block_sums(execute(Setting(seed=seed)).capture)
    assert finding is not None
    assert finding.difference == 0.0
    assert np.abs(finding.summed).max() > 0


def test_other_presets_have_no_finding() -> None:
    assert block_sums(execute(of_preset("lenet")).capture) is None
