"""Making layers: the arguments of a torch class become the fields of a kind of the catalogue."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Mapping, Sequence

import torch
from pydantic import ValidationError
from torch import nn

from flow.said import joined, said
from models.fields import Field, Fields
from models.fields import Value as FieldValue
from models.kinds.kind import LayerKind
from models.layers import LAYERS
from models.source.arithmetic import ValueProblem
from models.source.network import layer_name
from models.source.values import (
    SCALARS,
    Container,
    Layer,
    Shape,
    Unknown,
    Unsupported,
    Value,
    described,
    known,
)
from models.spec import INPUT, LayerSpec, readable

CONTAINERS = ("Sequential", "ModuleList", "ModuleDict")
ALIASES: dict[str, tuple[str, dict[str, Value]]] = {
    "UpsamplingBilinear2d": ("Upsample", {"mode": "bilinear", "align_corners": True}),
}
"""Torch classes that are another one with some arguments already given."""


def make(
    name: str, values: Sequence[Value], named: Mapping[str, Value], line: int, label: str = ""
) -> Value:
    """Return what ``nn.<name>(...)`` makes; ValueProblem says what fails."""
    if name in CONTAINERS:
        return _container(name, values, named)
    if name.endswith("Loss"):
        return Unsupported(f"nn.{name}")
    kind_name, fixed = ALIASES.get(name, (name, {}))
    kind = LAYERS.get(kind_name)
    if kind is None or not hasattr(nn, name):
        raise ValueProblem(_unknown(name))
    label = label or name
    given = bind(label, kind, values, named)
    fields = complete(kind_name, {**given, **fixed}, label)
    return Layer(kind_name, fields, line, _has_state(kind, fields))


def _has_state(kind: LayerKind, fields: Fields) -> bool:
    try:
        with torch.device("meta"):
            module = kind.make(fields)
    except (RuntimeError, TypeError, ValueError) as error:
        raise ValueProblem(said("torch cannot make this layer: {error}.", error=error)) from None
    return any(True for _ in (*module.parameters(), *module.buffers()))


def _unknown(name: str) -> str:
    known = [key for key in LAYERS if hasattr(nn, key)]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5) or known
    return said(
        "nn.{name} is not in the catalogue. Use {near}.",
        name=name[:40],
        near=", ".join(f"nn.{key}" for key in near),
    )


def _container(name: str, values: Sequence[Value], named: Mapping[str, Value]) -> Container:
    made = Container(name)
    parts = values[0] if len(values) == 1 and isinstance(values[0], list | dict) else values
    if name != "Sequential" and isinstance(parts, tuple):
        parts = parts[0] if parts else []
    if isinstance(parts, Container):
        parts = list(parts.children.values())
    if named or not isinstance(parts, list | tuple | dict):
        raise ValueProblem(
            said("nn.{name} takes layers, but {parts} came.", name=name, parts=described(parts))
        )
    if isinstance(parts, dict):
        made.children.update({str(key): value for key, value in parts.items()})
        return made
    for part in parts:
        made.add(part)
    return made


def bind(
    label: str, kind: LayerKind, values: Sequence[Value], named: Mapping[str, Value]
) -> dict[str, Value]:
    """Return argument name -> value, as Python would hand them to the constructor."""
    if not kind.fields:
        return {}  # such a constructor takes nothing, or, as nn.Identity, ignores what it takes
    try:
        return dict(inspect.signature(kind.module).bind(*values, **named).arguments)
    except TypeError as error:
        raise ValueProblem(
            said('{label}: Python says: "{error}".', label=label, error=error)
        ) from None


CHOSEN_BY_RANK = {"Softmax", "LogSoftmax"}
"""Kinds whose ``dim``, where it is left out, is 0 for one or three dimensions and 1 for others."""


def complete(name: str, given: Mapping[str, Value], label: str = "") -> Fields:
    """Return all fields of a kind for these arguments of its constructor."""
    kind, label = LAYERS[name], label or name
    if name in CHOSEN_BY_RANK and given.get("dim") is None:
        raise ValueProblem(
            said(
                "{label}: without dim, PyTorch chooses one by how many dimensions come, and warns. "
                "Say along which the shares add up to 1, as in dim=1.",
                label=label,
            )
        )
    defaults = {key: one.default for key, one in inspect.signature(kind.module).parameters.items()}
    fields: dict[str, FieldValue] = {}
    for argument, value in {**_torch_defaults(kind, defaults), **given}.items():
        field = kind.field(argument)
        same = argument in defaults and _same(value, defaults[argument])
        if same and (value is None or not (field and field.required)):
            continue
        if field is None or field.at_call:
            raise ValueProblem(
                said(
                    "{label}: {argument}={value} is not supported. Leave {argument} out.",
                    label=label,
                    argument=argument,
                    value=described(value),
                )
            )
        fields[argument] = _as_field(label, field, value)
    return checked(name, fields, label)


def _torch_defaults(kind: LayerKind, defaults: Mapping[str, Value]) -> dict[str, Value]:
    """Return what torch takes for arguments that the catalogue always gives."""
    always = [field.name for field in kind.fields if field.required and not field.at_call]
    plain = {name: defaults[name] for name in always if name in defaults}
    return {name: value for name, value in plain.items() if isinstance(value, bool | int | float)}


def checked(name: str, fields: Mapping[str, FieldValue], label: str = "") -> Fields:
    """Return the fields with defaults for those left out; ValueProblem when they do not agree."""
    inputs = (INPUT,) * LAYERS[name].inputs[0]
    called = layer_name(label or name)
    try:
        return LayerSpec(name=called, kind=name, inputs=inputs, fields=Fields(fields)).fields
    except ValidationError as error:
        raise ValueProblem(readable(error)) from None


def _same(value: Value, default: Value) -> bool:
    return type(value) is type(default) and value == default


def _as_field(layer: str, field: Field, value: Value) -> FieldValue:
    """Return the value in the field's type: (3, 3) is 3, and 2.0 is 2 where 2 is meant."""
    value = known(value)
    if isinstance(value, list | tuple):
        value = tuple(known(part) for part in value)
    parts = value if isinstance(value, tuple) else (value,)
    if not all(isinstance(part, SCALARS) for part in parts):
        problem = said(
            "{layer}: {name} cannot be {value}.",
            layer=layer,
            name=field.name,
            value=described(value),
        )
        if any(isinstance(part, Unknown | Shape) for part in parts):
            problem = joined((problem, said("Give the input shape, or write the number.")))
        raise ValueProblem(problem)
    if field.kind == "int" and parts and all(_same(part, parts[0]) for part in parts):
        value = parts[0]
    if field.kind == "int" and isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        return field.accept(value)
    except ValueError as error:
        raise ValueProblem(said("{layer}: {error}", layer=layer, error=error)) from None
