"""The whole catalogue: every kind is built, costed, run, explained, proven, written and bounded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks
from torch.utils._python_dispatch import TorchDispatchMode

import flow
from flow.errors import NoGradientError
from flow.ops import OPS
from flow.run import Run
from models import budget
from models.budget import Budget, estimate
from models.build import LayerError, build, tensor_of
from models.fields import Field
from models.layers import FAMILIES, LAYERS
from models.source import to_source
from models.spec import LayerSpec, ModelSpec, read_spec
from tests.models.settings import TRIALS, Trial
from tests.models.test_budget import really_saved
from tests.models.test_source_written import bits, executed

SEED = 4
CELLS = 3
"""Cells of each gradient that are explained."""

CHANGES = re.compile("Norm|Dropout|Attention|Transformer|LSTM")
"""Kinds that evaluate in another way than they train, or in one operation."""

every_trial = pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
either_mode = pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])


def recorded(trial: Trial, training: bool) -> Run:
    """Run a trial with a random upstream vector."""
    module, x = build(trial.spec, SEED, training), trial.values()
    with flow.seeded.Seeded(SEED):
        output = tensor_of(build(trial.spec, SEED, training)(x))
    upstream = torch.randn(output.shape, generator=torch.Generator().manual_seed(2))
    return flow.run(module, x, upstream=upstream, seed=SEED)


def test_every_kind_is_tried() -> None:
    assert {trial.kind for trial in TRIALS} == set(LAYERS)
    assert sum(map(len, FAMILIES.values())) == len(LAYERS), "a name stands in one family only"


@either_mode
@every_trial
def test_shapes_and_saved_bytes_are_known_before_the_run(trial: Trial, training: bool) -> None:
    cost = estimate(trial.spec, trial.shape, training)
    with flow.seeded.Seeded(SEED):
        output = tensor_of(build(trial.spec, SEED, training)(trial.values()))
    assert cost.refusal == ""
    assert cost.output_shape == tuple(output.shape)
    real = saved_by(trial, training)
    if trial.kind == "LSTM":
        assert real <= cost.saved_bytes <= 3 * real, "its workspace is bounded, not known"
    else:
        assert cost.saved_bytes == real


def saved_by(trial: Trial, training: bool) -> int:
    """Bytes of every piece of memory that a real forward pass saves, parameters left out."""
    module = build(trial.spec, SEED, training)
    pieces = {tensor.untyped_storage().data_ptr(): 0 for tensor in module.parameters()}
    kept: list[Tensor] = []

    def pack(tensor: Tensor) -> None:
        pieces.setdefault(tensor.untyped_storage().data_ptr(), tensor.untyped_storage().nbytes())
        kept.append(tensor.detach())

    with flow.seeded.Seeded(SEED), saved_tensors_hooks(pack, lambda _: torch.zeros(())):
        module(trial.values())
    return sum(pieces.values())


@pytest.mark.parametrize(
    ("trial", "training"),
    [(trial, True) for trial in TRIALS]
    + [(trial, False) for trial in TRIALS if CHANGES.search(trial.kind)],
    ids=lambda value: value.name if isinstance(value, Trial) else "train" if value else "eval",
)
def test_every_gradient_has_a_rule_adds_up_and_passes_its_checks(
    trial: Trial, training: bool
) -> None:
    if trial.kind == "Detach":
        with pytest.raises(NoGradientError):
            recorded(trial, training)
        return
    with recorded(trial, training) as run:
        for node in run.capture.nodes:
            assert node.name in OPS, node.name
            assert OPS[node.name].rule.sentence.endswith(".")
        for one in one_of_each(run):
            explain_some(run, one)
            checks = run.check(one)
            assert all(check.passed is not False for check in checks), (one, checks)
            assert any(check.passed for check in checks), (one, checks)


def one_of_each(run: Run) -> list[str]:
    """Return the first node of each class: a recurrent layer repeats the same ones."""
    first: dict[str, str] = {}
    for node in run.capture.nodes:
        if not node.is_leaf and any(part is not None for part in node.downstream):
            first.setdefault(node.name, node.id)
    return list(first.values())


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


@every_trial
def test_json_gives_back_an_equal_spec(trial: Trial) -> None:
    assert read_spec(trial.spec.model_dump_json()) == trial.spec


@every_trial
def test_written_code_computes_the_same_bits(trial: Trial) -> None:
    written = executed(to_source(trial.spec), trial.spec.name, SEED)
    ours = build(trial.spec, SEED)
    assert list(written.state_dict()) == list(ours.state_dict())
    assert bits(written, trial.values()) == bits(ours, trial.values())


@pytest.mark.parametrize("kind", LAYERS)
def test_two_runs_of_one_seed_are_equal_and_leave_the_global_generator_alone(kind: str) -> None:
    trial = next(one for one in TRIALS if one.kind == kind)
    if kind == "Detach":
        return
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
    assert estimate(spec, trial.shape).saved_bytes == really_saved(spec, trial.values())
    assert estimate(spec, trial.shape).saved_bytes < estimate(trial.spec, trial.shape).saved_bytes


@either_mode
@pytest.mark.parametrize("kind", [kind for kind in LAYERS if kind not in ("Detach", "LSTM")])
def test_saved_bytes_are_exact_behind_a_frozen_layer_too(kind: str, training: bool) -> None:
    trial = next(one for one in TRIALS if one.kind == kind)
    layers = trial.spec.layers
    spec = ModelSpec(layers=(*layers[:-1], layers[-1].model_copy(update={"frozen": True})))
    frozen = replace_spec(trial, spec)
    assert estimate(spec, trial.shape, training).saved_bytes == saved_by(frozen, training)


def replace_spec(trial: Trial, spec: ModelSpec) -> Trial:
    """Return a trial that runs another spec."""

    class Other(Trial):
        @property
        def spec(self) -> ModelSpec:
            return spec

    return Other(trial.kind, trial.shape, trial.fields)


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
    trial = Trial("GRU", (1, 256, 8))
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
        ("Upsample", (1, 1, 3, 3), {"scale_factor": 0.25}, "leaves nothing of its 3x3 input."),
        (
            "Upsample",
            (1, 1, 4, 4),
            {"scale_factor": 1.2},
            "scale_factor=1.2 makes 4 cells of 4, and torch's backward then reads other cells than "
            "its forward. Use scale_factor=1 or a size.",
        ),
        ("PixelShuffle", (1, 3, 2, 2), {}, "upscale_factor=2 needs a multiple of 4 channels"),
        ("Softmax", (2, 3), {"dim": 2}, "dim is 2, but its input 2x3 has 2 dimensions."),
        ("BatchNorm1d", (2, 1, 3, 3), {}, "Use BatchNorm2d for maps."),
        ("LayerNorm", (2, 3), {}, "normalized_shape is 8, but its input 2x3 ends with 3."),
        ("GroupNorm", (2, 3), {}, "num_channels is 1, but its input 2x3 has 3 channels."),
        ("InstanceNorm2d", (1, 1, 1, 1), {}, "it needs more than one cell a channel"),
        ("LSTM", (2, 8), {}, "it needs an input of batch x time x features, but got 2x8."),
        ("LSTM", (2, 3, 4), {}, "input_size is 8, but the last dimension of its input 2x3x4 is 4."),
        ("MultiheadAttention", (2, 3, 4), {}, "embed_dim is 8, but the last dimension"),
        ("View", (2, 6), {"shape": (4, -1)}, "shape is 4, -1, but a sample of 2x6 has 6 cells."),
        ("Unflatten", (2, 6), {"unflattened_size": (4, 2)}, "dimension 1 of its input 2x6"),
        (
            "Slice",
            (2, 3),
            {"start": 3},
            "start is 3, but dimension 1 of its input 2x3 has 3 cells.",
        ),
        ("Mean", (2, 3), {}, "dim is 2, but its input 2x3 has 2 dimensions."),
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
