"""Models as code: what is written runs and computes the same; what is pasted is never run."""

from __future__ import annotations

import random
import threading
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from models.build import LayerError, build
from models.inputs import INPUTS
from models.losses import LOSSES
from models.presets import PRESETS, Preset
from models.source import MAX_SOURCE, SourceError, from_source, to_source
from models.spec import LayerSpec, ModelSpec

REFERENCE = """class Test(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(in_channels = 1, out_channels = 1, kernel_size = 1)
        self.upsample = torch.nn.UpsamplingNearest2d(scale_factor = 2)
        self.conv2 = torch.nn.Conv2d(in_channels = 1, out_channels = 1, kernel_size = 3)
        self.fc = torch.nn.Linear(4, 1)
    def forward(self,x):
        x = self.conv1(x)
        setattr(self, 'conv1_output', x)
        upsampled = self.upsample(x)
        setattr(self, 'upsampled', upsampled)
        output = self.conv2(upsampled)
        #print(output.shape)
        output = self.fc(output.flatten(1))

        return output
"""


def executed(text: str, name: str, seed: int) -> nn.Module:
    """Run source code and return an instance of its class with the weights of that seed."""
    namespace: dict[str, Any] = {"torch": torch, "__name__": "written"}
    exec(compile(text, "written.py", "exec"), namespace)  # noqa: S102 - text that we wrote
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        made = namespace[name]()
    assert isinstance(made, nn.Module)
    return made


def gradients(preset: Preset, module: nn.Module) -> dict[str, torch.Tensor | None]:
    output = module(INPUTS[preset.input].make(preset.input_shape))
    loss = LOSSES[preset.loss].make(tuple(output.shape), preset.target)(output)
    loss.backward()  # type: ignore[no-untyped-call]
    return {name: parameter.grad for name, parameter in module.named_parameters()}


@pytest.mark.parametrize("key", PRESETS)
def test_what_is_written_has_bitwise_the_same_weights_and_gradients(key: str) -> None:
    preset = PRESETS[key]
    ours = build(preset.spec, 5)
    theirs = executed(to_source(preset.spec), preset.spec.name, 5)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for name, value in theirs.state_dict().items():
        assert torch.equal(ours.state_dict()[name], value)
    expected = gradients(preset, theirs)
    for name, gradient in gradients(preset, ours).items():
        assert gradient is not None
        assert torch.equal(gradient, expected[name])  # type: ignore[arg-type]


@pytest.mark.parametrize("key", PRESETS)
def test_what_is_written_is_read_back_equal(key: str) -> None:
    assert from_source(to_source(PRESETS[key].spec)) == PRESETS[key].spec


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


def test_the_reference_class_is_the_test_preset() -> None:
    assert from_source(REFERENCE) == PRESETS["test"].spec
    preset = PRESETS["test"]
    expected = gradients(preset, executed(REFERENCE, "Test", 1))
    for name, gradient in gradients(preset, build(from_source(REFERENCE), 1)).items():
        assert torch.equal(gradient, expected[name])  # type: ignore[arg-type]


def awkward(number: int) -> ModelSpec:
    """Return a model of random wiring whose names try to collide with what is written."""
    draw = random.Random(number)  # noqa: S311 - no secret
    names = ["x", "pool", "pool_indices", "output", "add", "concat", "inputs", "relu", "F", "data"]
    draw.shuffle(names)
    layers, readable = [], ["input"]
    for name in names:
        kind = draw.choice(["ReLU", "Add", "Concat", "MaxPool2d", "Identity", "Conv2d"])
        reads = [draw.choice(readable) for _ in range(draw.randint(2, 3) if kind in JOINS else 1)]
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


JOINS = ("Add", "Concat")
# Overlapping windows would repeat indices, and torch leaves open which repeated one wins.
KEEPS_SIZE: dict[str, dict[str, Any]] = {
    "MaxPool2d": {"kernel_size": 1, "return_indices": True},
    "Conv2d": {"kernel_size": 3, "padding": 1},
    "Concat": {"dim": 0},
}


def _entry(name: str, kind: str, reads: list[str], fields: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "kind": kind, "inputs": reads, "fields": fields}


@pytest.mark.parametrize("number", range(60))
def test_any_wiring_is_read_back_equal(number: int) -> None:
    spec = awkward(number)
    text = to_source(spec)
    compile(text, "written.py", "exec")
    assert from_source(text) == spec


def test_any_wiring_that_runs_computes_the_same_bits_when_written() -> None:
    x, compared = torch.randn(1, 1, 6, 5, generator=torch.Generator().manual_seed(0)), 0
    for number in range(60):
        spec = awkward(number)
        try:
            expected = build(spec, number)(x)
        except LayerError:
            continue
        written = executed(to_source(spec), "Awkward", number)
        result = written(x)
        result = result[0] if isinstance(result, tuple) else result
        assert torch.equal(result, expected), number
        compared += 1
    assert compared > 20


def class_of(constructor: str, forward: str) -> str:
    """Return a class with these statements, one a line."""
    lines = ["class Net(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    lines += [f"        {line}" for line in constructor.splitlines()]
    lines += ["    def forward(self, x):", *(f"        {line}" for line in forward.splitlines())]
    return "\n".join(lines)


def test_other_ways_of_writing_mean_the_same() -> None:
    spec = from_source(
        class_of(
            "'''Layers.'''\n"
            "self.conv = nn.Conv2d(1, 2, (3, 3), 1, padding=(1, 1), padding_mode='zeros')\n"
            "self.up = nn.Upsample(None, 2.0, 'bilinear', align_corners=False)\n"
            "self.pool = nn.MaxPool2d(2, stride=None)",
            "self.seen = self.conv(x)\n"
            "y = x + self.pool(self.up(self.seen)) + x\n"
            "y = torch.cat((y, y), 1)\n"
            "return torch.flatten(y, start_dim=1)",
        )
    )
    assert [(layer.name, layer.kind, layer.inputs) for layer in spec.layers] == [
        ("conv", "Conv2d", ("input",)),
        ("up", "Upsample", ("conv",)),
        ("pool", "MaxPool2d", ("up",)),
        ("y", "Add", ("input", "pool", "input")),
        ("concat", "Concat", ("y", "y")),
        ("flatten", "Flatten", ("concat",)),
    ]
    assert spec.layer("conv").fields["padding"] == 1
    assert spec.layer("up").fields["mode"] == "bilinear"
    assert spec.layer("pool").fields["stride"] == 0


@pytest.mark.parametrize(
    ("constructor", "forward", "line", "message"),
    [
        ("self.a = nn.RReLU(1, 1)", "return x", 4, "'nn.RReLU' is not a known layer"),
        ("self.a = Conv2d(1, 1, 1)", "return x", 4, "'Conv2d' is not a known layer"),
        (
            "self.a = nn.Conv2d(1, 1)",
            "return x",
            4,
            "a: missing a required argument: 'kernel_size'",
        ),
        (
            "self.a = nn.Conv2d(1, 1, (3, 1, 1))",
            "return x",
            4,
            "a: kernel_size must be a whole number",
        ),
        ("self.a = nn.Conv2d(1, 1, 99)", "return x", 4, "from 1 to 64. It is 99."),
        ("self.a = nn.Conv2d(*[1, 1, 1])", "return x", 4, "without * or **"),
        ("self.a = nn.Conv2d(1, 1, n)", "return x", 4, "only written values are read here"),
        (
            "self.a = nn.Conv2d(1, 1, 1, device='cpu')",
            "return x",
            4,
            "a: device='cpu' is not supported. Leave device out.",
        ),
        ("self.a = nn.Tanh(1)", "return x", 4, "a: it takes no arguments."),
        ("n = 3", "return x", 4, "in __init__ only lines like self.conv1 = "),
        ("self.a = nn.ReLU()\nself.a = nn.ReLU()", "return x", 5, "a is made twice"),
        ("self.to = nn.ReLU()", "return self.to(x)", 6, "a layer's name 'to' is taken"),
        ("self.a = nn.ReLU()", "return x + x", 4, "a is made but never called. Remove it."),
        ("self.a = nn.ReLU()", "return self.a(self.a(x))", 6, "a is called twice."),
        ("self.a = nn.ReLU()", "return self.a(y)", 6, "'y' has no value here"),
        ("self.a = nn.ReLU()", "return self.a(x, x)", 6, "a takes one value"),
        ("self.a = nn.ReLU()", "x = self.a(x)", 6, "forward must end with return and a value."),
        ("self.a = nn.ReLU()", "y = self.a(x)\nreturn x", 7, "must return what its last layer"),
        ("pass", "return x", 6, "must return what its last layer gives."),
        ("pass", "for i in x: pass\nreturn x", 6, "in forward only lines like"),
        ("pass", "return torch.fft.fft(x)", 6, "'torch.fft.fft' is not supported in forward"),
        ("pass", "return x @ x", 6, "this expression is not supported"),
        ("pass", "return torch.cat([x, x], 1, 2)", 6, "only dim is supported here."),
        ("pass", "return x.flatten('a')", 6, "start_dim must be a whole number."),
        ("pass", "return x.flatten(1)\nreturn x", 6, "forward must end with its return."),
        ("self.p = nn.MaxPool2d(2)", "x, i = self.p(x)\nreturn x", 6, "return_indices=True."),
        (
            "self.p = nn.MaxPool2d(2, return_indices=True)",
            "return self.p(x)",
            6,
            "p returns two values: write x, indices = self.p(x).",
        ),
        (
            "self.p = nn.MaxPool2d(2, return_indices=True)\nself.u = nn.MaxUnpool2d(2)",
            "y, i = self.p(x)\nreturn self.u(y, i, output_size=y.shape)",
            8,
            "output_size must be the shape of what p read, or (height, width).",
        ),
        (
            "self.p = nn.MaxPool2d(2, return_indices=True)",
            "y, i = self.p(x)\nreturn y + i",
            7,
            "the indices of p are no data.",
        ),
    ],
)
def test_what_is_not_supported_is_named_with_its_line(
    constructor: str, forward: str, line: int, message: str
) -> None:
    with pytest.raises(SourceError) as caught:
        from_source(class_of(constructor, forward))
    assert message in str(caught.value)
    assert caught.value.line == line
    assert str(caught.value).startswith(f"line {line}: ")


SIMPLE = class_of("self.a = nn.ReLU()", "return self.a(x)")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "there is no class"),
        ("x = 1", 1, "only imports of torch and one class are read"),
        (f"{SIMPLE}\nNet.forward = None", 7, "Remove this line."),
        (f"{SIMPLE}\n{SIMPLE}", 7, "one class"),
        ("import os\n" + SIMPLE, 1, "only torch, torch.nn and torch.nn.functional"),
        ("import torch as t\n" + SIMPLE, 1, "only torch"),
        ("from torch import *\n" + SIMPLE, 1, "only torch"),
        ("@wrap\n" + SIMPLE, 2, "decorators are not supported"),
        (SIMPLE.replace("nn.Module", "Other"), 1, "must be a subclass of nn.Module"),
        (SIMPLE.replace("nn.Module", "nn.Module, metaclass=M"), 1, "must be a subclass"),
        (SIMPLE.replace("forward", "other"), 5, "one __init__ and one forward"),
        (SIMPLE.replace("(self)", "(self, n=1)"), 2, "__init__ must take self and nothing else"),
        (SIMPLE.replace("(self, x)", "(self, x, y)"), 5, "forward must take self and one input"),
        ("class Net(nn.Module):\n    pass", 2, "one __init__ and one forward"),
        ("class Net(nn.Module):\n    'text'", 1, "Net has no forward"),
        ("class Net(nn.Module:", 1, "this is not Python"),
        (SIMPLE.replace("Net", "print"), 1, "a model's name 'print' is taken"),
    ],
)
def test_what_stands_around_the_methods_is_checked(text: str, line: int, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        from_source(text)
    assert message in str(caught.value)
    assert caught.value.line == line


def hostile(trap: str) -> list[str]:
    """Return texts that would write a file if anything of them ran, or exhaust the reader."""
    body = class_of("self.a = nn.ReLU()", "return self.a(%s)")
    return [
        trap,
        class_of(trap, "return x"),
        class_of("self.a = nn.ReLU()", f"{trap}\nreturn self.a(x)"),
        class_of(f"self.a = nn.ReLU({trap})", "return self.a(x)"),
        body % trap,
        body % "x.__class__.__base__.__subclasses__()",
        body % "(lambda: x)()",
        SIMPLE.replace("(self, x)", f"(self, x={trap})"),
        SIMPLE.replace("nn.Module", trap),
        f"@{trap}\n{SIMPLE}",
        SIMPLE + "\0",
        "\ud800",
        "x" * 1_000_000,
        "a" * (MAX_SOURCE + 1),
        "(" * 5000,
        "-" * 19_000 + "1",
        "not " * 4000 + "x",
        "a" + ".b" * 9000,
        "x" + "[0]" * 6000,
        "lambda:" * 2000 + "1",
        "9" * 5000,
        body % ("x" + " + x" * 3000),
        body % ("self.a(" * 30 + "x" + ")" * 30),
        body % "x.flatten(10 ** 10 ** 10)",
    ]


def test_hostile_text_is_refused_and_runs_nothing(tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    trap = f"open({str(touched)!r}, 'w').write('x')"
    compile(trap, "trap", "eval")
    for text in hostile(trap):
        with pytest.raises(SourceError) as caught:
            from_source(text)
        assert caught.value.line >= 1
        assert len(str(caught.value)) < 500
    assert not touched.exists()


def test_deep_nesting_is_refused_in_a_thread_too() -> None:
    refused: list[SourceError] = []

    def read_all() -> None:
        for text in hostile("1"):
            try:
                from_source(text)
            except SourceError as error:
                refused.append(error)

    thread = threading.Thread(target=read_all)
    thread.start()
    thread.join()
    assert len(refused) == len(hostile("1"))
