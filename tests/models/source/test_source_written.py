"""Models written as code: what is written runs, computes the same bits, and is read back equal."""

from __future__ import annotations

import contextlib
import io
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import flow
from models.build import LayerError, build, tensor_of
from models.inputs import INPUTS, TOKENS
from models.inputs.tokens import vocabulary
from models.layers import LAYERS
from models.losses import LOSSES
from models.presets import PRESETS, Preset
from models.shapes import Shape
from models.source import Setting, from_source, to_source
from models.spec import LayerSpec, ModelSpec

SEEDS = Path(__file__).resolve().parents[4] / "shared" / "seeds"
SEED = 5


@contextlib.contextmanager
def own_random_numbers() -> Iterator[None]:
    with torch.random.fork_rng():
        yield


def run_text(text: str) -> dict[str, Any]:
    """Run source code and return its names."""
    space: dict[str, Any] = {"__name__": "written"}
    with own_random_numbers(), contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(text, "written.py", "exec"), space)  # noqa: S102 - text that we wrote
    space["printed"] = printed.getvalue()
    return space


def executed(text: str, name: str, seed: int) -> nn.Module:
    """Run source code and return an instance of its class with the weights of that seed."""
    kind = run_text(text)[name]
    with own_random_numbers():
        torch.manual_seed(seed)
        module = kind()
    assert isinstance(module, nn.Module)
    return module


def made(spec: ModelSpec, seed: int) -> nn.Module:
    return executed(to_source(spec), spec.name, seed)


def setting_of(preset: Preset, **changes: Any) -> Setting:
    chosen: dict[str, Any] = {
        "input": preset.input,
        "shape": preset.input_shape,
        "loss": preset.loss,
        "target": preset.target,
        "input_gradient": preset.input_gradient,
        "seed": SEED,
    }
    return Setting(**{**chosen, **changes})


def run_of(spec: ModelSpec, setting: Setting) -> flow.Run:
    """Return what the page would record for this setting."""
    module = build(spec, setting.seed, training=setting.training)
    x = INPUTS[setting.input].make(setting.shape, setting.seed, vocabulary(spec))
    with torch.no_grad(), own_random_numbers():
        shape = tuple(build(spec, setting.seed, training=setting.training)(x).shape)
    loss = LOSSES[setting.loss].make(shape, setting.target, setting.seed)
    x.requires_grad_(setting.input_gradient and x.is_floating_point())
    if LOSSES[setting.loss].given:
        return flow.run(module, x, upstream=loss.target, seed=setting.seed)
    return flow.run(module, x, loss=loss, seed=setting.seed)


def assert_same_run(spec: ModelSpec, setting: Setting) -> None:
    """Run the written script and compare everything it keeps with the recorded run."""
    space = run_text(to_source(spec, setting))
    with run_of(spec, setting) as run:
        capture = run.capture
    loss = float(space["loss"].detach()) if "loss" in space else None
    assert loss == capture.loss
    modules = {layer.name for layer in spec.layers if not layer.layer_kind.expression}
    for layer in spec.layers:
        record = capture.layer(layer.name)
        theirs = space["upstream"].get(layer.name)
        if theirs is not None and layer.fields.get("outputs") == "last":
            theirs = theirs[:, -1]  # the module gives all steps, and the class cuts the last one
        assert same(theirs, record.upstream), layer.name
        if layer.name in modules:
            assert same(space["downstream"].get(layer.name), record.downstream[0]), layer.name
        assert f"{layer.name} upstream" in space["printed"] or theirs is None
        for parameter in record.parameters:
            name = parameter.name if "." in parameter.name else f"{layer.name}.{parameter.name}"
            assert same(space["model"].get_parameter(name).grad, parameter.gradient), name


def same(theirs: torch.Tensor | None, ours: Any) -> bool:
    """Whether both are the same bits; no gradient on one side is none, or zeros, on the other."""
    if theirs is None or ours is None:
        there = ours if theirs is None else theirs.numpy()
        return there is None or not there.any()
    return torch.equal(theirs, torch.tensor(ours))


@pytest.mark.parametrize("key", PRESETS)
def test_what_is_written_has_bitwise_the_same_weights(key: str) -> None:
    spec = PRESETS[key].spec
    ours, theirs = build(spec, SEED), made(spec, SEED)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for name, value in theirs.state_dict().items():
        assert torch.equal(ours.state_dict()[name], value)


@pytest.mark.parametrize("key", PRESETS)
def test_the_written_script_computes_bitwise_what_the_page_shows(key: str) -> None:
    assert_same_run(PRESETS[key].spec, setting_of(PRESETS[key]))


@pytest.mark.parametrize("key", PRESETS)
def test_what_is_written_is_read_back_equal(key: str) -> None:
    spec = PRESETS[key].spec
    assert from_source(to_source(spec)) == spec
    assert from_source(to_source(spec, setting_of(PRESETS[key]))) == spec


@pytest.mark.parametrize("name", [name for name in INPUTS if name != TOKENS])
def test_every_input_is_written_bitwise(name: str) -> None:
    identity = ModelSpec(name="Same", layers=(LayerSpec(name="same", kind="Identity"),))
    shapes: tuple[Shape, ...] = ((2, 1, 8, 8), (3, 2, 16, 16), (2, 64), (64,), (2, 8, 8))
    if name.startswith("photo"):
        shapes = ((2, 1, 8, 8), (1, 3, 32, 24), (8, 8))
    if name in ("two_moons", "spirals"):
        shapes = ((1, 2), (9, 2), (300, 2))
    for shape in shapes:
        setting = Setting(input=name, shape=shape, loss="sum", seed=7, input_gradient=True)
        x = run_text(to_source(identity, setting))["x"]
        assert torch.equal(x.detach(), INPUTS[name].make(shape, 7)), shape
        assert x.grad is not None


def test_an_input_without_lines_of_its_own_is_written_value_by_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(INPUTS, "painted", INPUTS["random"])
    spec = PRESETS["test"].spec
    setting = Setting(input="painted", shape=(2, 1, 2, 2), loss="sum", seed=3)
    assert torch.equal(
        run_text(to_source(spec, setting))["x"], INPUTS["random"].make((2, 1, 2, 2), 3)
    )
    identity = ModelSpec(name="Same", layers=(LayerSpec(name="same", kind="Identity"),))
    large = Setting(input="painted", shape=(5, 1, 30, 30), loss="sum", input_gradient=True)
    packed = run_text(to_source(identity, large))["x"].detach()
    assert torch.equal(packed, INPUTS["random"].make((5, 1, 30, 30), 0))


TEN = ModelSpec.model_validate(
    {"layers": [{"name": "a", "kind": "Linear", "fields": {"in_features": 2, "out_features": 10}}]}
)
"""Ten outputs, as many as there may be classes."""


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_is_written_bitwise(loss: str) -> None:
    target = next(iter(LOSSES[loss].choices((3, 10))), "")
    assert_same_run(TEN, Setting("random", (3, 2), loss, target, seed=SEED))


@pytest.mark.parametrize("target", ["random", "class_by_sample", "cell_0_7"])
def test_every_way_to_make_a_target_is_written_bitwise(target: str) -> None:
    loss = next(key for key, kind in LOSSES.items() if kind.suits((3, 10), target) and kind.targets)
    assert_same_run(TEN, Setting("random", (3, 2), loss, target, seed=SEED))


def test_evaluation_and_random_layers_are_written_too() -> None:
    spec = ModelSpec(
        name="Random",
        layers=(
            LayerSpec(name="fc", kind="Linear", fields={"in_features": 8, "out_features": 8}),  # type: ignore[arg-type]
            LayerSpec(name="drop", kind="Dropout", inputs=("fc",)),
            LayerSpec(name="act", kind="Tanh", inputs=("drop",), frozen=True),
        ),
    )
    for training in (True, False):
        setting = Setting("random", (2, 8), "mse", "ones", seed=3, training=training)
        assert_same_run(spec, setting)
        assert from_source(to_source(spec, setting)) == spec


@pytest.mark.parametrize(
    ("key", "frozen"),
    [("lenet", ("conv1",)), ("lenet", ("conv2", "fc1")), ("residual", ("conv1", "bn1"))],
)
def test_frozen_layers_are_frozen_in_what_is_written(key: str, frozen: tuple[str, ...]) -> None:
    preset = PRESETS[key]
    layers = tuple(
        layer.model_copy(update={"frozen": layer.name in frozen}) for layer in preset.spec.layers
    )
    spec = preset.spec.model_copy(update={"layers": layers})
    text = to_source(spec)
    assert [f"self.{name}.requires_grad_(False)" in text for name in frozen] == [True] * len(frozen)
    module = made(spec, SEED)
    for name, parameter in module.named_parameters():
        assert parameter.requires_grad is (name.split(".")[0] not in frozen)
    assert_same_run(spec, setting_of(preset))
    assert from_source(text) == spec


def test_arithmetic_and_frames_are_written_bitwise() -> None:
    text = (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a = nn.Conv2d(1, 2, 3)\n        self.b = nn.Conv2d(1, 2, 3)\n"
        "    def forward(self, x):\n"
        "        y = F.pad(self.a(x) / 3, (0, 1, 2, 0)) - 0.5\n"
        "        return y - F.pad(self.b(x), (1, 0, 1, 1))\n"
    )
    spec = from_source(text)
    assert {"Divide", "Shift", "Subtract", "ZeroPad2d"} <= {layer.kind for layer in spec.layers}
    setting = Setting("random", (2, 1, 5, 4), "mse", "ones", seed=3)
    assert_same_run(spec, setting)
    assert from_source(to_source(spec, setting)) == spec


def test_the_test_preset_reads_as_a_person_would_write_it() -> None:
    assert to_source(PRESETS["test"].spec) == (
        "from torch import nn\n\n\n"
        "class Test(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.conv1 = nn.Conv2d(1, 1, kernel_size=1)\n"
        "        self.upsample = nn.UpsamplingNearest2d(scale_factor=2)\n"
        "        self.conv2 = nn.Conv2d(1, 1, kernel_size=3)\n"
        "        self.flatten = nn.Flatten()\n"
        "        self.fc = nn.Linear(4, 1)\n\n"
        "    def forward(self, x):\n"
        "        x = self.conv1(x)\n"
        "        x = self.upsample(x)\n"
        "        x = self.conv2(x)\n"
        "        x = self.flatten(x)\n"
        "        return self.fc(x)\n"
    )


SIZE = (6, 5)
# Overlapping windows would repeat indices, and torch leaves open which repeated one wins.
KEEPS_SIZE: dict[str, dict[str, Any]] = {
    "MaxPool2d": {"kernel_size": 1, "return_indices": True},
    "AvgPool2d": {"kernel_size": 3, "stride": 1, "padding": 1},
    "AdaptiveAvgPool2d": {"output_size": SIZE},
    "AdaptiveMaxPool2d": {"output_size": SIZE},
    "Upsample": {"mode": "bilinear", "size": SIZE},
    "Conv2d": {"kernel_size": 3, "padding": 1},
    "ConvTranspose2d": {"kernel_size": 3, "padding": 1},
    "Linear": {"in_features": SIZE[1], "out_features": SIZE[1]},
    "LayerNorm": {"normalized_shape": SIZE},
    "BatchNorm2d": {"num_features": 1},
    "InstanceNorm2d": {"num_features": 1, "affine": True},
    "GroupNorm": {"num_channels": 1, "num_groups": 1},
    "Softmax": {"dim": -1},
    "LogSoftmax": {"dim": 2},
    "Concat": {"dim": 0},
    "Scale": {"factor": 0.5},
    "Divide": {"divisor": 3.0},
    "LeakyReLU": {"negative_slope": 0.2},
}
POINTWISE = ["ReLU", "ELU", "GELU", "SiLU", "Sigmoid", "Tanh", "Dropout", "Dropout2d", "Shift"]
KINDS = [*KEEPS_SIZE, *POINTWISE, "Add", "Multiply", "Subtract", "Identity", "Detach"]


def awkward(number: int) -> ModelSpec:
    """Return a model of random wiring whose names try to collide with what is written."""
    draw = random.Random(number)  # noqa: S311 - no secret
    names = ["x", "pool", "pool_indices", "output", "add", "concat", "inputs", "relu", "F", "data"]
    draw.shuffle(names)
    layers, readable = [], ["input"]
    for name in names:
        kind = draw.choice(KINDS)
        few, most = LAYERS[kind].inputs
        reads = [draw.choice(readable) for _ in range(draw.randint(few, min(most, 3)))]
        fields = KEEPS_SIZE.get(kind, {})
        layers.append(LayerSpec.model_validate(_entry(name, kind, reads, fields)))
        readable.append(name)
        if kind == "MaxPool2d" and draw.random() < 0.7:
            size: dict[str, Any] = draw.choice(
                [{}, {"restore": False}, {"restore": False, "height": 6, "width": 5}]
            )
            size = {**size, "kernel_size": 1}
            unpool = _entry(f"un{name}", "MaxUnpool2d", [draw.choice(readable), name], size)
            layers.append(LayerSpec.model_validate(unpool))
            readable.append(f"un{name}")
    return ModelSpec(name="Awkward", layers=tuple(layers))


def _entry(name: str, kind: str, reads: list[str], fields: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "kind": kind, "inputs": reads, "fields": fields}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_any_wiring_is_read_back_equal(number: int) -> None:
    spec = awkward(number)
    if all(layer.inputs == ("input",) for layer in spec.layers[-1:]):
        return
    assert from_source(to_source(spec)) == spec


def test_any_wiring_that_runs_computes_the_same_bits_when_written() -> None:
    ran: set[str] = set()

    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(st.integers(0, 10**6))
    def compare(number: int) -> None:
        spec = awkward(number)
        x = torch.randn(1, 1, *SIZE, generator=torch.Generator().manual_seed(0))
        try:
            expected = bits(build(spec, number), x)
        except LayerError:
            return
        assert bits(made(spec, number), x) == expected
        ran.update(layer.kind for layer in spec.layers)

    compare()
    assert ran == {*KINDS, "MaxUnpool2d"}


def bits(module: nn.Module, x: torch.Tensor) -> dict[str, bytes]:
    """Run a network back and forth; return its output and every gradient, to the bit."""
    leaf = x.clone().requires_grad_()
    with flow.seeded.Seeded(1):
        output = tensor_of(module(leaf))
        if output.requires_grad:
            output.square().sum().backward()
    found = {"output": output, "input gradient": leaf.grad}
    found |= {name: parameter.grad for name, parameter in module.named_parameters()}
    return {name: b"" if one is None else bytes_of(one) for name, one in found.items()}


def bytes_of(values: torch.Tensor) -> bytes:
    return values.detach().numpy().tobytes()


def single(kind: str, fields: dict[str, Any]) -> ModelSpec:
    """Return a model in which a layer of this kind stands between two others."""
    count = max(LAYERS[kind].inputs[0], 1)
    first = LayerSpec(name="before", kind="Identity")
    if LAYERS[kind].takes_indices:
        pool = {"kernel_size": 2, "return_indices": True}
        first = LayerSpec.model_validate(_entry("before", "MaxPool2d", ["input"], pool))
    layer = LayerSpec.model_validate(_entry("it", kind, ["before"] * count, fields))
    return ModelSpec(
        name="One", layers=(first, layer, LayerSpec(name="end", kind="Tanh", inputs=("it",)))
    )


@pytest.mark.parametrize("kind", LAYERS)
def test_every_kind_is_written_and_read_back_equal(kind: str) -> None:
    specs = [single(kind, {})]
    for field in LAYERS[kind].fields:
        for value in (
            *field.choices,
            True,
            False,
            field.low,
            field.high,
            1,
            2,
            0.5,
            (2, 3),
            [1, 2, 3],
        ):
            try:
                spec = single(kind, {field.name: value})
                with torch.device("meta"):
                    spec.layers[1].layer_kind.make(spec.layers[1].fields)
                specs.append(spec)
            except (TypeError, ValueError):
                continue
    assert len(specs) > len(LAYERS[kind].fields)
    for spec in specs:
        assert from_source(to_source(spec)) == spec, to_source(spec)


def seed_class(number: str, name: str) -> str:
    """Return a class as a seed prints it; skip where the seeds are not at hand."""
    found = sorted(SEEDS.glob(f"{number}_*")) if SEEDS.is_dir() else []
    if not found:
        pytest.skip("the seeds are not here")
    match = re.search(rf"^class {name}\(.*?(?=^\S(?!lass))", found[0].read_text(), re.M | re.S)
    assert match
    return match[0]


def test_the_seeds_test_class_is_the_test_preset_exactly_as_printed() -> None:
    text = seed_class("000", "Test")
    assert "setattr" in text
    assert from_source(text) == PRESETS["test"].spec


def test_the_seeds_resnet_is_read_with_blocks_of_our_own() -> None:
    block = (
        "class BasicBlock(nn.Module):\n"
        "    def __init__(self, wide, planes, stride):\n"
        "        super().__init__()\n"
        "        self.a = nn.Conv2d(wide, planes, 3, stride, 1, bias=False)\n"
        "        self.b = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)\n"
        "        self.skip = None if wide == planes else nn.Conv2d(wide, planes, 1, stride)\n"
        "    def forward(self, x):\n"
        "        y = self.b(F.relu(self.a(x)))\n"
        "        return F.relu(y + (x if self.skip is None else self.skip(x)))\n"
    )
    forward = (
        "\n    def forward(self, x):\n"
        "        x = self.maxPool(self.ReLU(self.bn(self.conv1(x))))\n"
        "        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):\n"
        "            x = stage(x)\n"
        "        return self.fc(torch.flatten(self.avgpool(x), 1))\n"
    )
    text = block + seed_class("003", "ResNet18") + forward
    spec = from_source(text)
    module = build(spec, SEED)
    space: dict[str, Any] = {"torch": torch, "nn": nn, "F": nn.functional}
    exec(compile(text, "seed.py", "exec"), space)  # noqa: S102 - a text that we were given
    with own_random_numbers():
        torch.manual_seed(SEED)
        theirs = space["ResNet18"]()
    x = torch.randn(2, 3, 33, 33, generator=torch.Generator().manual_seed(0))
    for network in (module, theirs):
        network(x).square().sum().backward()
    ours = {name: value.grad for name, value in module.named_parameters()}
    wanted = {name.replace(".", "_"): value.grad for name, value in theirs.named_parameters()}
    assert [name.replace(".", "_") for name in ours] == list(wanted)
    for name, gradient in ours.items():
        assert gradient is not None
        assert torch.equal(gradient, wanted[name.replace(".", "_")])  # type: ignore[arg-type]
