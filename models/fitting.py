"""Whether an input fits a layer: one rule per kind, asked before torch is.

Every rule takes the layer's fields and the shapes of its inputs and returns an empty string,
or what must hold, what came and what to do. The caller puts the layer's name in front.
torch alone is not enough: its messages do not name the layer, and on the meta device it
accepts some shapes that it refuses elsewhere.
"""

from __future__ import annotations

from itertools import zip_longest

from models.fields import Fields

Shape = tuple[int, ...]
Shapes = tuple[Shape, ...]

MAP_DIMENSIONS = 4
"""batch, channels, height, width."""


def shape_text(shape: Shape) -> str:
    """Return (2, 1, 4, 4) as "2x1x4x4"."""
    return "x".join(map(str, shape)) or "a single number"


def _square(size: int) -> str:
    return f"{size}x{size}"


def fits_anything(_fields: Fields, _shapes: Shapes) -> str:
    """Every input fits."""
    return ""


def fits_maps(_fields: Fields, shapes: Shapes) -> str:
    """The input must be batch x channels x height x width."""
    if len(shapes[0]) == MAP_DIMENSIONS:
        return ""
    return (
        "it needs an input of batch x channels x height x width, but got "
        f"{shape_text(shapes[0])}. Put it before Flatten, or give the input 4 dimensions."
    )


def _fits_channels(fields: Fields, shapes: Shapes, name: str) -> str:
    expected, channels = fields.whole(name), shapes[0][1]
    if channels == expected:
        return ""
    return (
        f"{name} is {expected}, but its input {shape_text(shapes[0])} has {channels} "
        f"{'channel' if channels == 1 else 'channels'}. Set {name}={channels}."
    )


def _fits_window(fields: Fields, shape: Shape, largest_padding: int) -> str:
    """The (dilated) kernel must not be larger than the padded map."""
    kernel, padding = fields.whole("kernel_size"), fields.whole("padding")
    dilation = fields.whole("dilation") if "dilation" in fields else 1
    covered = dilation * (kernel - 1) + 1
    smallest = min(shape[-2:])
    if covered <= smallest + 2 * padding:
        return ""
    reach = f" with dilation={dilation} covers {_square(covered)} and" if dilation > 1 else ""
    came = shape_text(shape[-2:]) + (f" input (padding={padding})" if padding else " input")
    enough = -(-(covered - smallest) // 2)
    advice = f"Use padding={enough} or a" if enough <= largest_padding else "Use a"
    return f"a {_square(kernel)} kernel{reach} does not fit its {came}. {advice} smaller kernel."


def fits_conv(fields: Fields, shapes: Shapes) -> str:
    """Four dimensions, the right channels, a kernel no larger than the padded map."""
    return (
        fits_maps(fields, shapes)
        or _fits_channels(fields, shapes, "in_channels")
        or _fits_window(fields, shapes[0], largest_padding=fields.whole("kernel_size"))
    )


def fits_conv_transpose(fields: Fields, shapes: Shapes) -> str:
    """Four dimensions, the right channels, an output of at least one cell."""
    problem = fits_maps(fields, shapes) or _fits_channels(fields, shapes, "in_channels")
    if problem:
        return problem
    kernel, stride = fields.whole("kernel_size"), fields.whole("stride")
    padding, extra = fields.whole("padding"), fields.whole("output_padding")
    covered = fields.whole("dilation") * (kernel - 1) + 1
    sizes = [(size - 1) * stride - 2 * padding + covered + extra for size in shapes[0][-2:]]
    if min(sizes) >= 1:
        return ""
    return (
        f"padding={padding} cuts its {shape_text(shapes[0][-2:])} input down to nothing. "
        "Use a smaller padding or a larger kernel."
    )


def fits_pool(fields: Fields, shapes: Shapes) -> str:
    """Four dimensions, a window no larger than the padded map."""
    half = fields.whole("kernel_size") // 2
    return fits_maps(fields, shapes) or _fits_window(fields, shapes[0], largest_padding=half)


def fits_batch_norm(fields: Fields, shapes: Shapes) -> str:
    """Four dimensions, one statistic per channel."""
    return fits_maps(fields, shapes) or _fits_channels(fields, shapes, "num_features")


def fits_linear(fields: Fields, shapes: Shapes) -> str:
    """The last dimension holds the features."""
    expected, shape = fields.whole("in_features"), shapes[0]
    if shape and shape[-1] == expected:
        return ""
    features = shape[-1] if shape else 1
    flatten = len(shape) == MAP_DIMENSIONS
    advice = "Put Flatten before it." if flatten else f"Set in_features={features}."
    return (
        f"in_features is {expected}, but the last dimension of its input "
        f"{shape_text(shape)} is {features}. {advice}"
    )


def fits_flatten(fields: Fields, shapes: Shapes) -> str:
    """The first dimension to flatten must exist."""
    start = fields.whole("start_dim")
    if start < len(shapes[0]):
        return ""
    return (
        f"start_dim is {start}, but its input {shape_text(shapes[0])} has "
        f"{len(shapes[0])} dimensions. Use start_dim={len(shapes[0]) - 1} or less."
    )


def fits_add(_fields: Fields, shapes: Shapes) -> str:
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


def unpool_size(fields: Fields, shapes: Shapes) -> Shape:
    """Return height and width of an unpooled map; shapes: data, pooled, input of the pool."""
    if fields.whole("height"):
        return fields.whole("height"), fields.whole("width")
    if fields["restore"]:
        return shapes[2][-2:]
    return unpool_default_size(fields, shapes[0])


def unpool_default_size(fields: Fields, shape: Shape) -> Shape:
    """Return the height and width torch chooses when none is asked for."""
    kernel, padding = fields.whole("kernel_size"), fields.whole("padding")
    stride = fields.whole("stride") or kernel
    return tuple((size - 1) * stride - 2 * padding + kernel for size in shape[-2:])


def fits_unpool(fields: Fields, shapes: Shapes) -> str:
    """As many cells as indices; a size that torch reaches and that holds every index.

    Indices count the cells of the map that was pooled, so a smaller map cannot hold them all.
    """
    problem = fits_maps(fields, shapes)
    if problem:
        return problem
    data, pooled, before = shapes
    if data != pooled:
        return (
            f"it needs one value per index, but its input is {shape_text(data)} and the pool "
            f"gave {shape_text(pooled)} indices. Give the layers between them equal shapes."
        )
    size, default = unpool_size(fields, shapes), unpool_default_size(fields, data)
    stride = fields.whole("stride") or fields.whole("kernel_size")
    if any(abs(a - b) >= stride for a, b in zip(size, default, strict=True)) or min(size) < 1:
        return (
            f"it cannot make {shape_text(size)} of {shape_text(data[-2:])}, only about "
            f"{shape_text(default)}. Use the kernel_size and stride of its pool."
        )
    if size[0] * size[1] < before[-2] * before[-1]:
        return (
            f"its indices count the cells of a {shape_text(before[-2:])} map, which do not fit "
            f"into {shape_text(size)}. Turn restore on or ask for a larger size."
        )
    return ""
