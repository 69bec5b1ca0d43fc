"""Every captured array under a clear name, and files that give back the same bits."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
import torch
from torch import nn

import flow
from flow.record import Array, Capture
from viz.arrays import captured, cells_csv, npz, total_bytes


class Joined(nn.Module):
    """Two ways through one layer, added: several calls, several downstream gradients."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(3, 3)
        self.pool = nn.MaxPool1d(2, return_indices=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pooled, _ = self.pool(self.first(self.first(x)) + x)
        return pooled


@pytest.fixture(scope="module")
def capture() -> Capture:
    with flow.Seeded(0):
        module, x = Joined(), torch.randn(2, 3, requires_grad=True)
    with flow.run(module, x, loss=lambda out: out.square().sum()) as run:
        return run.capture


def test_every_layer_parameter_input_and_output_has_its_name(capture: Capture) -> None:
    arrays = captured(capture)
    wanted = {
        "first.upstream": capture.layer("first").upstream,
        "first.downstream": capture.layer("first").downstream[0],
        "first#2.input": capture.layer("first#2").inputs[0],
        "first#2.upstream": capture.layer("first#2").upstream,
        "pool.output": capture.layer("pool").outputs[0],
        "pool.output.1": capture.layer("pool").outputs[1],
        "first.weight": capture.layer("first").parameters[0].value,
        "first.weight.grad": capture.layer("first").parameters[0].gradient,
        "input": capture.inputs[0],
        "output": capture.outputs[0],
    }
    assert {name: arrays[name] is array for name, array in wanted.items()} == dict.fromkeys(
        wanted, True
    )
    assert arrays["loss"] == capture.loss
    (leaf,) = [node for node in capture.nodes if node.parameter == "(input)"]
    assert arrays["input.grad"] is leaf.upstream[0]


def test_no_gradient_of_any_node_is_left_out(capture: Capture) -> None:
    kept = {array.tobytes() for array in captured(capture).values()}
    for node in capture.nodes:
        for array in (*node.upstream, *node.downstream):
            assert array is None or array.tobytes() in kept


def test_a_layer_that_got_nothing_has_no_such_array() -> None:
    frozen = nn.Sequential(nn.Linear(2, 2).requires_grad_(False), nn.Linear(2, 1))
    with flow.run(frozen, torch.ones(1, 2), loss=torch.sum) as run:
        names = set(captured(run.capture))
    assert {"0.output", "0.weight", "1.weight.grad"} <= names
    assert names.isdisjoint({"0.upstream", "0.weight.grad"})


def test_a_name_with_a_slash_stays_inside_the_archive() -> None:
    module = nn.Sequential()
    module.add_module("/etc/x\\y", nn.Linear(1, 1))
    with flow.run(module, torch.ones(1, 1), loss=torch.sum) as run:
        names = captured(run.capture)
        assert "_etc_x_y.weight.grad" in names
        assert not any(set("/\\") & set(name) for name in names)


def test_numpy_reads_the_archive_back_bit_for_bit(capture: Capture) -> None:
    arrays = captured(capture)
    with np.load(io.BytesIO(npz(arrays)), allow_pickle=False) as read:
        assert set(read.files) == set(arrays)
        for name, array in arrays.items():
            assert read[name].dtype == array.dtype
            assert read[name].shape == array.shape
            assert read[name].tobytes() == array.tobytes()


def test_odd_numbers_survive_both_files() -> None:
    odd: dict[str, Array] = {
        "odd": np.array([np.nan, np.inf, -np.inf, -0.0, 1e-45, 0.1], np.float32),
        "half": np.array([[0.1], [65504.0]], np.float16),
        "wide": np.array(0.1),
        "whole": np.array([2**62, -1]),
        "none": np.zeros((0, 3), np.float32),
    }
    with np.load(io.BytesIO(npz(odd))) as read:
        assert all(read[name].tobytes() == array.tobytes() for name, array in odd.items())
    found = of_csv(cells_csv(odd))
    for name in ("odd", "half", "wide", "whole"):
        array = odd[name]
        values = [array.dtype.type(found[name][index]) for index in np.ndindex(array.shape)]
        assert np.array(values, array.dtype).tobytes() == array.tobytes()
    assert "none" not in found


def of_csv(text: str) -> dict[str, dict[tuple[int, ...], str]]:
    """Read a file back with Python's own reader: name -> index -> text of the value."""
    found: dict[str, dict[tuple[int, ...], str]] = {}
    for line in csv.DictReader(io.StringIO(text)):
        axes = [place for name, place in line.items() if name.startswith("axis") and place]
        found.setdefault(line["tensor"], {})[tuple(map(int, axes))] = line["value"]
    return found


def test_every_cell_of_a_table_is_there_with_its_index(capture: Capture) -> None:
    arrays = captured(capture)
    found = of_csv(cells_csv(arrays))
    assert set(found) == set(arrays)
    for name, array in arrays.items():
        assert len(found[name]) == array.size
        for index, text in found[name].items():
            assert array.dtype.type(text) == array[index]


def test_the_size_is_that_of_all_cells() -> None:
    assert total_bytes({"a": np.zeros(3, np.float32), "b": np.zeros((2, 2))}) == 12 + 32
