"""Lines without a class, and what a text feeds and compares: PyTorch runs the same text."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.feeding import Fed, feed
from experiment.suiting import what_runs
from experiment.written.address import Experiment
from experiment.written.pasted import Found, Pasted, PasteError, offered, read
from models.source import SourceError, from_source, read_source
from models.source.lines.tensors import written_tensor
from models.source.syntax import parse
from tests.models.work import at_most, at_most_bytes
from viz.language import english

POOLED = """\
pool = nn.MaxPool2d(2, stride=2, return_indices=True)
unpool = nn.MaxUnpool2d(2, stride=2)
x = torch.tensor([[[[ 3.,  1.,  4.,  1.],
                    [ 5.,  9.,  2.,  6.],
                    [ 5.,  3.,  5.,  8.],
                    [ 9.,  7.,  9.,  3.]]]])
kept, places = pool(x)
"""
STRIDED = """\
x = torch.ones(1, 1, 2, 2)
m = nn.ConvTranspose2d(in_channels=1, out_channels=1, kernel_size=3, stride=2)
y = m(x)
"""
RESIZED = """\
import torch.nn.functional as F
short = torch.tensor([[[10., 20., 40.]]])
longer = F.interpolate(short, scale_factor=2, mode="linear", align_corners=False)
print(f"{short.shape} -> {longer.shape}")
wide = torch.Tensor([1, 2, 4, 8]).view(1, 1, 2, -1)
larger = F.interpolate(wide, size=(3, 3), mode="bilinear", align_corners=True)
"""
CLASS = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 2)

    def forward(self, x):
        return self.fc(x)

net = Net()
"""
"""Nothing of it is taken from anywhere; each text shows one way to write a tensor or a loss."""


def executed(text: str, seed: int = 0) -> dict[str, Any]:
    """Let Python run a text of ours, and return its names."""
    space: dict[str, Any] = {"torch": torch, "nn": nn, "F": F}
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        exec(compile(text, "text.py", "exec"), space)  # noqa: S102 - one of the texts above
    return space


def fed(found: Found) -> Fed:
    """Return the module, the input and the loss of the run that a text stands for."""
    assert found.budget is not None
    return feed(found.experiment.setting, found.budget.output_shape)


def ours(text: str, name: str = "") -> tuple[Tensor, Tensor]:
    """Return the input and the output of the run that a text stands for."""
    made = fed(read(Pasted(text, name), Experiment()))
    return made.values, made.module(made.values)


@pytest.mark.parametrize(
    "expression",
    [
        "torch.tensor([[1., -2.], [3., 0.5]])",
        "torch.tensor([[[10, 20]]], dtype=torch.float)",
        "torch.Tensor([6, 10, 9, 12]).view(1, 1, 2, 2)",
        "torch.tensor(range(3))",
        "torch.arange(9).view(3, -1).float()",
        "torch.arange(1, 10).reshape((3, 3))",
        "torch.arange(0, 1, 0.25)",
        "torch.arange(5., 1., -2)",
        "torch.ones(2, 3)",
        "torch.zeros((2, 3), requires_grad=True)",
        "torch.full((2, 2), 7.)",
        "torch.full((3,), 1)",
        "(torch.ones(2, 2) * 3 - 1) / 4",
        "torch.tensor([2., 4.]).unsqueeze(1).unsqueeze(-1)",
        "torch.tensor([2., 4.]).unsqueeze(0).requires_grad_()",
        "torch.tensor([])",
        "torch.tensor([[1, 2], [3]])",
        "torch.ones(2, 3).view(4, -1)",
        "torch.ones(2).unsqueeze(5)",
        "torch.tensor([1e30])",
        "torch.ones(0, 3)",
        "torch.ones(3, 3).view(-1, -1)",
        "torch.arange(0, 4, 0)",
        "torch.eye(3)",
        "torch.zeros(2, 2).t()",
        "torch.ones(10**9, 10**9)",
    ],
)
def test_a_written_tensor_is_the_one_that_torch_makes_or_none(expression: str) -> None:
    statement = parse(f"x = {expression}").body[0]
    found = written_tensor(statement.value, {})  # type: ignore[attr-defined]
    try:
        real = executed(f"x = {expression}")["x"].detach().float()
    except (IndexError, RuntimeError, TypeError, ValueError):
        assert found is None
        return
    if found is None:
        left_out = ("range", "eye", ".t()", "ones(0", "[])")
        assert any(part in expression for part in left_out)
        return
    assert found.shape == tuple(real.shape)
    values = torch.tensor(found.values())
    if "1e30" in expression:
        assert not values.numel(), "larger than a cell that can be changed by hand"
    else:
        assert torch.equal(values.view(found.shape), real)
        assert found.needs_gradient == ("requires_grad" in expression)


def test_numbers_that_are_drawn_are_known_by_their_shape_only() -> None:
    for name, kind in (("rand", ""), ("randn", "random"), ("empty", "")):
        statement = parse(f"x = torch.{name}(2, 3)").body[0]
        found = written_tensor(statement.value, {})  # type: ignore[attr-defined]
        assert found is not None
        assert (found.shape, found.kind, found.values()) == ((2, 3), kind, ())


@pytest.mark.parametrize(
    ("text", "name", "result"),
    [
        (POOLED + "back = unpool(kept, places)", "", "back"),
        (POOLED + "back = unpool(kept, places, output_size=torch.Size([1, 1, 5, 5]))", "", "back"),
        (STRIDED, "", "y"),
        (STRIDED + "size = y.size()\nz = F.relu(y).view(size[0], -1)", "", "z"),
        (RESIZED, "short", "longer"),
        (RESIZED, "wide", "larger"),
        (
            "x = torch.ones(1, 1, 6, 5)\ndown = nn.Conv2d(1, 1, 3, stride=2, padding=1)\n"
            "up = nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1)\n"
            "h = down(x)\ny = up(h, output_size=x.size())",
            "",
            "y",
        ),
        (
            "x = torch.ones(1, 1, 3)\nup = nn.ConvTranspose1d(1, 1, 2, stride=3, dilation=2)\n"
            "y = up(x, output_size=(10,))",
            "",
            "y",
        ),
        ("x = torch.arange(1., 5.)\nx = x.view(1, 4)\ny = x * 2\nx = y + x", "", "x"),
        ("x = torch.ones(1, 3)\nf = nn.Linear(3, 2)\ny = nn.Linear(2, 2)(f(x))", "", "y"),
        ("x = torch.ones(1, 3)\nfor _ in range(3):\n    x = x * 2 + x", "", "x"),
        ("def twice(v):\n    return v * 2\nx = torch.ones(2, 2)\ny = twice(x) + 1", "", "y"),
    ],
)
def test_lines_without_a_class_give_what_python_gives(text: str, name: str, result: str) -> None:
    values, output = ours(text, name)
    space = executed(text)
    assert torch.equal(output, space[result])
    if name or result != "x":
        assert torch.equal(values, space[name or "x"])


def test_what_a_session_printed_and_its_prompts_are_read_over() -> None:
    answered = STRIDED.replace(
        "y = m(x)\n", "y = m(x)\ny.size()\n>> torch.Size([1, 1,\n  5, 5])\nz = y * 2\n"
    )
    plain = STRIDED + "z = y * 2\n"
    assert from_source(answered) == from_source(plain)
    assert read_source(answered).lines["z"] == 7
    typed = ">>> x = torch.ones(1, 3)\n>>> for _ in range(2):\n...     x = x * 2\n...\n>>> x\nout\n"
    assert len(from_source(typed).layers) == 2
    cells = "In [1]: x = torch.ones(1, 3)\n\nIn [2]: y = x * 2\n   ...: z = y\nOut[2]: tensor"
    assert len(from_source(cells).layers) == 1
    with pytest.raises(SourceError, match="8 and 2 cannot be combined"):
        from_source("x = torch.ones(1, 2)\ny = x * (8\n>> 2)")


def test_each_tensor_of_the_lines_is_offered_and_the_rest_is_named() -> None:
    assert [each.name for each in offered(Pasted(RESIZED))] == ["short", "wide"]
    assert read(Pasted(RESIZED), Experiment()).problems == ("Not read\\: lines 4-6.",)
    assert read(Pasted(RESIZED, "wide"), Experiment()).problems == ("Not read\\: lines 2-4.",)
    assert [each.name for each in offered(Pasted(CLASS + "x = torch.ones(1, 3)\nnet(x)"))] == [
        "Net"
    ]


def test_another_shape_takes_the_place_of_the_written_values() -> None:
    found = read(Pasted(STRIDED, shape="1x1x3x3"), Experiment())
    assert found.experiment.setting.shape == (1, 1, 3, 3)
    assert found.budget is not None
    assert found.budget.output_shape == (1, 1, 7, 7)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("x = torch.ones(1, 2)\nx", 2, "no layer is called on x. Call one"),
        ("x = torch.ones(1, 2)\ny = torch.special.erf(x)", 2, "'torch.special.erf' is not supp"),
        (
            "x = torch.ones(1, 2)\ny = nn.Linear(3, 1)(x)",
            2,
            "Line 2: linear: in_features is 3, but the last dimension of its input 1x2",
        ),
        (
            "m = nn.Linear(3, 1)",
            1,
            "there is no class, and no tensor that is written out",
        ),
        ("n = models.resnet50()", 1, "models.resnet50 is a network of torchvision"),
        ("x = torch.ones(1, 2)\nimport os\nos.system(x)", 3, "is not supported"),
        (
            "x = torch.ones(1, 1, 3)\nu = nn.ConvTranspose1d(1, 1, 2, stride=2)\n"
            "y = u(x, output_size=(8,))",
            3,
            "output_size must be from 6 to 7 here",
        ),
        ("x = torch.ones(1, 2)\nwith open(x):\n    pass", 2, "with is not supported here"),
    ],
)
def test_lines_that_cannot_be_followed_are_named(text: str, line: int, said: str) -> None:
    with pytest.raises(PasteError) as caught:
        read(Pasted(text), Experiment())
    assert said in caught.value.sentence.replace("\\", "")
    assert caught.value.line == line


def test_a_line_that_uses_a_second_tensor_is_refused_by_its_name() -> None:
    with pytest.raises(
        SourceError, match="b is a second tensor, but a model is fed one: a"
    ) as caught:
        from_source("a = torch.ones(1, 2)\nb = torch.ones(1, 2)\nc = a + b")
    assert caught.value.line == 3


FED = CLASS + "x = torch.tensor([[1., 2., 3.], [4., 5., 7.]])\n"


@pytest.mark.parametrize(
    ("lines", "loss"),
    [
        ("out = net(x)\nloss = nn.MSELoss()(out, torch.ones(2, 2))", "mse"),
        ("f = nn.L1Loss()\nt = torch.tensor([[1., 2.], [3., 5.]])\nloss = f(net(x), t)", "l1"),
        ("out = net(x)\nloss = F.mse_loss(out, torch.zeros_like(out))", "mse"),
        ("t = torch.tensor([1, 0])\nloss = nn.CrossEntropyLoss()(net(x), t)", "cross_entropy"),
        ("t = torch.tensor([1, 1])\nloss = F.cross_entropy(net(x), t)", "cross_entropy"),
        ("loss = net(x).sum()", "sum"),
        ("loss = net(x).mean()", "mean"),
    ],
)
def test_input_and_loss_of_a_script_are_those_of_the_run(lines: str, loss: str) -> None:
    """Every gradient is the one that the script gets."""
    text = f"{FED}{lines}\nloss.backward()\n"
    found = read(Pasted(text), Experiment())
    setting = found.experiment.setting
    assert setting.loss == loss
    assert not found.problems
    made, space = fed(found), executed(text, setting.seed)
    made.loss(made.module(made.values)).backward()
    assert torch.equal(made.values, space["x"])
    real = dict(space["net"].named_parameters())
    for name, parameter in made.module.named_parameters():
        assert parameter.grad is not None
        assert torch.equal(parameter.grad, real[name].grad)


@pytest.mark.parametrize(("vector", "target"), [((100, 0.1), "large_small"), ((2.0, -1.0), "ones")])
def test_a_vector_that_is_given_to_backward_is_the_upstream_gradient(
    vector: tuple[float, float], target: str
) -> None:
    text = f"x = torch.ones(2, requires_grad=True)\ny = x * 3\ny.backward(torch.tensor({vector}))"
    found = read(Pasted(text), Experiment())
    assert (found.experiment.setting.loss, found.experiment.setting.target) == ("given", target)
    made = fed(found)
    made.loss(made.module(made.values)).backward()
    assert made.values.grad is not None
    assert made.values.grad.tolist() == pytest.approx([3 * each for each in vector])


@pytest.mark.parametrize(
    "lines",
    [
        "loss = nn.MSELoss()(net(x), torch.ones(2))",
        "loss = nn.CrossEntropyLoss()(net(x), torch.tensor([1, 2]))",
        "loss = nn.CrossEntropyLoss(reduction='sum')(net(x), torch.tensor([1, 1]))",
        "loss = F.mse_loss(net(x), torch.ones(2, 2).tril())",
        "out = net(x)\nout.mul_(2)\nout.sum().backward()",
    ],
)
def test_a_loss_that_does_not_fit_or_is_not_known_is_left_out(lines: str) -> None:
    setting = read(Pasted(FED + lines), Experiment()).experiment.setting
    assert (setting.loss, setting.target) == ("cross_entropy", "class_0")


def test_token_ids_are_those_of_the_text() -> None:
    text = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.look = nn.Embedding(10, 2)

    def forward(self, x):
        return self.look(x).mean(1)

out = Net()(torch.tensor([[7, 0, 3]]))
"""
    assert fed(read(Pasted(text), Experiment())).values.tolist() == [[7, 0, 3]]


def test_more_values_than_can_be_changed_by_hand_are_a_shape_only() -> None:
    wide = f"x = torch.tensor([{list(map(float, range(5000)))}])\ny = x * 2"
    found = read(Pasted(wide), Experiment())
    assert found.experiment.setting.shape == (1, 5000)
    assert math.prod(found.experiment.setting.shape) == 5000
    assert not found.experiment.setting.edits


@pytest.mark.parametrize(
    "lines",
    [
        "x = torch.ones(1, 5000).long()\nnn.Embedding(4, 1)(x)",
        "x = torch.tensor([[2.] * 9])\nx * 2",
        f"x = torch.tensor({[[3.0] * 4000]})\n(x * 2).backward(torch.tensor({[[3.0] * 4000]}))",
        "x = torch.arange(0, 1e9, 1e-9)\nx * 2",
        "x = torch.full((10**9, 10**9), 2.)\nx * 2",
        "x = torch.ones(2000, 2000)\nf = nn.MSELoss()\nf(x * 2, torch.ones(2000, 2000) * 2)",
    ],
)
def test_what_is_too_large_is_refused_or_left_out_in_words(lines: str) -> None:
    """No list of a thousand million entries is ever made."""
    with at_most(), at_most_bytes(50_000_000), suppress(PasteError):
        read(Pasted(lines), Experiment())


def test_values_that_the_text_gives_are_said_to_be_ones_own() -> None:
    said = what_runs(read(Pasted(RESIZED), Experiment()).experiment.setting, english)
    assert said == "input numbers of your own, 1x1x3; loss Mean squared error; target Random"
    target = f"{FED}loss = nn.MSELoss()(net(x), torch.tensor([[1., 0.], [2., 3.]]))"
    said = what_runs(read(Pasted(target), Experiment()).experiment.setting, english)
    assert said.endswith("target numbers of your own")
    counted = what_runs(read(Pasted(STRIDED), Experiment()).experiment.setting, english)
    assert counted.startswith("input Ones, 1x1x2x2;")


X = "x = torch.tensor([[1., 2., 3.]], requires_grad=True)\nm = nn.Linear(3, 2)\ny = m(x)\n"
T = "t = torch.tensor([[1., 0.], [2., 3.]])\n"
OUT = f"{FED}{T}out = net(x)\n"
COMPUTED = [
    f"{OUT}loss = (out ** 2).sum()\nloss.backward()",
    f"{OUT}out.mean(dim=1).sum().backward()",
    f"{OUT}loss = (out - t).pow(2).mean()\nloss.backward()",
    f"{OUT}F.mse_loss(out, t, reduction='none').sum().backward()",
    f"{OUT}reg = net.fc.weight.sum()\nreg.backward()",
    f"{OUT}loss = 0.5 * F.mse_loss(out, t)\nloss.backward()",
    f"{OUT}loss = -nn.MSELoss()(out, t)\nloss.backward()",
    f"{OUT}(out * 2).backward(t)",
    f"{OUT}F.mse_loss(torch.sigmoid(out), t).backward()",
    f"{OUT}c = torch.tensor([1, 0])\nF.nll_loss(F.log_softmax(out, dim=1), c).backward()",
    f"{OUT}l1 = F.mse_loss(out, t)\nl2 = F.l1_loss(out, t)\nloss = l1 + l2\nloss.backward()",
    f"{OUT}loss = F.mse_loss(out, t)\nloss = loss + net.fc.weight.pow(2).sum()\nloss.backward()",
    f"{OUT}out.sum().backward()\nnet(x).sum().backward()",
    f"{OUT}out[0, 1].backward()",
    f"{FED}x = x * 2\nnet(x).sum().backward()",
    f"{FED}x += 1\nnet(x).sum().backward()",
    f"{FED}x.mul_(2)\nnet(x).sum().backward()",
    f"{FED}x[0, 0] = 9\nnet(x).sum().backward()",
    f"{FED}x = F.relu(x - 2)\nnet(x).sum().backward()",
    f"{OUT}t[0, 1] = 1\nF.mse_loss(out, t).backward()",
    f"{OUT}t = t * 3\nF.mse_loss(out, t).backward()",
    f"{FED}a = torch.ones(1, 3)\nF.mse_loss(net(a), torch.zeros(1, 2)).backward()\nnet(x)",
    f"def norm(v):\n    return v / 2\na = torch.ones(1, 3)\n{FED}norm(a)\nnet(x).sum().backward()",
    f"class MSELoss:\n    def __call__(self, a, b):\n        return (a - b).sum()\n"
    f"{OUT}loss = MSELoss()(out, t)\nloss.backward()",
    f"{FED}for _ in range(2):\n    net(x).sum().backward()",
    f"{X}z = F.relu(y)\nz.sum().backward()",
    f"{X}z = torch.sigmoid(y)\nz.mean().backward()",
    f"{X}y.sum().backward()",
    f"{X}y.backward(torch.ones_like(y))",
    f"{X}loss = (y * y).sum()\nloss.backward()",
    f"{X}(y * y).backward(torch.ones(1, 2))",
    f"{X}loss = 10 * F.mse_loss(y, torch.ones(1, 2))\nloss.backward()",
    f"{X}prob = y.softmax(1)\nloss = F.cross_entropy(y, torch.tensor([1]))\nloss.backward()",
    f"{X}loss = y.mean()\nz = y * 10\nloss.backward()",
    f"{X}z = torch.sigmoid(y)\nloss = F.mse_loss(y, torch.ones(1, 2))\nloss.backward()",
    "x = torch.ones(1, 3); m = nn.Linear(3, 2); y = m(x); y.sum().backward()",
    "x = torch.tensor([[3.]], requires_grad=True)\ny = x ** 2 + 2 * x\ny.backward()",
    f"{X}step = 2\nz = y * step\nz.sum().backward()",
    f"{X}for i in range(2):\n    y = y * 2\n    print(y)\ny.sum().backward()",
    f"{X}m.weight.data.fill_(1.)\nm(x).sum().backward()",
    f"{X}with torch.no_grad():\n    m.weight.fill_(1.)\nm(x).sum().backward()",
    f"{X}nn.init.ones_(m.weight)\nm(x).sum().backward()",
    "x = torch.arange(1, 40) * 0.1\nx = x.view(1, 39)\nm = nn.Linear(39, 1)\nm(x).backward()",
    "x = torch.arange(-1, 1, .01).view(1, -1)\nm = nn.Linear(200, 1)\nm(x).backward()",
    "x = (torch.tensor([[.1, .2, .7]]) * 0.1 + 0.3) / 0.7\nm = nn.Linear(3, 1)\nm(x).backward()",
    f"{FED}net.eval()\nnet(x).sum().backward()",
    f"{OUT}out.backward(gradient=t)",
    f"{OUT}F.mse_loss(input=out, target=t).backward()",
    f"{FED}net(x).sum().backward()",
]
"""Texts as they stand in classrooms, most of them near to one that is understood."""


@pytest.mark.parametrize("text", COMPUTED)
def test_no_text_is_read_without_a_word_as_something_else(text: str) -> None:
    """Every gradient is that of the text, or a line is named that was not read."""
    try:
        found = read(Pasted(text), Experiment())
    except PasteError:
        return
    space = executed(text, found.experiment.setting.seed)
    made = fed(found)
    made.loss(made.module(made.values)).backward()
    modules = [each for each in space.values() if isinstance(each, nn.Module)]
    real = [each.grad for module in modules for each in module.parameters()]
    got = [each.grad for each in made.module.parameters()]
    same = len(real) == len(got) and all(map(_equal, real, got))
    assert same or found.problems


def _equal(real: Tensor | None, got: Tensor | None) -> bool:
    return got is not None and real is not None and torch.equal(real, got)


@pytest.mark.parametrize("text", COMPUTED[26:30] + COMPUTED[35:37] + COMPUTED[-4:])
def test_these_are_understood_to_the_last_line(text: str) -> None:
    assert read(Pasted(text), Experiment()).problems == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = torch.tensor([[5, -3]])\ny = nn.Linear(2, 2)(x)", "x holds whole numbers"),
        ("x = torch.arange(16).view(1, 1, 4, 4)\ny = F.avg_pool2d(x, 2)", "x holds whole numbers"),
        ("x = torch.tensor([[0.5]])\ny = nn.Embedding(3, 2)(x)", "x holds decimals"),
        (f"{X}y.mul_(2)\ny.sum().backward()", "'mul_' is not supported"),
        (f"{X}m.eval()\nz = m(x)", "this may change m, and it is not read"),
        (
            "x = torch.ones(2, 3, 4)\nr = nn.LSTM(4, 5, batch_first=True)\n"
            "y, (h, c) = r(x)\nz = h * 2",
            "the second value of LSTM",
        ),
    ],
)
def test_what_pytorch_refuses_or_would_do_otherwise_is_refused(text: str, said: str) -> None:
    with pytest.raises(PasteError) as caught:
        read(Pasted(text), Experiment())
    assert said in caught.value.sentence.replace("\\", "")


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(
            [f"a{i} = torch.ones(1)" for i in range(1200)]
            + [f"b{i} = a{i} * 2" for i in range(1200)]
        ),
        "\n".join(["x = torch.full((4000,), 1.5)" + " * 1" * 100] * 60 + ["y = x * 2"]),
        "\n".join([f"a{i} = torch.full((4000,), 1.5) * 2" for i in range(1200)] + ["y = a0 * 2"]),
    ],
)
def test_long_texts_cost_no_more_than_their_length(text: str) -> None:
    with at_most(300 * len(text)), suppress(PasteError):
        read(Pasted(text), Experiment())
