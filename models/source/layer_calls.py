"""Calling a layer of the catalogue in ``forward``: what it reads and what it returns."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from flow.said import said
from models.fields import Value as FieldValue
from models.layers import LAYERS
from models.shapes import shape_text
from models.source.arithmetic import ValueProblem
from models.source.network import Network
from models.source.site import GIVE_SHAPE
from models.source.values import Data, Indices, Layer, Second, Shape, Value, described, known

ATTENTION = "MultiheadAttention"
TRANSPOSED = {"ConvTranspose1d": 1, "ConvTranspose2d": 2}
"""Kinds that may be told the size of their output -> their axes."""


def call_layer(
    network: Network,
    layer: Layer,
    values: Sequence[Value],
    named: Mapping[str, Value],
    node: ast.AST,
) -> Value:
    """Add a call of the layer and return its output, in the form in which torch gives it."""
    kind = LAYERS[layer.kind]
    if kind.takes_indices:
        return _call_unpool(network, layer, values, named, node)
    if layer.kind in TRANSPOSED and len(values) == 1 and set(named) == {"output_size"}:
        return _call_transposed(network, layer, values[0], named["output_size"], node)
    if named:
        raise ValueProblem(
            said("{kind}: call it with its data only, without named arguments.", kind=layer.kind)
        )
    if layer.kind == ATTENTION:
        values = _attended(values)
    fewest, most = kind.inputs
    if not fewest <= len(values) <= most:
        raise ValueProblem(said("{kind} takes one value, as in self.conv(x).", kind=layer.kind))
    name = network.call(layer, tuple(_data(layer, value) for value in values), node)
    output = values[0] if layer.fields.get("inplace", False) else Data(name)
    output.layer = name
    if layer.fields.get("return_indices", False):
        return output, Indices(name)
    if layer.kind == ATTENTION:
        return output, Second(layer.kind)
    if "outputs" in layer.fields:
        return output, Second(layer.kind, said("; its last step is the last hidden state"))
    return output


def _data(layer: Layer, value: Value) -> str:
    if isinstance(value, Data):
        return value.layer
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], Indices):
        pool = value[1].pool
        raise ValueProblem(
            said("{pool} returns two values: write x, indices = self.{pool}(x).", pool=pool)
        )
    raise ValueProblem(
        said(
            "{kind} needs the output of a layer, but {value} came.",
            kind=layer.kind,
            value=described(value),
        )
    )


def _attended(values: Sequence[Value]) -> Sequence[Value]:
    """Return query, and what is attended to where that is another value."""
    names = [value.layer if isinstance(value, Data) else "" for value in values]
    if len(values) != 3 or names[1] != names[2]:
        raise ValueProblem(
            said(
                "{attention} takes a query and twice what it attends to: (x, y, y).",
                attention=ATTENTION,
            )
        )
    return values[:1] if names[0] == names[1] else values[:2]


def _call_transposed(
    network: Network, layer: Layer, data: Value, size: Value, node: ast.AST
) -> Value:
    """``self.up(x, output_size=y.size())``: the size says what output_padding would."""
    axes, name = TRANSPOSED[layer.kind], _data(layer, data)
    before, wanted = network.shape_of(name), known(size)
    if before is None:
        raise ValueProblem(said("output_size asks for sizes. {give_shape}", give_shape=GIVE_SHAPE))
    if not isinstance(wanted, list | tuple) or not all(type(side) is int for side in wanted):
        raise ValueProblem(said("output_size must be whole numbers, or the shape of a value."))
    steps, plain = layer.fields.each("stride", axes), _sizes_of_transposed(layer, before, axes)
    extra = tuple(side - least for side, least in zip(wanted[-axes:], plain, strict=False))
    if len(extra) != axes or any(
        not 0 <= more < step for more, step in zip(extra, steps, strict=True)
    ):
        most = tuple(least + step - 1 for least, step in zip(plain, steps, strict=True))
        raise ValueProblem(
            said(
                "output_size must be from {least} to {most} here.",
                least=shape_text(plain),
                most=shape_text(most),
            )
        )
    padding = extra[0] if len(set(extra)) == 1 else extra
    return Data(network.call(layer, (name,), node, output_padding=padding))


def _sizes_of_transposed(layer: Layer, before: Sequence[int], axes: int) -> tuple[int, ...]:
    """Return the sizes without output_padding."""
    names = ("stride", "padding", "dilation", "kernel_size")
    settings = zip(*(layer.fields.each(name, axes) for name in names), strict=True)
    return tuple(
        (cells - 1) * step - 2 * frame + spread * (taps - 1) + 1
        for cells, (step, frame, spread, taps) in zip(before[-axes:], settings, strict=True)
    )


def _call_unpool(
    network: Network,
    layer: Layer,
    values: Sequence[Value],
    named: Mapping[str, Value],
    node: ast.AST,
) -> Value:
    """``self.unpool(x, indices, output_size=...)``."""
    sizes = [*values[2:], *(value for name, value in named.items() if name == "output_size")]
    if len(values) < 2 or len(values) + len(named) != 2 + len(sizes[:1]):
        raise ValueProblem(said("write self.unpool(x, indices, output_size=y.shape)."))
    data, indices = values[:2]
    if not isinstance(indices, Indices):
        raise ValueProblem(
            said("{kind}: its second value must be a pool's indices.", kind=layer.kind)
        )
    size = output_size(network, indices, sizes[0]) if sizes else {"restore": False}
    return Data(network.call(layer, (_data(layer, data), indices.pool), node, **size))


def output_size(network: Network, indices: Indices, size: Value) -> dict[str, FieldValue]:
    """Return the fields of an unpooling to this size."""
    if isinstance(size, Shape) and size.start == 0:
        if size.layer == network.layers[indices.pool].inputs[0]:
            return {"restore": True}
        size = known(size)
    if _is_size(size):
        return {"restore": False, "height": size[-2], "width": size[-1]}
    raise ValueProblem(
        said(
            "output_size must be the shape of what {pool} read, or (height, width).",
            pool=indices.pool,
        )
    )


def _is_size(value: Value) -> bool:
    whole = isinstance(value, list | tuple) and all(type(side) is int for side in value)
    return whole and len(value) in (2, 4)


def is_nailed(node: ast.Call) -> bool:
    """Whether a call may be a bed-of-nails unpooling: max_unpool2d to places that it makes."""
    is_unpool = isinstance(node.func, ast.Attribute) and node.func.attr == "max_unpool2d"
    return is_unpool and len(node.args) == 3 and "arange" in ast.unparse(node.args[1])
