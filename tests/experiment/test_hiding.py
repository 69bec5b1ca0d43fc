"""What must be covered with a hidden array: everything that tells the same numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from experiment.hiding import covered
from experiment.setting import DEFAULT, of_preset
from tests.experiment.runs import execute
from viz.arrays import captured, placed


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
