"""Whether maps fit a layer that slides over them: one rule per kind, asked before torch is.

Every rule takes the layer's fields and the shapes of its inputs and returns an empty string,
or what must hold, what came and what to do. The caller puts the layer's name in front.
torch alone is not enough: its messages do not name the layer, and on the meta device it
accepts some shapes that it refuses elsewhere. Other layers' rules: ``models.fitting_rows``.
"""

from __future__ import annotations

from models.fields import Fields
from models.shapes import Shape, Shapes, shape_text

MAP_DIMENSIONS = 4
"""batch, channels, height, width."""


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


def fits_lines(_fields: Fields, shapes: Shapes) -> str:
    """The input must be batch x channels x length."""
    if len(shapes[0]) == MAP_DIMENSIONS - 1:
        return ""
    return (
        f"it needs an input of batch x channels x length, but got {shape_text(shapes[0])}. "
        "Give the input 3 dimensions."
    )


def fits_channels(fields: Fields, shapes: Shapes, name: str) -> str:
    """Dimension 1 holds as many channels as the layer was made for."""
    expected, channels = fields.whole(name), shapes[0][1]
    if channels == expected:
        return ""
    return (
        f"{name} is {expected}, but its input {shape_text(shapes[0])} has {channels} "
        f"{'channel' if channels == 1 else 'channels'}. Set {name}={channels}."
    )


def padding_of(fields: Fields, axes: int) -> tuple[int, ...]:
    """Return the padding on each side of each axis; "same" keeps the size, "valid" adds none."""
    padding = fields.get("padding")
    if padding == "valid":
        return (0,) * axes
    if padding != "same":
        return fields.each("padding", axes, 0)
    return tuple((covered - 1) // 2 for covered in covered_by(fields, axes))


def covered_by(fields: Fields, axes: int) -> tuple[int, ...]:
    """Return how many cells the (dilated) kernel covers along each axis."""
    dilation, kernel = fields.each("dilation", axes, 1), fields.each("kernel_size", axes)
    return tuple(step * (size - 1) + 1 for step, size in zip(dilation, kernel, strict=True))


def _fits_window(fields: Fields, shape: Shape, largest: int) -> str:
    """The (dilated) kernel must not be larger than the padded map."""
    axes = len(shape) - 2
    covered, padding = covered_by(fields, axes), padding_of(fields, axes)
    missing = [c - n for c, n in zip(covered, shape[2:], strict=True)]
    if all(more <= 2 * pad for more, pad in zip(missing, padding, strict=True)):
        return ""
    dilated = max(fields.each("dilation", axes, 1)) > 1
    reach = (
        f" with dilation={fields['dilation']} covers {shape_text(covered)} and" if dilated else ""
    )
    came = shape_text(shape[2:]) + (
        f" input (padding={fields['padding']})" if any(padding) else " input"
    )
    enough = -(-max(missing) // 2)
    framed = "padding" in fields and enough <= largest
    advice = f"Use padding={enough} or a" if framed else "Use a"
    kernel = shape_text(fields.each("kernel_size", axes))
    return f"a {kernel} kernel{reach} does not fit its {came}. {advice} smaller kernel."


def _fits_frame(fields: Fields, shape: Shape) -> str:
    """Mirrored or wrapped cells must exist."""
    mode, axes = fields["padding_mode"], len(shape) - 2
    spare = {"reflect": 1, "circular": 0}.get(str(mode))
    if spare is None:
        return ""
    for pad, size in zip(padding_of(fields, axes), shape[2:], strict=True):
        if pad > size - spare:
            return (
                f"padding_mode={mode} repeats {pad} cells of each side, but its input is "
                f"{shape_text(shape[2:])}. Use padding={size - spare} or less, or another mode."
            )
    return ""


def _fits_convolution(fields: Fields, shapes: Shapes) -> str:
    largest = max(fields.each("kernel_size", len(shapes[0]) - 2))
    return (
        fits_channels(fields, shapes, "in_channels")
        or _fits_frame(fields, shapes[0])
        or _fits_window(fields, shapes[0], largest)
    )


def fits_conv(fields: Fields, shapes: Shapes) -> str:
    """Four dimensions, the right channels, a kernel no larger than the padded map."""
    return fits_maps(fields, shapes) or _fits_convolution(fields, shapes)


def fits_conv1d(fields: Fields, shapes: Shapes) -> str:
    """Three dimensions, the right channels, a kernel no longer than the padded line."""
    return fits_lines(fields, shapes) or _fits_convolution(fields, shapes)


def _fits_transposed(fields: Fields, shapes: Shapes) -> str:
    problem = fits_channels(fields, shapes, "in_channels")
    if problem:
        return problem
    axes = len(shapes[0]) - 2
    stride, padding = fields.each("stride", axes), fields.each("padding", axes)
    covered, extra = covered_by(fields, axes), fields.each("output_padding", axes)
    sizes = [
        (size - 1) * stride[a] - 2 * padding[a] + covered[a] + extra[a]
        for a, size in enumerate(shapes[0][2:])
    ]
    if min(sizes) >= 1:
        return ""
    return (
        f"padding={fields['padding']} cuts its {shape_text(shapes[0][2:])} input down to nothing. "
        "Use a smaller padding or a larger kernel."
    )


def fits_conv_transpose(fields: Fields, shapes: Shapes) -> str:
    """Four dimensions, the right channels, an output of at least one cell."""
    return fits_maps(fields, shapes) or _fits_transposed(fields, shapes)


def fits_conv_transpose1d(fields: Fields, shapes: Shapes) -> str:
    """Three dimensions, the right channels, an output of at least one cell."""
    return fits_lines(fields, shapes) or _fits_transposed(fields, shapes)


def fits_pool(fields: Fields, shapes: Shapes) -> str:
    """Four dimensions, a window no larger than the padded map."""
    half = min(fields.each("kernel_size", 2)) // 2
    return fits_maps(fields, shapes) or _fits_window(fields, shapes[0], half)


def fits_pool1d(fields: Fields, shapes: Shapes) -> str:
    """Three dimensions, a window no longer than the padded line."""
    half = fields.whole("kernel_size") // 2
    return fits_lines(fields, shapes) or _fits_window(fields, shapes[0], half)


def unpool_size(fields: Fields, shapes: Shapes) -> Shape:
    """Return height and width of an unpooled map; shapes: data, pooled, input of the pool."""
    if fields.whole("height"):
        return fields.whole("height"), fields.whole("width")
    if fields["restore"]:
        return shapes[2][-2:]
    return unpool_default_size(fields, shapes[0])


def unpool_default_size(fields: Fields, shape: Shape) -> Shape:
    """Return the height and width torch chooses when none is asked for."""
    kernel, padding = fields.each("kernel_size", 2), fields.each("padding", 2)
    stride = _unpool_stride(fields)
    return tuple(
        (size - 1) * stride[a] - 2 * padding[a] + kernel[a] for a, size in enumerate(shape[-2:])
    )


def _unpool_stride(fields: Fields) -> Shape:
    return fields.each("stride" if fields["stride"] else "kernel_size", 2)


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
    reachable = zip(size, default, _unpool_stride(fields), strict=True)
    if any(abs(a - b) >= stride for a, b, stride in reachable) or min(size) < 1:
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


def fits_upsample(fields: Fields, shapes: Shapes) -> str:
    """Three or four dimensions, as the mode needs; an output of at least one cell."""
    mode, shape = fields["mode"], shapes[0]
    axes = len(shape) - 2
    needed = {"linear": (1,), "bilinear": (2,), "bicubic": (2,)}.get(str(mode), (1, 2))
    if axes not in needed:
        wanted = fits_lines if needed == (1,) else fits_maps
        return wanted(fields, shapes)
    if isinstance(fields["size"], tuple) and axes == 1:
        return f"size={fields['size']} is height and width, but its input is {shape_text(shape)}."
    scale = fields.number("scale_factor")
    if not fields["size"] and min(int(size * scale) for size in shape[2:]) < 1:
        return (
            f"scale_factor={scale:g} leaves nothing of its {shape_text(shape[2:])} input. "
            "Use a larger scale_factor."
        )
    return "" if fields["size"] else _fits_scale(str(mode), shape[2:], scale)


def _fits_scale(mode: str, sizes: Shape, scale: float) -> str:
    """The scale must be what it makes where torch's backward goes by the sizes alone."""
    for size in sizes:
        wide = int(size * scale)
        simple = {"nearest": (size, 2 * size), "bicubic": (size,)}.get(mode, ())
        if wide in simple and wide != size * scale:
            return (
                f"scale_factor={scale:g} makes {wide} cells of {size}, and torch's backward then "
                f"reads other cells than its forward. Use scale_factor={wide // size} or a size."
            )
    return ""
