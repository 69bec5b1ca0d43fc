"""What a run costs, against hand counts and against what torch really saves."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import flow
from flow.record import Capture
from models import budget
from models.budget import bytes_text, estimate, operations_text
from models.build import LayerError, build, tensor_of
from models.inputs.shape import InputError
from models.losses import LOSSES
from models.presets import PRESETS
from models.spec import LayerSpec, ModelSpec
from tests.flow.arrays import held_bytes
from tests.models.kinds.test_catalogue import forward


def model(*layers: tuple[str, str, dict[str, int]]) -> ModelSpec:
    """Return a chain of layers, each reading the one before it."""
    names = ["input", *(name for name, _, _ in layers)]
    return ModelSpec.model_validate(
        {
            "layers": [
                {"name": name, "kind": kind, "inputs": (names[index],), "fields": fields}
                for index, (name, kind, fields) in enumerate(layers)
            ]
        }
    )


def test_the_test_preset_is_counted_by_hand() -> None:
    cost = estimate(PRESETS["test"].spec, (2, 1, 2, 2))
    assert cost.shapes == {
        "conv1": (2, 1, 2, 2),
        "upsample": (2, 1, 4, 4),
        "conv2": (2, 1, 2, 2),
        "flatten": (2, 4),
        "fc": (2, 1),
    }
    assert [layer.parameters for layer in cost.layers] == [2, 0, 10, 0, 5]
    assert (cost.parameters, cost.parameter_bytes) == (17, 68)
    # conv1 saves its input (8 cells), conv2 the enlarged map (32), fc its input (8)
    assert [layer.saved_bytes for layer in cost.layers] == [32, 0, 128, 0, 32]
    # one multiplication and one addition per kernel tap and output cell: 8 x 1, 8 x 9, 2 x 4
    assert [layer.operations for layer in cost.layers] == [16, 0, 144, 0, 16]
    assert cost.output_shape == (2, 1)
    assert cost.refusal == ""


@pytest.mark.parametrize("key", PRESETS)
def test_saved_bytes_and_shapes_are_those_of_a_real_run(key: str) -> None:
    preset = PRESETS[key]
    cost = estimate(preset.spec, preset.input_shape, input_gradient=preset.input_gradient)
    real, output = forward(preset.spec, preset.values())
    if any(layer.kind == "LSTM" for layer in preset.spec.layers):
        assert real <= cost.saved_bytes <= 3 * real, "its workspace is bounded, not known"
    else:
        assert cost.saved_bytes == real
    assert cost.parameters == sum(one.numel() for one in build(preset.spec, 0).parameters())
    assert cost.output_shape == tuple(output.shape)


def recorded(spec: ModelSpec, x: Tensor, training: bool = True) -> Capture:
    """Run a network, its input asking for a gradient too where that is possible."""
    with flow.seeded.Seeded(0):
        output = tensor_of(build(spec, 0, training)(x))
    x = x.clone().requires_grad_(x.is_floating_point())
    upstream = torch.ones_like(output)
    with flow.run(build(spec, 0, training), x, upstream=upstream, seed=0) as run:
        return run.capture


@pytest.mark.parametrize("key", PRESETS)
def test_a_recording_of_a_preset_holds_no_more_than_was_estimated(key: str) -> None:
    preset = PRESETS[key]
    cost = estimate(preset.spec, preset.input_shape, input_gradient=preset.input_gradient)
    made = LOSSES[preset.loss].make(cost.output_shape, preset.target)
    with flow.run(build(preset.spec, 0), preset.values(), made, seed=0) as run:
        held = held_bytes(run.capture)
    assert held <= cost.captured_bytes <= 4 * held


@pytest.mark.parametrize("loss", LOSSES)
def test_a_recording_of_any_loss_holds_no_more_than_was_estimated(loss: str) -> None:
    """Of an output that is far larger than all before it, so that it decides what is held."""
    spec, shape = model(("a", "Linear", {"in_features": 1, "out_features": 500})), (2, 1)
    cost = estimate(spec, shape)
    target = next(iter(LOSSES[loss].choices(cost.output_shape)), "")
    made = LOSSES[loss].make(cost.output_shape, target)
    with flow.run(build(spec, 0), torch.ones(shape), made, seed=0) as run:
        held = held_bytes(run.capture)
    assert held <= cost.captured_bytes <= 4 * held


@pytest.mark.parametrize(
    ("layer", "tokens"),
    [
        (("a", "GRU", {"input_size": 8, "hidden_size": 128, "num_layers": 2}), 16),
        (("a", "RNN", {"input_size": 8, "hidden_size": 128}), 16),
        (("a", "LSTM", {"input_size": 8, "hidden_size": 64, "num_layers": 2}), 16),
        (("a", "MultiheadAttention", {}), 96),
        (("a", "TransformerEncoderLayer", {}), 96),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
def test_what_grows_with_time_is_estimated_closely(
    layer: tuple[str, str, dict[str, int]], tokens: int
) -> None:
    """A gradient as large as the weights at every step, or one for each pair of tokens."""
    spec, shape = model(layer), (2, tokens, 8)
    held = held_bytes(recorded(spec, torch.randn(shape)))
    assert held <= estimate(spec, shape, input_gradient=True).captured_bytes <= 2 * held


def test_a_long_recurrent_layer_is_refused_by_name_before_it_runs() -> None:
    wide = {"input_size": 8, "hidden_size": 1024}
    spec = model(("small", "RNN", {"input_size": 8}), ("wide", "RNN", wide))
    cost = estimate(spec, (1, 100, 8))
    # at each step the weights of the state get a gradient of their own, of 1024 x 1024 cells
    assert 100 * 1024 * 1024 * 4 < cost.layers[1].captured_bytes < 110 * 1024 * 1024 * 4
    assert cost.refusal.startswith("wide: the model needs")
    assert "MiB for the recording" in cost.refusal


def test_a_huge_layer_is_refused_from_its_parameters_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def must_not_run(*_: object) -> None:
        raise AssertionError("the forward pass was tried")

    monkeypatch.setattr(budget, "_run_without_memory", must_not_run)
    huge = {"in_features": 1_000_000, "out_features": 1_000_000}
    cost = estimate(model(("fc", "Linear", huge)), (1, 1_000_000))
    assert cost.refusal == (
        "fc: the model needs 3.6 TiB for parameters, 3.6 TiB of it here, but a run may use "
        "64.0 MiB. Make fc or its input smaller."
    )
    assert cost.parameters == 10**12 + 10**6
    assert cost.output_shape == ()


def test_a_map_too_large_to_exist_is_refused_at_the_first_layer_that_makes_it() -> None:
    ups = [(f"up{index}", "UpsamplingNearest2d", {"scale_factor": 32}) for index in range(12)]
    cost = estimate(model(*ups), (1, 1, 100, 100))
    assert cost.refusal.startswith("up1: the model needs 39.1 GiB for the recording")
    assert cost.layers[1].output_shape == (1, 1, 102400, 102400)
    assert cost.layers[2].output_shape == ()


def test_a_run_is_accepted_at_the_limit_and_refused_beyond_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spec, shape = PRESETS["test"].spec, (2, 1, 2, 2)
    cost = estimate(spec, shape)
    captured = cost.captured_bytes
    largest = next(layer.captured_bytes for layer in cost.layers if layer.name == "conv2")
    for name, total, part, purpose, text in (
        ("MAX_PARAMETER_BYTES", 68, 40, "for parameters", bytes_text),
        ("MAX_SAVED_BYTES", 192, 128, "for the backward pass", bytes_text),
        ("MAX_CAPTURED_BYTES", captured, largest, "for the recording", bytes_text),
        ("MAX_OPERATIONS", 176, 144, "for a forward pass", operations_text),
    ):
        with monkeypatch.context() as limits:
            limits.setattr(budget, name, total)
            assert estimate(spec, shape).refusal == ""
            limits.setattr(budget, name, total - 1)
            assert estimate(spec, shape).refusal == (
                f"conv2: the model needs {text(total)} {purpose}, {text(part)} of it here, but a "
                f"run may use {text(total - 1)}. Make conv2 or its input smaller."
            )


def test_the_first_layer_that_cannot_work_is_named() -> None:
    with pytest.raises(LayerError, match="conv2: a 3x3 kernel does not fit its 2x2 input"):
        estimate(PRESETS["test"].spec, (2, 1, 1, 1))
    wrong = model(("up", "ConvTranspose2d", {"in_channels": 3, "out_channels": 3}))
    with pytest.raises(LayerError, match="up: in_channels is 3"):
        estimate(wrong, (1, 2, 4, 4))


def test_an_input_that_cannot_exist_is_refused() -> None:
    with pytest.raises(InputError, match="at most 4,000,000 cells"):
        estimate(PRESETS["test"].spec, (2**30, 1, 2**20, 2**20))


def test_an_in_place_layer_on_the_input_is_refused() -> None:
    relu = LayerSpec.model_validate({"name": "r", "kind": "ReLU", "fields": {"inplace": True}})
    with pytest.raises(LayerError, match="r: inplace would overwrite the model's input"):
        estimate(ModelSpec(layers=(relu,)), (1, 1))


def test_an_estimate_leaves_the_global_generator_alone() -> None:
    before = torch.get_rng_state()
    estimate(PRESETS["residual"].spec, (2, 1, 8, 8))
    assert torch.equal(torch.get_rng_state(), before)


def test_sizes_are_written_in_units_that_people_read() -> None:
    assert [bytes_text(count) for count in (0, 1023, 1024, 1536, 3 * 2**40)] == [
        *("0 B", "1023 B", "1.0 KiB", "1.5 KiB", "3.0 TiB")
    ]
    assert [operations_text(count) for count in (999_999, 2_500_000, 4_000_000_000)] == [
        *("999,999 operations", "2.5 million operations", "4.0 billion operations")
    ]
