"""Functions that reshape, turn and frame a layer's output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flow.said import said
from models.source.arithmetic import ValueProblem
from models.source.modules import checked
from models.source.site import GIVE_SHAPE, Site, arguments
from models.source.values import Data, Length, Unknown, Value, known

SHAPE_TEXT = said("Write x.flatten(1), or x.view(x.size(0), ...) with numbers that the text gives.")


def view(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
    """``x.view(x.size(0), -1)`` is known as Flatten; other sizes make a View."""
    sizes = _sizes(site, values, named)
    if sizes == (-1,):
        return site.add("Flatten", values[:1], checked("Flatten", {"start_dim": 1}))
    return site.add("View", values[:1], checked("View", {"shape": sizes}))


def reshape(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
    """``x.reshape(x.shape[0], 2, 3)``: always a View."""
    sizes = _sizes(site, values, named)
    return site.add("View", values[:1], checked("View", {"shape": sizes}))


def _sizes(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> tuple[int, ...]:
    """Return the sizes behind the batch to which a value is reshaped."""
    data, *sizes = values
    if len(sizes) == 1 and isinstance(sizes[0], list | tuple):
        sizes = list(sizes[0])
    if named or len(sizes) < 2 or not isinstance(data, Data):
        raise ValueProblem(
            said("this way of reshaping is not supported. {shape_text}", shape_text=SHAPE_TEXT)
        )
    first, *rest = sizes
    keeps_batch = isinstance(first, Length) and first.dim == 0
    if keeps_batch:
        keeps_batch = site.network.batch_of(first.layer) == site.network.batch_of(data.layer)
    if not (keeps_batch or (first == -1 and -1 not in rest)):
        raise ValueProblem(
            said("the first size must be the batch's. {shape_text}", shape_text=SHAPE_TEXT)
        )
    rest = [known(size) for size in rest]
    if any(isinstance(size, Unknown) or not isinstance(size, int) for size in rest):
        raise ValueProblem(
            said("only the batch may be a size of the input. {shape_text}", shape_text=SHAPE_TEXT)
        )
    return tuple(rest)


def unflatten(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
    """``x.unflatten(1, (2, 3))``."""
    data, *others = values
    given = arguments(("dim", "sizes"), others, named)
    if isinstance(given.get("sizes"), list | tuple):
        given["sizes"] = tuple(given["sizes"])
    fields = {"dim": given.get("dim"), "unflattened_size": given.get("sizes")}
    return site.add("Unflatten", [data], checked("Unflatten", fields))  # type: ignore[arg-type]


def transpose(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
    """``x.transpose(1, 2)``."""
    data, *others = values
    given = arguments(("dim0", "dim1"), others, named)
    return site.add("Transpose", [data], checked("Transpose", given))


def permute(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
    """``x.permute(0, 2, 1)``: as many swaps of two dimensions as it takes."""
    data, *order = values
    if len(order) == 1 and isinstance(order[0], list | tuple):
        order = list(order[0])
    if named or not all(type(dim) is int for dim in order):
        raise ValueProblem(
            said("permute takes the dimensions one by one, as in x.permute(0, 2, 1).")
        )
    wanted = [dim + len(order) if dim < 0 else dim for dim in order]
    if sorted(wanted) != list(range(len(wanted))):
        raise ValueProblem(said("permute names each dimension once, as in x.permute(0, 2, 1)."))
    now = list(range(len(wanted)))
    for place, dim in enumerate(wanted):
        other = now.index(dim)
        if other != place:
            now[place], now[other] = now[other], now[place]
            fields = checked("Transpose", {"dim0": place, "dim1": other})
            data = site.add("Transpose", [data], fields)
    return data


def pad(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
    """``F.pad(x, (left, right, top, bottom))`` with zeros."""
    data, *others = values
    given = arguments(("pad", "mode", "value"), others, named)
    if given.get("mode", "constant") != "constant" or given.get("value") not in (None, 0):
        raise ValueProblem(
            said(
                "only a frame of zeros is read in F.pad. A Conv2d has padding_mode='reflect', "
                "'replicate' and 'circular'."
            )
        )
    frame = given.get("pad")
    sides: list[Any] = (
        [known(side) for side in frame] if isinstance(frame, list | tuple) else [frame]
    )
    if any(isinstance(side, Unknown) for side in sides):
        raise ValueProblem(
            said(
                "the sides of F.pad are numbers that the text gives. {give_shape}",
                give_shape=GIVE_SHAPE,
            )
        )
    if len(sides) % 2 or not all(type(side) is int for side in sides):
        raise ValueProblem(said("F.pad takes numbers in pairs: (left, right, top, bottom)."))
    if any(sides[4:]):
        raise ValueProblem(
            said("F.pad is read for height and width. Join channels with torch.cat.")
        )
    if not any(sides):
        return Data(data.layer) if isinstance(data, Data) else data
    padding: tuple[int, ...] = tuple([*sides, 0, 0][:4])
    return site.add("ZeroPad2d", [data], checked("ZeroPad2d", {"padding": padding}))
