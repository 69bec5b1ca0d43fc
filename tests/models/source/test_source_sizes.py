"""Texts that take sizes from their tensors: read on a shape of the input, equal to the class."""

from __future__ import annotations

import pytest
import torch

from models.build import build
from models.inputs.first_shape import Trial, first_shape
from models.presets import PRESETS
from models.source import (
    MAX_SOURCE,
    SourceError,
    from_source,
    offers_in,
    read_on_shape,
    shapes_in,
    to_source,
)
from tests.models.source.test_source_corpus import PASTED, SEED, executed, gradients, renamed
from tests.models.source.test_source_refused import BLOCKS, class_of
from tests.models.work import at_most

CONVOLUTIONS = "self.a = nn.Conv2d(1, 2, 3, stride=2)\nself.b = nn.Conv2d(1, 2, 3)"
SIZES = {
    "resized to another map": (
        CONVOLUTIONS,
        "y = self.b(x)\nreturn F.interpolate(self.a(x), size=y.shape[2:]) + y",
        (1, 1, 7, 8),
    ),
    "resized to the last two sizes": (
        CONVOLUTIONS,
        "y = self.b(x)\n"
        "z = F.interpolate(self.a(x), size=y.shape[-2:], mode='bilinear', align_corners=False)\n"
        "return torch.cat([z, y], dim=1)",
        (1, 1, 7, 8),
    ),
    "framed to fit a skip": (
        CONVOLUTIONS,
        "a, b = self.a(x), self.b(x)\n"
        "high, wide = b.size()[2] - a.size()[2], b.size(3) - a.size(3)\n"
        "a = F.pad(a, [wide // 2, wide - wide // 2, high // 2, high - high // 2])\n"
        "return torch.cat((a, b), 1)",
        (2, 1, 6, 7),
    ),
    "cut to fit a skip": (
        CONVOLUTIONS,
        "a, b = self.a(x), self.b(x)\nreturn b[:, :, :a.size(2), :a.shape[3]] - a / 3",
        (2, 1, 6, 7),
    ),
    "cut from behind": (
        CONVOLUTIONS,
        "return self.a(x)[..., 1:-1] + self.b(x)[:, :, -2:, :2]",
        (1, 1, 6, 9),
    ),
    "laid in a row by its sizes": (
        "self.a = nn.Conv2d(1, 2, 3)\nself.fc = nn.Linear(24, 3)",
        "x = self.a(x)\nb, c, h, w = x.shape\nreturn self.fc(x.view(b, c * h * w))",
        (2, 1, 5, 6),
    ),
    "tokens": (
        "self.a = nn.Conv2d(1, 4, 2, stride=2)\nself.fc = nn.Linear(4, 3)",
        "x = self.a(x)\nn, c = x.size(0), x.size(1)\n"
        "x = x.reshape(n, c, -1).permute(0, 2, 1)\nreturn self.fc(x).mean(1)",
        (2, 1, 4, 4),
    ),
    "as a condition says": (
        CONVOLUTIONS,
        "y = self.a(x)\nif y.shape[-1] != x.shape[-1] and x.dim() == 4:\n    y = y * 0.5\n"
        "return y - self.b(x).mean((2, 3), keepdim=True)",
        (1, 1, 6, 6),
    ),
}
ARITHMETIC = {
    "differences": "y = self.a(x)\nreturn self.b(x) - y - (2 - x) - (x - 1)",
    "quotients": "y = self.a(x) / 3\ny /= 7\nreturn y + self.b(x) * 0.5",
    "squares and signs": "return self.a(x) ** 2 + -self.b(x) + 1.5",
    "frames": "return F.pad(self.a(x), (1, 2)) - F.pad(self.b(x), pad=(0, 3, 0, 0), value=0)",
    "methods": "return self.a(x).sub(self.b(x)).div(4).neg().add(1)",
}
SUITING_ONE_SHAPE = ("laid in a row by its sizes", "cut from behind")
SAME = "self.a = nn.Conv2d(1, 2, 3, padding=1)\nself.b = nn.Conv2d(1, 1, 1)"
NET = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"


def check_equal(text: str, shape: tuple[int, ...]) -> None:
    """The spec read on this shape has bitwise the output and gradients of the class."""
    reading, found = read_on_shape(text, shape=shape)
    assert found == shape
    spec = reading.spec
    ours, theirs = build(spec, SEED), executed(NET + text, "Net")
    x = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    wanted_input, wanted = gradients(theirs, x)
    got_input, got = gradients(ours, x)
    assert torch.equal(ours(x), theirs(x))
    assert torch.equal(got_input, wanted_input)
    expected = {renamed(name, spec): value for name, value in wanted.items()}
    for name, value in got.items():
        assert torch.equal(value, expected[name]), name  # type: ignore[arg-type]
    assert from_source(to_source(spec)) == spec


@pytest.mark.parametrize("key", SIZES)
def test_sizes_are_those_of_the_given_input(key: str) -> None:
    constructor, forward, shape = SIZES[key]
    check_equal(class_of(constructor, forward), shape)


@pytest.mark.parametrize("key", SIZES)
def test_without_a_shape_one_is_found_on_which_the_text_runs(key: str) -> None:
    constructor, forward, shape = SIZES[key]
    text = class_of(constructor, forward)
    assert read_on_shape(text, likely=[shape])[1] == shape
    if key not in SUITING_ONE_SHAPE:
        found = read_on_shape(text)[1]
        check_equal(text, found)


@pytest.mark.parametrize("key", ARITHMETIC)
def test_arithmetic_on_outputs_is_bitwise_that_of_the_class(key: str) -> None:
    forward = ARITHMETIC[key]
    check_equal(class_of(SAME, forward), (2, 1, 4, 5))


def test_the_layer_that_does_not_fit_is_named_with_its_line() -> None:
    text = class_of("self.a = nn.Linear(3, 2)", "y = self.a(x)\nreturn y.view(2, y.size(1))")
    with pytest.raises(SourceError, match="line 6, column 13: a: in_features is 3, but the last"):
        read_on_shape(text, shape=(1, 4))


def test_sizes_that_do_not_exist_are_refused_in_words() -> None:
    text = class_of("self.a = nn.Linear(3, 2)", "return self.a(x).view(-1, x.size(5))")
    with pytest.raises(SourceError, match="line 6, column 35: this has no dimension 5"):
        read_on_shape(text, shape=(1, 3))
    text = class_of("self.a = nn.Linear(3, 2)", "a, b, c = x.shape\nreturn self.a(x)")
    for shape in ((1, 3), None):
        with pytest.raises(SourceError, match="line 6, column 9: 3 names on the left do not fit 2"):
            read_on_shape(text, shape=shape)
    assert read_on_shape(text, shape=(1, 2, 3))[1] == (1, 2, 3)


def test_arguments_are_read_as_in_a_call() -> None:
    reading, shape = read_on_shape(BLOCKS, "Left", "4, depth=1 + 2")
    assert [layer.fields["in_features"] for layer in reading.spec.layers] == [4, 4, 4]
    assert reading.lines == {f"blocks_{place}_fc": 6 for place in range(3)}
    assert shape == (1, 4)
    for wrong in ("4)(", "4); open('x'", "4 depth", "n=1)\nx = (1"):
        with pytest.raises(SourceError, match="arguments: write them as in a call"):
            read_on_shape(BLOCKS, "Left", wrong)
    with pytest.raises(SourceError, match="'nothing' has no value here"):
        read_on_shape(BLOCKS, "Left", "nothing")
    with pytest.raises(SourceError, match=r"line 7: .*|line 7, column 1: .*"):
        read_on_shape(BLOCKS, "Left", "4, __import__('os')")


def test_what_a_text_offers_is_listed_with_its_arguments() -> None:
    offers = offers_in(BLOCKS)
    assert [(each.name, each.parameters, each.needed) for each in offers] == [
        ("Left", ("n", "depth=1"), True),
        ("Block", ("n",), True),
        ("large", (), False),
    ]
    assert offers_in("x = 1") == ()


def test_shapes_of_the_texts_own_tensors_are_likely() -> None:
    text = "x = torch.tensor([1, 2]).view(2, 1, 1)\ny = torch.randn((1, 3, 8, 8))\nz = f(3)"
    assert shapes_in(text) == ((2, 1, 1), (1, 3, 8, 8))
    assert shapes_in("def f():\n    return torch.ones(1, 2)\nn = torch.ones(n, 2)") == ()


@pytest.mark.parametrize("key", PRESETS)
def test_a_shape_is_found_for_every_preset(key: str) -> None:
    spec = PRESETS[key].spec
    found = first_shape(spec)
    assert found.runs
    build(spec, 0)(torch.zeros(found.shape))


SIZED = {
    "Conv1d(100, 2, 3)": (1, 100, 8),
    "ConvTranspose2d(100, 2, 3)": (1, 100, 8, 8),
    "BatchNorm1d(100)": (2, 100, 8),
    "InstanceNorm2d(100)": (1, 100, 8, 8),
    "GroupNorm(4, 100)": (1, 100, 8, 8),
    "LayerNorm(100)": (1, 100),
    "LayerNorm((3, 100))": (1, 3, 100),
    "Linear(100, 2)": (1, 100),
    "TransformerEncoderLayer(100, 4, 16, batch_first=True)": (1, 8, 100),
}
"""A layer that says how much it reads, more than is ever guessed -> the shape to try it on."""


@pytest.mark.parametrize("layer", SIZED)
def test_the_only_layer_that_has_a_size_gives_the_shape(layer: str) -> None:
    text = class_of(f"self.a = nn.{layer}", "return self.a(x)")
    assert first_shape(from_source(text)).shape == SIZED[layer]


ROWS = {"flatten": "x = x.flatten(1)", "view": "x = x.view(-1, 2 * {side} ** 2)"}
"""What lays the maps in a row."""


def of_side(side: int, row: str, pools: int = 1) -> str:
    """Return a class whose linear layer suits maps of this side behind its pools alone."""
    made = f"self.c = nn.Conv2d(3, 2, 3, padding=1)\nself.fc = nn.Linear(2 * {side} ** 2, 5)"
    called = "x = F.max_pool2d(x, 2)\n" * pools + ROWS[row].format(side=side)
    return class_of(made, f"x = self.c(x)\n{called}\nreturn self.fc(x)")


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("side", [7, 32, 50, 75, 90, 128, 200])
def test_the_one_side_that_suits_a_linear_layer_is_found(side: int, row: str) -> None:
    _, shape = read_on_shape(of_side(side, row))
    assert shape[:2] == (1, 3)
    assert shape[2] == shape[3]
    assert shape[2] // 2 == side


def test_of_shapes_on_which_nothing_runs_the_one_that_gets_furthest_is_returned() -> None:
    text = of_side(200, "flatten").replace("self.fc(x)", "self.fc(x) + self.other(x)")
    text = text.replace("self.fc = ", "self.other = nn.Linear(7, 5); self.fc = ")
    reading, shape = read_on_shape(text)
    assert shape == (1, 3, 400, 400), "the second linear layer is the first that fails"
    assert first_shape(reading.spec) == Trial(shape, len(reading.spec.layers) - 2)
    assert read_on_shape(of_side(200, "flatten").replace("200 ** 2", "7"))[1] == (1, 3, 8, 8)


POOLED = {
    "nn.Linear(100, 5)": "Set in_features=64.",
    "nn.Sequential(nn.Linear(64, 5), nn.Linear(6, 5))": "Set in_features=5.",
    "nn.Unflatten(1, (10, 10))": "Choose sizes whose product is 64.",
    "nn.Linear(64, 5)": "",
}


@pytest.mark.parametrize("head", POOLED)
def test_what_a_layer_must_have_on_every_shape_is_told_from_what_a_shape_can_mend(
    head: str,
) -> None:
    made = f"self.c = nn.Conv2d(3, 64, 3)\nself.p = nn.AdaptiveAvgPool2d(1)\nself.fc = {head}"
    spec = from_source(class_of(made, "return self.fc(self.p(self.c(x)).flatten(1))"))
    found = first_shape(spec)
    assert found.advice == POOLED[head]
    assert found.runs == (not found.advice)
    laid_in_a_row = from_source(class_of(made, "return self.fc(self.c(x).flatten(1))"))
    assert not first_shape(laid_in_a_row).advice


def test_a_shape_over_the_budget_does_not_get_further_than_it_was_followed() -> None:
    made = "self.c = nn.Conv2d(3, 64, 3)\nself.p = nn.AdaptiveAvgPool2d(1)"
    text = class_of(made, "return self.p(torch.relu(self.c(x))).view(-1, 100)")
    assert first_shape(from_source(text)).shape == (1, 3, 8, 8)


def test_an_unusual_side_is_looked_for_in_bounded_work() -> None:
    for layers in (2, 50, 100, 240):
        text = class_of(
            f"self.a = nn.Sequential(*[nn.Conv2d(1, 1, 1) for _ in range({layers})])\n"
            "self.fc = nn.Linear(10 ** 6, 1)",
            "return self.fc(self.a(x).flatten(1))",
        )
        with at_most():
            first_shape(from_source(text))


@pytest.mark.parametrize("key", PASTED)
def test_a_shape_is_found_for_every_text(key: str) -> None:
    text, _ = PASTED[key]
    reading, shape = read_on_shape(text, likely=shapes_in(text))
    assert set(reading.lines) >= {layer.name for layer in reading.spec.layers}
    build(reading.spec, 0)(torch.zeros(shape))


def test_sizes_cost_a_hostile_text_no_more_work() -> None:
    loop = "for i in range(9999):\n    n = x.size(1) + i\nreturn x.view(n, n, n)"
    many = "\n".join("x = self.a(x)\nn = x.size(1) // 2" for _ in range(250))
    lines = ["self.a = nn.ReLU()"]
    check_equal(class_of(lines[0], "return self.a(x).view(x.size(0), -1)"), (1, 2, 2))
    for forward in (loop, f"{many}\nreturn x.view(3, n)", "return x" + ".size(1)" * 200):
        text = class_of("\n".join(lines), forward)[:MAX_SOURCE]
        with at_most(), pytest.raises(SourceError):  # torch has loaded its meta device before
            read_on_shape(text)
