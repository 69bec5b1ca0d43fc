"""A custom module named on the command line, imported as Python imports it.

``streamlit run app.py -- --model my_file.py:Net --input 1,3,64,64``

What is imported here runs with the rights of whoever started the server. So it comes from the
command line alone: no page and no link can name a file.
"""

from __future__ import annotations

import argparse
import importlib.util
import inspect
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import torch
from torch import nn

from flow.said import said
from flow.seeded import Seeded
from models.inputs.shape import InputError, check_shape
from models.own.errors import OwnError, told
from models.own.module import Given, Own, tensors
from models.shapes import shape_text

USAGE = "streamlit run app.py -- --model my_file.py:Net --input 1,3,64,64"
MANY_MODULES = 40
MODULE_NAME = "own_model"
"""What the file is called in ``sys.modules``: so its name may equal a module of Backlight's."""


@cache
def configured() -> Own | None:
    """Return what this process was started with; None when no model was named."""
    own = read(sys.argv[1:])
    return own and rehearsed(own)


def read(arguments: Sequence[str]) -> Own | None:
    """Return what the arguments name, loaded; its ``problem`` says what is wrong with them."""
    if not any(each == "--model" or each.startswith("--model=") for each in arguments):
        return None
    parser = _Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("--model", default="")
    parser.add_argument("--input", action="append", default=[])
    parser.add_argument("--output", default="")
    name = "--model"
    try:
        asked = parser.parse_args(arguments)
        name = asked.model
        inputs = tuple(_given(text) for text in asked.input)
        if not inputs:
            raise OwnError(
                said("--input is missing: the shape to run on. Write {usage}", usage=USAGE)
            )
        return Own(name, inputs, asked.output, _load(name))
    except OwnError as error:
        return Own(name, problem=str(error))


class _Parser(argparse.ArgumentParser):
    """Reports in our own words, and does not end the server."""

    def error(self, message: str) -> NoReturn:
        raise OwnError(said("{message}. Write {usage}", message=message, usage=USAGE))


def _given(text: str) -> Given:
    """Read ``1,3,64,64``, or ``1,16:100`` for whole numbers below 100."""
    sizes, _, tokens = text.partition(":")
    numbers = [part.strip() for part in sizes.replace("x", ",").split(",")]
    if not all(_is_whole(part) for part in numbers) or (":" in text and not _is_whole(tokens)):
        raise OwnError(
            said(
                "--input must be sizes such as 1,3,64,64, batch first, or 1,16:100 for whole "
                "numbers below 100. {text!r} came.",
                text=text,
            )
        )
    shape = tuple(int(part) for part in numbers)
    try:
        check_shape(shape)
    except InputError as error:
        raise OwnError(
            said("--input {shape}: {error}", shape=shape_text(shape), error=error)
        ) from error
    return Given(shape, int(tokens or 0))


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _load(name: str) -> Callable[[], object] | nn.Module:
    """Import the file and return what the name stands for: a class, a function or a module."""
    file, _, attribute = name.rpartition(":")
    path = Path(file).expanduser().resolve()
    if not file or not attribute.isidentifier():
        raise OwnError(
            said("--model must be a file and a class, my_file.py:Net. {name!r} came.", name=name)
        )
    if not path.is_file():
        raise OwnError(said("--model: there is no file {path}.", path=path))
    module = _import(path)
    if not hasattr(module, attribute):
        raise OwnError(
            said(
                "--model: {name} has no {attribute}. {offers}",
                name=path.name,
                attribute=attribute,
                offers=_offers(module),
            )
        )
    return _usable(getattr(module, attribute), name)


def _usable(found: object, name: str) -> Callable[[], object] | nn.Module:
    if isinstance(found, nn.Module):
        return found
    is_module = isinstance(found, type) and issubclass(found, nn.Module)
    if not is_module and (isinstance(found, type) or not callable(found)):
        raise OwnError(
            said(
                "{name} is no torch.nn.Module (nor a function that makes one). It is {kind}.",
                name=name,
                kind=found.__name__ if isinstance(found, type) else type(found).__name__,
            )
        )
    needed = [
        parameter.name
        for parameter in inspect.signature(found).parameters.values()  # type: ignore[arg-type]
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]
    if needed:
        raise OwnError(
            said(
                "{name} needs arguments: {names}. Give them defaults, or name a function "
                "without arguments that makes the module.",
                name=name,
                names=", ".join(needed),
            )
        )
    return found  # type: ignore[return-value]


def _offers(module: ModuleType) -> str:
    """Say which modules the file has."""
    names = [
        name
        for name, value in vars(module).items()
        if (isinstance(value, type) and issubclass(value, nn.Module) and value is not nn.Module)
        or isinstance(value, nn.Module)
    ]
    return (
        said("It has {names}.", names=", ".join(names))
        if names
        else said("It has no torch.nn.Module at all.")
    )


def _import(path: Path) -> ModuleType:
    """Run the file; files beside it can be imported, unless Backlight has one of that name."""
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    specification = importlib.util.spec_from_file_location(MODULE_NAME, path)
    if specification is None or specification.loader is None:
        raise OwnError(
            said("--model: {name} is no Python file. Its name must end in .py.", name=path.name)
        )
    module = importlib.util.module_from_spec(specification)
    sys.modules[MODULE_NAME] = module
    with told(said("importing {name}", name=path.name)):
        specification.loader.exec_module(module)
    return module


def rehearsed(own: Own) -> Own:
    """Make and run the module once, and note how that went."""
    try:
        module = own.make(0)
        large = sum(1 for _ in module.modules()) > MANY_MODULES
        own = replace(own, large=large)
        with told(f"{own.title}.forward"), torch.enable_grad(), Seeded(0):
            output = module.eval()(*own.values("random", 0))
        chosen, parts = own.part(output), dict(tensors(output))
    except (OwnError, InputError) as error:
        return replace(
            own, report=said("{name} cannot be shown yet. {error}", name=own.name, error=error)
        )
    given = ", ".join(shape_text(given.shape) for given in own.inputs)
    shapes = [f"{name} {shape_text(tuple(part.shape))}".strip() for name, part in parts.items()]
    names = {name: part is chosen for name, part in parts.items()}
    return replace(
        own,
        report=said(
            "{name} on {given} gives {names}.", name=own.name, given=given, names=", ".join(shapes)
        ),
        parts=names,
    )
