"""A pasted class as a spec. The text is parsed, never run.

Read are: imports of torch; one subclass of ``nn.Module``; layers made in ``__init__``; and a
``forward`` of assignments that calls each of them once, with ``+``, ``torch.cat`` and flatten in
between. The spec's layers stand in the order of ``forward``.
"""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import TypeGuard

from pydantic import ValidationError

from models.source_constructor import read_constructor
from models.source_forward import ForwardReader
from models.source_syntax import MAX_SOURCE, SourceError, dotted, is_text, parse
from models.spec import ModelSpec, readable

__all__ = ["MAX_SOURCE", "SourceError", "from_source"]

IMPORTS = frozenset(
    {
        "from __future__ import annotations",
        "import torch",
        "import torch.nn",
        "import torch.nn as nn",
        "import torch.nn.functional as F",
        "from torch import nn",
        "from torch import Tensor",
        "from torch import Tensor, nn",
        "from torch import nn, Tensor",
        "from torch.nn import functional as F",
    }
)


def from_source(text: str) -> ModelSpec:
    """Return the model that the text's class describes; SourceError says what is not supported."""
    definition = _the_class(parse(text))
    constructor, forward = _methods(definition)
    made = read_constructor(constructor, definition.name) if constructor else {}
    reader = ForwardReader(made, _argument(forward))
    returned = reader.read(forward.body)
    called = {layer.name for layer in reader.layers}
    for name, layer in made.items():
        if name not in called:
            raise SourceError(layer.line, f"{name} is made but never called. Remove it.")
    if not reader.layers or reader.layers[-1].name != returned:
        raise SourceError(forward.body[-1].lineno, "forward must return what its last layer gives.")
    try:
        return ModelSpec(name=definition.name, layers=tuple(reader.layers))
    except ValidationError as error:
        raise SourceError(definition.lineno, readable(error)) from None


def _the_class(tree: ast.Module) -> ast.ClassDef:
    found: list[ast.ClassDef] = []
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef) and not found:
            found.append(statement)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            _check_import(statement)
        elif not is_text(statement):
            raise SourceError(
                statement.lineno, "only imports of torch and one class are read. Remove this line."
            )
    if not found:
        raise SourceError(1, "there is no class. Paste a subclass of nn.Module.")
    definition = found[0]
    bases = [dotted(base) for base in definition.bases]
    if bases not in (["nn.Module"], ["torch.nn.Module"]) or definition.keywords:
        raise SourceError(definition.lineno, f"{definition.name} must be a subclass of nn.Module.")
    if definition.decorator_list:
        raise SourceError(definition.lineno, "decorators are not supported. Remove them.")
    return definition


def _check_import(statement: ast.Import | ast.ImportFrom) -> None:
    if ast.unparse(statement) not in IMPORTS:
        raise SourceError(
            statement.lineno, "only torch, torch.nn and torch.nn.functional can be imported."
        )


def _methods(definition: ast.ClassDef) -> tuple[ast.FunctionDef | None, ast.FunctionDef]:
    """Return ``__init__`` (None when there is none) and ``forward``."""
    found: dict[str, ast.FunctionDef] = {}
    for statement in definition.body:
        if is_text(statement):
            continue
        if not _is_method(statement, found):
            raise SourceError(
                statement.lineno, "a class is read by one __init__ and one forward. Remove this."
            )
        found[statement.name] = statement
    if "forward" not in found:
        raise SourceError(definition.lineno, f"{definition.name} has no forward.")
    if "__init__" in found and _arguments(found["__init__"]) != ["self"]:
        raise SourceError(found["__init__"].lineno, "__init__ must take self and nothing else.")
    return found.get("__init__"), found["forward"]


def _is_method(statement: ast.stmt, found: Collection[str]) -> TypeGuard[ast.FunctionDef]:
    """Whether this is an undecorated ``__init__`` or ``forward`` that was not there before."""
    return (
        isinstance(statement, ast.FunctionDef)
        and not statement.decorator_list
        and statement.name in ("__init__", "forward")
        and statement.name not in found
    )


def _arguments(function: ast.FunctionDef) -> list[str]:
    """Return the names of all arguments; defaults and * make a list that nothing equals."""
    given = function.args
    if given.vararg or given.kwarg or given.kwonlyargs or given.defaults or given.posonlyargs:
        return ["*"]
    return [argument.arg for argument in given.args]


def _argument(forward: ast.FunctionDef) -> str:
    names = _arguments(forward)
    if len(names) != 2 or names[0] != "self":
        raise SourceError(forward.lineno, "forward must take self and one input.")
    return names[1]
