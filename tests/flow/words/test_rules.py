"""The written rules: every preset's nodes have one, and the closed forms are autograd's numbers."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

import flow
from flow.asking.local import arrived_vectors
from flow.ops import OPS, Operation
from flow.ops.common.closed import Backward, double
from flow.ops.recurrent import lstm
from flow.record import Rule
from flow.run import Run
from models.build import build
from models.losses import LOSSES
from models.presets import PRESETS
from tests.flow.closed_forms.cellwise import CELLWISE
from tests.flow.closed_forms.reduced import REDUCED
from tests.flow.closed_forms.structures import STRUCTURES
from tests.flow.operations import CONVOLUTIONS, OPERATIONS, POOLS, RESAMPLING

TOLERANCE = 1e-10
"""Both sides are float64 sums of some hundred numbers of size 1."""


def preset_run(key: str) -> Run:
    """Run a preset as the app does."""
    preset = PRESETS[key]
    network = build(preset.spec, 0)
    x = preset.values()
    shape = tuple(network(x).shape)
    return flow.run(build(preset.spec, 0), x, LOSSES[preset.loss].make(shape, preset.target))


def opened(run: Run, index: int) -> Backward:
    node = run.capture.nodes[index]
    assert run._live is not None
    live = run._live.graph
    return Backward(
        node=live.nodes[index],
        name=node.name,
        upstream=tuple(double(vector) for vector in arrived_vectors(live, index)),
        below=tuple(None if part is None else part.shape for part in node.downstream),
    )


def compared(run: Run) -> int:
    """Compare every node that has a closed form with autograd; return how many gradients."""
    count = 0
    for index, node in enumerate(run.capture.nodes):
        rule = OPS.get(node.name)
        if node.is_leaf or rule is None or rule.closed_form is None:
            continue
        found = rule.closed_form(opened(run, index))
        for part, expected in zip(found, node.downstream, strict=False):
            if expected is not None and part is not None:
                assert part.shape == expected.shape or part.ndim == 0, node.name
                assert np.allclose(part, expected, rtol=TOLERANCE, atol=TOLERANCE), node.name
                count += 1
    return count


@pytest.mark.parametrize("key", PRESETS)
def test_every_node_of_a_preset_has_a_rule(key: str) -> None:
    with preset_run(key) as run:
        assert {node.name for node in run.capture.nodes} - set(OPS) == set()


@pytest.mark.parametrize("loss", LOSSES)
def test_every_node_of_a_loss_has_a_rule(loss: str) -> None:
    target = LOSSES[loss].choices((2, 3))
    x = torch.ones(2, 3, requires_grad=True)
    made = LOSSES[loss].make((2, 3), target[0] if target else "")
    with flow.run(torch.nn.Identity(), x, made) as run:
        assert {node.name for node in run.capture.nodes} - set(OPS) == set()


@pytest.mark.parametrize("name", [*CONVOLUTIONS, *POOLS, *RESAMPLING])
def test_maps_are_computed_backward_without_autograd(name: str) -> None:
    """Strided, padded, dilated, grouped, transposed, overlapping, aligned: all of them."""
    with OPERATIONS[name].run(torch.float64) as run:
        assert compared(run) >= 1


REST = [name for name in OPERATIONS if name not in {**CONVOLUTIONS, **POOLS, **RESAMPLING}]


def test_all_other_closed_forms_equal_autograd() -> None:
    count = 0
    for name in REST:
        with OPERATIONS[name].run(torch.float64) as run:
            count += compared(run)
    assert count > 300


def test_every_closed_form_was_compared() -> None:
    seen = set()
    for operation in (*OPERATIONS.values(), *STRUCTURES.values()):
        with operation.run() as run:
            seen |= {node.name for node in run.capture.nodes}
    seen |= {case.node for case in (*CELLWISE, *REDUCED)}  # in test_cellwise and test_reductions
    unseen = {name for name, rule in OPS.items() if rule.closed_form is not None} - seen
    assert unseen == {
        "AliasBackward0",
        "SgnBackward0",
        "SubBackward1",
        "ToCopyBackward0",
        "UnsafeSplitWithSizesBackward0",
    }


@pytest.mark.parametrize("name", ["lstm", "stacked lstm"])
def test_a_fused_lstm_goes_back_through_time_as_the_rule_says(name: str) -> None:
    """The CPU fuses float32 only, so the closed form is compared up to float32's rounding."""
    with OPERATIONS[name].run(torch.float32) as run:
        nodes = [i for i, n in enumerate(run.capture.nodes) if n.name.startswith("MkldnnRnn")]
        assert nodes
        for index in nodes:
            found = lstm(opened(run, index))
            for part, expected in zip(found, run.capture.nodes[index].downstream, strict=False):
                assert (part is None) == (expected is None)
                if part is not None and expected is not None:
                    assert np.allclose(part, expected, rtol=1e-4, atol=1e-6)


def test_a_wrong_closed_form_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Operation(Rule("", ""), lambda backward: (backward.g * 2,))
    monkeypatch.setitem(OPS, "ReluBackward0", wrong)
    with OPERATIONS["relu"].run(torch.float64) as run, pytest.raises(AssertionError):
        compared(run)


# Hand-countable, against numbers written down here


def test_nearest_upsampling_sums_each_block() -> None:
    x = torch.zeros(1, 1, 2, 2, requires_grad=True)
    upstream = torch.arange(16.0).reshape(1, 1, 4, 4)
    with flow.run(torch.nn.UpsamplingNearest2d(scale_factor=2), x, upstream=upstream) as run:
        rule = OPS["UpsampleNearest2DBackward0"]
        assert rule.closed_form is not None
        (found,) = rule.closed_form(opened(run, 0))
        assert found is not None
        assert found.reshape(-1).tolist() == [10, 18, 42, 50]


def test_a_convolution_goes_back_through_its_kernel_turned_around() -> None:
    layer = torch.nn.Conv2d(1, 1, 2, bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[[[1.0, 2], [3, 4]]]]))
    x = torch.zeros(1, 1, 2, 2, requires_grad=True)
    with flow.run(layer, x, upstream=torch.tensor([[[[10.0]]]])) as run:
        rule = OPS["ConvolutionBackward0"]
        assert rule.closed_form is not None
        found, kernel, bias = rule.closed_form(opened(run, 0))
        assert found is not None
        assert kernel is not None
        assert bias is None
        assert found.reshape(-1).tolist() == [10, 20, 30, 40]
        assert kernel.reshape(-1).tolist() == [0, 0, 0, 0]


# Text


@pytest.mark.parametrize("name", OPS)
def test_a_formula_can_be_set_by_katex(name: str) -> None:
    formula = OPS[name].rule.formula
    depth = 0
    for position, sign in enumerate(formula):
        escaped = position > 0 and formula[position - 1] == "\\"
        depth += {"{": 1, "}": -1}.get(sign, 0) if not escaped else 0
        assert depth >= 0
    assert depth == 0
    assert "$" not in formula
    assert formula.count(r"\left") - formula.count(r"\leftarrow") == formula.count(r"\right")
    assert formula.count(r"\begin{") == formula.count(r"\end{")
    assert formula.isascii()
    assert set(re.findall(r"\\([A-Za-z]+)", formula)) <= KNOWN


KNOWN = {
    *("bar", "hat", "frac", "tfrac", "sqrt", "left", "right", "leftarrow", "begin", "end"),
    *("operatorname", "text", "mathrm", "textstyle", "quad", "dots", "top", "sum", "partial"),
    *("alpha", "beta", "gamma", "delta", "lambda", "theta", "sigma", "varphi", "Phi", "pi"),
    *("arg", "max", "min", "log", "tan", "tanh", "cos", "cosh", "sin", "sinh", "prod", "cdot"),
    *("in", "ni", "le", "ge", "ne", "neg", "infty", "odot", "star", "times", "lVert", "rVert"),
}
"""Commands that KaTeX supports (katex.org/docs/supported)."""


@pytest.mark.parametrize("name", OPS)
def test_a_rule_is_told_in_plain_sentences(name: str) -> None:
    sentence = OPS[name].rule.sentence
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    assert "\\" not in sentence
    assert ". " not in sentence, "one sentence each"
    assert len(sentence) < 140


@pytest.mark.parametrize(
    "name", [n for n in OPERATIONS if n in {**CONVOLUTIONS, **RESAMPLING} or "average" in n]
)
def test_a_rule_that_calls_itself_linear_reads_the_same_sum_forward(name: str) -> None:
    """Forward minus bias = the downstream coefficients, read from the input cell's side."""
    operation = OPERATIONS[name]
    module = operation.build(torch.float64)
    with operation.run(torch.float64) as run:
        nodes = [node for node in run.capture.nodes if not node.is_leaf]
        assert all(OPS[node.name].reads == "sum" for node in nodes)
        if len(nodes) > 1:
            return
        table, x = run.table(nodes[0].id), run.capture.inputs[0]
        products = table.coefficients * x.reshape(-1)[table.rows]
        made = np.bincount(table.places, products, minlength=run.capture.outputs[0].size)
        bias = module(torch.zeros(x.shape, dtype=torch.float64)).detach().numpy().reshape(-1)
        assert np.allclose(made + bias, run.capture.outputs[0].reshape(-1), atol=1e-12)
