"""The lines below a class that repeat a run: weights, input, loss, backward, every gradient."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from flow.said import said
from models.budget import estimate
from models.build import build
from models.inputs import INPUTS
from models.inputs.pictures import DIGIT_LARGEST, FIRST_DIGIT, digit_scale
from models.inputs.shape import check_shape
from models.inputs.tokens import Vocabulary, vocabulary
from models.literals import UNPACK, changes, literal
from models.losses import LOSSES
from models.sgd import NO_STEPS, Sgd
from models.shapes import Shape
from models.spec import INPUT, LayerSpec, ModelSpec


@dataclass(frozen=True, eq=False)
class Exact:
    """Tensors as they were run, which the seed and the names alone do not give."""

    values: Tensor
    """The input, from a picture or with cells that were changed by hand."""
    parameters: Mapping[str, Tensor]
    target: Tensor | None
    """What the output is compared with; None where it is compared with nothing."""


@dataclass(frozen=True)
class Setting:
    """What a run needs besides the network; the names are keys of INPUTS, LOSSES and TARGETS."""

    input: str
    shape: Shape
    loss: str
    target: str = ""
    seed: int = 0
    training: bool = True
    input_gradient: bool = False
    device: str = "cpu"
    sgd: Sgd = NO_STEPS
    exact: Exact | None = None


THREADS = said("more threads may add in another order")
OTHERS = said("so that other readers do not add to it")
WEIGHTS = said("the weights")
DRAWS = said("what random layers draw")
HOOKS = said("hooks need every value; the gradients stay the same")
REPEATED = said("so that every pass draws the same")
REMARKS = (THREADS, OTHERS, WEIGHTS, DRAWS, HOOKS, REPEATED)
"""The comments in a script, which ``remarked`` says again."""


def remarked(code: str, say: Callable[[str], str]) -> str:
    """Return code whose comments are said in another language."""
    for remark in REMARKS:
        code = code.replace(f"  # {remark}\n", f"  # {say(remark)}\n")
    return code


WATCHING = (
    "def watch(name):",
    "    def entering(module, inputs):",
    f"        value = inputs[0].view_as(inputs[0])  # {OTHERS}",
    "        if value.requires_grad:",
    "            value.register_hook(lambda gradient: downstream.update({name: gradient}))",
    "        return tuple(value if one is inputs[0] else one for one in inputs)",
    "",
    "    def leaving(module, inputs, output):",
    "        value = output[0] if isinstance(output, tuple) else output",
    "        if value.requires_grad:",
    "            value.register_hook(lambda gradient: upstream.update({name: gradient}))",
    "",
    "    return entering, leaving",
    "",
    "",
    "for name, layer in model.named_children():",
    "    entering, leaving = watch(name)",
    "    layer.register_forward_pre_hook(entering)",
    "    layer.register_forward_hook(leaving)",
    "",
)
"""Lines that keep the gradients of every layer's output and first input, by the layer's name."""


def script(spec: ModelSpec, setting: Setting) -> list[str]:
    """Return the lines; imports among them belong to the top of the file."""
    flowing = _flowing(spec, input_gradient=setting.input_gradient)
    functions = [layer for layer in spec.layers if layer.layer_kind.expression]
    watched = [layer.name for layer in functions if layer.name in flowing]
    lines = [
        f"torch.set_num_threads(1)  # {THREADS}",
        "",
        *_input_lines(setting, vocabulary(spec)),
        "",
        f"torch.manual_seed({setting.seed})  # {WEIGHTS}",
        f"model = {spec.name}()" + ("" if setting.training else ".eval()"),
        *_weight_lines(spec, setting),
        *(_unset_in_place() if _has_in_place(spec) else []),
        *_target_lines(spec, setting),
        *(_learning_lines(setting) if any(map(_learns, spec.layers)) else []),
        "",
        "upstream, downstream = {}, {}",
        "",
        "",
        *WATCHING,
        f"torch.manual_seed({setting.seed})  # {DRAWS}",
        "output = model(x)",
        *(f"model.{name}.retain_grad()" for name in watched),
        *_backward_lines(setting),
        *(f'upstream["{name}"] = model.{name}.grad' for name in watched),
        "",
        "for name, gradient in upstream.items():",
        '    print(name, "upstream", gradient)',
        '    print(name, "downstream", downstream.get(name))',
        "for name, parameter in model.named_parameters():",
        "    print(name, parameter.grad)",
        "",
    ]
    packed = any(UNPACK in line for line in lines)
    return ["", *lines, *(["import base64", "import zlib"] if packed else [])]


def _flowing(spec: ModelSpec, *, input_gradient: bool) -> set[str]:
    """Return the values through which a gradient flows back."""
    flowing = {INPUT} if input_gradient else set()
    for layer in spec.layers:
        if layer.kind != "Detach" and (flowing.intersection(layer.inputs) or _learns(layer)):
            flowing.add(layer.name)
    return flowing


def _learns(layer: LayerSpec) -> bool:
    if layer.frozen:
        return False
    with torch.device("meta"):
        return any(True for _ in layer.layer_kind.make(layer.fields).parameters())


def _has_in_place(spec: ModelSpec) -> bool:
    return any(layer.fields.get("inplace", False) for layer in spec.layers)


def _unset_in_place() -> list[str]:
    return [
        "for layer in model.children():",
        '    if hasattr(layer, "inplace"):',
        f"        layer.inplace = False  # {HOOKS}",
    ]


def _sizes(shape: Shape) -> str:
    return ", ".join(map(str, shape))


def _digit_lines(setting: Setting, first: int) -> list[str]:
    shape, scale = setting.shape, digit_scale(setting.shape)
    batch = shape[0] if len(shape) > 1 else 1
    lines = [
        "from sklearn.datasets import load_digits",
        f"chosen = [number % 1797 for number in range({first}, {first + batch})]",
        f"x = torch.tensor(load_digits().images[chosen] / {DIGIT_LARGEST:g}).float()",
    ]
    if scale > 1:
        lines.append(f"x = x.repeat_interleave({scale}, 1).repeat_interleave({scale}, 2)")
    if len(shape) > 3:
        ones = ", ".join("1" for _ in shape[1:-2])
        lines.append(f"x = x.view({batch}, {ones}, {_sizes(shape[-2:])})")
        return [*lines, f"x = x.expand({_sizes(shape)}).clone()"]
    return [*lines, f"x = x.view({_sizes(shape)})"]


def _board_lines(setting: Setting) -> list[str]:
    height, width = (1, *setting.shape)[-2:]
    return [
        f"rows, columns = torch.arange({height}).view(-1, 1), torch.arange({width})",
        f"board = ((rows + columns) % 2 == 0).float().view({_sizes(setting.shape[-2:])})",
        f"x = board.expand({_sizes(setting.shape)}).clone()",
    ]


def _impulse_lines(setting: Setting) -> list[str]:
    middle = ", ".join(str(size // 2) for size in setting.shape[-2:])
    return [f"x = torch.zeros({_sizes(setting.shape)})", f"x[..., {middle}] = 1"]


def _random(setting: Setting) -> str:
    generator = f"torch.Generator().manual_seed({setting.seed})"
    return f"x = torch.randn({_sizes(setting.shape)}, generator={generator})"


def _counted(setting: Setting) -> str:
    last = math.prod(setting.shape) + 1
    return f"x = torch.arange(1, {last}).float().view({_sizes(setting.shape)})"


INPUT_LINES: dict[str, Callable[[Setting], list[str]]] = {
    "arange": lambda setting: [_counted(setting)],
    "zeros": lambda setting: [f"x = torch.zeros({_sizes(setting.shape)})"],
    "ones": lambda setting: [f"x = torch.ones({_sizes(setting.shape)})"],
    "random": lambda setting: [_random(setting)],
    "checkerboard": _board_lines,
    "digit": lambda setting: _digit_lines(setting, FIRST_DIGIT),
    "any_digit": lambda setting: _digit_lines(setting, setting.seed),
    "ramp": lambda setting: [
        f"x = torch.linspace(0, 1, {setting.shape[-1]}).expand({_sizes(setting.shape)}).clone()"
    ],
    "impulse": _impulse_lines,
}
"""How inputs are written; one that is not here is written as numbers."""


def _input_lines(setting: Setting, words: Vocabulary | None) -> list[str]:
    check_shape(setting.shape)
    exact, write = setting.exact, INPUT_LINES.get(setting.input)
    if exact is None:
        plain = INPUTS[setting.input].make(setting.shape, setting.seed, words)
        lines = write(setting) if write else [f"x = {literal(plain)}"]
    elif write is None:
        lines = [f"x = {literal(exact.values)}"]
    else:
        plain = INPUTS[setting.input].make(setting.shape, setting.seed, words)
        lines = [*write(setting), *changes("x.view(-1)", plain, exact.values)]
    if setting.device != "cpu":
        lines.append(f'x = x.to("{setting.device}")')
    return [*lines, *(["x.requires_grad_()"] if setting.input_gradient else [])]


def _weight_lines(spec: ModelSpec, setting: Setting) -> list[str]:
    """Return a line for each parameter of which cells were changed, and one for the device."""
    lines: list[str] = []
    if setting.exact is not None:
        seeded = dict(build(spec, setting.seed).named_parameters())
        for name, parameter in setting.exact.parameters.items():
            place = f'model.get_parameter("{name}").data.view(-1)'
            lines += changes(place, seeded[name], parameter)
    return [*lines, *([f'model.to("{setting.device}")'] if setting.device != "cpu" else [])]


def _learning_lines(setting: Setting) -> list[str]:
    """Return the lines that take the steps before the run; none where there are none."""
    if not setting.sgd.steps:
        return []
    given = LOSSES[setting.loss].given
    return [
        "",
        f"optimizer = torch.optim.SGD(model.parameters(), lr={setting.sgd.rate_text})",
        f"for step in range(1, {setting.sgd.steps + 1}):",
        "    optimizer.zero_grad()",
        f"    torch.manual_seed({setting.seed})  # {REPEATED}",
        "    output = model(x)",
        *(f"    {line}" for line in _backward_lines(setting)),
        *([] if given else ['    print("loss before step", step, loss.item())']),
        "    optimizer.step()",
        "optimizer.zero_grad()",
    ]


def _backward_lines(setting: Setting) -> list[str]:
    """Return the lines that compute the loss of ``output``, if there is one, and go backward."""
    kind = LOSSES[setting.loss]
    if kind.given:
        return ["output.backward(target)"]
    if not kind.targets:
        loss = f"output.{kind.name}()"
    elif hasattr(nn, kind.name):
        loss = f"nn.{kind.name}()(output, target)"
    else:
        loss = "(output * target).sum()"
    return [f"loss = {loss}", "loss.backward()"]


def _target_lines(spec: ModelSpec, setting: Setting) -> list[str]:
    """Return the line that says what the output is compared with; none where it is with nothing."""
    kind = LOSSES[setting.loss]
    if not kind.targets:
        return []
    if setting.exact is not None and setting.exact.target is not None:
        chosen = setting.exact.target
    else:
        budget = estimate(spec, setting.shape)
        if budget.refusal:
            raise ValueError(budget.refusal)
        chosen = kind.target(budget.output_shape, setting.target, setting.seed)
    place = "" if setting.device == "cpu" else ".to(x.device)"
    return [f"target = {literal(chosen)}{place}"]
