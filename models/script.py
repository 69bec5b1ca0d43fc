"""A run as a script or a notebook of plain PyTorch: the same gradients, to the bit.

Weights, input and target are written as a person would, by seed and formula, and cell by cell
only where they differ from that. Nothing of Backlight is imported by what is written.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.build import build
from models.inputs import INPUTS
from models.literals import UNPACK, changes, literal
from models.source import to_source
from models.spec import ModelSpec

INPUT_CODE = {
    "arange": "torch.arange(1, {cells} + 1).float().view({shape})",
    "zeros": "torch.zeros({shape})",
    "ones": "torch.ones({shape})",
    "random": "torch.randn({shape}, generator=torch.Generator().manual_seed({seed}))",
    "ramp": "torch.linspace(0, 1, {last}).expand({shape}).clone()",
}
"""Inputs that have a formula; the numbers of every other one are written out."""

KEEP = """upstream = {}  # layer name -> dL/d output, one tensor a call


def keep(name):
    def hook(_layer, _inputs, output):
        tensor = output[0] if isinstance(output, tuple) else output
        if tensor.requires_grad:
            tensor.register_hook(lambda gradient: upstream.setdefault(name, []).append(gradient))

    return hook


for name, layer in model.named_modules():
    if name:
        layer.register_forward_hook(keep(name))"""

SHOW = """# What a layer hands on (downstream) is the upstream of the layer before it; where several
# layers read one value, its upstream is the sum of what they hand on.
print("loss", loss.item())
for name, gradients in upstream.items():
    print(f"\\nupstream of {name}: dL/d output", *gradients, sep="\\n")
for name, parameter in model.named_parameters():
    print(f"\\n{name}.grad", parameter.grad, sep="\\n")"""


@dataclass(frozen=True, eq=False)
class Recipe:
    """What was run."""

    spec: ModelSpec
    seed: int
    training: bool
    device: str
    module: nn.Module
    """As it was run, changed cells included."""
    values: Tensor
    """The input as it was run."""
    input: str
    """Name in ``INPUTS``, or anything else when the values have no formula."""
    loss: str
    """Name of a function of ``torch.nn.functional``, or of a method of the output."""
    target: Tensor | None
    """What the output is compared with; None when it is compared with nothing."""
    link: str = ""


def to_script(recipe: Recipe) -> str:
    """Return a Python file that runs the recipe and prints every gradient."""
    title = [f"# {line}" for line in _title(recipe)]
    parts = ["\n".join(title), *(code for _, code in _sections(recipe))]
    return "\n\n".join(parts) + "\n"


def to_notebook(recipe: Recipe) -> str:
    """Return the same as a Jupyter notebook (nbformat 4.5), which runs from top to bottom."""
    cells = [_cell("markdown", "\n\n".join(_title(recipe)), 0)]
    for name, code in _sections(recipe):
        cells.append(_cell("markdown", f"## {name}", len(cells)))
        cells.append(_cell("code", code.strip(), len(cells)))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    book = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=1) + "\n"


def _cell(kind: str, text: str, place: int) -> dict[str, object]:
    empty: dict[str, object] = {"execution_count": None, "outputs": []}
    code = empty if kind == "code" else {}
    source = text.splitlines(keepends=True)
    return {"cell_type": kind, "id": f"cell-{place}", "metadata": {}, "source": source, **code}


def _title(recipe: Recipe) -> list[str]:
    lines = [
        f"{recipe.spec.name}: forward and backward once, seed {recipe.seed}.",
        f"Written by Backlight with PyTorch {torch.__version__}; the same version gives the "
        "same bits.",
    ]
    return [*lines, f"Seen at {recipe.link}"] if recipe.link else lines


def _sections(recipe: Recipe) -> Iterator[tuple[str, str]]:
    yield "The network", _network(recipe)
    yield "Weights and input", _weights_and_input(recipe)
    yield "Keep what arrives at every layer", KEEP
    yield "Forward and backward", _run(recipe)
    yield "Every gradient", SHOW


def _network(recipe: Recipe) -> str:
    """Return imports and the class; one thread, for more may add in another order."""
    source = to_source(recipe.spec)
    definition = source[source.index("class ") :].strip()
    packed = UNPACK in _weights_and_input(recipe) + _run(recipe)
    lines = [
        *(["import base64", "import zlib", ""] if packed else []),
        "import torch",
        "from torch import nn",
        "",
        "torch.set_num_threads(1)  # as it was run: more threads may add in another order",
        "",
        "",
        definition,
        "",
    ]
    return "\n".join(lines)


def _weights_and_input(recipe: Recipe) -> str:
    lines = [
        f"torch.manual_seed({recipe.seed})",
        f"model = {recipe.spec.name}(){'' if recipe.training else '.eval()'}",
    ]
    changed = list(_changed_weights(recipe))
    if changed:
        lines += ["with torch.no_grad():", *(f"    {line}" for line in changed)]
    lines += list(_input(recipe))
    if recipe.device != "cpu":
        lines += [f'model, x = model.to("{recipe.device}"), x.to("{recipe.device}")']
    if recipe.values.requires_grad:
        lines.append("x.requires_grad_()")
    return "\n".join(lines)


def _changed_weights(recipe: Recipe) -> Iterator[str]:
    """Yield a line for each parameter of which some cells were changed by hand."""
    seeded = dict(build(recipe.spec, recipe.seed).named_parameters())
    for name, parameter in recipe.module.named_parameters():
        place = f'model.get_parameter("{name}").view(-1)'
        yield from changes(place, seeded[name].detach(), parameter.detach())


def _input(recipe: Recipe) -> Iterator[str]:
    values, formula = recipe.values.detach(), INPUT_CODE.get(recipe.input)
    if formula is None:
        yield f"x = {literal(values)}"
        return
    shape = tuple(values.shape)
    code = formula.format(cells=math.prod(shape), shape=shape, last=shape[-1], seed=recipe.seed)
    yield f"x = {code}"
    yield from changes("x.view(-1)", INPUTS[recipe.input].make(shape, recipe.seed), values)


def _run(recipe: Recipe) -> str:
    lines = [f"torch.manual_seed({recipe.seed})  # for layers that draw, such as Dropout"]
    lines.append("output = model(x)")
    if recipe.target is None:
        lines.append(f"loss = output.{recipe.loss}()")
    else:
        place = "" if recipe.device == "cpu" else ".to(output.device)"
        lines.append(f"target = {literal(recipe.target)}{place}")
        lines.append(f"loss = nn.functional.{recipe.loss}(output, target)")
    return "\n".join([*lines, "loss.backward()"])
