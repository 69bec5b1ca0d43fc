"""Functions, operators and methods of tensors: the one table of what they are in the catalogue."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from models.fields import Value as FieldValue
from models.fields import shown
from models.layers import LAYERS
from models.source.arithmetic import ValueProblem
from models.source.modules import checked, complete
from models.source.network import LAST, stem
from models.source.values import (
    Data,
    Indices,
    Length,
    Shape,
    Training,
    Unknown,
    Value,
    described,
    is_number,
)

if TYPE_CHECKING:
    from models.source.network import Network

OPERATORS: dict[type[ast.operator], str] = {ast.Add: "Add", ast.Mult: "Multiply"}
SPACES = {"torch": torch, "torch.nn.functional": F, "torch.Tensor": torch.Tensor}
SHAPE_TEXT = "Write x.flatten(1), or x.view(x.size(0), ...) with numbers that the text gives."


@dataclass(frozen=True)
class Site:
    """Where a layer without a module is added: the network, the place, and how to name it."""

    network: Network
    node: ast.AST
    prefix: str = ""
    """Name of the module whose forward this is."""
    wanted: str = ""
    """The new variable that the result is given to."""

    def add(self, kind: str, data: Sequence[Value], fields: Mapping[str, FieldValue]) -> Data:
        """Add a layer of this kind and return its output."""
        if kind not in LAYERS:
            raise ValueProblem(f"there is no {kind} in the catalogue.")
        for value in data:
            if not isinstance(value, Data):
                raise ValueProblem(
                    f"{stem(kind)} needs the output of a layer, not {described(value)}."
                )
        inputs = tuple(value.layer for value in data)
        before = f"{self.prefix}_" if self.prefix else ""
        name = before + self.wanted
        if not (self.wanted and self.network.is_free(name)):
            name = before + stem(kind)
        return Data(self.network.function(kind, inputs, fields, name, self.node))


Handler = Callable[[Site, Sequence[Value], Mapping[str, Value]], Value]


@dataclass(frozen=True)
class Function:
    """A function that is one kind of layer."""

    kind: str
    parameters: tuple[str, ...] = ()
    """Its arguments behind the data; those that the kind's constructor has too are its fields."""
    given: Mapping[str, Value] = field(default_factory=dict)
    """Arguments that a call may leave out although they differ from the constructor's defaults."""
    ignored: Mapping[str, Value] = field(default_factory=dict)
    """Arguments that change nothing while they have this value."""

    def __call__(self, site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
        """Add the layer; an in-place one changes the value that it is given."""
        data, *others = values
        given = {**self.given, **arguments(self.parameters, others, named)}
        for name, same in self.ignored.items():
            if name in given and given.pop(name) != same:
                raise ValueProblem(f"{name} is not supported here. Leave it out.")
        if self.kind not in LAYERS:
            raise ValueProblem(f"there is no {self.kind} in the catalogue.")
        fields = complete(self.kind, given)
        made = site.add(self.kind, [data], fields)
        if fields.get("inplace", False):
            data.layer = made.layer
            return data
        return (made, Indices(made.layer)) if fields.get("return_indices", False) else made


def arguments(
    parameters: tuple[str, ...], values: Sequence[Value], named: Mapping[str, Value]
) -> dict[str, Value]:
    """Return argument name -> value; ValueProblem when there are too many or unknown ones."""
    given = dict(zip(parameters, values, strict=False))
    known = ", ".join(parameters) or "none"
    if len(values) > len(parameters) or set(named) - set(parameters) or set(named) & set(given):
        raise ValueProblem(f"these arguments are not supported here. Known are: {known}.")
    return {**given, **named}


def combine(site: Site, symbol: ast.operator, values: Sequence[Value]) -> Value:
    """Return the sum or product of values of which at least one is a tensor."""
    numbers = [value for value in values if is_number(value)]
    if isinstance(symbol, ast.Mult) and len(values) == 2 and numbers:
        data = next(value for value in values if not is_number(value))
        return site.add("Scale", [data], checked("Scale", {"factor": float(numbers[0])}))
    if type(symbol) not in OPERATORS:
        raise ValueProblem("between outputs of layers only + and * are supported.")
    for value in values:
        if not isinstance(value, Data):
            raise ValueProblem(f"{described(value)} cannot be combined with a layer's output.")
    return site.add(OPERATORS[type(symbol)], values, {})


def cut(site: Site, data: Data, index: Value) -> Value:
    """Return ``x[:, 2:4]``, or ``x[:, -1]`` of a recurrent layer."""
    parts = index if isinstance(index, tuple) else (index,)
    layer = site.network.layers.get(data.layer)
    if layer and "outputs" in layer.fields and _is_last(parts, bool(layer.fields["batch_first"])):
        return Data(data.layer + LAST)
    cuts = [(dim, part) for dim, part in enumerate(parts) if part != slice(None)]
    cuts = cuts or [(len(parts) - 1, parts[-1])]
    if len(cuts) != 1 or not isinstance(cuts[0][1], slice) or cuts[0][0] == 0:
        raise ValueProblem(
            "only a slice along one dimension behind the batch is supported, as in x[:, 0:4]; "
            "of a recurrent layer also its last step, as in out[:, -1]."
        )
    dim, part = cuts[0]
    fields = {"dim": dim, "start": part.start or 0, "end": part.stop or 0, "step": part.step or 1}
    if part.stop == 0:
        raise ValueProblem("this slice is empty.")
    return site.add("Slice", [data], checked("Slice", fields))


def _is_last(parts: Sequence[Value], batch_first: bool) -> bool:
    """Whether these are the indices of the last step; full slices may follow."""
    wanted = [slice(None), -1] if batch_first else [-1]
    rest = [part for part in parts[len(wanted) :] if part != slice(None)]
    return list(parts[: len(wanted)]) == wanted and not rest


def _concatenate(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
    given = arguments(("tensors", "dim"), values, named)
    parts = given.get("tensors")
    if not isinstance(parts, list | tuple) or not parts:
        raise ValueProblem("torch.cat needs a list of outputs of layers.")
    if len(parts) == 1 and isinstance(parts[0], Data):
        return parts[0]
    return site.add("Concat", parts, checked("Concat", {"dim": given.get("dim", 0)}))


def _operator(symbol: ast.operator) -> Handler:
    def apply(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
        if len(values) != 2 or named:
            raise ValueProblem("this takes two values and nothing else.")
        return combine(site, symbol, values)

    return apply


def _view(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
    """``x.view(x.size(0), -1)`` is known as Flatten; other sizes make a View."""
    sizes = _sizes(site, values, named)
    if sizes == (-1,):
        return site.add("Flatten", values[:1], checked("Flatten", {"start_dim": 1}))
    return site.add("View", values[:1], checked("View", {"shape": sizes}))


def _reshape(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
    sizes = _sizes(site, values, named)
    return site.add("View", values[:1], checked("View", {"shape": sizes}))


def _sizes(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> tuple[int, ...]:
    """Return the sizes behind the batch to which a value is reshaped."""
    data, *sizes = values
    if len(sizes) == 1 and isinstance(sizes[0], list | tuple):
        sizes = list(sizes[0])
    if named or len(sizes) < 2 or not isinstance(data, Data):
        raise ValueProblem(f"this way of reshaping is not supported. {SHAPE_TEXT}")
    first, *rest = sizes
    keeps_batch = isinstance(first, Length) and first.dim == 0
    if keeps_batch:
        keeps_batch = site.network.batch_of(first.layer) == site.network.batch_of(data.layer)
    if not (keeps_batch or (first == -1 and -1 not in rest)):
        raise ValueProblem(f"the first size must be the batch's. {SHAPE_TEXT}")
    if any(isinstance(size, Unknown) or not isinstance(size, int) for size in rest):
        raise ValueProblem(f"only the batch may be a size of the input. {SHAPE_TEXT}")
    return tuple(rest)


def _reduction(kind: str) -> Handler:
    def reduce(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
        data, *others = values
        given = arguments(("dim", "keepdim"), others, named)
        if not isinstance(given.get("dim"), int | list | tuple):
            raise ValueProblem("say which dimensions are reduced, as in x.mean(dim=(2, 3)).")
        dims = given["dim"] if isinstance(given["dim"], int) else tuple(given["dim"])
        return site.add(kind, [data], checked(kind, {**given, "dim": dims}))

    return reduce


def _dropout(kind: str) -> Handler:
    def drop(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
        data, *others = values
        given = arguments(("p", "training", "inplace"), others, named)
        training = given.pop("training", True)
        if training is False:
            return data
        if not isinstance(training, Training):
            raise ValueProblem(
                "this would drop values while evaluating too. Write training=self.training."
            )
        return Function(kind, ("p", "inplace"), {"p": 0.5})(site, [data], given)

    return drop


def _unflatten(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
    data, *others = values
    given = arguments(("dim", "sizes"), others, named)
    if isinstance(given.get("sizes"), list | tuple):
        given["sizes"] = tuple(given["sizes"])
    fields = {"dim": given.get("dim"), "unflattened_size": given.get("sizes")}
    return site.add("Unflatten", [data], checked("Unflatten", fields))  # type: ignore[arg-type]


def _transpose(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
    data, *others = values
    given = arguments(("dim0", "dim1"), others, named)
    return site.add("Transpose", [data], checked("Transpose", given))


def _same(_site: Site, values: Sequence[Value], _named: Mapping[str, Value]) -> Value:
    """Nothing that a gradient would notice: x.contiguous(), x.float(), x.long()."""
    return Data(values[0].layer) if isinstance(values[0], Data) else values[0]


def _detach(site: Site, values: Sequence[Value], _named: Mapping[str, Value]) -> Value:
    return site.add("Detach", values[:1], {})


def _size(_site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
    data, *others = values
    given = arguments(("dim",), others, named)
    if not isinstance(data, Data):
        raise ValueProblem(f"{described(data)} has no size.")
    shape = Shape(data.layer.removesuffix(LAST))
    return Length(shape.layer, given["dim"]) if "dim" in given else shape


def _rank(_site: Site, _values: Sequence[Value], _named: Mapping[str, Value]) -> Value:
    return Unknown()


_POOL = ("kernel_size", "stride", "padding")
_RESIZE = Function(
    "Upsample",
    ("size", "scale_factor", "mode", "align_corners", "recompute_scale_factor", "antialias"),
    ignored={"antialias": False},
)
_CAT: Handler = _concatenate

FUNCTIONS: dict[str, Handler] = {
    "adaptive_avg_pool2d": Function("AdaptiveAvgPool2d", ("output_size",)),
    "adaptive_max_pool2d": Function("AdaptiveMaxPool2d", ("output_size",)),
    "add": _operator(ast.Add()),
    "avg_pool2d": Function("AvgPool2d", (*_POOL, "ceil_mode", "count_include_pad")),
    "cat": _CAT,
    "clone": _same,
    "concat": _CAT,
    "concatenate": _CAT,
    "contiguous": _same,
    "detach": _detach,
    "dim": _rank,
    "dropout": _dropout("Dropout"),
    "dropout2d": _dropout("Dropout2d"),
    "elu": Function("ELU", ("alpha", "inplace")),
    "flatten": Function("Flatten", ("start_dim", "end_dim"), {"start_dim": 0}),
    "float": _same,
    "gelu": Function("GELU", ("approximate",)),
    "interpolate": _RESIZE,
    "leaky_relu": Function("LeakyReLU", ("negative_slope", "inplace")),
    "log_softmax": Function("LogSoftmax", ("dim",)),
    "long": _same,
    "max_pool1d": Function("MaxPool1d", (*_POOL, "dilation", "ceil_mode")),
    "max_pool2d": Function("MaxPool2d", (*_POOL, "dilation", "ceil_mode", "return_indices")),
    "mean": _reduction("Mean"),
    "mul": _operator(ast.Mult()),
    "multiply": _operator(ast.Mult()),
    "pixel_shuffle": Function("PixelShuffle", ("upscale_factor",)),
    "relu": Function("ReLU", ("inplace",)),
    "relu_": Function("ReLU", (), {"inplace": True}),
    "reshape": _reshape,
    "sigmoid": Function("Sigmoid"),
    "silu": Function("SiLU", ("inplace",)),
    "size": _size,
    "softmax": Function("Softmax", ("dim",)),
    "sum": _reduction("Sum"),
    "tanh": Function("Tanh"),
    "transpose": _transpose,
    "unflatten": _unflatten,
    "upsample": _RESIZE,
    "view": _view,
}
"""Name of a function of torch or torch.nn.functional, or of a tensor's method -> what it is."""


def is_known(path: str) -> bool:
    """Whether torch has a function of this path that the table knows."""
    space, _, name = path.rpartition(".")
    return name in FUNCTIONS and space in SPACES and hasattr(SPACES[space], name)


def not_known(path: str) -> str:
    """Return why a function cannot be called here."""
    near = difflib.get_close_matches(path.rpartition(".")[2], FUNCTIONS, n=3, cutoff=0.6)
    choice = f"Use {', '.join(near)}" if near else "Use layers of __init__, +, torch.cat and such"
    return f"{shown(path)} is not supported. {choice}."


def nail(site: Site, data: Value, node: ast.Call) -> Value:
    """Return a bed-of-nails unpooling when the call is written as the catalogue writes it."""
    factor = node.args[2]
    if isinstance(factor, ast.Constant) and type(factor.value) is int:
        fields = checked("BedOfNails", {"scale_factor": factor.value})
        written = LAYERS["BedOfNails"].code(fields, "", [ast.unparse(node.args[0])])
        if ast.unparse(ast.parse(written)) == ast.unparse(node):
            return site.add("BedOfNails", [data], fields)
    raise ValueProblem("max_unpool2d needs the indices that a max pool returned.")
