"""The lines below a class that repeat a run: weights, input, loss, backward, every gradient.

Or that train it instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

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
from models.source.looping import (
    DRAWS,
    EVERY_PASS,
    REPEATED,
    Trained,
    backward_lines,
    learning_lines,
    sizes,
    training_lines,
)
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
    trained: Trained | None = None
    """Given where the run is not shown once, but trained."""


THREADS = said("more threads may add in another order")
OTHERS = said("so that other readers do not add to it")
WEIGHTS = said("the weights")
HOOKS = said("hooks need every value; the gradients stay the same")
REMARKS = (THREADS, OTHERS, WEIGHTS, DRAWS, HOOKS, REPEATED, EVERY_PASS)
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
    learns = any(map(_learns, spec.layers))
    trained = setting.trained
    is_fed = trained is None or trained.is_fed_alike or setting.sgd.steps > 0
    lines = [
        f"torch.set_num_threads(1)  # {THREADS}",
        "",
        *([*_input_lines(setting, vocabulary(spec)), ""] if is_fed else []),
        f"torch.manual_seed({setting.seed})  # {WEIGHTS}",
        f"model = {spec.name}()" + ("" if setting.training else ".eval()"),
        *_weight_lines(spec, setting),
        *(_unset_in_place() if _has_in_place(spec) else []),
        *(_target_lines(spec, setting) if is_fed else []),
        *(learning_lines(setting.sgd, setting.loss, setting.seed) if learns else []),
        *_last_lines(spec, setting),
    ]
    packed = any(UNPACK in line for line in lines)
    return ["", *lines, *(["import base64", "import zlib"] if packed else [])]


def _last_lines(spec: ModelSpec, setting: Setting) -> list[str]:
    """Return what is done with the model once it, its input and its target are there."""
    if setting.trained is not None:
        return training_lines(setting.trained, setting.shape, setting.seed, setting.device)
    return _watched(spec, setting)


def _watched(spec: ModelSpec, setting: Setting) -> list[str]:
    """Return the lines that run the model once and print every gradient."""
    flowing = _flowing(spec, input_gradient=setting.input_gradient)
    functions = [layer for layer in spec.layers if layer.layer_kind.expression]
    watched = [layer.name for layer in functions if layer.name in flowing]
    return [
        "",
        "upstream, downstream = {}, {}",
        "",
        "",
        *WATCHING,
        f"torch.manual_seed({setting.seed})  # {DRAWS}",
        "output = model(x)",
        *(f"model.{name}.retain_grad()" for name in watched),
        *backward_lines(setting.loss),
        *(f'upstream["{name}"] = model.{name}.grad' for name in watched),
        "",
        "for name, gradient in upstream.items():",
        '    print(name, "upstream", gradient)',
        '    print(name, "downstream", downstream.get(name))',
        "for name, parameter in model.named_parameters():",
        "    print(name, parameter.grad)",
        "",
    ]


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
        lines.append(f"x = x.view({batch}, {ones}, {sizes(shape[-2:])})")
        return [*lines, f"x = x.expand({sizes(shape)}).clone()"]
    return [*lines, f"x = x.view({sizes(shape)})"]


def _board_lines(setting: Setting) -> list[str]:
    height, width = (1, *setting.shape)[-2:]
    return [
        f"rows, columns = torch.arange({height}).view(-1, 1), torch.arange({width})",
        f"board = ((rows + columns) % 2 == 0).float().view({sizes(setting.shape[-2:])})",
        f"x = board.expand({sizes(setting.shape)}).clone()",
    ]


def _impulse_lines(setting: Setting) -> list[str]:
    middle = ", ".join(str(size // 2) for size in setting.shape[-2:])
    return [f"x = torch.zeros({sizes(setting.shape)})", f"x[..., {middle}] = 1"]


def _random(setting: Setting) -> str:
    generator = f"torch.Generator().manual_seed({setting.seed})"
    return f"x = torch.randn({sizes(setting.shape)}, generator={generator})"


def _counted(setting: Setting) -> str:
    last = math.prod(setting.shape) + 1
    return f"x = torch.arange(1, {last}).float().view({sizes(setting.shape)})"


INPUT_LINES: dict[str, Callable[[Setting], list[str]]] = {
    "arange": lambda setting: [_counted(setting)],
    "zeros": lambda setting: [f"x = torch.zeros({sizes(setting.shape)})"],
    "ones": lambda setting: [f"x = torch.ones({sizes(setting.shape)})"],
    "random": lambda setting: [_random(setting)],
    "checkerboard": _board_lines,
    "digit": lambda setting: _digit_lines(setting, FIRST_DIGIT),
    "any_digit": lambda setting: _digit_lines(setting, setting.seed),
    "ramp": lambda setting: [
        f"x = torch.linspace(0, 1, {setting.shape[-1]}).expand({sizes(setting.shape)}).clone()"
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
