"""The whole catalogue: every kind is built, costed, run, explained, proven, written and bounded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.utils._python_dispatch import TorchDispatchMode

import flow
from flow.errors import NoGradientError
from flow.ops import OPS
from flow.record import NodeRecord
from flow.run import Run
from models import budget
from models.budget import Budget, estimate
from models.build import LayerError, build, tensor_of
from models.fields import Field, Fields
from models.layers import FAMILIES, LAYERS
from models.shapes import Shape
from models.source import to_source
from models.spec import LayerSpec, ModelSpec, read_spec
from tests.flow.arrays import held_bytes
from tests.models.kinds.settings import TRIALS, Trial
from tests.models.source.test_source_written import bits, executed

SEED = 4
CELLS = 3
"""Cells of each gradient that are explained."""

ASKS_THE_MODE = re.compile("BatchNorm|InstanceNorm|Dropout|Attention|Transformer|LSTM|RNN|GRU")
"""Kinds that look whether they train."""
CHANGES = re.compile("BatchNorm|Dropout|Attention|Transformer|LSTM")
"""Of those, kinds that then take another way: in other numbers, or in one operation."""

every_trial = pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)


@dataclass(frozen=True)
class Measured:
    """One trial in one mode, before it ran and after."""

    trial: Trial
    training: bool
    cost: Budget
    output: Shape
    """Shape that really came out."""
    saved: int
    """Bytes really saved for the backward pass."""
    run: Run | None
    """Recorded with a gradient of the input and a random upstream vector; None where none flows."""


def modes(trials: Iterable[Trial]) -> list[tuple[Trial, bool]]:
    """Every trial training, and again evaluating where that takes another way."""
    training = [(trial, True) for trial in trials]
    return training + [(trial, False) for trial, _ in training if CHANGES.search(trial.kind)]


def mode_name(tried: tuple[Trial, bool]) -> str:
    return f"{tried[0].name}-{'train' if tried[1] else 'eval'}"


@pytest.fixture(scope="module", params=modes(TRIALS), ids=mode_name)
def measured(request: pytest.FixtureRequest) -> Iterator[Measured]:
    """One recording for all tests of one trial."""
    trial, training = request.param
    saved, output = tried(trial, training)
    asks = trial.kind != "Embedding"
    cost = estimate(trial.spec, trial.shape, training, input_gradient=asks)
    run = None if trial.kind == "Detach" else recorded(trial, training)
    yield Measured(trial, training, cost, tuple(output.shape), saved, run)
    if run is not None:
        run.close()


@cache
def tried(trial: Trial, training: bool) -> tuple[int, Tensor]:
    """Return the bytes that a trial saves, its input asking for a gradient, and its output."""
    x = trial.values().requires_grad_(trial.kind != "Embedding")
    return forward(trial.spec, x, training)


def forward(spec: ModelSpec, x: Tensor, training: bool = True) -> tuple[int, Tensor]:
    """Run forward; return the bytes that torch saves, parameters left out, and the output."""
    module = build(spec, SEED, training)
    pieces = {tensor.untyped_storage().data_ptr(): 0 for tensor in module.parameters()}
    kept: list[Tensor] = []

    def pack(tensor: Tensor) -> None:
        pieces.setdefault(tensor.untyped_storage().data_ptr(), tensor.untyped_storage().nbytes())
        kept.append(tensor.detach())

    with flow.seeded.Seeded(SEED), saved_tensors_hooks(pack, lambda _: torch.zeros(())):
        output = tensor_of(module(x))
    return sum(pieces.values()), output


def recorded(trial: Trial, training: bool) -> Run:
    """Run a trial, its input asking for a gradient too where it can, with a random upstream."""
    shape = estimate(trial.spec, trial.shape, training).output_shape
    upstream = torch.randn(shape, generator=torch.Generator().manual_seed(2))
    x = trial.values().requires_grad_(trial.kind != "Embedding")
    return flow.run(build(trial.spec, SEED, training), x, upstream=upstream, seed=SEED)


def test_every_kind_is_tried() -> None:
    assert {trial.kind for trial in TRIALS} == set(LAYERS)
    assert sum(map(len, FAMILIES.values())) == len(LAYERS), "a name stands in one family only"


@pytest.mark.parametrize("kind", LAYERS)
def test_a_kind_that_is_only_tried_training_evaluates_alike(kind: str) -> None:
    """Most never look whether they train; the others take the same operations to the same bits."""
    trial = next(one for one in TRIALS if one.kind == kind)
    module = build(trial.spec, SEED).get_submodule("spot")
    for part in module.modules():
        del part.training
    asks = bool(ASKS_THE_MODE.search(kind))
    with pytest.raises(AttributeError, match="training") if asks else nullcontext():
        run_alone(trial, module)
    if ASKS_THE_MODE.search(kind) and not CHANGES.search(kind):
        training, evaluating = (forward(trial.spec, trial.values(), mode) for mode in (True, False))
        assert training[0] == evaluating[0]
        assert torch.equal(training[1], evaluating[1])
        assert nodes_of(training[1]) == nodes_of(evaluating[1])


def run_alone(trial: Trial, module: nn.Module) -> None:
    """Run the tried layer without its network."""
    inputs = [trial.values()] * max(1, LAYERS[trial.kind].inputs[0])
    if LAYERS[trial.kind].takes_indices:
        inputs = list(nn.functional.max_pool2d(inputs[0], 2, return_indices=True))
    module(*inputs)


def nodes_of(output: Tensor) -> list[str]:
    """Return the classes of all nodes behind an output, in the order of a walk."""
    found, waiting = [], [output.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is not None:
            found.append(type(node).__name__)
            waiting.extend(target for target, _ in node.next_functions)
    return found


def test_shapes_and_saved_bytes_are_known_before_the_run(measured: Measured) -> None:
    assert measured.cost.refusal == ""
    assert measured.cost.output_shape == measured.output
    saved = measured.cost.saved_bytes
    if measured.trial.kind == "LSTM":
        assert measured.saved <= saved <= 3 * measured.saved, "its workspace is bounded, not known"
    else:
        assert saved == measured.saved


def test_a_recording_of_any_layer_holds_no_more_than_was_estimated(measured: Measured) -> None:
    if measured.run is not None:
        held = held_bytes(measured.run.capture)
        assert held <= measured.cost.captured_bytes <= 4 * held


def test_every_gradient_has_a_rule_adds_up_and_passes_its_checks(measured: Measured) -> None:
    run = measured.run
    if run is None:
        with pytest.raises(NoGradientError):
            recorded(measured.trial, measured.training)
        return
    for node in run.capture.nodes:
        assert node.name in OPS, node.name
        assert OPS[node.name].rule.sentence.endswith(".")
    proven = new_classes(measured.trial, measured.training)
    layers: set[str] = set()
    for node in one_of_each(run):
        explain_some(run, node.id)
        if node.name in proven or node.layer not in layers:
            checks = run.check(node.id)
            assert all(check.passed is not False for check in checks), (node, checks)
            assert any(check.passed for check in checks), (node, checks)
        layers.add(node.layer)


def one_of_each(run: Run) -> list[NodeRecord]:
    """Return the tried layer's first node of each class: a recurrent layer repeats the same ones.

    The layer before it is a Linear, which has trials of its own.
    """
    first: dict[str, NodeRecord] = {}
    for node in run.capture.nodes:
        gives = any(part is not None for part in node.downstream)
        if node.layer.startswith("spot") and not node.is_leaf and gives:
            first.setdefault(node.name, node)
    return list(first.values())


def new_classes(trial: Trial, training: bool) -> set[str]:
    """Return the classes of nodes that no trial of this kind before it has.

    To check a node runs its whole layer again for every moved cell, whichever node it is.
    """
    found: set[str] = set()
    for earlier in modes(TRIALS):
        if earlier == (trial, training):
            break
        if earlier[0].kind == trial.kind:
            found |= set(nodes_of(tried(*earlier)[1]))
    return set(nodes_of(tried(trial, training)[1])) - found


def explain_some(run: Run, node: str) -> None:
    """Explain some cells of every downstream gradient: the sum is autograd's value."""
    for which, gradient in enumerate(run.capture.node(node).downstream):
        if gradient is None:
            continue
        for place in np.linspace(0, gradient.size - 1, CELLS):
            cell = tuple(int(axis) for axis in np.unravel_index(int(place), gradient.shape))
            explanation = run.explain(node, cell, input=which)
            assert explanation.autograd == gradient[cell]
            assert "do not add up" not in explanation.note, (node, cell)


def test_json_gives_back_an_equal_spec() -> None:
    for trial in TRIALS:
        assert read_spec(trial.spec.model_dump_json()) == trial.spec, trial.name


@every_trial
def test_written_code_computes_the_same_bits(trial: Trial) -> None:
    written = executed(to_source(trial.spec), trial.spec.name, SEED)
    ours = build(trial.spec, SEED)
    assert list(written.state_dict()) == list(ours.state_dict())
    assert bits(written, trial.values()) == bits(ours, trial.values())


DRAWING = [trial for trial in TRIALS if {"p", "dropout"} & set(trial.fields)]


@pytest.mark.parametrize("trial", [TRIALS[0], *DRAWING], ids=lambda trial: trial.name)
def test_two_runs_of_one_seed_are_equal_and_leave_the_global_generator_alone(trial: Trial) -> None:
    """Of a layer with weights, and of those that draw random numbers on their way forward."""
    before = torch.get_rng_state()
    with recorded(trial, True) as one, recorded(trial, True) as two:
        for first, second in zip(one.capture.nodes, two.capture.nodes, strict=True):
            for ours, theirs in zip(first.upstream, second.upstream, strict=True):
                assert np.array_equal(ours, theirs)  # type: ignore[arg-type]
    assert torch.equal(torch.get_rng_state(), before)


# Bounds


def accepted(field: Field, value: object) -> bool:
    """Whether a field takes a value; where it does not, its sentence begins with its name."""
    try:
        field.accept(value)
    except ValueError as error:
        return not str(error).startswith(f"{field.name} must be ")
    return True


@pytest.mark.parametrize("kind", LAYERS)
def test_every_number_is_bounded_at_and_beyond_its_edges(kind: str) -> None:
    for field in LAYERS[kind].fields:
        assert field.help or field.kind == "bool", field.name
        assert field.help == "" or field.help.endswith(".")
        if field.kind in ("bool", "choice"):
            assert not accepted(field, 1)
            assert not accepted(field, "nonsense")
            continue
        step = 1e-6 if field.kind == "float" else 1
        assert accepted(field, field.low)
        assert accepted(field, field.high)
        wrong: tuple[object, ...] = (field.low - step, field.high + step, 10**400, True, None, {})
        for beyond in (*wrong, float("nan")):
            assert not accepted(field, beyond), beyond
        both = [field.low, field.high]
        assert accepted(field, both) is (field.kind in ("pair", "sizes"))
        assert not accepted(field, [field.low, field.high + 1])
        assert not accepted(field, [field.low] * 5)
        assert not accepted(field, [])


class NothingAllocated(TorchDispatchMode):
    """Refuses every operation that makes a tensor of many cells anywhere but on the meta device."""

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        made = func(*args, **(kwargs or {}))
        for tensor in made if isinstance(made, (tuple, list)) else (made,):
            if isinstance(tensor, Tensor) and not tensor.is_meta:
                assert tensor.numel() <= SMALL, f"{func} made {tuple(tensor.shape)}"
        return made


SMALL = 100
LARGE = ((1, 4096, 8, 8), (1, 1, 2000, 2000), (1, 4096, 4), (2, 4096), (1, 256, 4096))
LIMITS = (
    ("parameter_bytes", budget.MAX_PARAMETER_BYTES),
    ("saved_bytes", budget.MAX_SAVED_BYTES),
    ("captured_bytes", budget.MAX_CAPTURED_BYTES),
    ("operations", budget.MAX_OPERATIONS),
)


@pytest.mark.parametrize("kind", LAYERS)
def test_the_largest_settings_are_refused_before_anything_is_allocated(kind: str) -> None:
    """Every number at its upper bound: a sentence that names the layer, or a run within limits."""
    fields: dict[str, object] = {
        field.name: field.high for field in LAYERS[kind].fields if field.kind in ("int", "pair")
    }
    reads = ("pool", "pool") if kind == "MaxUnpool2d" else ("input",) * LAYERS[kind].inputs[0]
    pool = {"name": "pool", "kind": "MaxPool2d", "fields": {"return_indices": True}}
    spot = {"name": "spot", "kind": kind, "inputs": reads, "fields": fields}
    layers = [pool, spot] if kind == "MaxUnpool2d" else [spot]
    for shape in LARGE:
        with NothingAllocated():
            cost, refusal = priced(layers, shape)
        assert bool(refusal) == (cost is None or any(getattr(cost, n) > most for n, most in LIMITS))
        assert not refusal or re.search(r"\b(spot|pool): ", refusal), refusal


def priced(layers: Sequence[object], shape: tuple[int, ...]) -> tuple[Budget | None, str]:
    """Return what a model costs, if that can be told, and why it is refused."""
    try:
        cost = estimate(ModelSpec.model_validate({"layers": layers}), shape)
    except (ValidationError, LayerError) as error:
        return None, str(error)
    return cost, cost.refusal


def test_a_recurrent_layer_of_the_largest_settings_is_refused_for_its_recording() -> None:
    """As few steps as run, and weights that are affordable: only the recording is too large."""
    layer = {"name": "spot", "kind": "RNN", "fields": {"input_size": 8, "hidden_size": 2048}}
    with NothingAllocated():
        cost, refusal = priced([layer], (1, 32, 8))
    assert cost is not None
    assert cost.parameter_bytes < budget.MAX_PARAMETER_BYTES
    assert cost.saved_bytes < budget.MAX_SAVED_BYTES
    assert re.match(r"spot: the model needs .* for the recording", refusal)


def test_what_is_joined_in_a_dimension_that_is_not_there_hears_to_use_a_smaller_one() -> None:
    sentence = LAYERS["Concat"].fits(Fields({"dim": 3}), ((2, 3), (2, 4)))
    assert sentence == "dim is 3, but its inputs are 2x3 and 2x4. Use a smaller dim."


def test_two_sequences_of_an_attention_have_one_batch_size() -> None:
    fields = Fields({"embed_dim": 4, "batch_first": True})
    sentence = LAYERS["MultiheadAttention"].fits(fields, ((2, 3, 4), (1, 3, 4)))
    assert sentence == "its inputs must have one batch size, but are 2x3x4 and 1x3x4."


def test_equal_numbers_of_a_pair_are_one_number() -> None:
    one, two = (
        LayerSpec.model_validate({"name": "c", "kind": "Conv2d", "fields": {"kernel_size": size}})
        for size in (3, [3, 3])
    )
    assert one == two
    assert one.fields.each("kernel_size", 2) == (3, 3)


# Frozen layers, training and evaluation


def test_a_frozen_layer_gets_no_gradient_and_json_says_so_only_where_it_is() -> None:
    trial = Trial("Linear", (2, 4), {"in_features": 4, "out_features": 3})
    first, second = trial.spec.layers
    frozen = second.model_copy(update={"frozen": True})
    spec = ModelSpec(layers=(first, frozen))
    assert [layer.get("frozen") for layer in spec.model_dump()["layers"]] == [None, True]
    assert read_spec(spec.model_dump_json()) == spec != trial.spec
    asks = {name: one.requires_grad for name, one in build(spec, SEED).named_parameters()}
    assert asks == {
        "before.weight": True,
        "before.bias": True,
        "spot.weight": False,
        "spot.bias": False,
    }
    assert estimate(spec, trial.shape).saved_bytes == forward(spec, trial.values())[0]
    assert estimate(spec, trial.shape).saved_bytes < estimate(trial.spec, trial.shape).saved_bytes


FROZEN = [
    next(trial for trial in TRIALS if trial.kind == kind)
    for kind in LAYERS
    if kind not in ("Detach", "LSTM")
]


@pytest.mark.parametrize(("trial", "training"), modes(FROZEN), ids=str)
def test_saved_bytes_are_exact_behind_a_frozen_layer_too(trial: Trial, training: bool) -> None:
    *others, spot = trial.spec.layers
    spec = ModelSpec(layers=(*others, spot.model_copy(update={"frozen": True})))
    real, _ = forward(spec, trial.values(), training)
    assert estimate(spec, trial.shape, training).saved_bytes == real


def test_evaluation_switches_dropout_off_and_batch_norm_to_its_averages() -> None:
    drop = Trial("Dropout", (2, 50), {"p": 0.5})
    x = drop.values()
    network = build(drop.spec, SEED, training=False)
    assert not network.training
    assert torch.equal(network(x), network.get_submodule("before")(x))
    with flow.seeded.Seeded(0):
        assert (build(drop.spec, SEED)(x) == 0).any()
    norm = Trial("BatchNorm1d", (1, 3), {"num_features": 3})
    assert estimate(norm.spec, norm.shape, training=False).output_shape == (1, 3)
    with pytest.raises(LayerError, match="spot: BatchNorm1d cannot take its input 1x3"):
        estimate(norm.spec, norm.shape)


def test_an_embedding_says_which_row_is_missing() -> None:
    trial = Trial("Embedding", (1, 2), {"num_embeddings": 3})
    for value, asked in ((3.0, 3), (-1.0, -1)):
        with pytest.raises(LayerError) as caught:
            build(trial.spec, SEED)(torch.tensor([[0.0, value]]))
        assert f"the table has rows 0 to 2, but row {asked} was asked for." in str(caught.value)


def test_a_recurrent_layer_runs_a_bounded_number_of_steps() -> None:
    trial = Trial("RNN", (1, 256, 8))
    assert estimate(trial.spec, trial.shape).output_shape == (1, 256, 8)
    with pytest.raises(LayerError, match="spot: it runs at most 256 steps, but its input 1x257x8"):
        estimate(trial.spec, (1, 257, 8))


@pytest.mark.parametrize(
    ("kind", "shape", "fields", "message"),
    [
        ("Conv1d", (1, 1, 2, 2), {}, "it needs an input of batch x channels x length"),
        ("Conv1d", (1, 1, 2), {}, "a 3 kernel does not fit its 2 input. Use padding=1"),
        (
            "Conv2d",
            (1, 1, 2, 9),
            {"kernel_size": (3, 5)},
            "a 3x5 kernel does not fit its 2x9 input. Use padding=1 or a smaller kernel.",
        ),
        (
            "Conv2d",
            (1, 1, 3, 3),
            {"padding": 3, "padding_mode": "reflect"},
            "padding_mode=reflect repeats 3 cells of each side, but its input is 3x3. "
            "Use padding=2 or less, or another mode.",
        ),
        ("Upsample", (1, 1, 3), {"mode": "bilinear"}, "batch x channels x height x width"),
        ("Upsample", (1, 1, 3, 3), {"mode": "linear"}, "batch x channels x length"),
        (
            "Upsample",
            (1, 1, 3, 3),
            {"scale_factor": 0.25},
            "leaves nothing of its 3x3 input. Use a larger scale_factor.",
        ),
        (
            "Upsample",
            (1, 1, 4, 4),
            {"scale_factor": 1.2},
            "scale_factor=1.2 makes 4 cells of 4, and torch's backward then reads other cells than "
            "its forward. Use scale_factor=1 or a size.",
        ),
        (
            "Upsample",
            (1, 1, 4, 4),
            {"scale_factor": 2.1},
            "scale_factor=2.1 makes 8 cells of 4, and torch's backward then reads other cells than "
            "its forward. Use scale_factor=2 or a size.",
        ),
        ("GroupNorm", (1, 1), {}, "it needs more than one cell a group, but its input is 1x1."),
        ("Embedding", (1,) * 5, {}, "so its input has at most 4. It is 1x1x1x1x1."),
        ("PixelShuffle", (1, 3, 2, 2), {}, "upscale_factor=2 needs a multiple of 4 channels"),
        ("Softmax", (2, 3), {"dim": 2}, "dim is 2, but its input 2x3 has 2 dimensions."),
        ("BatchNorm1d", (2, 1, 3, 3), {}, "Use BatchNorm2d for maps."),
        (
            "LayerNorm",
            (2, 3),
            {},
            "normalized_shape is 8, but its input 2x3 ends with 3. Set normalized_shape to that.",
        ),
        ("GroupNorm", (2, 3), {}, "num_channels is 1, but its input 2x3 has 3 channels."),
        ("InstanceNorm2d", (1, 1, 1, 1), {}, "it needs more than one cell a channel"),
        ("LSTM", (2, 8), {}, "it needs an input of batch x time x features, but got 2x8."),
        ("LSTM", (2, 3, 4), {}, "input_size is 8, but the last dimension of its input 2x3x4 is 4."),
        ("MultiheadAttention", (2, 3, 4), {}, "embed_dim is 8, but the last dimension"),
        (
            "View",
            (2, 6),
            {"shape": (4, -1)},
            "shape is 4, -1, but a sample of 2x6 has 6 cells. Choose sizes whose product is 6.",
        ),
        ("Unflatten", (2, 6), {"unflattened_size": (4, 2)}, "dimension 1 of its input 2x6"),
        (
            "Slice",
            (2, 3),
            {"start": 3},
            "start is 3, but dimension 1 of its input 2x3 has 3 cells. Use start=2 or less.",
        ),
        ("Mean", (2, 3), {}, "dim is 2, but its input 2x3 has 2 dimensions. Use dim=1 or less."),
        ("Mean", (2, 3), {"dim": (1, -1)}, "dim=(1, -1) names one dimension of 2x3 twice."),
    ],
)
def test_a_misfit_is_told_by_the_layer_and_not_by_torch(
    kind: str, shape: tuple[int, ...], fields: dict[str, object], message: str
) -> None:
    spot = {"name": "spot", "kind": kind, "fields": fields}
    spec = ModelSpec.model_validate({"layers": [spot]})
    for run in (lambda: estimate(spec, shape), lambda: build(spec, SEED)(torch.zeros(shape))):
        with pytest.raises(LayerError) as caught:
            run()
        assert str(caught.value).startswith("spot: ")
        assert message in str(caught.value)
        assert "torch says" not in str(caught.value)
