"""Formulas of layers computed in plain loops, and inputs at the edge: empty, infinite, changed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

import flow
from flow.asking.naming import name_terms
from flow.ops import OPS, rule_of
from flow.ops.common.closed import NoClosedFormError
from flow.ops.common.terms import Terms
from flow.ops.embedding import OPS as EMBEDDINGS
from tests.flow.closed_forms.structures import STRUCTURES
from tests.flow.operations import Applied, layer
from tests.flow.words.test_rules import opened

STRIDE, DILATION, PADDING = 2, 3, 1


def convolution_by_the_formula(g: Any, x: Any, kernel: Any) -> tuple[Any, Any]:
    """The two sums of the formula as they stand there, cell by cell."""
    below, weight = np.zeros(x.shape), np.zeros(kernel.shape)
    for o, c in product(range(kernel.shape[0]), range(kernel.shape[1])):
        for q, t in product(range(g.shape[-1]), range(kernel.shape[-1])):
            i = STRIDE * q + DILATION * t - PADDING
            if 0 <= i < x.shape[-1]:
                below[:, c, i] += g[:, o, q] * kernel[o, c, t]
                weight[o, c, t] += (x[:, c, i] * g[:, o, q]).sum()
    return below, weight


def transposed_by_the_formula(g: Any, x: Any, kernel: Any) -> tuple[Any, Any]:
    below, weight = np.zeros(x.shape), np.zeros(kernel.shape)
    for c, o in product(range(kernel.shape[0]), range(kernel.shape[1])):
        for q, t in product(range(x.shape[-1]), range(kernel.shape[-1])):
            i = STRIDE * q + DILATION * t - PADDING
            if 0 <= i < g.shape[-1]:
                below[:, c, q] += g[:, o, i] * kernel[c, o, t]
                weight[c, o, t] += (g[:, o, i] * x[:, c, q]).sum()
    return below, weight


@pytest.mark.parametrize(
    ("function", "formula", "words"),
    [
        (F.conv1d, convolution_by_the_formula, "all outputs it fed"),
        (F.conv_transpose1d, transposed_by_the_formula, "over a patch"),
    ],
)
def test_a_convolutions_formula_is_what_is_computed(
    function: Callable[..., Tensor], formula: Callable[..., tuple[Any, Any]], words: str
) -> None:
    generator = torch.Generator().manual_seed(1)
    x, kernel = (
        torch.randn(shape, generator=generator, dtype=torch.float64)
        for shape in ((2, 2, 9), (2, 2, 3))
    )
    settings = {"stride": STRIDE, "dilation": DILATION, "padding": PADDING}
    g = torch.randn(function(x, kernel, **settings).shape, generator=generator).double()
    inputs = (x.requires_grad_(), kernel.requires_grad_())
    module = Applied(lambda x, kernel: function(x, kernel, **settings))
    with flow.run(module, inputs, upstream=g) as run:
        node = run.capture.nodes[0]
        assert words in rule_of(node).sentence  # type: ignore[union-attr]
        expected = formula(g.numpy(), x.detach().numpy(), kernel.detach().numpy())
        for found, sums in zip(node.downstream[:2], expected, strict=True):
            assert found is not None
            assert np.allclose(found, sums, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("transposed", [False, True])
def test_the_rule_of_a_bare_convolution_holds_either_way(transposed: bool) -> None:
    def function(x: Tensor) -> Tensor:
        kernel = torch.ones(1, 1, 2)
        return torch.convolution(x, kernel, None, [1], [0], [1], transposed, [0], 1)

    x = torch.ones(1, 1, 3, requires_grad=True)
    with flow.run(Applied(function), x, loss=lambda y: y.sum()) as run:
        (node,) = [node for node in run.capture.nodes if node.name == "ConvolutionBackward0"]
        found = rule_of(node)
        assert found is OPS["ConvolutionBackward0"].rule
        assert "star" not in found.formula


# Weights of resampling where torch rounds the position


@pytest.mark.parametrize(("size", "wide"), [(2, 82), (4, 94)])
def test_nearest_copies_the_cell_that_torch_copies_where_the_ratio_is_rounded(
    size: int, wide: int
) -> None:
    """In float32 41 x (2 / 82) is less than 1, so cell 0 is copied once more."""
    x = torch.zeros(1, 1, size, requires_grad=True)
    upstream = torch.arange(float(wide)).reshape(1, 1, wide)
    with flow.run(Applied(lambda x: F.interpolate(x, size=wide)), x, upstream=upstream) as run:
        closed_form = OPS["UpsampleNearest1DBackward0"].closed_form
        assert closed_form is not None
        (found,) = closed_form(opened(run, 0))
        assert np.array_equal(found, run.capture.nodes[0].downstream[0])  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
def test_the_weights_of_a_large_map_are_those_at_the_position_that_torch_rounds(mode: str) -> None:
    """Exact positions would be off by 500 x 6e-8, a hundred times what a sum of four rounds."""
    x = torch.zeros(1, 1, 1, 500, requires_grad=True)
    upstream = torch.ones(1, 1, 1, 701)
    module = Applied(lambda x: F.interpolate(x, size=(1, 701), mode=mode))
    with flow.run(module, x, upstream=upstream) as run:
        node = run.capture.nodes[0]
        closed_form = OPS[node.name].closed_form
        assert closed_form is not None
        (found,) = closed_form(opened(run, 0))
        assert np.allclose(found, node.downstream[0], rtol=0, atol=2e-6)  # type: ignore[arg-type]


# Inputs at the edge

INFINITE = torch.tensor([float("inf"), 1.0, float("nan"), 2.0, 0.0, 1.0, 1.0, 1.0])


@pytest.mark.parametrize(
    ("function", "shapes"),
    [
        (F.conv2d, ((0, 1, 4, 4), (2, 1, 2, 2))),
        (lambda x: F.max_pool2d(x, 2), ((0, 1, 4, 4),)),
        (lambda x: F.avg_pool2d(x, 2), ((0, 1, 4, 4),)),
        (lambda x: F.unfold(x, 2), ((0, 2, 3, 3),)),
        (lambda w: F.embedding(torch.zeros(0, dtype=torch.long), w), ((5, 2),)),
        (lambda x: x[torch.zeros(0, dtype=torch.long)], ((3, 2),)),
        (torch.mm, ((0, 3), (3, 2))),
        (lambda x: x[1:1], ((3,),)),
    ],
)
def test_an_empty_batch_has_empty_or_zero_gradients(
    function: Callable[..., Tensor], shapes: tuple[tuple[int, ...], ...]
) -> None:
    inputs = tuple(torch.ones(shape, requires_grad=True) for shape in shapes)
    with flow.run(Applied(function), inputs, loss=lambda y: y.sum()) as run:
        for index, node in enumerate(run.capture.nodes):
            closed_form = None if node.is_leaf else OPS[node.name].closed_form
            if closed_form is not None and node.name != "SumBackward0":
                for part, below in zip(
                    closed_form(opened(run, index)), node.downstream, strict=False
                ):
                    assert below is None or np.array_equal(part, below)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("function", "shapes"),
    [
        (F.conv1d, ((1, 2, 4), (1, 2, 2))),
        (torch.mm, ((2, 4), (4, 1))),
        (lambda x: F.max_pool1d(x, 2), ((1, 2, 4),)),
        (lambda x: F.layer_norm(x, (4,)), ((2, 4),)),
        (F.scaled_dot_product_attention, ((1, 1, 2, 4),) * 3),
        (lambda x, g: F.grid_sample(x, g, align_corners=True), ((1, 1, 2, 4), (1, 2, 2, 2))),
        (torch.cdist, ((2, 4), (1, 4))),
        (lambda x: x.sort().values, ((2, 4),)),
    ],
)
def test_infinite_values_end_in_a_comparison_or_a_reason(
    function: Callable[..., Tensor], shapes: tuple[tuple[int, ...], ...]
) -> None:
    inputs = tuple(
        INFINITE[: int(np.prod(shape))].reshape(shape).clone().requires_grad_() for shape in shapes
    )
    with flow.run(Applied(function), inputs, loss=lambda y: y.sum()) as run:
        for node in run.capture.nodes:
            assert run.table(node.id).complete if not node.is_leaf else True
            for check in run.check(node.id):
                assert check.name != "closed form" or check.passed is not False, node.name


def test_a_value_that_was_changed_after_the_run_ends_in_a_reason_and_no_name() -> None:
    x = torch.tensor([[1.0, 3.0]], requires_grad=True)
    with flow.run(nn.LayerNorm(2), x, upstream=torch.ones(1, 2)) as run:
        backward, node = opened(run, 0), run.capture.nodes[0]
        closed_form = OPS[node.name].closed_form
        assert closed_form is not None
        terms = Terms(
            node=backward.node,
            record=node,
            capture=run.capture,
            which=1,
            cells=np.array([0]),
            outputs=np.array([0]),
            places=np.array([0]),
            coefficients=np.array([-1.0]),
        )
        assert name_terms(terms) is not None
        with torch.no_grad():
            backward.node._saved_weight.add_(1)
        with pytest.raises(NoClosedFormError, match="weight can no longer be read"):
            closed_form(backward)
        assert name_terms(terms) is None


def test_a_row_is_named_by_how_often_it_was_looked_up() -> None:
    """Row 1 was looked up twice: each place counts half of it, if scaled by frequency."""
    table = torch.ones(3, 1, requires_grad=True)
    rows = torch.tensor([1, 0, 1])
    module = Applied(lambda w: F.embedding(rows, w, scale_grad_by_freq=True))
    with flow.run(module, table, upstream=torch.tensor([[1.0], [10.0], [100.0]])) as run:
        gradient = run.capture.nodes[0].downstream[0]
        assert gradient is not None
        assert gradient.reshape(-1).tolist() == [10, 50.5, 0]
        assert run._live is not None
        terms = Terms(
            node=run._live.graph.nodes[0],
            record=run.capture.nodes[0],
            capture=run.capture,
            which=0,
            cells=np.array([0, 1, 1]),
            outputs=np.zeros(3, np.int64),
            places=np.array([1, 0, 2]),
            coefficients=np.array([1, 0.5, 0.5], np.float32),
        )
        named = name_terms(terms)
        assert named is not None
        assert [named.names[at] for at in named.index] == [
            "1 (copy)",
            "1/2 (looked up 2 times)",
            "1/2 (looked up 2 times)",
        ]


def test_the_zero_of_a_table_names_the_padding_row() -> None:
    sentence = EMBEDDINGS["EmbeddingBackward0"].zero
    table = torch.ones(3, 1, requires_grad=True)
    module = Applied(lambda w: F.embedding(torch.tensor([0, 1]), w, padding_idx=1))
    with flow.run(module, table, upstream=torch.ones(2, 1)) as run:
        assert run.explain("n0", (1, 0)).note == sentence
        assert run.explain("n0", (2, 0)).note == sentence
        assert "padding row" in str(sentence)
        assert "not looked up" in str(sentence)


def test_attention_whose_mask_hides_a_whole_row_is_refused_in_words() -> None:
    q = torch.ones(1, 1, 2, 2, requires_grad=True)
    mask = torch.tensor([[True, False], [False, False]])
    module = Applied(lambda q: F.scaled_dot_product_attention(q, q, q, attn_mask=mask))
    with flow.run(module, q, loss=lambda y: y.nansum()) as run:
        (index,) = [
            i for i, node in enumerate(run.capture.nodes) if node.name.startswith("ScaledDot")
        ]
        closed_form = OPS[run.capture.nodes[index].name].closed_form
        assert closed_form is not None
        with pytest.raises(NoClosedFormError, match="masked whole"):
            closed_form(opened(run, index))


@pytest.mark.parametrize("batch_first", [False, True])
def test_a_fused_lstm_that_reads_backward_goes_forward_through_time(batch_first: bool) -> None:
    operation = layer(lambda: nn.LSTM(2, 3, bidirectional=True, batch_first=batch_first), (4, 2, 2))
    with operation.run() as run:
        layers = [i for i, n in enumerate(run.capture.nodes) if n.name.startswith("MkldnnRnn")]
        assert len(layers) == 2
        for index in layers:
            closed_form = OPS["MkldnnRnnLayerBackward0"].closed_form
            assert closed_form is not None
            found = closed_form(opened(run, index))
            for part, below in zip(found, run.capture.nodes[index].downstream, strict=True):
                assert (part is None) == (below is None)
                if part is not None and below is not None:
                    assert np.allclose(part, below, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("name", ["cross", "cross of columns"])
def test_every_coefficient_of_a_cross_product_is_a_cell_of_the_other_vector(
    name: str, which: int
) -> None:
    with STRUCTURES[name].run() as run:
        table = run.table("n0", input=which)
        other = run.capture.inputs[1 - which]
        assert len(table.name_of) == len(table.coefficients) > 0
        for number, coefficient in zip(table.name_of, table.coefficients, strict=True):
            sign, _, place = table.names[number].partition("(")
            cell = tuple(map(int, place.partition("[")[2].rstrip("]").split(",")))
            assert (-1 if sign else 1) * other[cell] == coefficient
