"""What an entry of the catalogue must hold, checked when the catalogue is imported."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping

from models.fields import Field, Fields, MissingFieldError
from models.kinds.kind import LayerKind, called, fits_anything
from models.kinds.rules.reading import unknown
from models.shapes import Shape

INPUTS: tuple[Shape, ...] = ((2, 1), (2, 8), (2, 1, 8), (2, 4, 8, 8), (2, 1, 8, 8))
"""Shapes on which the rules of an entry are tried, where they fit."""


class CatalogueError(ValueError):
    """An entry that no layer could be made from; the message names its kind."""


def check(layers: Mapping[str, LayerKind]) -> None:
    """Raise CatalogueError for the first kind that is not described as its class is."""
    for name, kind in layers.items():
        for problem in _problems(name, kind):
            raise CatalogueError(f"{name}: {problem}")


def _problems(name: str, kind: LayerKind) -> Iterator[str]:
    if kind.module.__name__ != name:
        yield f"its module is {kind.module.__name__}. Give the entry the name of its class."
    yield from _of_names(kind)
    yield from _of_arguments(kind)
    for field in kind.fields:
        yield from _of_default(field)
    yield from _of_forms(kind)
    try:
        yield from _of_rules(kind)
    except MissingFieldError as error:
        yield f"one of its rules asks for a field that it does not have. {error}"


def _of_names(kind: LayerKind) -> Iterator[str]:
    """Every field must be there once, and so must those that other entries name."""
    names = [field.name for field in kind.fields]
    known = ", ".join(names) or "no fields"
    for name in names:
        if names.count(name) > 1:
            yield f"two of its fields are called {name}. Leave one out."
    mentioned = {
        "keeps": kind.keeps,
        "rows": (kind.rows,),
        "suggests_input": (kind.suggests_input.field,) if kind.suggests_input else (),
        "unless": tuple(field.unless for field in kind.fields),
    }
    for place, others in mentioned.items():
        for other in others:
            if other and other not in names:
                yield f"{place} names {other}, which is none of its fields. It has {known}."


def _of_arguments(kind: LayerKind) -> Iterator[str]:
    """Fields must be the constructor's arguments, in its order, and none may be missing."""
    arguments = inspect.signature(kind.module).parameters
    if any(argument.kind is argument.VAR_KEYWORD for argument in arguments.values()):
        return
    fields = {field.name: field for field in kind.fields if not field.at_call}
    known = ", ".join(arguments) or "none"
    for name in fields:
        if name not in arguments:
            yield (
                f"its field {name} is not an argument of {kind.module.__name__}, which takes "
                f"{known}. Rename the field, or give it at_call=True."
            )
    order = [name for name in arguments if name in fields]
    if order != list(fields):
        yield f"its fields must stand in the order of the constructor: {', '.join(order)}."
    leading = list(arguments)[: kind.positional]
    if list(fields)[: kind.positional] != leading:
        yield (
            f"positional is {kind.positional}, but the constructor begins with "
            f"{', '.join(leading)}. Give all of these a field, or use a smaller positional."
        )
    for name, argument in arguments.items():
        yield from _of_argument(name, argument.default, fields.get(name))


def _of_argument(name: str, default: object, field: Field | None) -> Iterator[str]:
    """What is left out of a call must mean what the catalogue says."""
    if default is inspect.Parameter.empty:
        if field is None:
            yield f"its constructor needs {name}. Give it a field of that name."
        elif not field.required:
            yield f"its constructor has no default for {name}. Give the field required=True."
    elif field and not field.required and default is not None and field.default != default:
        yield (
            f"{name} is {field.default!r} here, but {default!r} where a call leaves it out. "
            "Use the constructor's default, or give the field required=True."
        )


def _of_default(field: Field) -> Iterator[str]:
    try:
        field.accept(field.default)
    except ValueError as error:
        yield f"the default of a field is out of its bounds. {error}"


def _of_forms(kind: LayerKind) -> Iterator[str]:
    """What comes in two parts must have both."""
    if kind.expression and kind.code is called:
        yield "it has an expression, so say in code how source code writes a call."
    if kind.takes_indices and kind.inputs != (2, 2):
        yield "it takes a pool's indices, so it reads two inputs. Use inputs=(2, 2)."
    slides = kind.field("kernel_size") is not None
    if slides and (kind.fits is fits_anything or kind.reads is unknown):
        yield (
            "it has a kernel_size, but no window. Say how its fields make one, as the kinds of "
            "models/kinds/pooling.py do, and use its rules for verify, fits, operations and reads."
        )


def _of_rules(kind: LayerKind) -> Iterator[str]:
    """Defaults must go together, and rules must ask for no field but the kind's own."""
    fields = Fields({field.name: field.default for field in kind.fields})
    problem = kind.verify(fields)
    if problem:
        yield f"its defaults do not go together. {problem}"
    for shape in INPUTS:
        inputs = (shape,) * (kind.inputs[0] + kind.takes_indices)
        if not kind.fits(fields, inputs):
            kind.operations(fields, inputs, shape)
            kind.reads(fields, inputs, shape)
