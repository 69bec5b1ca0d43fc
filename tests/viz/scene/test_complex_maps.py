"""Complex gradients are drawn by their magnitudes, and the map says so."""

from __future__ import annotations

import numpy as np
import torch

import flow
from tests.flow.operations import Applied
from tests.viz.scene.one_run import OneRun
from viz.language import english
from viz.scene.inspector import Chosen, rows


def test_maps_of_complex_gradients_show_magnitudes() -> None:
    x = torch.arange(4.0).requires_grad_()
    upstream = torch.tensor([3 + 4j, 1j, 0, -2])
    with flow.run(Applied(torch.fft.fft), x, upstream=upstream) as run:
        node = run.capture.nodes[0]
        chosen = Chosen(OneRun(run), run.capture, node, 0, 0, None, "gradient", english)
        ((below, above),) = rows(chosen)
    assert above.array is not None
    assert below.array is not None
    assert above.array.tolist() == [5, 1, 0, 2]
    assert above.subtitle.endswith("magnitudes of complex numbers")
    assert "magnitudes" not in below.subtitle
    np.testing.assert_array_equal(below.array, node.downstream[0])
