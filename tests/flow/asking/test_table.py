"""The table of all coefficients says what ``explain`` says, cell by cell, or says why not."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import torch
from torch import nn

import flow
from flow.asking import table as tables
from flow.asking.matrix.blocks import BLOCK, Asked, shortcuts
from flow.asking.matrix.search import Searched, search
from flow.asking.notes import LOST, NO_NOTE, SILENT
from flow.errors import ExplainError
from flow.sparse import CoefficientTable
from tests.flow.asking.test_explain_operations import cells, gradients, leaf, only
from tests.flow.operations import OPERATIONS, Applied


def row(table: CoefficientTable, cell: tuple[int, ...]) -> slice:
    """Return where the terms of one cell stand."""
    flat = int(np.ravel_multi_index(cell, table.shape)) if cell else 0
    (position,) = np.flatnonzero(table.cells == flat)
    return slice(table.offsets[position], table.offsets[position + 1])


def note(table: CoefficientTable, cell: tuple[int, ...]) -> str:
    """Return the sentence that the sum of one cell needs."""
    flat = int(np.ravel_multi_index(cell, table.shape)) if cell else 0
    (position,) = np.flatnonzero(table.cells == flat)
    which = table.note_of[position] if len(table.note_of) else NO_NOTE
    return "" if which == NO_NOTE else table.notes[which]


def names(table: CoefficientTable, part: slice) -> tuple[str, ...]:
    found = tuple(table.names[i] for i in table.name_of[part]) if table.names else ()
    return found if any(found) else ()


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_row_is_the_explanation_of_its_cell(name: str) -> None:
    with OPERATIONS[name].run() as run:
        for node, which, gradient in gradients(run):
            table = run.table(node.id, which)
            assert table.complete
            assert table.shape == gradient.shape
            assert np.array_equal(table.cells, np.arange(gradient.size))
            for cell in cells(gradient.shape):
                part = row(table, cell)
                explanation = run.explain(node.id, cell, input=which)
                assert np.array_equal(table.places[part], explanation.places)
                assert np.array_equal(table.sides[part], explanation.outputs)
                # Two orders of the same few multiplications: equal but for the last place.
                assert np.allclose(
                    table.coefficients[part], explanation.coefficients, rtol=1e-5, atol=1e-7
                )
                assert names(table, part) == explanation.names
                assert note(table, cell) == explanation.note


@pytest.mark.parametrize("name", ["conv2d all", "bilinear", "max 2d overlapping", "linear layer"])
def test_all_rows_together_are_the_whole_downstream_gradient(name: str) -> None:
    with OPERATIONS[name].run(torch.float64) as run:
        for node, which, gradient in gradients(run):
            table = run.table(node.id, which)
            (upstream,) = node.upstream
            assert upstream is not None
            products = table.coefficients * upstream.reshape(-1)[table.places]
            total = np.bincount(table.rows, products, minlength=gradient.size)
            assert np.allclose(total, gradient.reshape(-1), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["conv2d strided", "nearest 2d", "softmax", "cat"])
def test_grouped_by_upstream_it_is_the_reach_of_each_cell(name: str) -> None:
    with OPERATIONS[name].run() as run:
        node = run.capture.nodes[0]
        table = run.table(node.id)
        for cell in cells(node.shapes[0]):
            flat = np.ravel_multi_index(cell, node.shapes[0])
            found = run.reach(node.id, cell).inputs[0]
            assert found is not None
            mine = table.places == flat
            assert np.array_equal(table.rows[mine], np.flatnonzero(found))
            assert np.allclose(table.coefficients[mine], found[found != 0], rtol=1e-5)


# One sample


@pytest.mark.parametrize("name", ["conv2d grouped", "nearest 2d", "softmax", "linear layer"])
def test_one_sample_is_its_part_of_the_whole(name: str) -> None:
    with OPERATIONS[name].run() as run:
        node = run.capture.nodes[0]
        which = next(k for k, part in enumerate(node.downstream) if part is not None and k < 2)
        which = 1 if name == "linear layer" else which
        whole, part = run.table(node.id, which), run.table(node.id, which, sample=1)
        inside = np.isin(whole.rows, part.cells)
        assert part.sample == 1
        assert len(part.cells) * part.shape[0] == len(whole.cells)
        assert np.array_equal(whole.places[inside], part.places)
        assert np.array_equal(whole.coefficients[inside], part.coefficients)


@pytest.mark.parametrize("name", ["batch norm", "flip"])
def test_a_node_that_mixes_samples_or_a_kernel_is_covered_whole(name: str) -> None:
    mixing = Applied(lambda x: x.flip(0)) if name == "flip" else nn.BatchNorm2d(2)
    x = torch.randn(2, 2, 3, 3, generator=torch.Generator().manual_seed(1)).requires_grad_()
    with flow.run(mixing, x, upstream=torch.ones(2, 2, 3, 3)) as run:
        table = run.table("n0", sample=0)
        assert table.sample is None
        assert len(table.cells) == 36


def test_a_kernels_first_axis_is_not_taken_for_samples() -> None:
    with OPERATIONS["conv2d padded"].run() as run:
        table = run.table(only(run, "ConvolutionBackward0"), 1, sample=0)
        assert table.sample is None
        assert len(table.cells) == 2 * 2 * 3 * 3


def test_a_sample_that_does_not_exist_is_refused() -> None:
    with OPERATIONS["relu"].run() as run, pytest.raises(ExplainError, match="sample 7 is outside"):
        run.table("n0", sample=7)


# Parameters


@pytest.mark.parametrize("name", ["linear layer", "linear layer of steps", "conv2d"])
def test_a_parameters_table_has_the_parameters_own_cells(name: str) -> None:
    with OPERATIONS[name].run() as run:
        weight = leaf(run, "weight")
        table = run.table(weight)
        assert table.shape == run.capture.node(weight).shapes[0]
        for cell in cells(table.shape):
            explanation = run.explain(weight, cell, of="parameter")
            part = row(table, cell)
            assert table.node == explanation.node
            assert np.array_equal(table.coefficients[part], explanation.coefficients)
            assert np.array_equal(table.places[part], explanation.places)
            assert names(table, part) == explanation.names


def test_a_parameter_with_several_consumers_names_them() -> None:
    x = torch.tensor([0.5], requires_grad=True)
    with flow.run(Applied(lambda y: y.exp() + y.sin()), x, upstream=torch.ones(1)) as run:
        table = run.table(leaf(run, "(input)"))
        assert not table.complete
        assert "ExpBackward0" in table.note
        assert "SinBackward0" in table.note


# Bounds


@pytest.mark.parametrize(
    ("limit", "value", "sentence"),
    [
        ("MAX_CELLS", 10, "This gradient has 60 cells"),
        ("MAX_COEFFICIENTS", 10, "more than 10 coefficients"),
        ("MAX_WORK", 10, "are too many for one table"),
    ],
)
def test_too_large_a_table_says_so(
    limit: str, value: int, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, limit, value)
    with OPERATIONS["conv2d padded"].run() as run:
        table = run.table("n0")
        table = run.table("n0", sample=0) if limit == "MAX_CELLS" else table
        assert sentence in table.note
        assert not table.complete
        assert len(table.cells) == len(table.coefficients) == 0


def test_more_outputs_than_a_byte_counts_are_told_apart() -> None:
    class Steps(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.stack(x.unbind())

    with flow.run(Steps(), torch.ones(300, requires_grad=True), loss=torch.sum) as run:
        (node,) = [node for node in run.capture.nodes if node.name == "UnbindBackward0"]
        table = run.table(node.id)
    assert table.sides.tolist() == list(range(300))


def test_it_can_be_pickled() -> None:
    with OPERATIONS["conv2d"].run() as run:
        table = run.table("n0")
    copy = pickle.loads(pickle.dumps(table))  # noqa: S301 - our own bytes
    assert copy.names == table.names
    assert np.array_equal(copy.coefficients, table.coefficients)


def test_the_run_is_left_as_it_was() -> None:
    with OPERATIONS["conv2d"].run() as run:
        before = torch.get_rng_state()
        kept = run.capture.nodes[0].downstream[0]
        assert kept is not None
        kept = kept.copy()
        run.table("n0")
        assert torch.equal(torch.get_rng_state(), before)
        after = run.capture.nodes[0].downstream[0]
        assert after is not None
        assert np.array_equal(after, kept)
        assert run.explain("n0", (0, 0, 0, 0)).difference < 1e-6


def test_a_batch_of_runs_is_bounded_by_everything_that_one_run_makes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A linear layer makes a gradient of its whole weight in every run of its node."""
    asked: list[Asked] = []

    def watched(one: Asked, most: int | None = None) -> Searched:
        asked.append(one)
        return search(one, most)

    monkeypatch.setattr(tables, "search", watched)
    x = torch.ones(1, 2048, requires_grad=True)
    with flow.run(nn.Linear(2048, 700), x, loss=torch.sum) as run:
        (node,) = [node for node in run.capture.nodes if node.name == "AddmmBackward0"]
        parts = [(part.ndim, part.shape, part.size) for part in node.downstream if part is not None]
        note = run.table(node.id, [shape for _, shape, _ in parts].index((1, 2048))).note
        assert "more than 200,000 coefficients" in note
        made = sum(size for _, _, size in parts)
        assert [one.size for one in asked] == [made]
        first = next(shortcuts(asked[0])[0](asked[0]))
        assert first.values.shape[1] <= max(1, BLOCK // made)


def test_what_a_saturated_softmax_subtracts_is_not_held_against_its_sums() -> None:
    generator = torch.Generator().manual_seed(0)
    logits = (torch.randn(2, 5, generator=generator) * 8).requires_grad_()
    weights = torch.randn(2, 5, generator=generator)
    with flow.run(nn.Softmax(1), logits, loss=lambda y: (y * weights).sum()) as run:
        node = run.capture.node(only(run, "SoftmaxBackward0"))
        table, cell = run.table(node.id), run.explain(node.id, (0, 0))
    assert node.upstream[0] is not None
    size = sum(abs(term.value) for term in cell.terms)
    assert table.unit == cell.unit == 2.0**-24
    assert 16 * cell.unit * 3 * size < cell.difference < cell.slack <= table.slack < 1e-5
    assert (cell.note, table.notes) == ("", ())


def test_products_below_the_smallest_numbers_are_not_held_against_a_sum() -> None:
    weight, x = torch.full((3, 4), 0.9e-20), torch.ones(2, 4, requires_grad=True)
    with flow.run(Applied(lambda x: x @ weight.T), x, loss=lambda y: (y * 1e-25).sum()) as run:
        node = only(run, "MmBackward0")
        cell, table = run.explain(node, (0, 0)), run.table(node)
    exact = 3 * 0.9e-45
    assert cell.autograd != exact  # the smallest float32 is 1.4e-45
    assert 3 * 1.4e-45 < cell.slack == table.slack < 1e-36
    assert (cell.note, table.notes) == ("", ())


def test_products_that_are_lost_are_not_called_upstreams_of_0() -> None:
    x = torch.tensor([1e-30, 0.0, 1.0], requires_grad=True)
    upstream = torch.tensor([1e-30, 0.5, 0.0])
    with flow.run(Applied(torch.square), x, upstream=upstream) as run:
        node = only(run, "PowBackward0")
        lost, _, silent = (run.explain(node, (cell,)) for cell in range(3))
        table = run.table(node)
    assert (lost.total, lost.autograd) == (0, 0)
    assert lost.note == note(table, (0,)) == LOST
    assert silent.note == note(table, (2,)) == SILENT


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float16, torch.float32, torch.float64])
def test_a_table_knows_the_precision_of_its_node(kind: torch.dtype) -> None:
    module, x = nn.Linear(3, 2).to(kind), torch.ones(4, 3, dtype=kind)
    with flow.run(module, x, loss=lambda y: y.float().square().mean()) as run:
        node = only(run, "AddmmBackward0")
        assert run.table(node, 2).unit == torch.finfo(kind).eps / 2
        assert run.explain(node, (0, 0), input=2).unit == torch.finfo(kind).eps / 2
