"""Whether the fields of a layer agree with each other: empty, or what must hold and what to do."""

from __future__ import annotations

from collections.abc import Callable

from models.fields import Fields

AXES = 2


def always_right(_fields: Fields) -> str:
    """Fields that are right one by one are right together."""
    return ""


def groups_divide(fields: Fields) -> str:
    """Groups must divide the channels on both sides."""
    groups = fields.whole("groups")
    for name in ("in_channels", "out_channels"):
        if fields.whole(name) % groups:
            return f"{name} must be a multiple of groups={groups}. It is {fields[name]}."
    return ""


def convolution_agrees(fields: Fields) -> str:
    """Groups divide the channels; padding "same" keeps the size, so it needs stride 1."""
    problem = groups_divide(fields)
    if problem or fields["padding"] != "same":
        return problem
    if max(fields.each("stride", AXES)) > 1:
        return f"padding=same needs stride=1. It is {fields['stride']}; set stride=1."
    reach = zip(fields.each("dilation", AXES), fields.each("kernel_size", AXES), strict=False)
    if any(dilation * (kernel - 1) % 2 for dilation, kernel in reach):
        return (
            "padding=same needs the same padding on both sides, so an odd kernel or an even "
            f"dilation. kernel_size is {fields['kernel_size']}; use an odd one."
        )
    return ""


def output_padding_is_small(fields: Fields) -> str:
    """More would ask for cells that no kernel reaches."""
    steps = zip(fields.each("stride", AXES), fields.each("dilation", AXES), strict=False)
    limits = [max(step) for step in steps]
    wanted = fields.each("output_padding", AXES)
    if all(extra < limit for extra, limit in zip(wanted, limits, strict=False)):
        return groups_divide(fields)
    return (
        "output_padding must be smaller than stride or dilation. "
        f"It is {fields['output_padding']}; use {min(limits) - 1} or less."
    )


def pool_agrees(fields: Fields) -> str:
    """A window needs a step, and at most half of it as padding: no window of padding alone."""
    if "stride" in fields and fields["stride"] != 0 and min(fields.each("stride", AXES)) == 0:
        return f"stride must be 0 (as the window) or at least 1 each way. It is {fields['stride']}."
    kernel, padding = fields.each("kernel_size", AXES), fields.each("padding", AXES, 0)
    if all(pad <= size // 2 for pad, size in zip(padding, kernel, strict=False)):
        return ""
    return (
        f"padding must be at most half of kernel_size={fields['kernel_size']}. "
        f"It is {fields['padding']}; use {min(kernel) // 2} or less."
    )


def upsampling_agrees(fields: Fields) -> str:
    """Copying cells knows no corners; a size is given once."""
    if fields["align_corners"] and fields["mode"] not in ("linear", "bilinear", "bicubic"):
        return "align_corners needs mode=bilinear, linear or bicubic. Turn it off or change mode."
    if fields["size"] != 0 and min(fields.each("size", AXES)) == 0:
        return f"size must be 0 (by scale_factor) or at least 1 each way. It is {fields['size']}."
    if fields["size"] != 0 and fields["scale_factor"] != 2:
        return "size already says how large. Set scale_factor back to 2, or size to 0."
    return ""


def one_size(fields: Fields) -> str:
    """A size is height and width, or neither where another rule gives it."""
    if bool(fields["height"]) != bool(fields["width"]):
        return "height and width must both be given, or both be 0."
    if fields["height"] and fields["restore"]:
        return "restore already says the size. Turn it off, or set height and width to 0."
    return pool_agrees(fields)


def groups_divide_channels(fields: Fields) -> str:
    """Groups of a normalisation must divide its channels."""
    groups = fields.whole("num_groups")
    if fields.whole("num_channels") % groups:
        return (
            f"num_channels must be a multiple of num_groups={groups}. It is "
            f"{fields['num_channels']}."
        )
    return ""


def heads_divide(width: str, heads: str) -> Callable[[Fields], str]:
    """Return the rule that the heads of an attention must share its width equally."""

    def verify(fields: Fields) -> str:
        if fields.whole(width) % fields.whole(heads):
            return f"{width} must be a multiple of {heads}={fields[heads]}. It is {fields[width]}."
        return ""

    return verify


def divisor_is_not_zero(fields: Fields) -> str:
    """Nothing is divided by 0."""
    return "" if fields["divisor"] else "divisor must not be 0. Use 1 to leave the value as it is."


def frame_has_four_sides(fields: Fields) -> str:
    """One number for all sides, or left, right, top and bottom."""
    count = len(fields.sizes("padding"))
    if count in (1, 4):
        return ""
    return f"padding must be one number, or left, right, top and bottom. {count} came."


def slice_is_not_empty(fields: Fields) -> str:
    """A slice ends behind its start."""
    start, end = fields.whole("start"), fields.whole("end")
    if end and end <= start:
        return f"end must be larger than start={start}, or 0 for all that follows. It is {end}."
    return ""


def one_open_size(fields: Fields) -> str:
    """At most one size follows from the others, and none is 0; a cut makes two or more."""
    if "unflattened_size" in fields and len(fields.sizes("unflattened_size")) == 1:
        return f"unflattened_size must be two sizes or more. It is {fields['unflattened_size']}."
    for name in ("shape", "unflattened_size"):
        sizes = fields.sizes(name) if name in fields else ()
        if 0 in sizes or sizes.count(-1) > 1:
            return f"{name} must be sizes of at least 1, one of them -1 at most. It is {sizes}."
    return ""


def dimensions_are_listed_once(fields: Fields) -> str:
    """Reduced dimensions are counted from the front or from the back, each once."""
    dims = fields.sizes("dim")
    if len(set(dims)) < len(dims):
        return f"dim must name each dimension once. It is {dims}."
    return ""
