"""What must be covered with a hidden array: everything that tells the same numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from experiment.hiding import cover, covered
from experiment.setting import DEFAULT, of_preset
from models.cell_edits import Edits
from tests.experiment.runs import execute
from viz.arrays import captured, placed
from viz.hidden import is_hidden


def test_what_one_layer_hands_on_is_what_the_other_receives() -> None:
    capture = execute(DEFAULT).capture
    assert set(covered(capture, "conv2.downstream")) == {
        "conv2.downstream",
        "upsample.upstream",
        "n6.downstream",
        "n9.upstream",
    }
    # Through flatten, in another shape; at the transposed weight, in another order.
    assert {"conv2.upstream", "flatten.downstream"} < set(covered(capture, "flatten.upstream"))
    assert {"n3.upstream", "n3.downstream"} < set(covered(capture, "fc.weight.grad"))
    assert set(covered(capture, "conv2.output")) == {
        *("conv2.output", "flatten.input", "flatten.output", "fc.input"),
    }


@pytest.mark.parametrize("key", ["test", "residual", "lenet", "unet", "mlp"])
def test_every_equal_array_is_covered_and_nothing_else(key: str) -> None:
    capture = execute(replace(of_preset(key), input_gradient=True)).capture
    arrays = list(placed(capture))
    assert set(captured(capture)) <= {name for name, _ in arrays}
    for hidden, wanted in arrays:
        found = covered(capture, hidden)
        assert found[0] == hidden
        equal = {name for name, each in arrays if np.array_equal(each.ravel(), wanted.ravel())}
        assert equal <= set(found)
        cells = Counter(wanted.ravel().tolist())
        others = dict(arrays)
        assert all(Counter(others[name].ravel().tolist()) == cells for name in found)


def test_a_name_that_no_array_has_covers_nothing() -> None:
    assert covered(execute(DEFAULT).capture, "conv9.upstream") == ()


@pytest.mark.parametrize("key", ["test", "residual", "mlp"])
def test_a_cover_hides_exactly_these_and_keeps_every_other_array_and_all_shapes(key: str) -> None:
    capture = execute(replace(of_preset(key), input_gradient=True)).capture
    given = {"loss", "input", *(each.name for each in capture.parameters)}
    before = dict(placed(capture))
    for name in before:
        found = cover(capture, (name,))
        after = dict(placed(found.capture))
        hidden = set(covered(capture, name))
        assert [each.state for each in found.concealed] == ["given" if hidden & given else "hidden"]
        hides = set() if hidden & given else hidden
        assert {each for each, array in after.items() if is_hidden(array)} == hides
        for each, array in after.items():
            assert array.shape == before[each].shape
            assert array.dtype == before[each].dtype
            if each in hides:
                assert np.isnan(array).all()
            elif each != "loss":  # which is written anew each time
                assert array is before[each]


def test_a_map_with_the_same_cells_in_another_order_is_told_apart() -> None:
    arrays = dict(placed(cover(execute(DEFAULT).capture, ("fc.weight.grad",)).capture))
    names = {name: array.name for name, array in arrays.items() if is_hidden(array)}
    assert names["fc.weight.grad"] == "fc.weight.grad"
    assert set(names.values()) <= {"fc.weight.grad", "fc.weight.grad in another order"}


def test_hidden_values_are_known_among_coefficients_and_gradients_are_no_coefficients() -> None:
    capture = execute(DEFAULT).capture
    output = capture.layer("conv2").outputs[0]
    assert output is not None
    found = cover(capture, ("conv2.output",))
    assert found.tells(output.ravel()[3:4])
    assert not found.tells(np.array([0, 1, -1, 0.123456], output.dtype))
    handed = capture.layer("conv2").downstream[0]
    assert handed is not None
    assert not cover(capture, ("conv2.downstream",)).tells(handed.ravel())


def test_what_is_odd_about_hidden_numbers_is_not_said() -> None:
    low = Edits().with_cells("conv1.bias", dict.fromkeys(range(6), -1000.0))
    capture = execute(replace(of_preset("lenet"), edits=low)).capture
    told = next(each for each in capture.problems if each.kind == "zero gradient")
    silent = cover(capture, (f"{told.node}.upstream",)).capture.problems
    assert told not in silent
    assert set(silent) == {
        each for each in cover(capture, ("fc2.upstream",)).capture.problems if each != told
    }
