"""Whether the fields of a layer agree with each other: empty, or what must hold and what to do."""

from __future__ import annotations

from models.fields import Fields


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


def output_padding_is_small(fields: Fields) -> str:
    """More would ask for cells that no kernel reaches."""
    limit = max(fields.whole("stride"), fields.whole("dilation"))
    if fields.whole("output_padding") < limit:
        return groups_divide(fields)
    return (
        "output_padding must be smaller than stride or dilation. "
        f"It is {fields['output_padding']}; use {limit - 1} or less."
    )


def padding_is_half_a_window(fields: Fields) -> str:
    """More would make windows of padding alone."""
    half = fields.whole("kernel_size") // 2
    if fields.whole("padding") <= half:
        return ""
    return (
        f"padding must be at most half of kernel_size={fields['kernel_size']}. "
        f"It is {fields['padding']}; use {half} or less."
    )


def corners_need_bilinear(fields: Fields) -> str:
    """Copying cells knows no corners."""
    if fields["align_corners"] and fields["mode"] != "bilinear":
        return "align_corners needs mode=bilinear. Turn it off or change the mode."
    return ""


def one_size(fields: Fields) -> str:
    """A size is height and width, or neither where another rule gives it."""
    if bool(fields["height"]) != bool(fields["width"]):
        return "height and width must both be given, or both be 0."
    if fields["height"] and fields["restore"]:
        return "restore already says the size. Turn it off, or set height and width to 0."
    return ""
