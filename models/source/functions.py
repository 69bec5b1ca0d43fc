"""Functions, operators and methods of tensors: the one table of what they are in the catalogue."""

from __future__ import annotations

import ast
import difflib
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from flow import parsing
from flow.said import said
from models.fields import shown
from models.layers import LAYERS
from models.source import operators, reshaping
from models.source.arithmetic import ValueProblem
from models.source.modules import bind, checked, complete
from models.source.site import Handler, Site, arguments
from models.source.sizes import LAST
from models.source.values import (
    Data,
    Indices,
    Shape,
    Training,
    Unknown,
    Value,
    described,
    length,
)

SPACES = {"torch": torch, "torch.nn.functional": F, "torch.Tensor": torch.Tensor}


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
                raise ValueProblem(said("{name} is not supported here. Leave it out.", name=name))
        if self.kind not in LAYERS:
            raise ValueProblem(said("there is no {kind} in the catalogue.", kind=self.kind))
        kind = LAYERS[self.kind]
        taken = inspect.signature(kind.module).parameters
        bind(self.kind, kind, (), {name: value for name, value in given.items() if name in taken})
        fields = complete(self.kind, given)
        made = site.add(self.kind, [data], fields)
        if fields.get("inplace", False):
            data.layer = made.layer
            return data
        return (made, Indices(made.layer)) if fields.get("return_indices", False) else made


def _concatenate(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
    given = arguments(("tensors", "dim"), values, named)
    parts = given.get("tensors")
    if not isinstance(parts, list | tuple) or not parts:
        raise ValueProblem(said("torch.cat needs a list of outputs of layers."))
    if len(parts) == 1 and isinstance(parts[0], Data):
        return parts[0]
    return site.add("Concat", parts, checked("Concat", {"dim": given.get("dim", 0)}))


def _operator(symbol: ast.operator) -> Handler:
    def apply(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
        if len(values) != 2 or named:
            raise ValueProblem(said("this takes two values and nothing else."))
        return operators.combine(site, symbol, values)

    return apply


def _reduction(kind: str) -> Handler:
    def reduce(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
        data, *others = values
        given = arguments(("dim", "keepdim"), others, named)
        if not isinstance(given.get("dim"), int | list | tuple):
            raise ValueProblem(said("say which dimensions are reduced, as in x.mean(dim=(2, 3))."))
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
                said("this would drop values while evaluating too. Write training=self.training.")
            )
        return Function(kind, ("p", "inplace"), {"p": 0.5})(site, [data], given)

    return drop


def _negated(site: Site, values: Sequence[Value], _named: Mapping[str, Value]) -> Value:
    return operators.scaled(site, values[0], -1.0)


def _same(_site: Site, values: Sequence[Value], _named: Mapping[str, Value]) -> Value:
    """Nothing that a gradient would notice: x.contiguous(), x.float(), x.long()."""
    return Data(values[0].layer) if isinstance(values[0], Data) else values[0]


def _detach(site: Site, values: Sequence[Value], _named: Mapping[str, Value]) -> Value:
    return site.add("Detach", values[:1], {})


def _size(site: Site, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
    data, *others = values
    given = arguments(("dim",), others, named)
    if not isinstance(data, Data):
        raise ValueProblem(said("{data} has no size.", data=described(data)))
    layer = data.layer.removesuffix(LAST)
    shape = Shape(layer, 0, site.network.shape_of(data.layer))
    if "dim" not in given:
        return shape
    try:
        return length(shape, given["dim"])
    except IndexError:
        raise ValueProblem(said("this has no dimension {dim}.", dim=given["dim"])) from None


def _rank(site: Site, values: Sequence[Value], _named: Mapping[str, Value]) -> Value:
    data = values[0]
    sizes = site.network.shape_of(data.layer) if isinstance(data, Data) else None
    return Unknown() if sizes is None else len(sizes)


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
    "div": _operator(ast.Div()),
    "divide": _operator(ast.Div()),
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
    "lp_pool2d": Function("LPPool2d", ("norm_type", "kernel_size", "stride", "ceil_mode")),
    "max_pool1d": Function("MaxPool1d", (*_POOL, "dilation", "ceil_mode")),
    "max_pool2d": Function("MaxPool2d", (*_POOL, "dilation", "ceil_mode", "return_indices")),
    "mean": _reduction("Mean"),
    "mul": _operator(ast.Mult()),
    "multiply": _operator(ast.Mult()),
    "neg": _negated,
    "negative": _negated,
    "pad": reshaping.pad,
    "permute": reshaping.permute,
    "pixel_shuffle": Function("PixelShuffle", ("upscale_factor",)),
    "relu": Function("ReLU", ("inplace",)),
    "relu_": Function("ReLU", (), {"inplace": True}),
    "reshape": reshaping.reshape,
    "sigmoid": Function("Sigmoid"),
    "silu": Function("SiLU", ("inplace",)),
    "size": _size,
    "softmax": Function("Softmax", ("dim",)),
    "sub": _operator(ast.Sub()),
    "subtract": _operator(ast.Sub()),
    "sum": _reduction("Sum"),
    "tanh": Function("Tanh"),
    "transpose": reshaping.transpose,
    "unflatten": reshaping.unflatten,
    "upsample": _RESIZE,
    "view": reshaping.view,
}
"""Name of a function of torch or torch.nn.functional, or of a tensor's method -> what it is."""


def is_known(path: str) -> bool:
    """Whether torch has a function of this path that the table knows."""
    space, _, name = path.rpartition(".")
    return name in FUNCTIONS and space in SPACES and hasattr(SPACES[space], name)


def not_known(path: str) -> str:
    """Return why a function cannot be called here; what torch has is no slip of the pen."""
    space, _, name = path.rpartition(".")
    real = space in SPACES and hasattr(SPACES[space], name)
    near = [] if real else difflib.get_close_matches(name, FUNCTIONS, n=3, cutoff=0.6)
    choice = (
        said("Use {names}", names=", ".join(near))
        if near
        else said("Use layers of __init__, +, torch.cat and such")
    )
    return said("{path} is not supported. {choice}.", path=shown(path), choice=choice)


def nail(site: Site, data: Value, node: ast.Call) -> Value:
    """Return a bed-of-nails unpooling when the call is written as the catalogue writes it."""
    factor = node.args[2]
    if isinstance(factor, ast.Constant) and type(factor.value) is int:
        fields = checked("BedOfNails", {"scale_factor": factor.value})
        written = LAYERS["BedOfNails"].code(fields, "", [ast.unparse(node.args[0])])
        if ast.unparse(parsing.module(written)) == ast.unparse(node):
            return site.add("BedOfNails", [data], fields)
    raise ValueProblem(said("max_unpool2d needs the indices that a max pool returned."))
