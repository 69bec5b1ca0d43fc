"""Whether an input has the dimensions, channels or features that a layer was made for.

Every rule returns an empty string, or what must hold, what came and what to do.
"""

from __future__ import annotations

from collections.abc import Callable

from flow.said import said
from models.fields import Fields
from models.shapes import Shape, Shapes, shape_text

MAP_DIMENSIONS = 4
"""batch, channels, height, width."""
SEQUENCE = 3
"""batch, time, features."""


def divides(parts: str, *wholes: str) -> Callable[[Fields], str]:
    """Return the rule that the number in one field must divide those in others."""

    def verify(fields: Fields) -> str:
        for whole in wholes:
            if fields.whole(whole) % fields.whole(parts):
                return said(
                    "{whole} must be a multiple of {parts}={divisor}. It is {value}.",
                    whole=whole,
                    parts=parts,
                    divisor=fields[parts],
                    value=fields[whole],
                )
        return ""

    return verify


def fits_maps(_fields: Fields, shapes: Shapes) -> str:
    """The input must be batch x channels x height x width."""
    if len(shapes[0]) == MAP_DIMENSIONS:
        return ""
    return said(
        "it needs an input of batch x channels x height x width, but got "
        "{shape}. Put it before Flatten, or give the input 4 dimensions.",
        shape=shape_text(shapes[0]),
    )


def fits_lines(_fields: Fields, shapes: Shapes) -> str:
    """The input must be batch x channels x length."""
    if len(shapes[0]) == MAP_DIMENSIONS - 1:
        return ""
    return said(
        "it needs an input of batch x channels x length, but got {shape}. "
        "Give the input 3 dimensions.",
        shape=shape_text(shapes[0]),
    )


def fits_axes(axes: int, fields: Fields, shapes: Shapes) -> str:
    """The input must be a line (one axis after the channels) or a map (two)."""
    return fits_lines(fields, shapes) if axes == 1 else fits_maps(fields, shapes)


def fits_channels(fields: Fields, shapes: Shapes, name: str) -> str:
    """Dimension 1 must hold as many channels as the field of this name says."""
    expected, channels = fields.whole(name), shapes[0][1]
    if channels == expected:
        return ""
    count = (
        said("{count} channel", count=1)
        if channels == 1
        else said("{count} channels", count=channels)
    )
    return said(
        "{name} is {expected}, but its input {shape} has {count}. Set {name}={channels}.",
        name=name,
        expected=expected,
        shape=shape_text(shapes[0]),
        count=count,
        channels=channels,
    )


def fits_last(fields: Fields, shape: Shape, name: str) -> str:
    """The last dimension must hold as many features as the field of this name says."""
    expected = fields.whole(name)
    if shape and shape[-1] == expected:
        return ""
    features = shape[-1] if shape else 1
    flatten = len(shape) == MAP_DIMENSIONS
    advice = (
        said("Put Flatten before it.")
        if flatten
        else said("Set {name}={features}.", name=name, features=features)
    )
    return said(
        "{name} is {expected}, but the last dimension of its input {shape} is {features}. {advice}",
        name=name,
        expected=expected,
        shape=shape_text(shape),
        features=features,
        advice=advice,
    )


def fits_sequence(shape: Shape) -> str:
    """The input must be batch x time x features, in either order of the first two."""
    if len(shape) == SEQUENCE:
        return ""
    return said(
        "it needs an input of batch x time x features, but got {shape}. "
        "Give the input 3 dimensions.",
        shape=shape_text(shape),
    )


def fits_dimensions(*names: str) -> Callable[[Fields, Shapes], str]:
    """Return the rule that the dimensions which these fields name must exist."""

    def fits(fields: Fields, shapes: Shapes) -> str:
        problems = (
            _dimension_problem(shapes[0], name, dim) for name in names for dim in fields.sizes(name)
        )
        return next(filter(None, problems), "")

    return fits


def _dimension_problem(shape: Shape, name: str, dim: int) -> str:
    if -len(shape) <= dim < len(shape):
        return ""
    count = (
        said("{count} dimension", count=1)
        if len(shape) == 1
        else said("{count} dimensions", count=len(shape))
    )
    return said(
        "{name} is {dim}, but its input {shape} has {count}. Use {name}={number} or less.",
        name=name,
        dim=dim,
        shape=shape_text(shape),
        count=count,
        number=len(shape) - 1,
    )
