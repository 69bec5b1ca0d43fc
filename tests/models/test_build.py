"""Built networks compute what plain torch computes, bit for bit, and leave torch alone."""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Tensor, nn

from models.build import LayerError, build
from models.losses import LOSSES
from models.presets import PRESETS, Preset
from models.spec import LayerSpec, ModelSpec
from tests.flow.networks import Upsampled

SEED = 7


def layer(name: str, kind: str, *inputs: str, **fields: bool | int | float | str) -> LayerSpec:
    return LayerSpec.model_validate(
        {"name": name, "kind": kind, "inputs": inputs or ("input",), "fields": fields}
    )


def network(*layers: LayerSpec) -> nn.Module:
    return build(ModelSpec(layers=layers), SEED)


def run_once(preset: Preset, module: nn.Module, device: str = "cpu") -> Tensor:
    x = preset.values().to(device)
    output = module(x)
    loss = LOSSES[preset.loss].make(tuple(output.shape), preset.target)(output)
    loss.backward()  # type: ignore[no-untyped-call]
    return loss.detach()


def test_the_test_preset_is_the_reference_network_bit_for_bit() -> None:
    with torch.random.fork_rng():
        torch.manual_seed(SEED)
        plain = Upsampled()
    built = build(PRESETS["test"].spec, SEED)
    x = torch.arange(1, 9).float().view(2, 1, 2, 2)
    torch.nn.MSELoss()(plain(x), torch.zeros(2, 1)).backward()
    run_once(PRESETS["test"], built)
    ours, theirs = dict(built.named_parameters()), dict(plain.named_parameters())
    assert list(ours) == list(theirs)
    for name, parameter in theirs.items():
        assert torch.equal(ours[name], parameter)
        assert torch.equal(ours[name].grad, parameter.grad)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", PRESETS)
def test_weights_are_those_of_manual_seed_and_the_same_layers_in_order(key: str) -> None:
    spec = PRESETS[key].spec
    with torch.random.fork_rng():
        torch.manual_seed(SEED)
        plain = nn.Sequential(
            OrderedDict((item.name, item.layer_kind.make(item.fields)) for item in spec.layers)
        )
    built = build(spec, SEED)
    assert list(built.state_dict()) == list(plain.state_dict())
    assert [name for name, _ in built.named_children()] == [item.name for item in spec.layers]
    for name, value in plain.state_dict().items():
        assert torch.equal(built.state_dict()[name], value)


def test_building_leaves_the_global_generator_alone() -> None:
    before = torch.get_rng_state()
    first = build(PRESETS["lenet"].spec, SEED).state_dict()
    assert torch.equal(torch.get_rng_state(), before)
    other = build(PRESETS["lenet"].spec, SEED + 1).state_dict()
    assert not torch.equal(first["conv1.weight"], other["conv1.weight"])


def test_eight_threads_build_the_same_bits_while_a_ninth_draws_noise() -> None:
    spec = PRESETS["lenet"].spec
    expected = {seed: build(spec, seed).state_dict() for seed in range(8)}
    stop, drawn = threading.Event(), []

    def draw_noise() -> None:
        while not stop.is_set():
            drawn.append(torch.rand(10))
            stop.wait(0.0001)

    noise = threading.Thread(target=draw_noise)
    noise.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            seeds = list(range(8)) * 4
            built = list(pool.map(lambda seed: build(spec, seed).state_dict(), seeds))
    finally:
        stop.set()
        noise.join()
    assert drawn
    for seed, weights in zip(seeds, built, strict=True):
        assert all(torch.equal(value, expected[seed][name]) for name, value in weights.items())


@pytest.mark.parametrize("key", PRESETS)
def test_every_preset_runs_forward_and_backward_with_gradients_everywhere(key: str) -> None:
    preset = PRESETS[key]
    module = build(preset.spec, SEED)
    loss = run_once(preset, module)
    assert torch.isfinite(loss)
    assert loss.item() != 0
    for name, parameter in module.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
    for text in (preset.description, preset.why):
        assert text.endswith(".")
    assert preset.look_at in {item.name for item in preset.spec.layers}
    assert preset.key == key


@pytest.mark.parametrize("key", PRESETS)
def test_every_preset_can_be_copied_and_moved(key: str) -> None:
    preset = PRESETS[key]
    module = build(preset.spec, SEED)
    copied = copy.deepcopy(module)
    assert torch.equal(run_once(preset, module), run_once(preset, copied))
    pairs = zip(copied.parameters(), module.parameters(), strict=True)
    assert all(one is not other for one, other in pairs)
    moved = module.to("meta")
    assert moved(torch.empty(preset.input_shape, device="meta")).device.type == "meta"


@pytest.mark.parametrize(("key", "count"), [("test", 13), ("lenet", 22), ("mlp", 16)])
def test_presets_are_small_enough_to_draw(key: str, count: int) -> None:
    """Counted by hand: 3 nodes per convolution, 4 per linear layer, 1 for all others."""
    preset = PRESETS[key]
    module = build(preset.spec, SEED)
    output = module(preset.values())
    loss = LOSSES[preset.loss].make(tuple(output.shape), preset.target)(output)
    seen, waiting = set(), [loss.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is not None and node not in seen:
            seen.add(node)
            waiting += [following for following, _ in node.next_functions]
    assert len(seen) == count


FOUR_BY_FOUR = torch.arange(1, 17).float().view(1, 1, 4, 4)
POOL = layer("pool", "MaxPool2d", kernel_size=2, return_indices=True)


def test_max_unpooling_puts_the_largest_values_back() -> None:
    output = network(POOL, layer("unpool", "MaxUnpool2d", "pool", "pool"))(FOUR_BY_FOUR)
    assert output.tolist() == [[[[0, 0, 0, 0], [0, 6, 0, 8], [0, 0, 0, 0], [0, 14, 0, 16]]]]


def test_max_unpooling_to_another_size_lets_flat_indices_land_elsewhere() -> None:
    unpool = layer("unpool", "MaxUnpool2d", "pool", "pool", restore=False, height=5, width=5)
    assert network(POOL, unpool)(FOUR_BY_FOUR).tolist() == [
        [[[0, 0, 0, 0, 0], [6, 0, 8, 0, 0], [0, 0, 0, 14, 0], [16, 0, 0, 0, 0], [0, 0, 0, 0, 0]]]
    ]


def test_max_unpooling_restores_an_odd_size() -> None:
    x = torch.arange(1, 26).float().view(1, 1, 5, 5)
    output = network(POOL, layer("unpool", "MaxUnpool2d", "pool", "pool"))(x)
    assert output.shape == x.shape
    assert output.nonzero()[:, 2:].tolist() == [[1, 1], [1, 3], [3, 1], [3, 3]]


def test_bilinear_upsampling_gives_the_published_numbers() -> None:
    small = torch.tensor([6.0, 10.0, 9.0, 12.0]).view(1, 1, 2, 2)
    aligned = network(layer("up", "Upsample", mode="bilinear", align_corners=True))(small)
    expected = [6, 7.3333, 8.6667, 10, 7, 8.2222, 9.4444, 10.6667]
    expected += [8, 9.1111, 10.2222, 11.3333, 9, 10, 11, 12]
    assert aligned.flatten().tolist() == pytest.approx(expected, abs=5e-5)
    plain = network(layer("up", "Upsample", mode="bilinear"))(
        torch.tensor([1.0, 2.0, 3.0, 4.0]).view(1, 1, 2, 2)
    )
    assert plain.flatten().tolist() == pytest.approx(
        [1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4]
    )


def test_joins_add_and_concatenate_what_they_read() -> None:
    x = torch.tensor([[-1.0, 2.0]])
    double = network(layer("relu", "ReLU"), layer("sum", "Add", "input", "relu", "relu"))
    assert double(x).tolist() == [[-1.0, 6.0]]
    side = network(layer("relu", "ReLU"), layer("both", "Concat", "relu", "input"))
    assert side(x).tolist() == [[0.0, 2.0, -1.0, 2.0]]
    assert repr(side.get_submodule("both")) == "Concat(dim=1)"


UNPOOL = layer("unpool", "MaxUnpool2d", "conv", "pool")


@pytest.mark.parametrize(
    ("layers", "shape", "message"),
    [
        (
            [layer("conv2", "Conv2d")],
            (1, 1, 2, 2),
            "conv2: a 3x3 kernel does not fit its 2x2 input. Use padding=1 or a smaller kernel.",
        ),
        (
            [layer("conv2", "Conv2d", dilation=2, padding=1)],
            (1, 1, 2, 2),
            "conv2: a 3x3 kernel with dilation=2 covers 5x5 and does not fit its 2x2 input "
            "(padding=1). Use padding=2 or a smaller kernel.",
        ),
        (
            [layer("conv", "Conv2d", in_channels=3)],
            (2, 1, 8, 8),
            "conv: in_channels is 3, but its input 2x1x8x8 has 1 channel. Set in_channels=1.",
        ),
        (
            [layer("up", "ConvTranspose2d", in_channels=3)],
            (2, 2, 8, 8),
            "up: in_channels is 3, but its input 2x2x8x8 has 2 channels. Set in_channels=2.",
        ),
        (
            [layer("up", "ConvTranspose2d", padding=2)],
            (1, 1, 2, 2),
            "up: padding=2 cuts its 2x2 input down to nothing. "
            "Use a smaller padding or a larger kernel.",
        ),
        (
            [layer("fc", "Linear", in_features=5)],
            (2, 4),
            "fc: in_features is 5, but the last dimension of its input 2x4 is 4. "
            "Set in_features=4.",
        ),
        (
            [layer("fc", "Linear", in_features=4)],
            (2, 1, 2, 2),
            "fc: in_features is 4, but the last dimension of its input 2x1x2x2 is 2. "
            "Put Flatten before it.",
        ),
        (
            [layer("bn", "BatchNorm2d", num_features=4)],
            (2, 3, 2, 2),
            "bn: num_features is 4, but its input 2x3x2x2 has 3 channels. Set num_features=3.",
        ),
        (
            [layer("pool", "AvgPool2d", kernel_size=4)],
            (1, 1, 3, 3),
            "pool: a 4x4 kernel does not fit its 3x3 input. Use padding=1 or a smaller kernel.",
        ),
        (
            [layer("conv", "Conv2d")],
            (2, 4),
            "conv: it needs an input of batch x channels x height x width, but got 2x4. "
            "Put it before Flatten, or give the input 4 dimensions.",
        ),
        (
            [layer("row", "Flatten", start_dim=3)],
            (2, 4),
            "row: start_dim is 3, but its input 2x4 has 2 dimensions. Use start_dim=1 or less.",
        ),
        (
            [layer("conv", "Conv2d"), layer("add", "Add", "input", "conv")],
            (1, 1, 8, 8),
            "add: its inputs must have one shape, but are 1x1x8x8 and 1x1x6x6. "
            "Change the layers before it.",
        ),
        (
            [layer("conv", "Conv2d"), layer("both", "Concat", "input", "conv")],
            (1, 1, 8, 8),
            "both: its inputs may differ only in dimension 1, but are 1x1x8x8 and 1x1x6x6. "
            "Resize one of them.",
        ),
        (
            [POOL, layer("conv", "Conv2d", "pool"), UNPOOL],
            (1, 1, 8, 8),
            "unpool: it needs one value per index, but its input is 1x1x2x2 and the pool gave "
            "1x1x4x4 indices. Give the layers between them equal shapes.",
        ),
        (
            [POOL, layer("unpool", "MaxUnpool2d", "pool", "pool", kernel_size=4)],
            (1, 1, 8, 8),
            "unpool: it cannot make 8x8 of 4x4, only about 16x16. "
            "Use the kernel_size and stride of its pool.",
        ),
        (
            [POOL, layer("unpool", "MaxUnpool2d", "pool", "pool", restore=False)],
            (1, 1, 5, 5),
            "unpool: its indices count the cells of a 5x5 map, which do not fit into 4x4. "
            "Turn restore on or ask for a larger size.",
        ),
        (
            [layer("bn", "BatchNorm2d", num_features=1)],
            (1, 1, 1, 1),
            "bn: BatchNorm2d cannot take its input 1x1x1x1. torch says: Expected more than 1 "
            "value per channel when training, got input size torch.Size([1, 1, 1, 1])",
        ),
    ],
)
def test_a_misfit_names_the_layer_what_came_and_what_to_do(
    layers: list[LayerSpec], shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises(LayerError) as caught:
        network(*layers)(torch.zeros(shape))
    assert str(caught.value) == message
    assert caught.value.layer == layers[-1].name


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        (
            [layer("relu", "ReLU", inplace=True)],
            "relu: inplace would overwrite the model's input. Turn inplace off.",
        ),
        (
            [layer("s", "Sigmoid"), layer("relu", "ReLU", "s", inplace=True)],
            "relu: inplace would overwrite what s needs for its gradient. Turn inplace off.",
        ),
        (
            [
                layer("conv", "Conv2d"),
                layer("same", "Identity", "conv"),
                layer("relu", "ReLU", "same", inplace=True),
                layer("add", "Add", "conv", "relu"),
            ],
            "relu: inplace would overwrite the output of conv, which add reads too. "
            "Turn inplace off.",
        ),
    ],
)
def test_an_in_place_layer_cannot_overwrite_what_is_still_needed(
    layers: list[LayerSpec], message: str
) -> None:
    with pytest.raises(LayerError) as caught:
        network(*layers)
    assert str(caught.value) == message


def test_an_error_survives_pickling() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(LayerError("a", "b")))  # noqa: S301 - our own bytes
    assert (error.layer, str(error)) == ("a", "a: b")
