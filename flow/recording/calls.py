"""What a torch function does besides computing: write into an argument, or draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import torch
from torch import Tensor

Arguments = tuple[Any, ...]
Keywords = Mapping[str, Any]

IN_PLACE_OPERATORS = frozenset(
    f"__i{operator}__"
    for operator in (
        *("add", "and", "div", "floordiv", "lshift", "matmul", "mod"),
        *("mul", "or", "pow", "rshift", "sub", "truediv", "xor"),
    )
)
ALWAYS_DRAWING = frozenset(
    {
        "gumbel_softmax",
        "fractional_max_pool2d",
        "fractional_max_pool2d_with_indices",
        "fractional_max_pool3d",
        "fractional_max_pool3d_with_indices",
    }
)
"""Functions written in Python that draw at every call."""
DROPPING = frozenset(
    {
        *("dropout", "dropout_", "dropout1d", "dropout2d", "dropout3d", "native_dropout"),
        *("alpha_dropout", "alpha_dropout_", "feature_dropout", "feature_dropout_"),
        *("feature_alpha_dropout", "feature_alpha_dropout_", "rrelu", "rrelu_"),
        *("multi_head_attention_forward", "scaled_dot_product_attention"),
    }
)
"""Functions that draw only while training and with a probability above 0."""
RECURRENT = frozenset({"lstm", "gru", "rnn_tanh", "rnn_relu"})


class Traits(NamedTuple):
    """What there is to know about one torch function before it is called."""

    name: str
    plain: bool
    """Whether none of the following applies."""
    writes: bool
    """Whether it always writes into an argument."""
    inplace_at: int
    """Position of its argument ``inplace``, -1 if there is none."""
    exposes: bool
    """Whether it hands out memory that can be written unseen: ``x.data``, ``x.numpy()``."""
    sets_data: bool
    """Whether it is the assignment ``x.data = ...``."""
    cuts: bool
    """Whether its result is its argument without a way back: ``x.detach()``, ``x.data``."""
    hooks: bool
    """Whether it hangs a hook on a tensor that may change its gradient."""
    draws: Callable[[Arguments, Keywords], bool] | None
    """Whether a call with these arguments draws random numbers; None for never."""

    def writes_now(self, args: Arguments, kwargs: Keywords) -> bool:
        """Whether a call with these arguments writes into one of them."""
        if self.writes or self.exposes or kwargs.get("inplace") or kwargs.get("out") is not None:
            return True
        return 0 <= self.inplace_at < len(args) and bool(args[self.inplace_at])


@lru_cache(maxsize=4096)
def traits_of(func: Any) -> Traits:
    """Look a torch function up; there are some two thousand of them."""
    name = getattr(func, "__name__", "")
    parameters = _parameters(func)
    writes = name in IN_PLACE_OPERATORS or name == "__setitem__" or _ends_like_a_write(name)
    inplace_at = parameters.index("inplace") if "inplace" in parameters else -1
    exposes = func in EXPOSING
    sets_data = func == Tensor.data.__set__  # type: ignore[attr-defined]
    cuts = func in CUTTING
    hooks = func == Tensor.register_hook
    draws = _drawing(func, name, parameters)
    plain = not (writes or inplace_at >= 0 or exposes or sets_data or cuts or hooks or draws)
    return Traits(name, plain, writes, inplace_at, exposes, sets_data, cuts, hooks, draws)


EXPOSING = frozenset(
    {
        Tensor.data.__get__,  # type: ignore[attr-defined]
        Tensor.numpy,
        Tensor.__array__,
        Tensor.__dlpack__,
        Tensor.data_ptr,
        Tensor.storage,
        Tensor.untyped_storage,
    }
)


CUTTING = frozenset(
    {
        Tensor.detach,
        Tensor.detach_,
        torch.detach,
        torch.detach_,
        Tensor.data.__get__,  # type: ignore[attr-defined]
    }
)


def _ends_like_a_write(name: str) -> bool:
    return name.endswith("_") and not name.endswith("__") and name not in KEEPING


KEEPING = frozenset({"requires_grad_", "share_memory_", "rename_"})
"""Methods that end like a write but change no number."""


def _parameters(func: Any) -> tuple[str, ...]:
    """Return the parameter names of a function written in Python, nothing for others."""
    code = getattr(func, "__code__", None)
    return () if code is None else tuple(code.co_varnames[: code.co_argcount])


def _drawing(
    func: Any, name: str, parameters: tuple[str, ...]
) -> Callable[[Arguments, Keywords], bool] | None:
    if name in DROPPING:
        return _dropping(name, parameters)
    if name in RECURRENT:
        return _recurrent_draws
    from_init = getattr(func, "__module__", "") == "torch.nn.init"
    if name in ALWAYS_DRAWING or from_init or _is_tagged(name):
        return _always
    return None


def _is_tagged(name: str) -> bool:
    """Whether torch itself marks the operation of this name as drawing."""
    if not name or name.startswith("__"):
        return False
    packet = getattr(torch.ops.aten, name, None)
    if packet is None or not hasattr(packet, "overloads"):
        return False
    return any(
        torch.Tag.nondeterministic_seeded in getattr(packet, overload).tags
        for overload in packet.overloads()
    )


def _always(_args: Arguments, _kwargs: Keywords) -> bool:
    return True


def _dropping(name: str, parameters: tuple[str, ...]) -> Callable[[Arguments, Keywords], bool]:
    """Return whether a call drops anything, by its probability and its training flag."""
    if not parameters:
        parameters = (
            ("query", "key", "value", "attn_mask", "dropout_p")
            if name == "scaled_dot_product_attention"
            else ("input", "p", "train")
        )

    def draws(args: Arguments, kwargs: Keywords) -> bool:
        given = dict(zip(parameters, args, strict=False))
        given.update(kwargs)
        probability = given.get("p", given.get("dropout_p", given.get("upper", 1)))
        return bool(probability) and bool(given.get("training", given.get("train", True)))

    return draws


def _recurrent_draws(args: Arguments, _kwargs: Keywords) -> bool:
    """Read dropout and train, which stand one place further when the input is packed."""
    at = 6 if isinstance(args[1], Tensor) else 5
    return bool(args[at]) and bool(args[at + 1])
