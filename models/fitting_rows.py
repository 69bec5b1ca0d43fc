"""Whether an input fits a layer of features, sequences, shapes or joins: one rule per kind.

As in ``models.fitting``: empty, or what must hold, what came and what to do.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import zip_longest

from models.fields import Fields
from models.fitting import MAP_DIMENSIONS, fits_channels, fits_maps
from models.settings import MAX_STEPS
from models.shapes import Shape, Shapes, shape_text

SEQUENCE = 3
"""batch, time, features."""


def _fits_last(fields: Fields, shape: Shape, name: str) -> str:
    """The last dimension holds the features."""
    expected = fields.whole(name)
    if shape and shape[-1] == expected:
        return ""
    features = shape[-1] if shape else 1
    flatten = len(shape) == MAP_DIMENSIONS
    advice = "Put Flatten before it." if flatten else f"Set {name}={features}."
    return (
        f"{name} is {expected}, but the last dimension of its input "
        f"{shape_text(shape)} is {features}. {advice}"
    )


def fits_linear(fields: Fields, shapes: Shapes) -> str:
    """The last dimension holds the features."""
    return _fits_last(fields, shapes[0], "in_features")


def fits_batch_norm(fields: Fields, shapes: Shapes) -> str:
    """Four dimensions, one statistic per channel."""
    return fits_maps(fields, shapes) or fits_channels(fields, shapes, "num_features")


def fits_batch_norm1d(fields: Fields, shapes: Shapes) -> str:
    """Two or three dimensions, one statistic per feature."""
    if len(shapes[0]) in (2, 3):
        return fits_channels(fields, shapes, "num_features")
    return (
        "it needs an input of batch x features or batch x channels x length, but got "
        f"{shape_text(shapes[0])}. Use BatchNorm2d for maps."
    )


def fits_framed(_fields: Fields, shapes: Shapes) -> str:
    """Height and width to frame: three dimensions or more, up to four."""
    if len(shapes[0]) in (3, MAP_DIMENSIONS):
        return ""
    return (
        "it needs an input of batch x channels x height x width or batch x channels x length, "
        f"but got {shape_text(shapes[0])}. Put it before Flatten."
    )


def fits_instance_norm(fields: Fields, shapes: Shapes) -> str:
    """Four dimensions, and more than one cell to take a mean of."""
    problem = fits_batch_norm(fields, shapes)
    if problem or math.prod(shapes[0][2:]) > 1:
        return problem
    return f"it needs more than one cell a channel, but its input is {shape_text(shapes[0])}."


def fits_group_norm(fields: Fields, shapes: Shapes) -> str:
    """Channels in dimension 1, and more than one cell a group."""
    shape = shapes[0]
    if len(shape) < 2:
        return f"it needs an input of batch x channels x ..., but got {shape_text(shape)}."
    problem = fits_channels(fields, shapes, "num_channels")
    cells = math.prod(shape[1:]) // fields.whole("num_groups")
    if problem or cells * shape[0] > 1:
        return problem
    return f"it needs more than one cell a group, but its input is {shape_text(shape)}."


def fits_layer_norm(fields: Fields, shapes: Shapes) -> str:
    """The last dimensions are those that are normalised."""
    wanted, shape = fields.sizes("normalized_shape"), shapes[0]
    if shape[-len(wanted) :] == wanted:
        return ""
    return (
        f"normalized_shape is {shape_text(wanted)}, but its input {shape_text(shape)} ends with "
        f"{shape_text(shape[-len(wanted) :])}. Set normalized_shape to that."
    )


def fits_recurrent(fields: Fields, shapes: Shapes) -> str:
    """The input is batch x time x features, of not too many steps."""
    shape = shapes[0]
    if len(shape) != SEQUENCE:
        return _needs_sequence(shape)
    steps = shape[1 if fields["batch_first"] else 0]
    if steps > MAX_STEPS:
        return f"it runs at most {MAX_STEPS} steps, but its input {shape_text(shape)} has {steps}."
    return _fits_last(fields, shape, "input_size")


def _needs_sequence(shape: Shape) -> str:
    return (
        f"it needs an input of batch x time x features, but got {shape_text(shape)}. "
        "Give the input 3 dimensions."
    )


def fits_attention(width: str) -> Callable[[Fields, Shapes], str]:
    """Return the rule: sequences of that many features, the batch alike."""

    def fits(fields: Fields, shapes: Shapes) -> str:
        axis = 0 if fields["batch_first"] else 1
        for shape in shapes:
            if len(shape) != SEQUENCE:
                return _needs_sequence(shape)
            problem = _fits_last(fields, shape, width)
            if problem:
                return problem
        if len({shape[axis] for shape in shapes}) == 1:
            return ""
        came = " and ".join(map(shape_text, shapes))
        return f"its inputs must have one batch size, but are {came}."

    return fits


def fits_embedding(_fields: Fields, shapes: Shapes) -> str:
    """One more dimension must be possible."""
    if len(shapes[0]) <= MAP_DIMENSIONS:
        return ""
    return f"it adds a dimension, so its input has at most 4. It is {shape_text(shapes[0])}."


def _dimension_problem(shape: Shape, name: str, dim: int) -> str:
    if -len(shape) <= dim < len(shape):
        return ""
    count = f"{len(shape)} {'dimension' if len(shape) == 1 else 'dimensions'}"
    return (
        f"{name} is {dim}, but its input {shape_text(shape)} has {count}. "
        f"Use {name}={len(shape) - 1} or less."
    )


def fits_dimensions(*names: str) -> Callable[[Fields, Shapes], str]:
    """Return the rule that the named dimensions must exist."""

    def fits(fields: Fields, shapes: Shapes) -> str:
        problems = (
            _dimension_problem(shapes[0], name, dim) for name in names for dim in fields.sizes(name)
        )
        return next(filter(None, problems), "")

    return fits


def fits_reduced(fields: Fields, shapes: Shapes) -> str:
    """The dimensions must exist, each named once."""
    problem = fits_dimensions("dim")(fields, shapes)
    dims = [dim % len(shapes[0]) for dim in fields.sizes("dim") if shapes[0]]
    if problem or len(set(dims)) == len(dims):
        return problem
    return f"dim={fields['dim']} names one dimension of {shape_text(shapes[0])} twice."


def fits_slice(fields: Fields, shapes: Shapes) -> str:
    """The dimension must exist, and something must be left."""
    problem = fits_dimensions("dim")(fields, shapes)
    if problem:
        return problem
    there = shapes[0][fields.whole("dim")]
    if fields.whole("start") < there:
        return ""
    return (
        f"start is {fields['start']}, but dimension {fields['dim']} of its input "
        f"{shape_text(shapes[0])} has {there} cells. Use start={there - 1} or less."
    )


def fits_view(fields: Fields, shapes: Shapes) -> str:
    """The sizes must hold as many cells as a sample."""
    sizes, shape = fields.sizes("shape"), shapes[0]
    return _fits_sizes("shape", sizes, math.prod(shape[1:]), f"a sample of {shape_text(shape)}")


def fits_unflatten(fields: Fields, shapes: Shapes) -> str:
    """The dimension must exist and hold as many cells as the sizes."""
    problem = fits_dimensions("dim")(fields, shapes)
    if problem:
        return problem
    sizes, dim = fields.sizes("unflattened_size"), fields.whole("dim")
    came = f"dimension {dim} of its input {shape_text(shapes[0])}"
    return _fits_sizes("unflattened_size", sizes, shapes[0][dim], came)


def _fits_sizes(name: str, sizes: Shape, cells: int, what: str) -> str:
    known = math.prod(size for size in sizes if size != -1)
    if cells == known or (-1 in sizes and cells % known == 0):
        return ""
    came = ", ".join(map(str, sizes))
    return f"{name} is {came}, but {what} has {cells} cells. Choose sizes whose product is {cells}."


def fits_shuffle(fields: Fields, shapes: Shapes) -> str:
    """The channels must fill the blocks."""
    factor = fields.whole("upscale_factor")
    problem = fits_maps(fields, shapes)
    if problem or shapes[0][1] % factor**2 == 0:
        return problem
    return (
        f"upscale_factor={factor} needs a multiple of {factor**2} channels, but its input "
        f"{shape_text(shapes[0])} has {shapes[0][1]}."
    )


def fits_together(_fields: Fields, shapes: Shapes) -> str:
    """Sizes must be equal, or 1, dimension by dimension from the right."""
    for sizes in zip_longest(*(shape[::-1] for shape in shapes), fillvalue=1):
        if len(set(sizes) - {1}) > 1:
            came = " and ".join(map(shape_text, shapes))
            return f"its inputs must have one shape, but are {came}. Change the layers before it."
    return ""


def fits_concat(fields: Fields, shapes: Shapes) -> str:
    """All dimensions but the joined one must agree."""
    dim = fields.whole("dim")
    others = {shape[:dim] + shape[dim + 1 :] for shape in shapes}
    came = " and ".join(map(shape_text, shapes))
    if any(dim >= len(shape) for shape in shapes):
        return f"dim is {dim}, but its inputs are {came}. Use a smaller dim."
    if len(others) == 1:
        return ""
    return f"its inputs may differ only in dimension {dim}, but are {came}. Resize one of them."
