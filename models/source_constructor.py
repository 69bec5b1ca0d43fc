"""Reading ``__init__``: which layers a class makes, with which arguments."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass

from models.fields import Field, Fields, Value, shown
from models.kind import LayerKind
from models.layers import LAYERS
from models.source_syntax import SourceError, dotted, is_text, literal, self_attribute


@dataclass(frozen=True)
class Made:
    """A layer that ``__init__`` makes."""

    kind: str
    fields: Fields
    line: int


def read_constructor(function: ast.FunctionDef, class_name: str) -> dict[str, Made]:
    """Return the layers by name, in the order in which they are made."""
    made: dict[str, Made] = {}
    for statement in function.body:
        if is_text(statement) or isinstance(statement, ast.Pass):
            continue
        if _calls_parent(statement, class_name):
            continue
        name, layer = _read_layer(statement)
        if name in made:
            raise SourceError(statement.lineno, f"{name} is made twice. Give each layer a name.")
        made[name] = layer
    return made


def _calls_parent(statement: ast.stmt, class_name: str) -> bool:
    return isinstance(statement, ast.Expr) and ast.unparse(statement) in (
        "super().__init__()",
        f"super({class_name}, self).__init__()",
    )


def _read_layer(statement: ast.stmt) -> tuple[str, Made]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        name, call = self_attribute(statement.targets[0]), statement.value
        if name and isinstance(call, ast.Call):
            kind_name = _layer_kind(call)
            fields = _read_arguments(name, LAYERS[kind_name], call)
            return name, Made(kind_name, fields, statement.lineno)
    raise SourceError(
        statement.lineno, "in __init__ only lines like self.conv1 = nn.Conv2d(1, 1, 3) are read."
    )


def _layer_kind(call: ast.Call) -> str:
    name = dotted(call.func)
    kind_name = name.removeprefix("torch.").removeprefix("nn.")
    known = name in (f"nn.{kind_name}", f"torch.nn.{kind_name}")
    kind = LAYERS.get(kind_name) if known else None
    if kind is not None and not kind.expression:
        return kind_name
    choices = ", ".join(f"nn.{key}" for key, kind in LAYERS.items() if not kind.expression)
    raise SourceError(
        call.lineno, f"{shown(name or 'this call')} is not a known layer. Use one of {choices}."
    )


def _read_arguments(layer: str, kind: LayerKind, call: ast.Call) -> Fields:
    """Return the fields that the arguments of a constructor mean."""
    given = _bind(layer, kind, call)
    defaults = inspect.signature(kind.module).parameters
    fields: dict[str, Value] = {}
    for name, node in given.items():
        value, field = literal(node), kind.field(name)
        if _same(value, defaults[name].default):
            continue
        if field is None or field.at_call:
            raise SourceError(
                node.lineno, f"{layer}: {name}={shown(value)} is not supported. Leave {name} out."
            )
        fields[name] = _as_field(layer, field, value, node.lineno)
    return Fields(fields)


def _bind(layer: str, kind: LayerKind, call: ast.Call) -> dict[str, ast.expr]:
    """Return argument name -> expression, as Python would hand them to the constructor."""
    signature = inspect.signature(kind.module)
    named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    spread = any(isinstance(node, ast.Starred) for node in call.args)
    if spread or len(named) < len(call.keywords):
        raise SourceError(call.lineno, f"{layer}: write its arguments out, without * or **.")
    if not kind.fields:
        if call.args or named:
            raise SourceError(call.lineno, f"{layer}: it takes no arguments.")
        return {}
    try:
        return dict(signature.bind(*call.args, **named).arguments)
    except TypeError as error:
        raise SourceError(call.lineno, f"{layer}: {error}.") from None


def _same(value: object, default: object) -> bool:
    return type(value) is type(default) and value == default


def _as_field(layer: str, field: Field, value: object, line: int) -> Value:
    """Return the value in the field's type: (3, 3) is 3, and 2.0 is 2 where 2 is meant."""
    if isinstance(value, tuple) and value and all(_same(part, value[0]) for part in value):
        value = value[0]
    if field.kind == "int" and isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        return field.accept(value)
    except ValueError as error:
        raise SourceError(line, f"{layer}: {error}") from None
